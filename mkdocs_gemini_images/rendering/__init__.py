"""HTML for images: figures, placeholders, tags in a page's head, and corrections of rendered HTML.

Begin with `figure.py`, which renders one image. `corrections/` replaces a figure after the
barrier, when other files are published than the page expected. May import `store`, `requests` and
everything below them.
"""
