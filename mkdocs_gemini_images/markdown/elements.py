"""Make the element of one directive: the picture that its host shows, or an error box.

In goes a directive and whether it stands alone on the page. Out comes `<img>`, or the site's
template where the picture has a caption and a block may stand, or an error box of the same kind.
The host knows the files and takes the diagnostics. Draws nothing.
"""

import posixpath
import xml.etree.ElementTree as etree
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from urllib.parse import quote

from markdown import Markdown
from markdown.serializers import to_html_string
from markdown.util import AtomicString

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.markdown import tree
from mkdocs_gemini_images.markdown.image_resolver import ImageResolver, PageContext
from mkdocs_gemini_images.markdown.steps import is_page
from mkdocs_gemini_images.markdown.unread_pages import empty_unread
from mkdocs_gemini_images.rendering.figure_forms import NOT_IN_XML
from mkdocs_gemini_images.rendering.placed_figure import PlacedFigure
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

ERROR_CLASS = "gemini-image-error"

_NO_PLUGIN = Diagnostic.sentence("the plugin gemini-images is not listed", "list it under plugins")


class ElementFactory:
    """Makes the elements of one text, and keeps them until it is converted.

    Without a resolver, as where the plugin is not listed, every element is an error box.
    """

    def __init__(self, md: Markdown, resolver: ImageResolver | None) -> None:
        self._md = md
        self._resolver = resolver
        self._elements: set[etree.Element] = set()
        self._figures: list[PlacedFigure] = []
        self._page: PageContext | None = None

    def make(
        self,
        read: Callable[[], Directive],
        source: str,
        *,
        beside: str = "",
        markdown: bool = False,
    ) -> etree.Element:
        """Return the element of the directive that `read` returns.

        Where `read`, the host or the template raises `DiagnosticError`, the factory reports its
        diagnostics and returns an error box. An element that stands alone may be a block; where
        there is something `beside` it, in a message's words, it must not. `markdown` says that
        Markdown still reads the caption.
        """
        standalone = not beside
        if self._resolver is None:
            return error_box((_NO_PLUGIN,), standalone=standalone)
        try:
            directive = read()
            context = self._context(self._resolver)
            shown = self._resolver.resolve(directive, context)
            src = _relative(shown.src, posixpath.dirname(context.address or context.page))
            element = self._resolver.render(directive, shown, src, caption=standalone)
            figure = PlacedFigure(element, shown, src) if self._is_read else None
        except DiagnosticError as error:
            diagnostics = self._all_mistakes(error)
            self.report(diagnostics, source)
            return error_box(diagnostics, standalone=standalone)
        if not standalone:
            self.report(_lost(directive, shown, beside), source, shown=True)
        _protect_text(element, directive.caption if markdown else "")
        self._elements.add(element)
        self._figures += () if figure is None else (figure,)
        return element

    def hero(self) -> etree.Element | None:
        """Return the element of the page's own picture, or None where the page shows none."""
        if self._resolver is None:
            return None
        try:
            directive = self._resolver.hero(self._context(self._resolver))
        except DiagnosticError as error:  # the host has reported it
            return error_box(error.diagnostics, standalone=True)
        if directive is None:
            return None
        return self.make(lambda: directive, directive.source, markdown=True)

    def report(
        self, diagnostics: Sequence[Diagnostic], source: str, *, shown: bool = False
    ) -> None:
        """Report diagnostics to the host, if there are any and there is a host."""
        if diagnostics and self._resolver is not None:
            context = self._context(self._resolver)
            self._resolver.report(diagnostics, source, context, shown=shown)

    def _all_mistakes(self, error: DiagnosticError) -> list[Diagnostic]:
        """Return the diagnostics of a directive, and what the host finds wrong with its rest."""
        found = list(error.diagnostics)
        if self._resolver is not None and error.readable is not None:
            found += self._resolver.mistakes(error.readable, self._context(self._resolver))
        return found

    def complete(self, root: etree.Element) -> None:
        """Set the `srcset` of all images, and let the browser load the page's first one at once.

        The images have their final `src`. A page whose HTML nothing reads is emptied.
        """
        if not self._is_read:
            empty_unread(root, self._elements, self._md.htmlStash.rawHtmlBlocks)
            return
        if self._figures and self._resolver is not None and self._resolver.eager():
            ours = {image for figure in self._figures for image in figure.images()}
            first = next((image for image in root.iter("img") if image in ours), None)
            if first is not None:
                first.set("loading", "eager")
                first.set("fetchpriority", "high")
        for figure in self._figures:
            figure.complete()

    @cached_property
    def _is_read(self) -> bool:
        """Whether anything reads the HTML of the text."""
        resolver = self._resolver
        return resolver is None or not is_page(self._md) or resolver.reads_html()

    def _context(self, resolver: ImageResolver) -> PageContext:
        """Return the page of the text: MkDocs and its relatives store it in each instance."""
        if self._page is None:
            steps = self._md.treeprocessors
            file = getattr(steps["relpath"], "file", None) if "relpath" in steps else None
            if file is None:
                self._page = resolver.context()
            else:
                files = getattr(steps["relpath"], "files", None)
                self._page = PageContext(file.src_uri, files, excerpt="excerpt" in steps)
        return self._page


def _relative(uri: str, folder: str) -> str:
    """Return the address by which a page in a folder of the site reaches a file of the site."""
    above, _, name = uri.rpartition("/")
    up = _relative_folder(above, folder)
    return quote(name if up == "." else f"{up}/{name}")


@lru_cache(maxsize=256)
def _relative_folder(uri: str, folder: str) -> str:
    # Absolute paths: relpath() asks the system for the working folder otherwise.
    return posixpath.relpath(f"/{uri}", f"/{folder}")


def as_html(element: etree.Element) -> str:
    """Return an element as the HTML that Markdown writes, for a place outside Markdown."""
    _protect_text(element, "")
    return to_html_string(element)


def _lost(directive: Directive, shown: RenderedImage, beside: str) -> list[Diagnostic]:
    """Return what a picture cannot show because of what is beside it."""
    apart = "leave empty lines around the picture"
    if beside != tree.TEXT_BESIDE:
        apart = "put the picture into a paragraph of its own"
    diagnostics = []
    if directive.caption:
        said, fix = f"the caption is not shown, because of {beside}", f"{apart}, or leave it out"
        diagnostics.append(Diagnostic.sentence(said, fix, at="caption"))
    if shown.sources or shown.searches or shown.awaited:
        said = f"the sources of the picture are not shown, because of {beside}"
        diagnostics.append(Diagnostic.sentence(said, apart, at="grounding"))
    return diagnostics


def _protect_text(element: etree.Element, caption: str) -> None:
    """Mark an element's text as literal, so that Markdown's later steps leave it as it is.

    `&` is escaped everywhere, since the serializer leaves alone what looks like an entity.
    `caption` is the one text that Markdown still reads; "" for none. Sources come from other sites
    and are always literal.
    """
    for part in element.iter():
        for name, value in part.items():
            part.set(name, value.replace("&", "&amp;"))
        if part.text and not (caption and part.text.strip() == caption.strip()):
            part.text = AtomicString(part.text.replace("&", "&amp;"))
        if part.tail:
            part.tail = AtomicString(part.tail.replace("&", "&amp;"))


def error_box(diagnostics: Sequence[Diagnostic], *, standalone: bool) -> etree.Element:
    """Return an element that says why there is no picture in its place."""
    box = etree.Element("div" if standalone else "span", {"class": ERROR_CLASS})
    line = etree.SubElement(box, "p") if standalone else box
    strong = etree.SubElement(line, "strong")
    strong.text = AtomicString("Picture not drawn")
    text = "; ".join(str(diagnostic) for diagnostic in diagnostics)
    strong.tail = AtomicString(f" {text}".translate(NOT_IN_XML).replace("&", "&amp;"))
    return box
