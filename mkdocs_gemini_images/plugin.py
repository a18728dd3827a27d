"""The MkDocs side: hands the host's events to one `Build`, and the build's words to the log.

A thin conductor. Directives are the Markdown extension's, pictures the build's; here the extension
is joined to the site's Markdown, files are registered with the host, and pages are corrected at the
barrier. Nothing of one build is kept for the next: everything lives in the `Build`, which is opened
(and whose code is loaded) when the first directive is met, so that a site without one pays nothing.
"""

import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin, PrefixedLogger, event_priority
from mkdocs.structure.files import File, Files

from mkdocs_gemini_images.complaint import Complaint
from mkdocs_gemini_images.config import GeminiImagesConfig, read_settings
from mkdocs_gemini_images.directive import Complaints, Directive
from mkdocs_gemini_images.extension import GeminiImagesExtension, Where
from mkdocs_gemini_images.figure import Figures, Shown
from mkdocs_gemini_images.locate import line_of
from mkdocs_gemini_images.settings import Settings

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.pages import Page

    from mkdocs_gemini_images.desk import Desk
    from mkdocs_gemini_images.pipeline import Build, Look
    from mkdocs_gemini_images.purchase import Order, Purse
    from mkdocs_gemini_images.report import Notice
    from mkdocs_gemini_images.stock import Pictures

# Below the host's own plugin logger, so that --strict counts what is said here.
log = PrefixedLogger("gemini-images", logging.getLogger("mkdocs.plugins.gemini-images"))

EXTENSION = "gemini_images"
STYLE = "gemini-images.css"
_ATTRIBUTE_LISTS = {
    "attr_list", "markdown.extensions.attr_list", "extra", "markdown.extensions.extra",
}  # fmt: skip


class BarrierPassed(BaseException):
    """Ends a build that was only run to the barrier; no other plugin's hook is to swallow it."""


class GeminiImagesPlugin(BasePlugin[GeminiImagesConfig]):  # type: ignore[no-untyped-call]
    """Draws the pictures that pages describe."""

    errand: "Order | Look | None" = None
    """Set by the command line on the instance it builds with: the build ends at the barrier."""

    def __init__(self) -> None:
        self._serving = False
        self._purse: Purse | None = None
        self._open: Callable[[], Build] | None = None
        self._build: Build | None = None
        self._page = ""
        self._files: Files | None = None
        self._texts: dict[str, str] = {}
        self._figures: Figures | None = None
        self._desk: Desk | None = None
        self._rendered: set[str] = set()

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Learn whether this is a live preview; also keeps the instance over its rebuilds."""
        self._serving = command == "serve"
        self._purse = None

    def on_config(self, config: "MkDocsConfig") -> "MkDocsConfig":
        """Read the options, and join the extension to the site's Markdown."""
        settings = read_settings(
            self.config,
            config_file=Path(config.config_file_path or "mkdocs.yml").absolute(),
            docs_dir=Path(config.docs_dir),
            environment=os.environ,
            dark_pages=_has_dark_pages(config),
        )
        if isinstance(settings, list):
            raise PluginError("gemini-images: " + "; ".join(str(each) for each in settings))
        self._texts.clear()
        self._build = None
        self._open = lambda: self._opened(settings, Path(config.site_dir))
        # `serve --clean` calls itself a build; where its site goes tells it apart.
        self._serving = self._serving or _is_preview(Path(config.site_dir))
        if self._serving:
            self._prepare_desk(config)
        # Material and its kin show one of a pair by `#only-light` and `#only-dark`.
        fragments = str(config.theme.name).startswith("material")
        self._figures = Figures(config.theme.dirs, fragments=fragments)
        host = _Host(self, config, self._figures)
        # A site that lists the extension itself, for other hosts, gets this one in its place.
        listed = [each for each in config.markdown_extensions if each != EXTENSION]
        listed = [each for each in listed if not isinstance(each, GeminiImagesExtension)]
        config.markdown_extensions[:] = [*listed, GeminiImagesExtension(host)]  # type: ignore[list-item]
        config.mdx_configs.pop(EXTENSION, None)
        return config

    def on_page_markdown(
        self, markdown: str, *, page: "Page", config: "MkDocsConfig", files: Files
    ) -> None:
        """Remember the page, for Markdown that is rendered inside it without knowing where."""
        self._page, self._files = page.file.src_uri, files
        self._rendered.add(self._page)

    # Before those that copy or rewrite files: Material's privacy (50) and optimize (0).
    @event_priority(100)
    def on_env(self, env: "Environment", *, config: "MkDocsConfig", files: Files) -> None:
        """The barrier: every page is rendered, and no file is copied yet."""
        self._files = files
        if self._build is None and self.errand is None:
            return  # no page has a directive
        from mkdocs_gemini_images.swap import correct

        build, figures = self.build(), self._figures
        swaps = build.settle()
        for swap in swaps:
            _withdraw(swap.promised, files)
            _register(swap.shown, config, files)
        for page in files.documentation_pages():
            if page.page is not None and page.page.content and swaps and figures is not None:
                page.page.content = correct(page.page.content, swaps, figures.sources)
        if build.used:
            _add_style(config, files, build.settings.assets_dir)
        if self.errand is not None:
            raise BarrierPassed
        self.say()

    def conclude(self) -> "Build":
        """End a build that ran to the barrier only, and hand it over."""
        build = self.build()
        for file in build.write_named_files():
            log.info("wrote %s", file)
        build.close()
        return build

    def say(self) -> None:
        """Say all messages that have come together, each with its page and line."""
        build = self.build()
        notices = build.notices
        for notice in notices:
            where = self.place(notice)
            level = logging.WARNING if notice.level == "warning" else logging.INFO
            log.log(level, "%s%s", f"{where}: " if where else "", notice.text)
        notices.clear()
        if self.errand is not None:
            log.info(build.closing_line())

    def place(self, notice: "Notice") -> str:
        """Write where a message belongs: `page:line`, or the page alone."""
        if not notice.page:
            return ""
        if notice.page not in self._texts:
            file = self._files.get_file_from_path(notice.page) if self._files is not None else None
            self._texts[notice.page] = file.content_string if file is not None else ""
        line = line_of(self._texts[notice.page], notice.source)
        return f"{notice.page}:{line}" if line else notice.page

    def on_post_build(self, *, config: "MkDocsConfig") -> None:
        """Say what came after the barrier, and the closing line."""
        if self._build is None and self._desk is None:
            return
        build = self.build()
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
        from mkdocs_gemini_images.preview import Preview

        self._desk.open()
        host, port = config.dev_addr
        server.set_app(Preview(self._desk, application, f"{host}:{port}", server.mount_path))

    def on_shutdown(self) -> None:
        """Let go of all who listen."""
        if self._desk is not None:
            self._desk.close()

    def build(self) -> "Build":
        """Give the build under way, opened when it is first asked for."""
        if self._build is None:
            if self._open is None:
                raise PluginError("gemini-images: on_config was never called")
            self._build = self._open()
        return self._build

    def _opened(self, settings: Settings, site: Path) -> "Build":
        from mkdocs_gemini_images.pipeline import Build
        from mkdocs_gemini_images.progress import Watch
        from mkdocs_gemini_images.purchase import Purse

        stock = open_stock(settings, os.environ)
        if isinstance(stock, Complaint):
            raise PluginError(f"gemini-images: {stock}")
        self._purse = self._purse or Purse()
        return Build(
            settings,
            stock,
            site,
            progress=Watch(log, free=settings.walls.free),
            purse=self._purse,
            serving=self._serving,
            errand=self.errand,
        )

    def _prepare_desk(self, config: "MkDocsConfig") -> None:
        from mkdocs_gemini_images.desk import Desk

        self._desk = self._desk or Desk(log.info, self._source)
        self._desk.build_begins()
        self._desk.braces = not _ATTRIBUTE_LISTS.isdisjoint(config.markdown_extensions)
        self._rendered.clear()

    def _source(self, page: str) -> Path | None:
        """Find the file of a page, unless somebody has made it up."""
        file = self._files.get_file_from_path(page) if self._files is not None else None
        if file is None or file.generated_by is not None or file.abs_src_path is None:
            return None
        return Path(file.abs_src_path)

    def remembered(self) -> Where:
        """Give the page that is being rendered, as far as is known."""
        return Where(self._page, self._files)


class _Host:
    """What the Markdown extension is handed."""

    def __init__(
        self, plugin: GeminiImagesPlugin, config: "MkDocsConfig", figures: Figures
    ) -> None:
        self._plugin = plugin
        self._config = config
        self._figures = figures

    def show(self, directive: Directive, where: Where) -> Shown | Complaints:
        """Say what the page is to point at, and register its files with the host."""
        shown = self._plugin.build().show(directive, where.page)
        if isinstance(shown, Shown) and isinstance(where.files, Files):
            _register(shown, self._config, where.files)
        return shown

    def complain(self, complaints: Complaints, source: str, where: Where) -> None:
        """Keep complaints until all messages are said."""
        for complaint in complaints:
            self._plugin.build().say("warning", str(complaint), where.page, source)

    def render(self, directive: Directive, shown: Shown, src: str, *, caption: bool) -> str:
        """Render the site's template, or ours."""
        return self._figures.render(directive, shown, src, caption=caption)

    def where(self) -> Where:
        """Give the page remembered in `on_page_markdown`."""
        return self._plugin.remembered()


def open_stock(settings: Settings, environment: Mapping[str, str]) -> "Pictures | Complaint":
    """Open the pictures that a site owns, in its folder or in a bucket."""
    if settings.bucket and not settings.server.emulated:
        from mkdocs_gemini_images.bucket import open_bucket

        return open_bucket(settings.bucket, settings.cache, environment)
    from mkdocs_gemini_images.stock import Stock

    return Stock(settings.owned)


def _is_preview(site: Path) -> bool:
    """Whether a site is built into the folder that a live preview makes for itself."""
    made = site.name.startswith(("mkdocs_", "properdocs_"))
    return made and site.parent.resolve() == Path(tempfile.gettempdir()).resolve()


def _has_dark_pages(config: "MkDocsConfig") -> bool:
    """Whether the theme has a dark mode: MkDocs' own has one on request, Read the Docs none."""
    match config.theme.name:
        case "mkdocs":
            return config.theme.get("color_mode") == "auto"
        case "readthedocs":
            return False
        case _:
            return True


def _register(shown: Shown, config: "MkDocsConfig", files: Files) -> None:
    """Tell the host of a picture's files, which are written into the site at the barrier.

    Each is its own source: the host then has nothing to copy, and others can open it.
    """
    made = {candidate.uri for candidate in shown.candidates}
    for uri in sorted({shown.src, *made}):
        known = files.get_file_from_path(uri)
        if known is not None and known.generated_by is None and uri in made:
            files.remove(known)  # a named file of ours as it was: today's takes its place
            known = None
        if known is None:
            target = os.path.normpath(os.path.join(config.site_dir, uri))  # noqa: PTH118 (as hosts do)
            file = File.generated(config, uri, abs_src_path=target)
            file.generated_by = "gemini-images"
            files.append(file)
    if shown.dark is not None:
        _register(shown.dark, config, files)


def _withdraw(promised: Shown, files: Files) -> None:
    """Take back files that were registered and did not come to be."""
    for candidate in promised.candidates:
        file = files.get_file_from_path(candidate.uri)
        if file is not None and not Path(file.abs_dest_path).exists():
            files.remove(file)


def _add_style(config: "MkDocsConfig", files: Files, assets_dir: str) -> None:
    """Publish our few rules before the site's own CSS; a file of the same name replaces them."""
    uri = f"{assets_dir}/{STYLE}"
    if uri not in config.extra_css:
        config.extra_css.insert(0, uri)
    if files.get_file_from_path(uri) is None:
        source = Path(__file__).with_name("templates") / STYLE
        files.append(File.generated(config, uri, abs_src_path=str(source)))
