"""Choose the host of a page that Zensical renders: its build, a command, or a preview.

Zensical makes the Markdown extension itself, in a thread of its own, so a command cannot pass
anything to it. While a command or a preview runs Zensical in this process, it says here who takes
the pages; no two run at a time. Without one, each page is a build of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from mkdocs_gemini_images.markdown.image_resolver import PageResolver

PageOpener = Callable[[str], PageResolver]
"""Returns the host of the page with a source path."""

_openers: list[PageOpener] = []


@contextmanager
def pages_taken_by(opener: PageOpener) -> Iterator[None]:
    """Let `opener` take the pages that Zensical renders in the block."""
    _openers.append(opener)
    try:
        yield
    finally:
        _openers.remove(opener)


def open_page(options: Mapping[str, Any], config: Mapping[str, Any], page: str) -> PageResolver:
    """Return the host of a page; `options` are the extension's, and `config` is Zensical's."""
    if _openers:
        return _openers[-1](page)
    from mkdocs_gemini_images.hosts.zensical.page import ZensicalPage
    from mkdocs_gemini_images.hosts.zensical.project import project_of_page

    return ZensicalPage(project_of_page(config, options), page)
