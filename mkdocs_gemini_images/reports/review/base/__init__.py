"""The site at the commit that a review compares with: its commit, files, pictures and survey.

Git is asked in `git_objects.py` alone. Nothing here knows what a review makes of it.
"""
