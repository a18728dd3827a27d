"""The MkDocs plugin, which passes MkDocs' events to one build of the site.

In: MkDocs' configuration and events. Out: the Markdown extension in the site's configuration, and
calls of `MkDocsSite`, which does the work. The plugin keeps the state that lasts from one build to
the next, such as the live preview.
"""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority

from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.config.options import GeminiImagesConfig, read_plugin_options
from mkdocs_gemini_images.config.reading import read_settings
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.extension import GeminiImagesExtension
from mkdocs_gemini_images.hosts.mkdocs.host_run import HostRun
from mkdocs_gemini_images.hosts.mkdocs.site import MkDocsSite, log
from mkdocs_gemini_images.hosts.mkdocs.site_config import (
    EXTENSION,
    exposed,
    is_listed,
    is_next_language,
    is_preview,
    reads_braces,
    unlike,
)

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

    from mkdocs_gemini_images.hosts.mkdocs.command_run import CommandRun
    from mkdocs_gemini_images.preview.controller import PreviewController


class GeminiImagesPlugin(BasePlugin[GeminiImagesConfig]):  # type: ignore[no-untyped-call]
    """Draws the images that pages describe."""

    command_run: "CommandRun | None" = None
    """The command that runs this build, if there is one (see `hosts/mkdocs/command_run.py`)."""

    def __init__(self) -> None:
        self.run = HostRun()
        self._site: MkDocsSite | None = None
        self._preview: PreviewController | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether the command is `serve`. MkDocs then keeps the plugin over rebuilds."""
        self.run.serving = command == "serve"
        self.run.tracker = None

    def on_config(self, config: "MkDocsConfig") -> "MkDocsConfig":
        """Read the options, and add the extension to the site's Markdown."""
        self.run.command_run = self.command_run
        settings = self._settings(config)
        if not is_next_language(config.plugins):
            self.run.begin_site()
        # `serve --clean` passes "build" as its command; the output folder shows that it is `serve`.
        self.run.serving = self.run.serving or is_preview(Path(config.site_dir))
        if self.run.serving:
            self._prepare_preview(config, settings)
        self._site = MkDocsSite(
            config,
            self._adapted(settings, config),
            self.run,
            label=self.config.label,
            gallery=self.config.gallery,
        )
        self._add_extension(config, settings, self._site)
        return config

    # Before plugins that create their own navigation.
    @event_priority(100)
    def on_files(self, files: "Files", *, config: "MkDocsConfig") -> None:
        """Keep the stock and the cache out of the site, and add the page that lists its images.

        The page is added if the site wants it and does not have it.
        """
        for line in self.site.own_files.exclude(files):
            if (logging.INFO, line) not in self.run.said:
                self.run.said.add((logging.INFO, line))
                log.info(line)
        if not self.config.gallery:
            return
        from mkdocs_gemini_images.hosts.mkdocs.gallery_page import add_gallery

        add_gallery(config, files)

    # After static-i18n has made pages of each language.
    @event_priority(100)
    def on_nav(self, nav: "Navigation", *, config: "MkDocsConfig", files: "Files") -> None:
        """Give a source file to the page of the site's images in each language."""
        if self.config.gallery:
            from mkdocs_gemini_images.hosts.mkdocs.gallery_page import give_source

            give_source(files)

    def on_page_read_source(self, *, page: "Page", config: "MkDocsConfig") -> str | None:
        """Return the text of a page that a command has drafted, or None."""
        run = self.command_run
        return None if run is None else run.page_texts.get(page.file.src_uri)

    def on_page_markdown(
        self, markdown: str, *, page: "Page", config: "MkDocsConfig", files: "Files"
    ) -> str | None:
        """Remember the page: other plugins may render its Markdown without naming the page."""
        return self.site.begin_page(markdown, page, files)

    # After plugins that write images of their own, and before a page is indexed for search.
    @event_priority(-100)
    def on_page_content(
        self, html: str, *, page: "Page", config: "MkDocsConfig", files: "Files"
    ) -> str:
        """Take out the prompts of images that no step has read, and report them.

        A lightbox's link goes around a whole `<picture>`.
        """
        if "glightbox" in config.plugins and "<picture" in html:
            from mkdocs_gemini_images.rendering.lightbox_links import around_pictures

            html = around_pictures(html)
        return self.site.without_unread(html, page.file.src_uri)

    # Before plugins that copy or rewrite files: Material's privacy (50) and optimize (0).
    @event_priority(100)
    def on_env(self, env: "Environment", *, config: "MkDocsConfig", files: "Files") -> None:
        """Pass the barrier: every page is rendered, and no file is copied yet."""
        self.site.finish(env, files)

    # Before plugins that minify a page, or search it for addresses.
    @event_priority(100)
    def on_post_page(self, output: str, *, page: "Page", config: "MkDocsConfig") -> str | None:
        """Add tags about the page's images, and its preview card, to the page's head."""
        return self.site.head(output, page)

    # After plugins that write copies of pages, such as feeds (0); before static-i18n (-100), which
    # builds the next language in this event.
    @event_priority(-90)
    def on_post_build(self, *, config: "MkDocsConfig") -> None:
        """Correct copies of pages, and log the closing line."""
        site = self.site
        site.end()
        if self._preview is not None:
            self._preview.build_ended(site.snapshot(), frozenset(self.run.rendered))
        else:
            site.fail_if_missing()

    def on_serve(
        self, server: "LiveReloadServer", *, config: "MkDocsConfig", builder: Callable[..., None]
    ) -> None:
        """Put the live preview in front of MkDocs' server. It draws only what the reader requests.

        MkDocs does not call this hook without live reload; then pages show placeholders.
        """
        application = server.get_app()
        if self._preview is None or application is None:
            return
        from mkdocs_gemini_images.preview.request_guard import exposure
        from mkdocs_gemini_images.preview.request_reading import with_deadlines
        from mkdocs_gemini_images.preview.web_server import PreviewServer

        self._preview.open()
        self.site.own_files.keep_from(server.observer.event_queue)
        address = (config.dev_addr.host, config.dev_addr.port)
        if warning := exposure(*address):
            log.warning(warning)
        server.RequestHandlerClass = with_deadlines(server.RequestHandlerClass)
        server.set_app(PreviewServer(self._preview, application, address, server.mount_path))

    def on_build_error(self, *, error: Exception) -> None:
        """Log what the build has spent, whatever ends it."""
        self._close_site()

    def on_shutdown(self) -> None:
        """End the live preview, and log what was spent by a build that was broken off."""
        self._close_site()
        if self._preview is not None:
            self._preview.close()

    @property
    def site(self) -> MkDocsSite:
        """The current build. Raises `PluginError` before `on_config`."""
        if self._site is None:
            raise PluginError("gemini-images: on_config was never called")
        return self._site

    def _close_site(self) -> None:
        # Under a command, the command tells what its builds have spent.
        if self._site is not None and self.command_run is None:
            self._site.close()

    def _settings(self, config: "MkDocsConfig") -> Settings:
        name = str(config.theme.name)
        dark = themes.has_dark_pages(name, config.theme.get)
        # A command also draws the dark images that only other hosts of the site show.
        for_others = self.command_run is not None and is_listed(config.markdown_extensions)
        try:
            return read_settings(
                self.config,
                config_file=Path(config.config_file_path or "mkdocs.yml").absolute(),
                docs_dir=Path(config.docs_dir),
                environment=os.environ,
                theme_name=name,
                dark_pages=dark or for_others,
            )
        except DiagnosticError as error:
            raise PluginError(f"gemini-images: {error}") from error

    def _adapted(self, settings: Settings, config: "MkDocsConfig") -> Settings:
        """Return settings with one format for a preview, to save time, or for glightbox.

        glightbox reads `<img>` but not `<source>`.
        """
        if len(settings.encoding.formats) == 1:
            return settings
        if "glightbox" in config.plugins:
            only = settings.encoding.formats[-1]
            log.info("glightbox shows an <img> alone: pictures are published as %s only", only)
        elif not self.run.serving:
            return settings
        return settings.in_one_format

    def _add_extension(self, config: "MkDocsConfig", settings: Settings, site: MkDocsSite) -> None:
        """Add the extension, in place of an entry that the site lists for other hosts."""
        if is_listed(config.markdown_extensions):
            try:
                listed_options = read_plugin_options(config.mdx_configs.pop(EXTENSION, {}))
                difference = unlike(self.config, listed_options)
            except DiagnosticError as error:
                log.warning("markdown_extensions: %s", error)
                difference = None
            for diagnostic in (difference, exposed(settings, self.config.cache_dir)):
                if diagnostic is not None:
                    log.warning("%s", diagnostic)
        others = [
            each
            for each in config.markdown_extensions
            if each != EXTENSION and not isinstance(each, GeminiImagesExtension)
        ]
        extension = GeminiImagesExtension(site.resolver)
        config.markdown_extensions[:] = [*others, extension]  # type: ignore[list-item]

    def _prepare_preview(self, config: "MkDocsConfig", settings: Settings) -> None:
        from mkdocs_gemini_images.preview.controller import PreviewController

        self._preview = self._preview or PreviewController(log.info, self.run.source_file)
        self._preview.build_begins(settings.limits)
        self._preview.braces = reads_braces(config.markdown_extensions)
        self.run.rendered.clear()
