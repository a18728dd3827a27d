"""A context of the browser with one page, which goes from address to address.

A new context loads and compiles the files of a theme anew, which takes longer than most pages.
"""

from typing import Any


def page_of(context: Any, *, width: int = 1280, height: int = 720) -> Any:
    """Give a context's one page, in a size."""
    page = context.pages[0] if context.pages else context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    return page
