"""Run the site's own host up to the barrier, from the command line.

MkDocs where it is installed, ProperDocs where that is, which answers to the same names. The build
goes into a folder of its own and ends at the barrier, so nothing is deployed and no site is
touched; what it drew is in stock. A site in several languages is built once for each, and several
configurations that share a stock are built one after the other.
"""

import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mkdocs_gemini_images.build.build import DryRun
from mkdocs_gemini_images.build.notices import Notice
from mkdocs_gemini_images.build.site_group import Place, SiteGroup
from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.generation.generator import DrawCommand, SpendTracker
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION, reads_braces
from mkdocs_gemini_images.reports.messages import say_all

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_gemini_images.plugin import GeminiImagesPlugin


@dataclass(frozen=True, slots=True)
class Finished:
    """Builds that have come to the barrier, and passed it as they were asked to."""

    build: SiteGroup
    say: Callable[[], None]
    """Says all messages and the closing line."""
    source: Callable[[str], Path | None]
    """Finds the file of a page, unless somebody has made the page up."""
    braces: bool
    """Whether the site's Markdown reads attribute lists."""
    fragments: bool
    """Whether its theme reads `#only-light` and `#only-dark`."""
    publishes: Callable[[str], bool]
    """Whether a file of this path in the docs folder would be on the site."""
    unseen: tuple[str, ...] = ()
    """Configurations and languages that may show pictures as well, and were not looked at."""


def build(
    config_files: Sequence[Path],
    command: DrawCommand | DryRun,
    drafts: Mapping[str, str] | None = None,
) -> Finished:
    """Build each configuration up to the barrier, in all its languages, and do as `command` asks.

    Without one, that of the current folder; with `drafts` in place of the pages they name. What is
    said of pages and Markdown is the first one's. Raises `click.ClickException` when there is no
    host, no configuration, or no plugin in it.
    """
    _find_host()
    from mkdocs_gemini_images.plugin import log

    with _speaking(), tempfile.TemporaryDirectory(prefix="gemini-images-") as folder:
        sites, tracker = SiteGroup(command), SpendTracker()
        seen: list[tuple[MkDocsConfig, GeminiImagesPlugin]] = []
        texts = {page: _as_read(text) for page, text in (drafts or {}).items()}
        for number, file in enumerate(config_files or [None]):
            several = len(config_files) > 1
            seen.append(_build(file, f"{folder}/{number}", sites, tracker, texts, several=several))
        sites.settle()
        for name in sites.written:
            log.info("wrote %s", name)
        first, plugin = seen[0]
        return Finished(
            sites,
            lambda: _say(sites),
            plugin.source,
            reads_braces(first.markdown_extensions),
            themes.shows_by_fragment(str(first.theme.name)),
            lambda uri: _publishes(first, uri),
            _unseen([config for config, _ in seen]),
        )


def _build(
    config_file: Path | None,
    site: str,
    sites: SiteGroup,
    tracker: SpendTracker,
    drafts: Mapping[str, str],
    *,
    several: bool,
) -> "tuple[MkDocsConfig, GeminiImagesPlugin]":
    """Bring a site to the barrier, once for each of its languages.

    Where there are `several`, each has its own docs folder to tell its pages from the others'.
    """
    from mkdocs.commands.build import build as run
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError

    from mkdocs_gemini_images.config.options import read_options
    from mkdocs_gemini_images.plugin import NAME, GeminiImagesPlugin, StopBuild

    _refuse_toml(config_file)
    try:
        config = load_config(config_file=str(config_file) if config_file else None, site_dir=site)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    except Abort as error:
        expected = "a configuration that MkDocs can build, as this command does"
        fix = "mend them; what Zensical has built in, such as its theme, is to be installed here"
        raise click.ClickException(str(Diagnostic(expected, "the errors above", fix))) from error
    _keep_no_plugin(config)
    found = [each for each in config.plugins.values() if isinstance(each, GeminiImagesPlugin)]
    if not found and EXTENSION in config.markdown_extensions:
        # A site of Zensical's alone, which runs no plugins.
        options = config.mdx_configs.get(EXTENSION, {})
        if isinstance(wrong := read_options(options), list):
            raise click.ClickException("; ".join(wrong))
        found = [GeminiImagesPlugin()]
        found[0].load_config(options, config.config_file_path)
        config.plugins[NAME] = found[0]
    if not found:
        raise click.ClickException(
            "expected 'gemini-images' under plugins: in the configuration, got none: add it there"
        )
    plugin = found[0]
    plugin.command = sites.command
    plugin.drafts = drafts
    config.plugins.on_startup(command="build", dirty=False)
    plugin.tracker = tracker
    for _ in _languages(config):
        try:
            run(config)
        except StopBuild:
            place = _below(plugin.build().settings.docs if several else "", plugin.placing())
            if (refusal := sites.add(plugin.build(), place)) is not None:
                raise click.ClickException(str(refusal)) from None
        else:
            raise click.ClickException(
                "expected to come to the site's pages, got a build without any"
            )
    return config, plugin


def _keep_no_plugin(config: "MkDocsConfig") -> None:
    """Let the host forget the plugins it has just loaded, which it would give to the next site.

    It keeps those with an `on_startup`, ours too, for the rebuilds of a live preview.
    """
    option: Any = dict(config._schema)["plugins"]
    option.plugin_cache.clear()


def _publishes(config: "MkDocsConfig", uri: str) -> bool:
    from mkdocs.structure.files import File, set_exclusions

    file = File.generated(config, uri, content=b"")
    set_exclusions([file], config)
    return bool(file.inclusion.is_included())  # type: ignore[no-untyped-call]


def _as_read(text: str) -> str:
    """Give a file's text as the host reads it: without a mark of its encoding, its lines ended."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _below(docs: str, place: Place) -> Place:
    def placed(notice: Notice) -> str:
        where = place(notice)
        return f"{docs}/{where}" if docs and where else where

    return placed


def _languages(config: "MkDocsConfig") -> Iterator[str]:
    """Step through the languages of a site, as static-i18n does at the end of its first build.

    Raises `click.ClickException` when it is a version that cannot be asked: pictures of a language
    that nobody has looked at would pass for orphans.
    """
    i18n = _static_i18n(config)
    if i18n is None:
        yield ""
        return
    try:
        languages, first = list(i18n.build_languages), i18n.default_language
    except AttributeError as error:
        raise click.ClickException(
            f"expected mkdocs-static-i18n 1, got another ({error}): upgrade it"
        ) from error
    for language in dict.fromkeys([first, *languages]):
        i18n.current_language = language
        yield language
        i18n.building = True


def _static_i18n(config: "MkDocsConfig") -> Any:
    """Give the plugin that builds a site once per language; others build all in one go."""
    plugin = config.plugins.get("i18n")
    return plugin if type(plugin).__module__.startswith("mkdocs_static_i18n") else None


def _unseen(configs: "Sequence[MkDocsConfig]") -> tuple[str, ...]:
    """List what else may be of the same stock: configurations beside these, languages left out."""
    seen = [Path(config.config_file_path).resolve() for config in configs]
    inherited = [
        re.findall(r"(?m)^INHERIT:.*?([^/\s'\"]+)['\"]?\s*$", _text(file)) for file in seen
    ]
    known = {file.name for file in seen}.union(*inherited)
    beside = [
        file
        for folder in dict.fromkeys(file.parent for file in seen)
        for pattern in ("mkdocs*.y*ml", "properdocs*.y*ml")
        for file in sorted(folder.glob(pattern))
    ]
    found = [
        f"{file.name} (name it with -f as well)"
        for file in beside
        if file.name not in known and re.search("gemini-images|^INHERIT:", _text(file), re.M)
    ]
    for config in configs:
        i18n = _static_i18n(config)
        languages = () if i18n is None else i18n.config.languages
        found += [
            f"language {each.locale} (it is not built)"
            for each in languages
            if not each.build and each.locale != "null"
        ]
    return tuple(dict.fromkeys(found))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _refuse_toml(config_file: Path | None) -> None:
    """Say what to do where a site has Zensical's own configuration, which MkDocs cannot read."""
    toml = Path("zensical.toml") if config_file is None else config_file
    others = [Path(name) for name in ("properdocs.yml", "mkdocs.yml") if config_file is None]
    if toml.suffix == ".toml" and toml.exists() and not any(file.exists() for file in others):
        expected = "mkdocs.yml, with which this command builds, as Zensical does"
        fix = "write one beside it, with the same docs_dir, markdown_extensions and options"
        raise click.ClickException(str(Diagnostic(expected, f"{toml.name} alone", fix)))


def _find_host() -> None:
    try:
        import mkdocs  # noqa: F401
    except ImportError:
        try:
            import properdocs.replacement  # noqa: F401 (answers to `mkdocs` from here on)
        except ImportError as error:
            raise click.ClickException("neither MkDocs nor ProperDocs is installed") from error


def _say(sites: SiteGroup) -> None:
    from mkdocs_gemini_images.plugin import log

    with _speaking():
        say_all(sites.notices, sites.place, set(), log)
        log.info(sites.closing_line())


@contextmanager
def _speaking() -> Iterator[None]:
    """Show on this terminal what a build would log about pictures, and whatever ends a build."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)-7s %(message)s"))
    handler.addFilter(lambda record: "gemini" in record.name or record.levelno >= logging.ERROR)
    loggers = [logging.getLogger(name) for name in ("mkdocs", "properdocs")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
