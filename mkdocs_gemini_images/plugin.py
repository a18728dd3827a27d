"""The MkDocs side: hands the host's events to one `Build`, and the build's words to the log.

A thin conductor. Directives are the Markdown extension's, pictures the build's; here the extension
is joined to the site's Markdown, files are registered with the host, and pages are corrected at the
barrier. Nothing of one build is kept for the next: everything lives in the `Build`, which is opened
(and whose code is loaded) when the first directive is met, so that a site without one pays nothing.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote

from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin, PrefixedLogger, event_priority
from mkdocs.structure.files import File, Files

from mkdocs_gemini_images.build.page_images import PageImages
from mkdocs_gemini_images.build.template_images import GLOBAL, TemplateImages
from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.config.options import (
    GeminiImagesConfig,
    in_language,
    read_options,
    read_settings,
)
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.extension import GeminiImagesExtension
from mkdocs_gemini_images.hosts.mkdocs.files import (
    STYLE,
    add_style,
    keep_as_they_are,
    register,
    withdraw,
)
from mkdocs_gemini_images.hosts.mkdocs.page_host import SiteHost, language_of
from mkdocs_gemini_images.hosts.mkdocs.site_config import (
    EXTENSION,
    exposed,
    is_listed,
    is_next_language,
    is_preview,
    reads_braces,
    unlike,
)
from mkdocs_gemini_images.markdown.elements import PageContext
from mkdocs_gemini_images.rendering.figure import Figures

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.pages import Page

    from mkdocs_gemini_images.build.build import Build, DryRun
    from mkdocs_gemini_images.build.notices import Notice
    from mkdocs_gemini_images.generation.generator import DrawCommand, SpendTracker
    from mkdocs_gemini_images.preview.controller import PreviewController
    from mkdocs_gemini_images.rendering.corrections import Corrections
    from mkdocs_gemini_images.requests.request import ResolvedImage

# Below the host's own plugin logger, so that --strict counts what is said here.
log = PrefixedLogger("gemini-images", logging.getLogger("mkdocs.plugins.gemini-images"))

NAME = "gemini-images"


class StopBuild(BaseException):
    """Ends a build that was only run to the barrier; no other plugin's hook is to swallow it."""


class GeminiImagesPlugin(BasePlugin[GeminiImagesConfig]):  # type: ignore[no-untyped-call]
    """Draws the pictures that pages describe."""

    command: "DrawCommand | DryRun | None" = None
    """Set by the command line on the instance it builds with: the build ends at the barrier."""
    tracker: "SpendTracker | None" = None
    """What the command has bought so far."""
    drafts: Mapping[str, str] = MappingProxyType({})
    """Set by the command line: texts of pages in place of their files'."""

    def __init__(self) -> None:
        self._serving = False
        self._open: Callable[[], Build] | None = None
        self._build: Build | None = None
        self._page: Page | None = None
        self._files: Files | None = None
        self._said: set[tuple[int, str]] = set()
        self._filed: dict[str, ResolvedImage] = {}
        self._corrections: Corrections | None = None
        self._figures: Figures | None = None
        self._desk: PreviewController | None = None
        self._rendered: set[str] = set()
        self._sources: dict[str, File] = {}
        self._texts: dict[str, str] = {}
        self._heroes: PageImages | None = None
        self._named: TemplateImages | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Learn whether this is a live preview; also keeps the instance over its rebuilds."""
        self._serving = command == "serve"
        self.tracker = None

    def on_config(self, config: "MkDocsConfig") -> "MkDocsConfig":
        """Read the options, and join the extension to the site's Markdown."""
        name = str(config.theme.name)
        dark = themes.has_dark_pages(name, config.theme.get)
        settings = read_settings(
            self.config,
            config_file=Path(config.config_file_path or "mkdocs.yml").absolute(),
            docs_dir=Path(config.docs_dir),
            environment=os.environ,
            theme_name=name,
            # What the command line draws is for the site's other hosts as well.
            dark_pages=dark or (self.command is not None and is_listed(config.markdown_extensions)),
        )
        if isinstance(settings, list):
            raise PluginError("gemini-images: " + "; ".join(str(each) for each in settings))
        if not is_next_language(config.plugins):
            self._said, self._filed = set(), {}
            if self.tracker is not None:
                self.tracker.failed.clear()
        self._corrections = None
        self._build = None
        # `serve --clean` calls itself a build; where its site goes tells it apart.
        self._serving = self._serving or is_preview(Path(config.site_dir))
        if self._serving:
            self._prepare_desk(config)
        settings = self._fitting(settings, config)
        self._open = lambda: self._opened(self._worded(settings, config), Path(config.site_dir))
        self._figures = Figures(config.theme.dirs, fragments=themes.shows_by_fragment(name))
        self._heroes = PageImages(self.build, config.site_url or "")
        file = Path(config.config_file_path or "mkdocs.yml")
        self._named = TemplateImages(self.build, self._figures, settings.pictures, file.name)
        self._texts = {}
        if settings.pictures and file.is_file():
            self._texts[file.name] = file.read_text(encoding="utf-8", errors="replace")
        host = SiteHost(self.build, self.remembered, config, self._figures, self._heroes)
        # A site that lists the extension itself, for other hosts, gets this one in its place.
        if is_listed(config.markdown_extensions):
            theirs = read_options(config.mdx_configs.pop(EXTENSION, {}))
            for wrong in (unlike(self.config, theirs), exposed(settings, self.config.cache_dir)):
                if wrong is not None:
                    log.warning("%s", wrong)
        listed = [each for each in config.markdown_extensions if each != EXTENSION]
        listed = [each for each in listed if not isinstance(each, GeminiImagesExtension)]
        config.markdown_extensions[:] = [*listed, GeminiImagesExtension(host)]  # type: ignore[list-item]
        return config

    # Before those that order pages in a navigation of their own.
    @event_priority(100)
    def on_files(self, files: Files, *, config: "MkDocsConfig") -> None:
        """Add the page that lists the site's pictures, if it is wanted and nobody wrote one."""
        if not self.config.gallery:
            return
        from mkdocs_gemini_images.hosts.mkdocs.gallery_page import add_page

        add_page(config, files)

    def on_page_read_source(self, *, page: "Page", config: "MkDocsConfig") -> str | None:
        """Show the command line what a page would become, before it is written."""
        return self.drafts.get(page.file.src_uri)

    def on_page_markdown(
        self, markdown: str, *, page: "Page", config: "MkDocsConfig", files: Files
    ) -> str | None:
        """Remember the page, for Markdown that is rendered inside it without knowing where.

        Its front matter may describe a picture, which others may look for from now on.
        """
        self._page, self._files = page, files
        name = page.file.src_uri
        self._rendered.add(name)
        self._sources[name] = page.file
        if self._heroes is None:
            return None
        language = partial(language_of, config, PageContext(name, files))
        return self._heroes.meet(name, page.meta, markdown, language)

    # Before those that copy or rewrite files: Material's privacy (50) and optimize (0).
    @event_priority(100)
    def on_env(self, env: "Environment", *, config: "MkDocsConfig", files: Files) -> None:
        """The barrier: every page is rendered, and no file is copied yet."""
        self._files = files
        if f"{self.config.assets_dir}/{STYLE}" in config.extra_css:
            # A site for other hosts names it itself, whether it has pictures yet or not.
            add_style(config, files, self.config.assets_dir)
        if self._named is not None:
            env.globals[GLOBAL] = self._named.show
            for shown in self._named.want(language_of(config, PageContext(""))):
                register(shown, config, files)
        if self._build is None and self.command is None and not self.config.gallery:
            return  # no page has a directive
        from mkdocs_gemini_images.rendering.corrections import Corrections

        if self.command is not None:
            raise StopBuild
        build, figures = self.build(), self._figures
        swaps = build.settle()
        for swap in swaps:
            withdraw(swap.promised, files)
            register(swap.shown, config, files)
        if self._heroes is not None:
            self._heroes.settle()
        if swaps and figures is not None:
            self._corrections = corrections = Corrections(swaps, figures.sources)
            for file in files.documentation_pages():
                if file.page is not None and file.page.content:
                    file.page.content = corrections.apply(file.page.content)
        if build.used:
            add_style(config, files, build.settings.assets_dir)
        if self.config.gallery:
            from mkdocs_gemini_images.hosts.mkdocs.gallery_page import disclose

            disclose(build, config, files, prompts=self.config.gallery == "prompts")
        keep_as_they_are(config, files)
        self.say()

    # Before those that make a page smaller, or look for addresses in it.
    @event_priority(100)
    def on_post_page(self, output: str, *, page: "Page", config: "MkDocsConfig") -> str | None:
        """Say in a page's head which pictures are on it, and which one stands for it."""
        return None if self._heroes is None else self._heroes.head(output, page.file.src_uri)

    def say(self) -> None:
        """Say all messages that have come together, each with its page and line.

        What a page says is said once, however many languages show it for want of a translation.
        """
        if notices := self.build().notices:
            from mkdocs_gemini_images.reports.messages import say_all

            say_all(notices, self.placing(), self._said, log)
            notices.clear()

    def placing(self) -> "Callable[[Notice], str]":
        """Give what finds the page and line of a message of this build."""
        from mkdocs_gemini_images.reports.messages import Places

        return Places(partial(_text_of, self._files), self._texts)

    # After those that write what they have copied, as feeds (0); before static-i18n (-100), which
    # builds anew in it.
    @event_priority(-90)
    def on_post_build(self, *, config: "MkDocsConfig") -> None:
        """Say what came after the barrier, and the closing line."""
        if self._build is None and self._desk is None:
            return
        build = self.build()
        # Its page has the HTML of all pages, and `src` alone is made to fit it.
        moved = "print-site" in config.plugins
        if self._files is not None and (self._corrections is not None or moved):
            from mkdocs_gemini_images.rendering.copied_html import put_right

            ours = {file.src_uri for file in self._files if file.generated_by == NAME}
            put_right(Path(config.site_dir), self._corrections, ours if moved else ())
        self.say()
        if build.used:
            log.info(build.closing_line())
        build.close()
        if self._desk is not None:
            self._desk.build_ended(build.afterwards(), frozenset(self._rendered))
        elif build.missing and build.settings.on_missing == "fail":
            raise Abort(f"gemini-images: {build.missing} pictures are missing (on_missing: fail)")

    def on_serve(
        self, server: "LiveReloadServer", *, config: "MkDocsConfig", builder: Callable[..., None]
    ) -> None:
        """Put the live preview in front of the host's own server; nothing is bought from here on.

        Not called without live reload: then there are placeholders, and they say what to do.
        """
        application = server.get_app()
        if self._desk is None or application is None:
            return
        from mkdocs_gemini_images.preview.server import Preview

        self._desk.open()
        host, port = config.dev_addr
        server.set_app(Preview(self._desk, application, f"{host}:{port}", server.mount_path))

    def on_shutdown(self) -> None:
        """Let go of all who listen."""
        if self._desk is not None:
            self._desk.close()

    def _fitting(self, settings: Settings, config: "MkDocsConfig") -> Settings:
        """Fit what is published to the site: to be seen at once, or wrapped by a neighbour."""
        if len(settings.encoding.formats) == 1:
            return settings
        if "glightbox" in config.plugins:
            only = settings.encoding.formats[-1]
            log.info("glightbox shows an <img> alone: pictures are published as %s only", only)
        elif not self._serving:
            return settings
        return settings.in_one_format

    def build(self) -> "Build":
        """Give the build under way, opened when it is first asked for."""
        if self._build is None:
            if self._open is None:
                raise PluginError("gemini-images: on_config was never called")
            self._build = self._open()
        return self._build

    def _worded(self, settings: Settings, config: "MkDocsConfig") -> Settings:
        """Put the label into the site's language, which others may decide after our `on_config`."""
        language = config.theme.get("language") or config.theme.get("locale") or ""
        return replace(settings, label=in_language(self.config.label, str(language)))

    def _opened(self, settings: Settings, site: Path) -> "Build":
        from mkdocs_gemini_images.build.build import Build
        from mkdocs_gemini_images.generation.generator import SpendTracker
        from mkdocs_gemini_images.reports.terminal import ProgressDisplay
        from mkdocs_gemini_images.store.opening import open_store

        try:
            stock = open_store(settings, os.environ)
        except DiagnosticError as error:
            raise PluginError(f"gemini-images: {error}") from error
        self.tracker = self.tracker or SpendTracker()
        return Build(
            settings,
            stock,
            site,
            progress=ProgressDisplay(log, free=settings.limits.free),
            tracker=self.tracker,
            serving=self._serving,
            command=self.command,
            filed=self._filed,
        )

    def _prepare_desk(self, config: "MkDocsConfig") -> None:
        from mkdocs_gemini_images.preview.controller import PreviewController

        self._desk = self._desk or PreviewController(log.info, self.source)
        self._desk.build_begins()
        self._desk.braces = reads_braces(config.markdown_extensions)
        self._rendered.clear()

    def source(self, page: str) -> Path | None:
        """Find the file of a page, unless somebody has made it up."""
        # Not the host's files: static-i18n's give a page's translation in its place.
        file = self._sources.get(page)
        if file is None or file.generated_by is not None or file.abs_src_path is None:
            return None
        return Path(file.abs_src_path)

    def remembered(self) -> PageContext:
        """Give the page that is being rendered, as far as is known."""
        if self._page is None:
            return PageContext("", self._files)
        return PageContext(self._page.file.src_uri, self._files, address=unquote(self._page.url))


def _text_of(files: Files | None, page: str) -> str:
    file = files.get_file_from_path(page) if files is not None else None
    return "" if file is None else file.content_string
