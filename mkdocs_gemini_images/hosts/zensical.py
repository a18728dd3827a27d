"""The host of Markdown that runs without the plugin, as under Zensical: each page is a small build.

In come the extension's options and the page that Zensical puts into every Markdown instance. Out
come the page's HTML, and its files below `assets_dir` in the docs folder, from where Zensical
copies them: it keeps rendered pages, and what we wrote into the site would be gone at the next
build. For the same reason a page with a mistake or without its picture raises: a box would stay.
Nothing is ever bought here (only the emulator draws), and nothing is kept for the next page.
"""

import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.package_files import STATIC, STYLE_SHEET
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.markdown.elements import ERROR_CLASS
from mkdocs_gemini_images.markdown.resolver import PageContext
from mkdocs_gemini_images.rendering.figure import FigureRenderer
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.sources.line_numbers import line_of

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.notices import Notice
    from mkdocs_gemini_images.build.site_build import SiteBuild
    from mkdocs_gemini_images.config.settings import Settings

log = logging.getLogger("gemini-images")

_OURS = b"/* Written by mkdocs-gemini-images. Take this line out to keep your changes. */\n"
_CONFIGURATIONS = ("zensical.toml", "mkdocs.yml", "mkdocs.yaml")
_NOT_DRAWN_HERE = "it is not in stock"
_HINT = "run gemini-images draw, which draws what is missing on all pages"


class PageRefused(Exception):
    """A page that is not to be published, and why: one line for each place."""


class ZensicalPage:
    """Shows the pictures of one page, and ends with it.

    `config` is Zensical's. The build is opened (and its code loaded) at the first directive.
    """

    def __init__(self, options: Mapping[str, Any], config: Mapping[str, Any], page: str) -> None:
        self._options = options
        self._root = Path(config["root_dir"])
        self._docs, self._site = self._root / config["docs_dir"], self._root / config["site_dir"]
        self._page = page
        self._theme = config["theme"]
        self._theme_name = self._theme.get("name") or "zensical"
        self._figures = _figures(
            tuple(config["theme_dirs"]), fragments=themes.shows_by_fragment(self._theme_name)
        )
        self._opened: SiteBuild | None = None
        self._presentations: dict[Directive, Directive] = {}  # from `resolve` to `render`
        self._complaints: list[tuple[str, str, str]] = []

    def resolve(self, directive: Directive, context: PageContext) -> RenderedImage:
        """Return what the page shows for a directive. Raises `DiagnosticError`."""
        from mkdocs_gemini_images.build.site_image import Use

        build, language = self._build(), self._theme.get("language") or ""
        pair = build.collect(directive, Use(directive, context.page), language)
        self._presentations[directive] = pair.presentation
        return build.shown(pair)

    def report(
        self,
        diagnostics: Sequence[Diagnostic],
        source: str,
        context: PageContext,
        *,
        shown: bool = False,
    ) -> None:
        """Keep diagnostics until the page is rendered."""
        self._complaints += [(str(each), context.page, source) for each in diagnostics]

    def render(self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool) -> str:
        """Render the site's template, or ours."""
        presentation = self._presentations.pop(directive)
        return self._figures.render(presentation, shown, src, caption=caption)

    def context(self) -> PageContext:
        """Return the page, which is the same for all Markdown inside it."""
        return PageContext(self._page)

    def hero(self, context: PageContext) -> Directive | None:
        """Return None: without the plugin, the front matter is not read."""
        return None

    def eager(self) -> bool:
        """Let the page's first picture hurry, if the site wants that."""
        return self._build().settings.priority

    def finish(self, html: str) -> str:
        """Publish the page's files, and give its HTML as it is to be.

        Raises `PageRefused` when something else than a picture would stand on it.
        """
        try:
            said = [self._placed(*each) for each in self._complaints]
            if said and ERROR_CLASS in html:
                raise PageRefused("\n".join(["gemini-images", *said]))
            for line in said:
                log.warning("gemini-images: %s", line)
            return html if self._opened is None else self._settled(self._opened, html)
        finally:
            if self._opened is not None:
                self._opened.close()
                self._staging.cleanup()

    def _build(self) -> "SiteBuild":
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> "SiteBuild":
        from mkdocs_gemini_images.build.mode import BuildMode
        from mkdocs_gemini_images.build.site_build import SiteBuild
        from mkdocs_gemini_images.generation.tracker import SpendTracker
        from mkdocs_gemini_images.reports.terminal import ProgressDisplay
        from mkdocs_gemini_images.store.opening import open_store

        settings = self._settings()
        try:
            stock = open_store(settings, os.environ)
        except DiagnosticError as error:
            raise PageRefused(f"gemini-images: {error}") from error
        self._staging = tempfile.TemporaryDirectory(prefix="gemini-images-")
        refusal = "" if settings.server.emulated else _NOT_DRAWN_HERE
        return SiteBuild(
            settings,
            stock,
            Path(self._staging.name),
            BuildMode(all_pages=False, refusal=refusal),
            progress=ProgressDisplay(log, free=settings.limits.free),
            tracker=SpendTracker(),
        )

    def _settings(self) -> "Settings":
        from mkdocs_gemini_images.config.options import read_options
        from mkdocs_gemini_images.config.reading import read_settings

        root, name = self._root, self._theme_name
        found = [root / each for each in _CONFIGURATIONS if (root / each).is_file()]
        try:
            return read_settings(
                read_options(self._options),
                config_file=found[0] if found else root / _CONFIGURATIONS[1],
                docs_dir=self._docs,
                environment=os.environ,
                theme_name=name,
                dark_pages=themes.has_dark_pages(name, self._theme.get),
            )
        except DiagnosticError as error:
            raise PageRefused(f"gemini-images: {error}") from error

    def _settled(self, build: "SiteBuild", html: str) -> str:
        from mkdocs_gemini_images.rendering.corrections import Corrections

        corrections = build.finish()
        wrong = [*_missing(build), *self._named_files(build)]
        if wrong:
            lines = [self._placed(each.text, each.page, each.source) for each in wrong]
            raise PageRefused("\n".join(["gemini-images", *lines, _HINT]))
        for flaw in (each for each in build.notices if each.kind != "broken"):
            log.warning("gemini-images: %s", self._placed(flaw.text, flaw.page, flaw.source))
        if build.has_images:
            self._publish(build.settings.assets_dir)
        return Corrections(corrections, self._figures.citations).apply(html)

    def _named_files(self, build: "SiteBuild") -> "list[Notice]":
        """Complain about named files that are not as they should be: only `draw` writes them."""
        from mkdocs_gemini_images.build.notices import Notice

        fix = "run gemini-images draw and commit it"
        if build.settings.server.emulated:
            fix = "the emulator's are never written there; write gemini: alone until you have a key"
        return [
            Notice("warning", str(Diagnostic(f"today's picture in {file}", "none", fix)), *place)
            for image in build.images
            if (file := image.resolved.file) and image.record is not None
            if _content(self._docs / file) != _content(Path(self._staging.name) / file)
            for place in [(use.page, use.directive.source) for use in image.uses]
        ]

    def _publish(self, folder: str) -> None:
        """Put into the docs folder what is not there; a name of ours never stands for other bytes.

        Zensical looks at the docs folder while it serves: what is there already is left alone. It
        may have copied that folder for this build already: what is new goes into the site as well.
        """
        from mkdocs_gemini_images.core import atomic_files

        ours = Path(self._staging.name) / folder
        new = {
            file.name: file.read_bytes()
            for file in (sorted(ours.iterdir()) if ours.is_dir() else ())
            if not (self._docs / folder / file.name).exists()
        }
        there = _content(self._docs / folder / STYLE_SHEET)
        style = _OURS + (STATIC / STYLE_SHEET).read_bytes()
        if there is None or (there.startswith(_OURS) and there != style):
            new[STYLE_SHEET] = style
        for name, data in new.items():
            atomic_files.write(self._docs / folder / name, data)
            atomic_files.write(self._site / folder / name, data)
        if not (self._docs / folder / ".gitignore").exists():
            atomic_files.write(self._docs / folder / ".gitignore", b"*\n")

    def _placed(self, said: str, page: str, source: str) -> str:
        text = (_content(self._docs / page) or b"").decode("utf-8", "replace")
        line = line_of(text, source)
        return f"{page}:{line}: {said}" if line else f"{page}: {said}"


def _missing(build: "SiteBuild") -> "list[Notice]":
    """Complain about pictures that are not there, whatever else would be shown in their place."""
    from mkdocs_gemini_images.build import notices

    shared = build.mode.refusal_reason(build.settings)
    from mkdocs_gemini_images.store.lookup import Fallback, Missing

    images = [image for image in build.images if isinstance(image.lookup, Missing | Fallback)]
    return list(notices.of_images(images, missing="warning", shared=(shared,)))


@lru_cache(maxsize=1)
def _figures(folders: Sequence[str], *, fragments: bool) -> FigureRenderer:
    """Keep the templates from page to page; a changed one is read again."""
    return FigureRenderer(folders, fragments=fragments)


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
