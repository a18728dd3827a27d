"""The MkDocs side: hands the host's events to one `Build`, and the build's words to the log.

A thin conductor. Directives are the Markdown extension's, pictures the build's; here the extension
is joined to the site's Markdown, files are registered with the host, and pages are corrected at the
barrier. Nothing of one build is kept for the next: everything lives in the `Build`, which is opened
(and whose code is loaded) when the first directive is met, so that a site without one pays nothing.
"""

import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from glob import escape
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin, PrefixedLogger, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from mkdocs_gemini_images import themes
from mkdocs_gemini_images.complaint import Complaint, quoted
from mkdocs_gemini_images.config import (
    GeminiImagesConfig,
    in_language,
    read_options,
    read_settings,
)
from mkdocs_gemini_images.directive import Complaints, Directive
from mkdocs_gemini_images.extension import GeminiImagesExtension, Where
from mkdocs_gemini_images.figure import Figures, Shown
from mkdocs_gemini_images.heroes import Heroes
from mkdocs_gemini_images.locate import line_of
from mkdocs_gemini_images.request import shaped
from mkdocs_gemini_images.settings import Settings
from mkdocs_gemini_images.theme import GLOBAL, Named

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.pages import Page

    from mkdocs_gemini_images.desk import Desk
    from mkdocs_gemini_images.disclosure import Entry
    from mkdocs_gemini_images.pipeline import Build, Look
    from mkdocs_gemini_images.purchase import Order, Purse
    from mkdocs_gemini_images.report import Kind, Notice
    from mkdocs_gemini_images.request import Wanted
    from mkdocs_gemini_images.swap import Corrections

# Below the host's own plugin logger, so that --strict counts what is said here.
log = PrefixedLogger("gemini-images", logging.getLogger("mkdocs.plugins.gemini-images"))

NAME = "gemini-images"
EXTENSION = "gemini_images"
STYLE = "gemini-images.css"
_ATTRIBUTE_LISTS = {
    "attr_list", "markdown.extensions.attr_list", "extra", "markdown.extensions.extra",
    "pymdownx.extra",
}  # fmt: skip


class BarrierPassed(BaseException):
    """Ends a build that was only run to the barrier; no other plugin's hook is to swallow it."""


class GeminiImagesPlugin(BasePlugin[GeminiImagesConfig]):  # type: ignore[no-untyped-call]
    """Draws the pictures that pages describe."""

    errand: "Order | Look | None" = None
    """Set by the command line on the instance it builds with: the build ends at the barrier."""
    purse: "Purse | None" = None
    """What the command has bought so far."""
    drafts: Mapping[str, str] = MappingProxyType({})
    """Set by the command line: texts of pages in place of their files'."""

    def __init__(self) -> None:
        self._serving = False
        self._open: Callable[[], Build] | None = None
        self._build: Build | None = None
        self._page = ""
        self._address = ""
        self._files: Files | None = None
        self._said: set[tuple[int, str]] = set()
        self._filed: dict[str, Wanted] = {}
        self._corrections: Corrections | None = None
        self._figures: Figures | None = None
        self._desk: Desk | None = None
        self._rendered: set[str] = set()
        self._sources: dict[str, File] = {}
        self._texts: dict[str, str] = {}
        self._heroes: Heroes | None = None
        self._named: Named | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Learn whether this is a live preview; also keeps the instance over its rebuilds."""
        self._serving = command == "serve"
        self.purse = None

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
            dark_pages=dark or (self.errand is not None and _is_listed(config)),
        )
        if isinstance(settings, list):
            raise PluginError("gemini-images: " + "; ".join(str(each) for each in settings))
        if not _is_next_language(config):
            self._said, self._filed = set(), {}
            if self.purse is not None:
                self.purse.failed.clear()
        self._corrections = None
        self._build = None
        # `serve --clean` calls itself a build; where its site goes tells it apart.
        self._serving = self._serving or _is_preview(Path(config.site_dir))
        if self._serving:
            self._prepare_desk(config)
        settings = self._fitting(settings, config)
        self._open = lambda: self._opened(self._worded(settings, config), Path(config.site_dir))
        self._figures = Figures(config.theme.dirs, fragments=themes.shows_by_fragment(name))
        self._heroes = Heroes(self.build, config.site_url or "")
        file = Path(config.config_file_path or "mkdocs.yml")
        self._named = Named(self.build, self._figures, settings.pictures, file.name)
        self._texts = {}
        if settings.pictures and file.is_file():
            self._texts[file.name] = file.read_text(encoding="utf-8", errors="replace")
        host = _Host(self, config, self._figures, self._heroes)
        # A site that lists the extension itself, for other hosts, gets this one in its place.
        if _is_listed(config):
            self._compare(config.mdx_configs.pop(EXTENSION, {}))
            self._look_after(settings)
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
        from mkdocs_gemini_images.disclosure import PAGE, is_page

        if not any(is_page(file.src_uri) for file in files):
            # With a source of its own, since others ask every page for its file.
            source = Path(__file__).with_name("templates") / PAGE
            files.append(File.generated(config, PAGE, abs_src_path=str(source)))

    def on_page_read_source(self, *, page: "Page", config: "MkDocsConfig") -> str | None:
        """Show the command line what a page would become, before it is written."""
        return self.drafts.get(page.file.src_uri)

    def _compare(self, options: Mapping[str, Any]) -> None:
        """Warn where the extension has other options than the plugin: Zensical reads those."""
        theirs = read_options(options)
        if isinstance(theirs, list):
            log.warning("markdown_extensions: %s", "; ".join(theirs))
        elif names := [name for name in self.config if self.config[name] != theirs[name]]:
            same = Complaint(
                f"the Markdown extension {EXTENSION} to have the plugin's {', '.join(names)}",
                "other values",
                "give both the same options with a YAML anchor; Zensical reads the extension's",
            )
            log.warning("%s", same)

    def _look_after(self, settings: Settings) -> None:
        """Warn where Zensical would delete what is not in stock yet."""
        if settings.cache.resolve().is_relative_to(settings.root.resolve() / ".cache"):
            fix = "name another: zensical build --clean would delete what is paid and not in stock"
            got = quoted(self.config.cache_dir)
            log.warning("%s", Complaint("cache_dir outside .cache, which is Zensical's", got, fix))

    def on_page_markdown(
        self, markdown: str, *, page: "Page", config: "MkDocsConfig", files: Files
    ) -> str | None:
        """Remember the page, for Markdown that is rendered inside it without knowing where.

        Its front matter may describe a picture, which others may look for from now on.
        """
        self._page, self._files = page.file.src_uri, files
        self._address = unquote(page.url)
        self._rendered.add(self._page)
        self._sources[self._page] = page.file
        if self._heroes is None:
            return None
        language = _language(config, Where(self._page, files))
        return self._heroes.meet(self._page, page.meta, markdown, language)

    # Before those that copy or rewrite files: Material's privacy (50) and optimize (0).
    @event_priority(100)
    def on_env(self, env: "Environment", *, config: "MkDocsConfig", files: Files) -> None:
        """The barrier: every page is rendered, and no file is copied yet."""
        self._files = files
        if f"{self.config.assets_dir}/{STYLE}" in config.extra_css:
            # A site for other hosts names it itself, whether it has pictures yet or not.
            _add_style(config, files, self.config.assets_dir)
        if self._named is not None:
            env.globals[GLOBAL] = self._named.show
            for shown in self._named.want(_language(config, Where(""))):
                _register(shown, config, files)
        if self._build is None and self.errand is None and not self.config.gallery:
            return  # no page has a directive
        from mkdocs_gemini_images.swap import Corrections

        if self.errand is not None:
            raise BarrierPassed
        build, figures = self.build(), self._figures
        swaps = build.settle()
        for swap in swaps:
            _withdraw(swap.promised, files)
            _register(swap.shown, config, files)
        if self._heroes is not None:
            self._heroes.settle()
        if swaps and figures is not None:
            self._corrections = corrections = Corrections(swaps, figures.sources)
            for file in files.documentation_pages():
                if file.page is not None and file.page.content:
                    file.page.content = corrections.apply(file.page.content)
        if build.used:
            _add_style(config, files, build.settings.assets_dir)
        if self.config.gallery:
            _disclose(build, config, files, prompts=self.config.gallery == "prompts")
        _keep_as_they_are(config, files)
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
        notices = self.build().notices
        say_all(notices, self.placing(), self._said)
        notices.clear()

    def placing(self) -> "Callable[[Notice], str]":
        """Give what finds the page and line of a message of this build."""
        return partial(_place, self._files, dict(self._texts))

    # After those that write what they have copied, as feeds (0); before static-i18n (-100), which
    # builds anew in it.
    @event_priority(-90)
    def on_post_build(self, *, config: "MkDocsConfig") -> None:
        """Say what came after the barrier, and the closing line."""
        if self._build is None and self._desk is None:
            return
        build = self.build()
        self._put_copies_right(config)
        self.say()
        if build.used:
            log.info(build.closing_line())
        build.close()
        if self._desk is not None:
            self._desk.build_ended(build.afterwards(), frozenset(self._rendered))
        elif build.missing and build.settings.on_missing == "fail":
            raise Abort(f"gemini-images: {build.missing} pictures are missing (on_missing: fail)")

    def _put_copies_right(self, config: "MkDocsConfig") -> None:
        """Correct what others have copied out of pages, where there is something to correct."""
        # Its page has the HTML of all pages, and `src` alone is made to fit it.
        moved = "print-site" in config.plugins
        if self._files is None or (self._corrections is None and not moved):
            return
        from mkdocs_gemini_images import copies

        ours = {file.src_uri for file in self._files if file.generated_by == "gemini-images"}
        site = Path(config.site_dir)
        for path in site.rglob("*"):
            # A link may lead to a file that is no part of the site.
            if path.suffix not in copies.KINDS or path.is_symlink() or not path.is_file():
                continue
            text = before = path.read_bytes().decode("utf-8", "surrogateescape")
            if self._corrections is not None:
                text = copies.corrected(text, path.suffix, self._corrections)
            if moved and path.suffix == ".html":
                text = copies.rebased(text, path.relative_to(site).as_posix(), ours)
            if text != before:
                path.write_bytes(text.encode("utf-8", "surrogateescape"))

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

    def _fitting(self, settings: Settings, config: "MkDocsConfig") -> Settings:
        """Fit what is published to the site: to be seen at once, or wrapped by a neighbour."""
        if len(settings.recipe.formats) == 1:
            return settings
        if "glightbox" in config.plugins:
            only = settings.recipe.formats[-1]
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
        from mkdocs_gemini_images.owned import open_stock
        from mkdocs_gemini_images.pipeline import Build
        from mkdocs_gemini_images.progress import Watch
        from mkdocs_gemini_images.purchase import Purse

        stock = open_stock(settings, os.environ)
        if isinstance(stock, Complaint):
            raise PluginError(f"gemini-images: {stock}")
        self.purse = self.purse or Purse()
        return Build(
            settings,
            stock,
            site,
            progress=Watch(log, free=settings.walls.free),
            purse=self.purse,
            serving=self._serving,
            errand=self.errand,
            filed=self._filed,
        )

    def _prepare_desk(self, config: "MkDocsConfig") -> None:
        from mkdocs_gemini_images.desk import Desk

        self._desk = self._desk or Desk(log.info, self.source)
        self._desk.build_begins()
        self._desk.braces = reads_braces(config)
        self._rendered.clear()

    def source(self, page: str) -> Path | None:
        """Find the file of a page, unless somebody has made it up."""
        # Not the host's files: static-i18n's give a page's translation in its place.
        file = self._sources.get(page)
        if file is None or file.generated_by is not None or file.abs_src_path is None:
            return None
        return Path(file.abs_src_path)

    def remembered(self) -> Where:
        """Give the page that is being rendered, as far as is known."""
        return Where(self._page, self._files, address=self._address)


class _Host:
    """What the Markdown extension is handed."""

    def __init__(
        self,
        plugin: GeminiImagesPlugin,
        config: "MkDocsConfig",
        figures: Figures,
        heroes: Heroes,
    ) -> None:
        self._plugin = plugin
        self._config = config
        self._figures = figures
        self._heroes = heroes

    def show(self, directive: Directive, where: Where) -> Shown | Complaints:
        """Say what the page is to point at, and register its files with the host."""
        language = _language(self._config, where)
        shown = self._plugin.build().show(directive, where.page, language)
        if isinstance(shown, Shown) and isinstance(where.files, Files):
            _register(shown, self._config, where.files)
        return shown

    def hero(self, where: Where) -> Directive | Complaints | None:
        """Give the picture that a page's front matter describes."""
        return self._heroes.at(where.page, excerpt=where.excerpt)

    def complain(
        self, complaints: Complaints, source: str, where: Where, *, shown: bool = False
    ) -> None:
        """Keep complaints until all messages are said."""
        for complaint in complaints:
            kind: Kind = "flaw" if shown else "broken"
            self._plugin.build().say("warning", str(complaint), where.page, source, kind)

    def render(self, directive: Directive, shown: Shown, src: str, *, caption: bool) -> str:
        """Render the site's template, or ours."""
        look = shaped(directive, self._plugin.build().settings.defaults)
        return self._figures.render(look, shown, src, caption=caption)

    def where(self) -> Where:
        """Give the page remembered in `on_page_markdown`."""
        return self._plugin.remembered()

    def hurries(self) -> bool:
        """Let a page's own first picture hurry, not those of the excerpts on a blog's index."""
        build = self._plugin.build()
        return build.settings.priority and not build.settled


def say_all(
    notices: "Iterable[Notice]", place: "Callable[[Notice], str]", said: set[tuple[int, str]]
) -> None:
    """Log messages that have not been `said` yet, each with its place."""
    for notice in notices:
        where = place(notice)
        level = logging.WARNING if notice.level == "warning" else logging.INFO
        text = f"{where}: {notice.text}" if where else notice.text
        if (level, text) not in said:
            said.add((level, text))
            log.log(level, "%s", text)


def _place(files: Files | None, texts: dict[str, str], notice: "Notice") -> str:
    """Write where a message belongs: `page:line`, or the page alone. `texts` are those read."""
    if not notice.page:
        return ""
    if notice.page not in texts:
        file = files.get_file_from_path(notice.page) if files is not None else None
        texts[notice.page] = file.content_string if file is not None else ""
    line = line_of(texts[notice.page], notice.source)
    return f"{notice.page}:{line}" if line else notice.page


def _is_next_language(config: "MkDocsConfig") -> bool:
    """Whether static-i18n builds the site again inside a build, in another language."""
    return getattr(config.plugins.get("i18n"), "building", False) is True


def _language(config: "MkDocsConfig", where: Where) -> str:
    """Give the code of the language that a page is written in: its file's, or the theme's.

    Where languages are built one by one, a page that is not translated keeps its own.
    """
    files = where.files
    file = files.get_file_from_path(where.page) if isinstance(files, Files) else None
    said = (getattr(file, "locale", ""), config.theme.get("language"), str(config.theme.locale))
    return next((each for each in said if isinstance(each, str) and each), "")


def _is_listed(config: "MkDocsConfig") -> bool:
    """Whether the site lists the Markdown extension by itself, for hosts without plugins."""
    return EXTENSION in config.markdown_extensions


def reads_braces(config: "MkDocsConfig") -> bool:
    """Whether the site's Markdown reads attribute lists."""
    return not _ATTRIBUTE_LISTS.isdisjoint(config.markdown_extensions)


def _is_preview(site: Path) -> bool:
    """Whether a site is built into the folder that a live preview makes for itself."""
    made = site.name.startswith(("mkdocs_", "properdocs_"))
    return made and site.parent.resolve() == Path(tempfile.gettempdir()).resolve()


def _register(shown: Shown, config: "MkDocsConfig", files: Files) -> None:
    """Tell the host of a picture's files, which are written into the site at the barrier.

    Each is its own source: the host then has nothing to copy, and others can open it.
    """
    made = {candidate.uri for candidate in shown.candidates}
    for uri in sorted({shown.src, *made}):
        known = files.get_file_from_path(uri)
        if known is not None and known.src_uri == uri and not known.generated_by and uri in made:
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


def _disclose(build: "Build", config: "MkDocsConfig", files: Files, *, prompts: bool) -> None:
    """Fill the page that lists the site's pictures, in each of its languages."""
    from mkdocs_gemini_images.disclosure import insert, is_page, render

    for file in files:
        page = file.page
        if page is not None and page.content is not None and is_page(file.src_uri):
            listed = _listed(build, file, files, prompts=prompts)
            page.content = insert(page.content, render(listed, config.theme.dirs))


def _listed(build: "Build", here: File, files: Files, *, prompts: bool) -> "list[Entry]":
    """List the pictures of all pages that are published, as one of them reaches them."""
    from mkdocs_gemini_images.disclosure import Place, entries

    published = {file.src_uri: file for file in files.documentation_pages()}

    def place(uri: str) -> Place | None:
        file = published.get(uri)
        if file is None or file.page is None:
            return None
        return Place(file.page.title or file.name, file.url_relative_to(here))

    def address(uri: str) -> str:
        return get_relative_url(quote(uri), here.url)

    return entries(build.posts, place, address, prompts=prompts)


def _keep_as_they_are(config: "MkDocsConfig", files: Files) -> None:
    """Keep Material's optimize from our files: it would take out where they come from."""
    optimize = config.plugins.get("material/optimize")
    if optimize is None:
        return
    ours = [escape(each.src_uri) for each in files if each.generated_by == "gemini-images"]
    optimize.config["optimize_exclude"] = [*optimize.config["optimize_exclude"], *ours]


def _add_style(config: "MkDocsConfig", files: Files, assets_dir: str) -> None:
    """Publish our few rules before the site's own CSS; a file of the same name replaces them."""
    uri = f"{assets_dir}/{STYLE}"
    if uri not in config.extra_css:
        config.extra_css.insert(0, uri)
    if files.get_file_from_path(uri) is None:
        source = Path(__file__).with_name("templates") / STYLE
        files.append(File.generated(config, uri, abs_src_path=str(source)))
