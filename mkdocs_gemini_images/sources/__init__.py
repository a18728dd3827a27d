"""Changes to the pages of a site: find a directive in its page's source, and edit it there.

Begin with `occurrences.py`, which finds directives. `editing/` changes one directive in the text of
its page; `pick_take.py` and `ejection.py` change a whole site; `alts/` proposes alts and writes
those that are accepted. May import `build` and everything below it.
"""
