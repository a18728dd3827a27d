"""One page of a live preview under Zensical: a build of its own, which never ends Zensical's.

In: the directives of a page. Out: its HTML with images, placeholders and boxes for mistakes, and
the images of the page for the panel. Published files go into a folder that the preview serves, and
none into the docs folder. Messages are logged each time that the page is rendered.
"""

import xml.etree.ElementTree as etree
from collections.abc import Callable
from pathlib import Path

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.printable_log import PrefixedLogger
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.permission import refusal_reason
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.hosts.zensical.project import Project
from mkdocs_gemini_images.hosts.zensical.site_page import SitePage
from mkdocs_gemini_images.preview.controller import PreviewController
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.rendering.corrections.corrections import Corrections
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.rendering.unique_ids import with_unique_ids
from mkdocs_gemini_images.reports.notice_log import Places, say_all
from mkdocs_gemini_images.reports.terminal import ProgressDisplay
from mkdocs_gemini_images.store.store import Store

_NEVER_BUYS = "the preview does not buy pictures: press Draw, or run gemini-images draw"


class PreviewPages:
    """Opens the pages of one session, which share its account, its panel and its folder.

    `folder` takes published files.
    """

    def __init__(self, controller: PreviewController, folder: Path, log: PrefixedLogger) -> None:
        self.controller = controller
        self.log = log
        self._folder = folder
        self._tracker = SpendTracker()

    def opener(
        self, project: Project, settings: Settings, store: Store
    ) -> Callable[[str], "PreviewPage"]:
        """Return what opens pages of a project."""
        self.controller.braces = project.braces
        refusal = refusal_reason(settings, None)
        if not refusal and not settings.server.emulated:
            refusal = _NEVER_BUYS
        mode = BuildMode(serving=True, all_pages=False, refusal=refusal)
        progress = ProgressDisplay(self.log, free=settings.limits.free)

        def open_page(page: str) -> PreviewPage:
            build = SiteBuild(
                settings.in_one_format, store, self._folder, mode,
                progress=progress, tracker=self._tracker,
            )  # fmt: skip
            return PreviewPage(self, project, build, page)

        return open_page


class PreviewPage(SitePage):
    """One page that is rendered for a live preview."""

    def __init__(self, pages: PreviewPages, project: Project, build: SiteBuild, page: str) -> None:
        super().__init__(project, build, page)
        self._pages = pages

    def render(
        self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool
    ) -> etree.Element:
        """Return the figure, rendered with the site's template or the package's.

        Raises `DiagnosticError` where the template is broken, and lets the build draw nothing.
        """
        presentation = self.presentations.pop(directive)
        try:
            return self.project.figures.element(presentation, shown, src, caption=caption)
        except DiagnosticError:
            self.build.refuse("the site's template is broken; the warning says where")
            raise

    def finish(self, html: str) -> str:
        """Publish the page's files, give its images to the panel, and return its HTML."""
        html = self.without_unread(html)
        controller, build = self._pages.controller, self.build
        controller.build_begins(build.settings.limits)
        try:
            corrections = build.finish()
            figures = self.project.figures
            html = Corrections(corrections, figures.citations, figures.mark).apply(html)
        except OSError as error:
            self._pages.log.warning("%s: a file is not written (%s): make room", self.page, error)
        finally:
            ended = PreviewSnapshot(build) if build.is_finished else None
            controller.build_ended(ended, frozenset({self.page}))
            places = Places(self._text_of, {})
            build.tell(say_all(build.notices, places, set(), self._pages.log))
            build.close()
        return with_unique_ids(html)

    def _text_of(self, page: str) -> str:
        try:
            file = self.project.docs / page
            return file.read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            return ""
