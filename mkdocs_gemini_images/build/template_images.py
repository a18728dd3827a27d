"""`gemini_image("name")` in the theme's templates: a picture that `mkdocs.yml` names.

In come the named directives, which are wanted before anything is drawn, and a template with the
page it is rendered for; out comes the same HTML that Markdown gets, with addresses from where that
page stands. What is not understood is a box that says so, and one warning. Nothing is drawn here.
"""

import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, did_you_mean, quoted
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.mapping import as_text
from mkdocs_gemini_images.directives.options import OPTIONS
from mkdocs_gemini_images.markdown.elements import as_html, error_box, parse_element, set_srcset
from mkdocs_gemini_images.rendering.figure import Figures, RenderedImage

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.build import Build
    from mkdocs_gemini_images.build.site_image import ThemePair

GLOBAL = "gemini_image"
_PRESENTATION = ("alt", "caption", "class", "width", "align", "loading", "priority")


class TemplateImages:
    """The pictures that `page` (the configuration file, as messages call it) names."""

    def __init__(
        self,
        build: "Callable[[], Build]",
        figures: Figures,
        pictures: Mapping[str, Directive],
        page: str,
    ) -> None:
        self._build = build
        self._figures = figures
        self._pictures = pictures
        self._page = page
        self._pairs: dict[str, ThemePair | tuple[Diagnostic, ...]] = {}
        self._said: set[str] = set()

    def want(self, language: str = "") -> Iterator[RenderedImage]:
        """Want them all, as the pages' pictures are; give what is shown or promised."""
        for name, directive in self._pictures.items():
            pair = self._build().want(directive, self._page, language, base="", named=name)
            self._pairs[name] = pair
            if isinstance(pair, tuple):
                self._say(pair, directive.source)
            else:
                yield self._build().tell(pair)

    @pass_context
    def show(self, context: Context, name: str = "", **options: Any) -> Markup:
        """Show one of them in a template; `options` change its presentation there."""
        directive = self._pictures.get(str(name), Directive())
        source = directive.source
        try:
            pair = self._find(str(name))
            read = _presented(directive, options)
            if "base_url" not in context:
                expected, fix = (
                    f"{GLOBAL}() in a template of the page",
                    "write `with context` behind the import",
                )
                raise DiagnosticError(Diagnostic(expected, "an import", fix))
            shown = self._build().tell(pair)
            src = context.environment.filters["url"](context, quote(shown.src))
            source = ""
            element = parse_element(self._figures.render(read, shown, src, caption=True))
        except DiagnosticError as error:
            self._say(error.diagnostics, source)
            return _html(error_box(error.diagnostics, standalone=True))
        set_srcset(element, shown)
        return _html(element)

    def _find(self, name: str) -> "ThemePair":
        known = self._pairs
        if name in known:
            pair = known[name]
            if isinstance(pair, tuple):
                raise DiagnosticError(*pair)
            return pair
        fix = did_you_mean(name, known) if known else f"name it there: pictures: {{ {name}: ... }}"
        expected = "a picture that pictures: in mkdocs.yml names"
        raise DiagnosticError(Diagnostic(expected, quoted(name), fix))

    def _say(self, diagnostics: tuple[Diagnostic, ...], source: str) -> None:
        """Complain once, however many pages a template is rendered for."""
        for text in map(str, diagnostics):
            if text not in self._said:
                self._said.add(text)
                self._build().say("warning", text, self._page, source)


def _presented(directive: Directive, options: Mapping[str, object]) -> Directive:
    """Change what does not draw anything: how a picture is shown here.

    Raises `DiagnosticError` with all mistakes.
    """
    diagnostics: list[Diagnostic] = []
    values: dict[str, Any] = {}
    for name, written in options.items():
        if name not in _PRESENTATION:
            fix = did_you_mean(name, _PRESENTATION)
            diagnostics.append(Diagnostic(f"how {GLOBAL}() is to show it", quoted(name), fix))
            continue
        try:
            values[OPTIONS[name].field or name] = OPTIONS[name].read(as_text(name, written))
        except DiagnosticError as error:
            diagnostics += error.diagnostics
    if diagnostics:
        raise DiagnosticError(*diagnostics)
    return replace(directive, **values)


def _html(element: etree.Element) -> Markup:
    return Markup(as_html(element))  # noqa: S704 (everything in it is escaped as it is written)
