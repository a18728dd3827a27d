"""Edits of one directive in the text of its page, and the pages that are written together.

Each module writes one thing: a take, an alt, a new directive, or an ordinary image in a directive's
place. `page_edits.py` keeps the edited pages until all of them are written.
"""
