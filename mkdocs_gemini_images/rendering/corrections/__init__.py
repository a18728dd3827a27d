"""Rendered pages corrected after the barrier, when other files are published than a page expected.

Begin with `corrections.py`; each of the others corrects one kind of place.
"""
