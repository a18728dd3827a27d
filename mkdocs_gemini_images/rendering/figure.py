"""Render the HTML of one image: plain, valid, and the same under every host.

A directive and what a page shows for it go in; the element that a Jinja2 template writes as XML
comes out. A theme's `custom_dir` can override the template.
"""

import xml.etree.ElementTree as etree
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import jinja2

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.package_files import TEMPLATES
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.rendering.figure_forms import NOT_IN_XML, FigureForms
from mkdocs_gemini_images.rendering.mark import Mark
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.rendering.srcset import LARGEST, neighbour
from mkdocs_gemini_images.rendering.templating import template_mistakes
from mkdocs_gemini_images.rendering.templating.template_environment import template_environment

FIGURE_TEMPLATE = "partials/gemini-image.html"
MARK_TEMPLATE = "partials/gemini-mark.html"
CITATIONS_TEMPLATE = "partials/gemini-sources.html"
IMAGE_CLASS = "gemini-image"
_NARROW = "(max-width: 40em)"
"""Narrow screens, as the style sheet has them."""
_IN_THE_DARK = "(prefers-color-scheme: dark)"


class FigureRenderer:
    """Renders images with the site's template, or with the package's where the site has none.

    `fragments` says that the theme chooses between light and dark images by `#only-light` and
    `#only-dark` in their addresses, as Material does. Elsewhere the reader's system decides,
    through `<picture>`. `lightbox` says that the site has glightbox, which opens `data-src`: then
    each `<img>` names its largest file there.
    """

    def __init__(
        self, folders: Sequence[str] = (), *, fragments: bool = False, lightbox: bool = False
    ) -> None:
        self._fragments = fragments
        self._lightbox = lightbox
        self._folders = list(folders)
        self._environment = template_environment(folders)
        self._template: jinja2.Template | None = None

    @cached_property
    def _forms(self) -> FigureForms | None:
        """The forms of figures, where no theme overrides what writes them."""
        is_own = self._is_own(FIGURE_TEMPLATE) and self._is_own(MARK_TEMPLATE)
        return FigureForms(self._parsed) if is_own else None

    def load(self) -> jinja2.Template:
        """Return the template. Raises `DiagnosticError` where the site's own cannot be read."""
        if self._template is None:
            try:
                self._template = self._environment.get_template(FIGURE_TEMPLATE)
            except template_mistakes.TEMPLATE_ERRORS as error:
                wrong = template_mistakes.failed(error, FIGURE_TEMPLATE, self._folders)
                raise DiagnosticError(wrong) from error
        return self._template

    def _is_own(self, name: str) -> bool:
        """Return whether a template is the package's; what cannot be read is a theme's."""
        if self._environment.loader is None:
            return False
        try:
            file = self._environment.loader.get_source(self._environment, name)[1]
        except template_mistakes.TEMPLATE_ERRORS:
            return False
        return file is not None and Path(file) == TEMPLATES / name

    def element(
        self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool
    ) -> etree.Element:
        """Return the element of one image whose file the page reaches as `src`.

        Raises `DiagnosticError` when the site's own template is broken.
        """
        values = self._values(directive, shown, src, caption=caption)
        made = None
        # One that is promised has words about that in it, and is rendered by itself.
        if not shown.promise and self._forms is not None:
            made = self._forms.element(values)
        return self._parsed(values) if made is None else made

    def _parsed(self, values: dict[str, Any]) -> etree.Element:
        """Return what the template writes with these values. Raises `DiagnosticError`."""
        xml = self._rendered(values).translate(NOT_IN_XML)
        try:
            return etree.fromstring(xml)  # noqa: S314 (rendered by us)
        except etree.ParseError as error:
            wrong = template_mistakes.not_xml(error, xml, self.load(), values, self._folders)
            raise DiagnosticError(wrong) from error

    def render(self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool) -> str:
        """Return the XML of one image. Raises `DiagnosticError` when the template is broken."""
        return self._rendered(self._values(directive, shown, src, caption=caption))

    def _rendered(self, values: dict[str, Any]) -> str:
        template = self.load()
        try:
            return template.render(values).strip()
        except template_mistakes.TEMPLATE_ERRORS as error:
            wrong = template_mistakes.failed(error, FIGURE_TEMPLATE, self._folders)
            raise DiagnosticError(wrong) from error

    def _values(
        self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool
    ) -> dict[str, Any]:
        """Return what the template is rendered with."""
        captioned = directive.caption or shown.label
        figure = caption and bool(captioned or shown.sources or shown.searches or shown.searched)
        pictures = self._pictures(directive, shown, src)
        aligned = [f"{IMAGE_CLASS}--{directive.align}"] if directive.align else []
        outer = {"class": " ".join((IMAGE_CLASS, *aligned, *directive.classes))}
        if directive.id:
            outer["id"] = directive.id
        if shown.mark is not None:
            outer["class"] += f" {IMAGE_CLASS}--marked"
        if directive.width:
            outer["style"] = f"width: {directive.width}"
        image, sources = pictures[0]
        wrapped = figure or len(pictures) > 1 or bool(sources) or shown.mark is not None
        if not wrapped:  # the image is the outermost element
            styles = [each["style"] for each in (outer, image) if "style" in each]
            style = {"style": "; ".join(styles)} if styles else {}
            image = outer | image | outer | style
            pictures = [_Picture(image, sources)]
        return {
            "figure": figure,
            "wrapped": wrapped,
            "outer": outer,
            "pictures": pictures,
            "image": image,
            "caption": directive.caption if figure else "",
            "label": shown.label if figure else "",
            "mark": shown.mark,
            "place": "caption" if figure or shown.mark is None else shown.mark.corner,
            "awaiting": shown.promise,
            "sources": shown.sources,
            "searches": shown.searches,
            "awaited": shown.awaited,
        }

    def citations(self, shown: RenderedImage) -> str:
        """Render the links below an image, for a page that was rendered before they were known."""
        template = self._environment.get_template(CITATIONS_TEMPLATE)
        return template.render(
            sources=shown.sources, searches=shown.searches, awaited=shown.awaited
        ).strip()

    def mark(self, mark: Mark, place: str) -> str:
        """Render a mark, for a page that was rendered before its form was known."""
        template = self._environment.get_template(MARK_TEMPLATE)
        return template.render(mark=mark, place=place, awaiting="").strip()

    def _pictures(self, directive: Directive, shown: RenderedImage, src: str) -> "list[_Picture]":
        image = self._image(directive, shown, src)
        if shown.dark is None and shown.narrow is None and not shown.alternatives:
            return [_Picture(image, [])]
        sources = [*_narrow_sources(shown, src, shown), *_other_formats(shown, src, shown)]
        if shown.dark is None:
            return [_Picture(image, sources)]
        dark = shown.dark
        night = _narrow_sources(shown, src, dark)
        if self._fragments:
            twin = self._image(directive, dark, neighbour(src, shown.src, dark.src))
            for attributes, fragment in ((image, "#only-light"), (twin, "#only-dark")):
                attributes["src"] += fragment
                if self._lightbox and LARGEST not in dict(directive.data):
                    attributes[LARGEST] += fragment
            night += _other_formats(shown, src, dark)
            return [_Picture(image, sources), _Picture(twin, night)]
        night += _all_formats(shown, src, dark)
        return [_Picture(image, [*_under(_IN_THE_DARK, night), *sources])]

    def _image(self, directive: Directive, shown: RenderedImage, src: str) -> dict[str, str]:
        attributes = image_attributes(directive, shown, src)
        if self._lightbox:
            attributes.setdefault(LARGEST, neighbour(src, shown.src, shown.largest))
        return attributes


class _Picture(NamedTuple):
    """The attributes of one `<img>`, and of the `<source>` elements before it."""

    image: dict[str, str]
    sources: list[dict[str, str]]


def image_attributes(directive: Directive, shown: RenderedImage, src: str) -> dict[str, str]:
    """Return the attributes of the `<img>`, in the order in which they are written.

    `srcset` is not among them: it follows from the final `src`, which the host decides.
    """
    attributes = {
        "class": IMAGE_CLASS,
        "src": src,
        "alt": directive.alt or "",
        "width": str(shown.width),
        "height": str(shown.height),
        "loading": directive.loading or ("eager" if directive.priority else "lazy"),
        "decoding": "async",
    }
    if directive.priority:
        attributes["fetchpriority"] = "high"
    attributes |= dict(directive.data)
    if shown.handle:
        attributes["data-gemini-images"] = shown.handle
        if shown.shape:
            attributes["data-gemini-shape"] = shown.shape
    if shown.backdrop:
        attributes["style"] = backdrop_style(shown)
    return attributes


def backdrop_style(shown: RenderedImage) -> str:
    """Return the CSS that shows a blurred image until the image itself is loaded.

    It fills the content box, because themes that frame images add padding.
    """
    data = f"data:image/webp;base64,{shown.backdrop}"
    return f"background: url({data}) {shown.backdrop_place} no-repeat content-box"


def _narrow_sources(shown: RenderedImage, src: str, part: RenderedImage) -> list[dict[str, str]]:
    """Return the attributes of the `<source>` elements for narrow screens, if they differ."""
    if part.narrow is None:
        return []
    mark = {"data-gemini-shape": part.narrow.shape} if part.handle else {}
    return [mark | each for each in _under(_NARROW, _all_formats(shown, src, part.narrow))]


def _under(media: str, sources: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return the attributes of `<source>` elements that browsers look at under a condition."""
    return [
        each | {"media": f"{each['media']} and {media}" if "media" in each else media}
        for each in sources
    ]


def _all_formats(shown: RenderedImage, src: str, part: RenderedImage) -> list[dict[str, str]]:
    """Return the attributes of the `<source>` elements of a part that has no `<img>` of its own."""
    own = {
        "srcset": neighbour(src, shown.src, part.src),
        "width": str(part.width),
        "height": str(part.height),
    }
    return [*_other_formats(shown, src, part), own]


def _other_formats(shown: RenderedImage, src: str, part: RenderedImage) -> list[dict[str, str]]:
    """Return the attributes of the `<source>` elements of `part` in formats beside the last.

    `srcset` names one file until the final `src` is known, and is written in full then.
    """
    return [
        {
            "type": each.type,
            "srcset": neighbour(src, shown.src, each.candidates[0].uri),
            "width": str(part.width),
            "height": str(part.height),
        }
        for each in part.alternatives
    ]
