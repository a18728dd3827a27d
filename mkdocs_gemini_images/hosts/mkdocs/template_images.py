"""`gemini_image("name")` in the theme's templates: an image that `pictures:` in `mkdocs.yml` names.

The named directives are collected before anything is drawn. A template, with the page it is
rendered for, gets the same HTML as Markdown does, with addresses from where that page stands. A
call that is not understood becomes an error box and one warning.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
)

if TYPE_CHECKING:
    import xml.etree.ElementTree as etree

    from mkdocs_gemini_images.build.site_build import SiteBuild
    from mkdocs_gemini_images.build.site_image import ThemePair
    from mkdocs_gemini_images.directives.directive import Directive
    from mkdocs_gemini_images.rendering.figure import FigureRenderer
    from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

TEMPLATE_FUNCTION = "gemini_image"
_PRESENTATION = (
    "alt",
    "caption",
    "class",
    "width",
    "align",
    "loading",
    "priority",
    "crop",
    "focus",
)


class TemplateImages:
    """The images that the configuration file `page` names for templates."""

    def __init__(
        self,
        build: "Callable[[], SiteBuild]",
        figures: "Callable[[], FigureRenderer]",
        pictures: "Mapping[str, Directive]",
        page: str,
    ) -> None:
        self._build = build
        self._figures = figures
        self._pictures = pictures
        self._page = page
        self._pairs: dict[str, ThemePair] = {}
        self._errors: dict[str, DiagnosticError] = {}
        self._said: set[str] = set()

    def collect(self, language: str = "") -> "Iterator[RenderedImage]":
        """Collect all named images, and yield what is shown or promised for each."""
        from mkdocs_gemini_images.build.site_image import Use

        for name, directive in self._pictures.items():
            use = Use(directive, self._page, name)
            try:
                self._figures().load()
                self._pairs[name] = self._build().collect(directive, use, language, base="")
            except DiagnosticError as error:
                self._errors[name] = error
                self._say(error.diagnostics, directive.source)
            else:
                yield self._build().shown(self._pairs[name])

    @pass_context
    def show(self, context: Context, name: str = "", **options: Any) -> Markup:
        """Return the HTML of a named image; `options` change its presentation in the template."""
        from mkdocs_gemini_images.markdown.elements import error_box

        directive = self._pictures.get(str(name))
        try:
            return _html(self._element(context, str(name), options))
        except DiagnosticError as error:
            self._say(error.diagnostics, "" if directive is None else directive.source)
            return _html(error_box(error.diagnostics, standalone=True))

    def _element(
        self, context: Context, name: str, options: Mapping[str, object]
    ) -> "etree.Element":
        from mkdocs_gemini_images.rendering.placed_figure import PlacedFigure

        pair = self._find(name)
        presented = _presented(pair.presentation, options)
        if "base_url" not in context:
            fix = "write `with context` behind the import"
            said = f"{TEMPLATE_FUNCTION}() is called in an import, which does not know the page"
            raise DiagnosticError(Diagnostic.sentence(said, fix))
        shown = self._build().shown(self._build().presented(pair, presented))
        src = _address(context, shown.src)
        root = self._figures().element(presented, shown, src, caption=True)
        figure = PlacedFigure(root, shown, src)
        figure.complete()
        return figure.root

    def _find(self, name: str) -> "ThemePair":
        """Return the images of a name. Raises `DiagnosticError`."""
        if name in self._errors:
            raise self._errors[name]
        if name not in self._pairs:
            known = self._pictures
            fix = f"name it there: pictures: {{ {name}: ... }}"
            fix = did_you_mean(name, known) if known else fix
            said = f"pictures: in {self._page} has no {quoted(name)}"
            raise DiagnosticError(Diagnostic.sentence(said, fix))
        return self._pairs[name]

    def _say(self, diagnostics: tuple[Diagnostic, ...], source: str) -> None:
        """Warn once, however many pages a template is rendered for."""
        for diagnostic in diagnostics:
            if (text := str(diagnostic)) not in self._said:
                self._said.add(text)
                self._build().report(diagnostic, self._page, source)


def _address(context: Context, uri: str) -> str:
    """Return the address of a file of the site for the page that is rendered.

    MkDocs does not encode the path of `site_url`, with which the addresses of `404.html` begin.
    """
    address = str(context.environment.filters["url"](context, quote(uri)))
    return quote(address, safe="/:%?#[]@!$&'()*+,;=~-._")


def _presented(directive: "Directive", options: Mapping[str, object]) -> "Directive":
    """Change how an image is shown, never what is drawn. Raises `DiagnosticError`."""
    from mkdocs_gemini_images.directives.options.mapping import as_text
    from mkdocs_gemini_images.directives.options.option_table import OPTIONS

    diagnostics: list[Diagnostic] = []
    values: dict[str, Any] = {}
    given = {name: written for name, written in options.items() if written is not None}
    for name, written in given.items():
        if name not in _PRESENTATION:
            fix = did_you_mean(name, _PRESENTATION)
            expected = f"how {TEMPLATE_FUNCTION}() is to show it"
            diagnostics.append(Diagnostic(expected, quoted(name), fix))
            continue
        try:
            value = OPTIONS[name].read(as_text(name, written))
        except DiagnosticError as error:
            diagnostics += error.diagnostics
        else:
            values[OPTIONS[name].field or name] = value
    if diagnostics:
        raise DiagnosticError(*diagnostics)
    return directive._replace(**values)


def _html(element: "etree.Element") -> Markup:
    from mkdocs_gemini_images.markdown.elements import as_html

    return Markup(as_html(element))  # noqa: S704 (everything in it is escaped as it is written)
