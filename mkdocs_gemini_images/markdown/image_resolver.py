"""The interface between the Markdown extension and its host.

An `ImageResolver` turns a directive on a page into what to show there, and takes reports of
mistakes. The hosts implement it: one for all pages of a MkDocs site, one for each page of Zensical.
"""

import xml.etree.ElementTree as etree
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from mkdocs_gemini_images.core.diagnostics import Diagnostic

if TYPE_CHECKING:
    from mkdocs_gemini_images.directives.directive import Directive
    from mkdocs_gemini_images.rendering.rendered_image import RenderedImage


class PageContext(NamedTuple):
    """The page that is being rendered."""

    page: str
    """Its source path, "" where it is unknown."""
    files: Any = None
    """The host's own collection of files; the extension returns it to the host unread."""
    excerpt: bool = False
    """Whether a part of the page is rendered for another page, as in a blog's index."""
    address: str = ""
    """The page's path in the site, where no later step makes addresses relative to it."""


class ImageResolver(Protocol):
    """What the extension asks of its host."""

    def resolve(self, directive: "Directive", context: PageContext) -> "RenderedImage":
        """Return what to show for a directive, or raise `DiagnosticError`."""

    def mistakes(self, directive: "Directive", context: PageContext) -> Sequence[Diagnostic]:
        """Return what is wrong with a directive of which only a part could be read."""

    def report(
        self,
        diagnostics: Sequence[Diagnostic],
        source: str,
        context: PageContext,
        *,
        shown: bool = False,
    ) -> None:
        """Take diagnostics of the directive written as `source`.

        `shown` says that the page shows its picture in spite of them.
        """

    def hero(self, context: PageContext) -> "Directive | None":
        """Return the page's own picture, or None where the page shows none.

        Raises `DiagnosticError` with diagnostics that the host has already reported.
        """

    def render(
        self, directive: "Directive", shown: "RenderedImage", src: str, *, caption: bool
    ) -> etree.Element:
        """Return the element of one picture; `caption` allows a block with a caption.

        Raises `DiagnosticError` where the site's template is broken: then nothing is drawn.
        """

    def context(self) -> PageContext:
        """Return the page that is being rendered, for Markdown that does not know it."""

    def eager(self) -> bool:
        """Return whether the browser is to load a page's first picture at once."""

    def reads_html(self) -> bool:
        """Return whether anything reads the HTML of pages; a command that only collects may not."""


class PageResolver(ImageResolver, Protocol):
    """The host of a single page, which publishes the page's files when its HTML is complete."""

    def finish(self, html: str) -> str:
        """Publish the page's files and return its final HTML."""
