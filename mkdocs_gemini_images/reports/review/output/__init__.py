"""A review as its readers get it: a comment, a page, a sheet of pictures, JSON.

Begin with `review_files.py`, which writes the files that the command names.
"""
