"""Shows images under Zensical, which runs the Markdown extension without the plugin.

In: the extension's options, and the page that Zensical describes in each Markdown instance. Out:
the page's HTML. Effects: files in `assets_dir` in the docs folder, from where Zensical copies
them: its next build removes other files from the site, and it caches rendered pages. Because of the
cache, a page with an error or without its image raises `PageError`: an error box would stay. Each
page is a build of its own, in which only the emulator draws: no request is paid for.
"""

import os
import tempfile
import xml.etree.ElementTree as etree
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.package_files import STATIC, STYLE_SHEET
from mkdocs_gemini_images.core.printable_log import printable_logger
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.hosts.zensical import blog_posts
from mkdocs_gemini_images.hosts.zensical.page_error import PageError
from mkdocs_gemini_images.hosts.zensical.project import Project
from mkdocs_gemini_images.markdown.elements import ERROR_CLASS
from mkdocs_gemini_images.markdown.image_resolver import PageContext
from mkdocs_gemini_images.rendering.corrections.unread_images import without_unread_images
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.rendering.unique_ids import with_unique_ids
from mkdocs_gemini_images.reports.notice_log import Places, located

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.messages.notices import Notice
    from mkdocs_gemini_images.build.site_build import SiteBuild
    from mkdocs_gemini_images.config.settings import Settings

log = printable_logger("gemini-images")

_GENERATED_HEADER = (
    b"/* Written by mkdocs-gemini-images. Take this line out to keep your changes. */\n"
)
_NOT_DRAWN_HERE = "it is not in stock"
_HINT = "run gemini-images draw, which draws what is missing on all pages"


class ZensicalPage:
    """The build of one page.

    The first directive opens the build and loads its code.
    """

    def __init__(self, project: Project, page: str) -> None:
        self._project = project
        self._docs, self._site = project.docs, project.site
        self._page = page
        self._figures = project.figures
        self._opened_build: SiteBuild | None = None
        self._presentations: dict[Directive, Directive] = {}  # from `resolve` to `render`
        self._places = Places(self._text_of, {})
        self._reported: list[Notice] = []

    def resolve(self, directive: Directive, context: PageContext) -> RenderedImage:
        """Return what the page shows for a directive. Raises `DiagnosticError`."""
        from mkdocs_gemini_images.build.site_image import Use

        build, language = self._build(), self._project.language
        pair = build.collect(directive, Use(directive, context.page), language)
        self._presentations[directive] = pair.presentation
        return build.shown(pair)

    def mistakes(self, directive: Directive, context: PageContext) -> Sequence[Diagnostic]:
        """Return what is wrong with a directive of which only a part could be read."""
        language = self._project.language
        return self._build().mistakes(directive, context.page, language)

    def report(
        self,
        diagnostics: Sequence[Diagnostic],
        source: str,
        context: PageContext,
        *,
        shown: bool = False,
    ) -> None:
        """Keep diagnostics until the page is rendered."""
        from mkdocs_gemini_images.build.messages.notices import Notice

        self._reported += [Notice.of(each, context.page, source) for each in diagnostics]

    def render(
        self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool
    ) -> etree.Element:
        """Return the figure, rendered with the site's template or the package's."""
        presentation = self._presentations.pop(directive)
        return self._figures.element(presentation, shown, src, caption=caption)

    def context(self) -> PageContext:
        """Return the page. All Markdown that is rendered inside it has the same context."""
        return PageContext(self._page)

    def hero(self, context: PageContext) -> Directive | None:
        """Return None: only the plugin reads front matter."""
        return None

    def eager(self) -> bool:
        """Return whether the page's first image is fetched at once."""
        return self._build().settings.priority

    def reads_html(self) -> bool:
        """Return whether anything reads the HTML: Zensical does."""
        return True

    def finish(self, html: str) -> str:
        """Publish the page's files, and return its corrected HTML.

        Raises `PageError` where the page would show anything but the image of a directive.
        """
        try:
            html, unread = without_unread_images(html)
            told = {each.source for each in self._reported}
            for each in unread:
                if each.text not in told:
                    self.report((each.diagnostic,), each.text, self.context())
            lines = self._located(self._reported)
            if lines and (unread or ERROR_CLASS in html):
                raise PageError("gemini-images", *lines)
            for line in lines:
                log.warning("gemini-images: %s", line)
            build = self._opened_build
            if build is None:
                return html
            return with_unique_ids(self._publish_and_correct(build, html))
        except OSError as error:
            fix = "make room there, make it writable, or close what has the file open"
            raise PageError(f"gemini-images: a file is not written ({error}): {fix}") from error
        finally:
            if self._opened_build is not None:
                self._opened_build.close()
                self._staging.cleanup()

    def _build(self) -> "SiteBuild":
        if self._opened_build is None:
            self._opened_build = self._open()
        return self._opened_build

    def _open(self) -> "SiteBuild":
        from mkdocs_gemini_images.build.mode import BuildMode
        from mkdocs_gemini_images.build.site_build import SiteBuild
        from mkdocs_gemini_images.generation.tracker import SpendTracker
        from mkdocs_gemini_images.reports.terminal import ProgressDisplay
        from mkdocs_gemini_images.store.opening import open_store

        settings = self._settings()
        try:
            store = open_store(settings, os.environ)
        except DiagnosticError as error:
            raise PageError(f"gemini-images: {error}") from error
        self._staging = tempfile.TemporaryDirectory(prefix="gemini-images-")
        refusal = "" if settings.server.emulated else _NOT_DRAWN_HERE
        return SiteBuild(
            settings,
            store,
            Path(self._staging.name),
            BuildMode(all_pages=False, refusal=refusal),
            progress=ProgressDisplay(log, free=settings.limits.free),
            tracker=SpendTracker(),
        )

    def _settings(self) -> "Settings":
        try:
            return self._project.settings()
        except DiagnosticError as error:
            raise PageError(f"gemini-images: {error}") from error

    def _publish_and_correct(self, build: "SiteBuild", html: str) -> str:
        from mkdocs_gemini_images.rendering.corrections.corrections import Corrections

        corrections = build.finish()
        errors = [*_missing_images(build), *self._outdated_named_files(build)]
        if errors:
            raise PageError("gemini-images", *self._located(errors), _HINT)
        for line in self._located(each for each in build.notices if each.kind != "broken"):
            log.warning("gemini-images: %s", line)
        if build.has_images:
            self._copy_to_docs(build.settings.assets_dir)
        marked = Corrections(corrections, self._figures.citations, self._figures.mark)
        return self._adapted(marked.apply(html))

    def _adapted(self, html: str) -> str:
        """Return the HTML with addresses that hold wherever Zensical copies it."""
        config = self._project.config
        if not blog_posts.is_post(self._page, config.get("plugins") or {}):
            return html
        site_url = str(config.get("site_url") or "")
        return blog_posts.with_served_addresses(html, self._page, site_url)

    def _outdated_named_files(self, build: "SiteBuild") -> "list[Notice]":
        """Return a notice for each named file with other bytes: only `draw` writes named files."""
        from mkdocs_gemini_images.build.messages.notices import Notice

        fix = "run gemini-images draw and commit it"
        if build.settings.server.emulated:
            fix = "the emulator's are never written there; write gemini: alone until you have a key"
        return [
            Notice("warning", f"{file} is not today's picture: {fix}", *place)
            for image in build.images
            if (file := image.resolved.file) and image.record is not None
            if _content(self._docs / file) != _content(Path(self._staging.name) / file)
            for place in [(use.page, use.directive.source) for use in image.uses]
        ]

    def _copy_to_docs(self, folder: str) -> None:
        """Write new files into the docs folder and into the site.

        An existing file is not written again: Zensical watches the docs folder while it serves, and
        a file's name has a hash of its bytes. Zensical may have copied the docs folder for this
        build already, so new files are also written into the site.
        """
        from mkdocs_gemini_images.core.files import atomic_files

        staged = Path(self._staging.name) / folder
        new = {
            file.name: file.read_bytes()
            for file in (sorted(staged.iterdir()) if staged.is_dir() else ())
            if not (self._docs / folder / file.name).exists()
        }
        existing = _content(self._docs / folder / STYLE_SHEET)
        style = _GENERATED_HEADER + (STATIC / STYLE_SHEET).read_bytes()
        if existing is None or (existing.startswith(_GENERATED_HEADER) and existing != style):
            new[STYLE_SHEET] = style
        for name, data in new.items():
            atomic_files.write(self._docs / folder / name, data)
            atomic_files.write(self._site / folder / name, data)
        if not (self._docs / folder / ".gitignore").exists():
            atomic_files.write(self._docs / folder / ".gitignore", b"*\n")

    def _located(self, notices: "Iterable[Notice]") -> list[str]:
        """Return messages with their pages and, where a page has the directive, its line."""
        return [text for _, text in located(notices, self._places)]

    def _text_of(self, page: str) -> str:
        return (_content(self._docs / page) or b"").decode("utf-8", "replace")


def _missing_images(build: "SiteBuild") -> "list[Notice]":
    """Return a notice for each image that is not in stock, also where an earlier one is shown."""
    from mkdocs_gemini_images.build.messages import notices
    from mkdocs_gemini_images.store.lookup import Fallback, Missing

    shared = build.mode.refusal_reason(build.settings)
    images = [image for image in build.images if isinstance(image.lookup, Missing | Fallback)]
    return list(notices.of_images(images, missing="warning", shared=(shared,)))


def _content(file: Path) -> bytes | None:
    """Return a file's bytes, or None for a file that cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        return None
