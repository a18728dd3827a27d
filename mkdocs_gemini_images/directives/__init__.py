"""Text and YAML into directives: what an author wrote, as checked values. Pure.

Begin with `directive.py` (the value) and `readers.py` (a fence, an image or options into it).
`fence_syntax.py` and `fence_body.py` are the grammar of a fence, `options/` that of each option.
May import `models` and `core`.
"""
