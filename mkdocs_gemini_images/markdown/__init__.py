"""Directives inside Python-Markdown: from a fence or an image in a text to an element of its tree.

Begin with `conversion.py`, the steps of one conversion in their order. `recorded_fences.py` and
`inline_images.py` read directives, `elements.py` makes elements, `near_misses.py` finds mistakes,
and `image_resolver.py` is what the extension asks of its host. May import `rendering`,
`directives`, `models` and `core`.
"""
