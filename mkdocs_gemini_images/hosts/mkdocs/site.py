"""One build of a site under MkDocs: from its configuration to the last file.

In: MkDocs' events, which the plugin passes on in the order of the methods. Out: corrected pages
and logged messages. The first directive opens the `SiteBuild` and loads most code, so that a site
without directives takes no longer to build.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import PrefixedLogger
from mkdocs.structure.files import Files

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, counted
from mkdocs_gemini_images.core.package_files import STYLE_SHEET
from mkdocs_gemini_images.core.printable_log import printable_logger
from mkdocs_gemini_images.hosts.mkdocs.host_run import HostRun
from mkdocs_gemini_images.hosts.mkdocs.page_images import PageImages
from mkdocs_gemini_images.hosts.mkdocs.site_config import reads_braces
from mkdocs_gemini_images.hosts.mkdocs.site_files import (
    add_style_sheet,
    keep_metadata,
    published,
    register,
    text_of,
    withdraw,
)
from mkdocs_gemini_images.hosts.mkdocs.site_resolver import SiteResolver, language_of
from mkdocs_gemini_images.hosts.mkdocs.template_images import TEMPLATE_FUNCTION, TemplateImages
from mkdocs_gemini_images.markdown.image_resolver import PageContext

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

    from mkdocs_gemini_images.build.messages.notices import Notice
    from mkdocs_gemini_images.build.site_build import SiteBuild
    from mkdocs_gemini_images.build.site_image import Use
    from mkdocs_gemini_images.hosts.mkdocs.own_files import OwnFiles
    from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
    from mkdocs_gemini_images.rendering.corrections.correction import Correction
    from mkdocs_gemini_images.rendering.corrections.corrections import Corrections
    from mkdocs_gemini_images.rendering.figure import FigureRenderer

# Below MkDocs' own plugin logger, so that --strict counts what is logged here.
log = PrefixedLogger("gemini-images", printable_logger("mkdocs.plugins.gemini-images"))


class MkDocsSite:
    """One build of a site, or of one language of it.

    `label` is the option of that name, and `gallery` is the option for the page that lists images.
    """

    def __init__(
        self,
        config: "MkDocsConfig",
        settings: Settings,
        run: HostRun,
        *,
        label: str | Mapping[str, str],
        gallery: bool | str,
    ) -> None:
        self._config = config
        self._settings = settings
        self._run = run
        self._label = label
        self._gallery = gallery
        self._build: SiteBuild | None = None
        self._corrections: Corrections | None = None
        self._page: Page | None = None
        self._files: Files | None = None
        self._is_closed = False
        self._until_closed = ExitStack()
        self._page_images = PageImages(self.build, config.site_url or "")
        file = Path(config.config_file_path or "mkdocs.yml")
        self._template_images = TemplateImages(
            self.build, lambda: self._figures, settings.pictures, file.name
        )
        self._config_texts: dict[str, str] = {}
        if (settings.pictures or settings.defaults.presets) and file.is_file():
            self._config_texts[file.name] = file.read_text(encoding="utf-8", errors="replace")
        self.resolver = SiteResolver(
            self.build, self._context, config, lambda: self._figures, self._page_images, run
        )

    def build(self) -> "SiteBuild":
        """Return the build, and open it at the first call."""
        if self._build is not None:
            return self._build
        from mkdocs_gemini_images.core.garbage_collection import rare_collections

        self._until_closed.enter_context(rare_collections())  # modules are many objects, too
        from mkdocs_gemini_images.hosts.mkdocs.build_opening import open_build

        self._build = open_build(self._config, self._settings, self._run, log, label=self._label)
        return self._build

    @cached_property
    def _figures(self) -> "FigureRenderer":
        from mkdocs_gemini_images.hosts.mkdocs.build_opening import open_figures

        return open_figures(self._config)

    @property
    def own_files(self) -> "OwnFiles":
        """The files of the site's stock and cache."""
        from mkdocs_gemini_images.hosts.mkdocs.own_files import OwnFiles

        return OwnFiles(self._settings)

    def begin_page(self, markdown: str, page: "Page", files: Files) -> str | None:
        """Remember the page for the extension, and read its front matter.

        Return its Markdown with a mark for its page image, or None if it does not change.
        """
        self._page, self._files = page, files
        name = page.file.src_uri
        self._run.rendered.add(name)
        self._run.sources[name] = page.file
        language = partial(language_of, self._config, PageContext(name, files))
        return self._page_images.begin_page(name, page.meta, markdown, language)

    def without_unread(self, html: str, page: str) -> str:
        """Return a page's HTML without the prompts of images that no step has read.

        Each is reported, unless the Markdown extension has reported the same text.
        """
        if "gemini" not in html.lower():
            return html
        from mkdocs_gemini_images.rendering.corrections.unread_images import without_unread_images

        html, unread = without_unread_images(html)
        for each in unread:
            notices = self.build().notices
            if not any(said.page == page and said.source == each.text for said in notices):
                self.build().report(each.diagnostic, page, each.text)
        return html

    def finish(self, env: "Environment", files: Files) -> None:
        """Pass the barrier: every page is rendered, and no file is copied yet."""
        self._files = files
        config = self._config
        if f"{self._settings.assets_dir}/{STYLE_SHEET}" in config.extra_css:
            # A site for several hosts lists the style sheet itself, also while it has no images.
            add_style_sheet(config, files, self._settings.assets_dir)
        env.globals[TEMPLATE_FUNCTION] = self._template_images.show
        if self._settings.pictures:
            for shown in self._template_images.collect(language_of(config, PageContext(""))):
                register(shown, config, files)
        if self._run.command_run is not None:
            from mkdocs_gemini_images.hosts.mkdocs.command_run import stop_at_barrier

            stop_at_barrier()
        if self._build is None and not self._gallery:
            return  # no page has a directive
        build = self.build()
        with self._telling():
            self._correct(build, files)
            if build.has_images:
                add_style_sheet(config, files, build.settings.assets_dir)
            if self._gallery:
                from mkdocs_gemini_images.hosts.mkdocs.gallery_page import fill_gallery

                fill_gallery(build, config, files, prompts=self._gallery == "prompts")
            keep_metadata(config, files)

    def head(self, html: str, page: "Page") -> str | None:
        """Return a page with tags for its images in its head, and each of their ids once.

        Return None if it does not change.
        """
        if self._build is None:
            return None
        from mkdocs_gemini_images.hosts.mkdocs.page_summary import page_summary
        from mkdocs_gemini_images.rendering.unique_ids import with_unique_ids

        unique = with_unique_ids(html)
        about = partial(page_summary, page, self._config)
        found = self._page_images.head(unique, page.file.src_uri, about)
        return found or (None if unique == html else unique)

    def end(self) -> None:
        """Correct copies of pages, and log the remaining messages and the closing line."""
        if (build := self._build) is None:
            return  # no page has a directive
        try:
            with self._telling():
                if not build.is_finished:  # the first directive was rendered after the barrier
                    self._keep_corrections(build.finish())
                # print-site copies the HTML of all pages into one; it adapts `src`, not `srcset`.
                print_site = "print-site" in self._config.plugins
                if self._files is not None and (self._corrections is not None or print_site):
                    from mkdocs_gemini_images.rendering.corrections import copied_html

                    copied = set(published(self._files)) if print_site else ()
                    site_dir = Path(self._config.site_dir)
                    copied_html.correct_copies(site_dir, self._corrections, copied)
        finally:
            self.close()

    def close(self) -> None:
        """Log what is left to tell, and the closing line, also of a build that was ended."""
        self._until_closed.close()
        if self._build is None or self._is_closed:
            return
        self._is_closed = True
        self.log_notices()
        if self._build.is_finished and self._build.has_images:
            log.info(self._build.closing_line())
        self._build.close()

    def snapshot(self) -> "PreviewSnapshot | None":
        """Return the images of the finished build, or None for a site without directives."""
        if self._build is None:
            return None
        from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot

        return PreviewSnapshot(self._build)

    def fail_if_missing(self) -> None:
        """Raise `Abort` where images are missing and the option is `on_missing: fail`."""
        build = self._build
        if build is not None and build.settings.on_missing == "fail" and build.missing:
            missing = f"{counted(build.missing, 'picture')} {'is' if build.missing == 1 else 'are'}"
            raise Abort(f"gemini-images: {missing} missing (on_missing: fail)")

    def log_notices(self) -> None:
        """Log all messages of the build, each with its page and line.

        A message is logged once, also where several languages show the same untranslated page.
        """
        build = self._build
        if build is not None and (notices := build.notices):
            from mkdocs_gemini_images.reports.notice_log import say_all

            build.tell(say_all(notices, self.locator(), self._run.said, log))
            notices.clear()

    def locator(self) -> "Callable[[Notice], str]":
        """Return a function that returns the page and line of a message of this build."""
        from mkdocs_gemini_images.reports.notice_log import Places

        known = self._run.lines if self._run.serving else None
        return Places(partial(text_of, self._files), self._config_texts, known)

    def stands_at(self, use: "Use", line: int) -> bool:
        """Return whether a use of an image stands on a line of its page."""
        from mkdocs_gemini_images.sources.directive_choice import stands_at

        text = self._config_texts.get(use.page) or text_of(self._files, use.page)
        braces = reads_braces(self._config.markdown_extensions)
        return stands_at(text, use.directive, line, braces=braces)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Log all messages after the block, whatever ends it; an `OSError` is a `PluginError`."""
        try:
            yield
        except OSError as error:
            expected = f"to write the site in {self._config.site_dir}"
            wrong = Diagnostic(expected, str(error), "make room there, or make it writable")
            raise PluginError(f"gemini-images: {wrong}") from error
        finally:
            self.log_notices()

    def _correct(self, build: "SiteBuild", files: Files) -> None:
        """Finish the build, and correct pages that were rendered with other files."""
        corrections = build.finish()
        for each in corrections:
            withdraw(each.promised, files)
            if each.shown is not None:
                register(each.shown, self._config, files)
        self._page_images.finish()
        self._keep_corrections(corrections)
        if self._corrections is None:
            return
        for file in files.documentation_pages():
            if file.page is not None and file.page.content:
                file.page.content = self._corrections.apply(file.page.content)

    def _keep_corrections(self, corrections: Sequence["Correction"]) -> None:
        """Keep corrections for the copies of pages that other plugins write."""
        if corrections:
            from mkdocs_gemini_images.rendering.corrections.corrections import Corrections

            figures = self._figures
            self._corrections = Corrections(corrections, figures.citations, figures.mark)

    def _context(self) -> PageContext:
        """Return the page that is being rendered, or an empty context before the first page."""
        if self._page is None:
            return PageContext("", self._files)
        return PageContext(self._page.file.src_uri, self._files, address=unquote(self._page.url))
