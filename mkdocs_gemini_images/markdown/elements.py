"""One directive as an element of the tree: the picture its host shows, or a box that says why not.

In go a directive or the complaints about it, and whether it stands alone. Out comes `<img>`, or the
site's template where a caption is wanted and a block may stand, or an error box of the same kind.
Where the files are and who hears of a complaint is the host's business; nothing is drawn here.
"""

import posixpath
import re
import xml.etree.ElementTree as etree
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from markdown import Markdown
from markdown.serializers import to_html_string
from markdown.util import AtomicString

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Diagnostics, Directive
from mkdocs_gemini_images.rendering.placed_figure import PlacedFigure
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

ERROR_CLASS = "gemini-image-error"

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_HOST = Diagnostic(
    "the plugin gemini-images", "its Markdown extension alone", "list it under plugins"
)


@dataclass(frozen=True, slots=True)
class PageContext:
    """The place a directive stands: a page's source path, "" when unknown, and its files."""

    page: str
    files: Any = None
    """The host's own collection, which is handed back without being looked into."""
    excerpt: bool = False
    """Whether the page is shown in short, on another one."""
    address: str = ""
    """Where the page is in the site, if nobody makes addresses fit it afterwards."""


class ImageResolver(Protocol):
    """What the extension asks of whoever runs it."""

    def show(self, directive: Directive, where: PageContext) -> RenderedImage | Diagnostics:
        """Say what to show for a directive, or what is wrong with it."""

    def report(
        self, diagnostics: Diagnostics, source: str, where: PageContext, *, shown: bool = False
    ) -> None:
        """Take note of complaints about the directive written as `source`.

        `shown` says that its picture is shown all the same.
        """

    def hero(self, where: PageContext) -> Directive | Diagnostics | None:
        """Give the page's own picture, if there is one and it is to stand here."""

    def render(self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool) -> str:
        """Write one picture as well-formed XML."""

    def where(self) -> PageContext:
        """Say which page is being rendered, for Markdown that does not know it."""

    def eager(self) -> bool:
        """Whether a page's first picture is to be fetched at once."""


class PageHost(ImageResolver, Protocol):
    """The host of a single page, which publishes the page's files when its HTML is complete."""

    def finish(self, html: str) -> str:
        """Publish the page's files and return its final HTML."""


class Elements:
    """Makes the elements of one Markdown instance, and knows those of its current conversion."""

    def __init__(self, md: Markdown, host: ImageResolver | None) -> None:
        self._md = md
        self._host = host
        self._figures: list[PlacedFigure] = []

    def begin(self) -> None:
        """Forget the conversion before."""
        self._figures.clear()

    def make(
        self, read: Directive | Diagnostics, source: str, *, alone: bool, markdown: bool = False
    ) -> etree.Element:
        """Make the element of one directive; `markdown` says that its caption is still to be read.

        What stands alone may be a block, what stands beside text must not.
        """
        if self._host is None:
            return box((_NO_HOST,), alone=alone)
        if isinstance(read, tuple):
            return self._refuse(read, source, alone=alone)
        where = self.where()
        shown = self._host.show(read, where)
        if isinstance(shown, tuple):
            return self._refuse(shown, source, alone=alone)
        folder = posixpath.dirname(where.address or where.page)
        # Absolute, so that nobody asks for the working folder.
        src = quote(posixpath.relpath(f"/{shown.src}", f"/{folder}"))
        xml = self._host.render(read, shown, src, caption=alone)
        try:
            element = parsed(xml)
        except DiagnosticError as error:
            return self._refuse(error.diagnostics, source, alone=alone)
        self.report(_shortcomings(read, shown, alone=alone), source, shown=True)
        self._figures.append(PlacedFigure(element, shown, src))
        _settle(element, read.caption if markdown else "")
        return element

    def hero(self) -> etree.Element | None:
        """Make the element of the page's own picture, if it is to stand here."""
        read = None if self._host is None else self._host.hero(self.where())
        if read is None:
            return None
        if isinstance(read, tuple):  # complained about where it was read
            return box(read, alone=True)
        return self.make(read, read.source, alone=True, markdown=True)

    def report(self, diagnostics: Diagnostics, source: str, *, shown: bool = False) -> None:
        """Hand complaints to the host, if there are any and there is one."""
        if diagnostics and self._host is not None:
            self._host.report(diagnostics, source, self.where(), shown=shown)

    def where(self) -> PageContext:
        """Find the page: MkDocs and its kin put it into each Markdown instance they make."""
        steps = self._md.treeprocessors
        if "relpath" in steps and (file := getattr(steps["relpath"], "file", None)) is not None:
            files = getattr(steps["relpath"], "files", None)
            return PageContext(file.src_uri, files, excerpt="excerpt" in steps)
        return PageContext("") if self._host is None else self._host.where()

    def complete(self, root: etree.Element) -> None:
        """Let each image's `srcset` follow its `src`, final now, and the first image hurry."""
        if self._figures and self._host is not None and self._host.eager():
            ours = {image for figure in self._figures for image in figure.images()}
            first = next((image for image in root.iter("img") if image in ours), None)
            if first is not None:
                first.set("loading", "eager")
                first.set("fetchpriority", "high")
        for figure in self._figures:
            figure.complete()

    def _refuse(self, diagnostics: Diagnostics, source: str, *, alone: bool) -> etree.Element:
        self.report(diagnostics, source)
        return box(diagnostics, alone=alone)


def parsed(xml: str) -> etree.Element:
    """Return what a template has written as an element. Raises `DiagnosticError`."""
    try:
        return etree.fromstring(_NOT_IN_XML.sub("", xml))  # noqa: S314 (rendered by us)
    except etree.ParseError as error:
        raise DiagnosticError(
            Diagnostic("well-formed XML from the template", str(error), "mend the template")
        ) from error


def as_html(element: etree.Element) -> str:
    """Write an element as Markdown would, where there is no Markdown around it."""
    _settle(element, "")
    return to_html_string(element)


def _shortcomings(directive: Directive, shown: RenderedImage, *, alone: bool) -> Diagnostics:
    """Complain about what does not keep a picture from being shown."""
    found = []
    if directive.caption and not alone:
        fix = "leave empty lines around the picture, or leave its caption out"
        found.append(Diagnostic("a caption where a picture stands alone", "text beside it", fix))
    if (shown.sources or shown.searches or shown.awaited) and not alone:
        fix = "leave empty lines around the picture: its sources are to be shown below it"
        found.append(Diagnostic("a grounded picture that stands alone", "text beside it", fix))
    return tuple(found)


def _settle(element: etree.Element, caption: str) -> None:
    """Protect what is literal from the steps still to come, and from the serializer's `&`.

    `caption` is the one text that is still to be read as Markdown, where there is one: sources are
    strangers' words, and are never read as anything.
    """
    for part in element.iter():
        for name, value in part.items():
            part.set(name, _literal(value))
        if part.text and not (caption and part.text.strip() == caption.strip()):
            part.text = AtomicString(_literal(part.text))
        if part.tail:
            part.tail = AtomicString(_literal(part.tail))


def _literal(text: str) -> str:
    """Write `&` so that it survives: the serializer leaves alone what looks like an entity."""
    return text.replace("&", "&amp;")


def box(diagnostics: Diagnostics, *, alone: bool) -> etree.Element:
    """Say in place of a picture why it is not there."""
    box = etree.Element("div" if alone else "span", {"class": ERROR_CLASS})
    line = etree.SubElement(box, "p") if alone else box
    strong = etree.SubElement(line, "strong")
    strong.text = AtomicString("Picture not drawn")
    text = "; ".join(str(diagnostic) for diagnostic in diagnostics)
    strong.tail = AtomicString(_literal(_NOT_IN_XML.sub("", f" {text}")))
    return box
