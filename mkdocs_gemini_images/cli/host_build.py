"""Build the sites of a command up to the barrier, and finish them as the command asks.

MkDocs runs the builds where it is installed, or ProperDocs, which answers to the same names. The
builds go into a temporary folder, so nothing is deployed and no site is touched; what they draw is
in the store. A site in several languages is built once for each, and configurations that share a
store are built one after the other.
"""

import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.build.site_group import LocateNotice, SiteGroup
from mkdocs_gemini_images.cli.conventions import click_errors
from mkdocs_gemini_images.config import themes
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.generation.command import Command, DrawCommand
from mkdocs_gemini_images.hosts.mkdocs.command_run import (
    CommandRun,
    forget_plugins,
    run_to_barrier,
)
from mkdocs_gemini_images.hosts.mkdocs.site_config import EXTENSION, include_folders, reads_braces
from mkdocs_gemini_images.hosts.mkdocs.site_languages import each_language, languages_left_out
from mkdocs_gemini_images.reports.messages import say_all

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

    from mkdocs_gemini_images.plugin import GeminiImagesPlugin


@dataclass(frozen=True, slots=True)
class Finished:
    """Builds that have come to the barrier, and passed it as they were asked to."""

    group: SiteGroup
    say: Callable[[], None]
    """Says all messages and the closing line."""
    source: Callable[[str], Path | None]
    """Finds the file of a page, unless a plugin generated the page."""
    braces: bool
    """Whether the site's Markdown reads attribute lists."""
    fragments: bool
    """Whether its theme reads `#only-light` and `#only-dark`."""
    publishes: Callable[[str], bool]
    """Whether a file of this path in the docs folder would be on the site."""
    folders: tuple[Path, ...] = ()
    """Where its Markdown looks for files that pages include."""
    unseen: tuple[str, ...] = ()
    """Configurations and languages that may show pictures as well, and were not looked at."""


def build(
    config_files: Sequence[Path],
    command: Command,
    page_texts: Mapping[str, str] | None = None,
) -> Finished:
    """Build each configuration up to the barrier, in all its languages, and do as `command` asks.

    Without a configuration file, that of the current folder is built; `page_texts` take the place
    of the pages that they name. Raises `click.ClickException` when there is no host, no
    configuration, or no plugin in it.
    """
    _find_host()
    from mkdocs_gemini_images.hosts.mkdocs.site import log

    # At Ctrl-C, a thread may still write a file there while the folder is removed.
    temporary = tempfile.TemporaryDirectory(prefix="gemini-images-", ignore_cleanup_errors=True)
    with _logging(), temporary as folder:
        group = SiteGroup(command)
        texts = {page: _as_read(text) for page, text in (page_texts or {}).items()}
        run = CommandRun(group.command, group.tracker, texts)
        several = len(config_files) > 1
        sites = []
        for number, file in enumerate(config_files or [None]):
            config = _load(file, f"{folder}/{number}")
            plugin = _plugin_of(config)
            _add_builds(group, config, plugin, run, several=several)
            sites.append((config, plugin))
        try:
            with click_errors():
                group.finish()
        except BaseException:  # whatever ends the command, what it has spent is told
            if isinstance(command, DrawCommand):
                _tell(group)
            raise
        for name in group.written:
            log.info("wrote %s", name)
        first, plugin = sites[0]
        return Finished(
            group,
            lambda: _log_notices(group),
            plugin.run.source_file,
            reads_braces(first.markdown_extensions),
            themes.shows_by_fragment(str(first.theme.name)),
            lambda uri: _publishes(first, uri),
            include_folders(first),
            _unseen([config for config, _ in sites]),
        )


def _load(config_file: Path | None, site: str) -> "MkDocsConfig":
    """Load a configuration that is built into the folder `site`."""
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError

    _refuse_toml(config_file)
    try:
        config = load_config(config_file=str(config_file) if config_file else None, site_dir=site)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    except Abort as error:
        said = "MkDocs, with which this command builds, refuses the configuration"
        fix = "mend the errors above; what Zensical has built in, such as its theme, is to be"
        raise click.ClickException(f"{said}: {fix} installed here") from error
    forget_plugins(config)
    return config


def _plugin_of(config: "MkDocsConfig") -> "GeminiImagesPlugin":
    """Return the plugin of a site, or one with the options of the Markdown extension."""
    from mkdocs_gemini_images.config.options import read_plugin_options
    from mkdocs_gemini_images.plugin import GeminiImagesPlugin

    for each in config.plugins.values():
        if isinstance(each, GeminiImagesPlugin):
            return each
    if EXTENSION not in config.markdown_extensions:
        raise click.ClickException(
            "the configuration has no 'gemini-images' under plugins: add it there"
        )
    # Zensical runs no plugins: such a site lists the extension alone.
    options = config.mdx_configs.get(EXTENSION, {})
    try:
        read_plugin_options(options)
    except DiagnosticError as error:
        raise click.ClickException(str(error)) from error
    plugin = GeminiImagesPlugin()
    plugin.load_config(options, config.config_file_path)
    config.plugins["gemini-images"] = plugin
    return plugin


def _add_builds(
    group: SiteGroup,
    config: "MkDocsConfig",
    plugin: "GeminiImagesPlugin",
    run: CommandRun,
    *,
    several: bool,
) -> None:
    """Bring a site to the barrier, once for each of its languages, and add the builds.

    Where there are `several` configurations, messages name the docs folder of each page.
    """
    config.plugins.on_startup(command="build", dirty=False)
    try:
        for _ in each_language(config):
            if not run_to_barrier(config, plugin, run):
                raise click.ClickException("the build ended before the site's pages")
            docs = plugin.site.build().settings.docs if several else ""
            group.add(
                plugin.site.build(), _below(docs, plugin.site.locator()), plugin.site.stands_at
            )
    except DiagnosticError as error:
        raise click.ClickException(str(error)) from None


def _publishes(config: "MkDocsConfig", uri: str) -> bool:
    from mkdocs.structure.files import File, set_exclusions

    file = File.generated(config, uri, content=b"")
    set_exclusions([file], config)
    return bool(file.inclusion.is_included())  # type: ignore[no-untyped-call]


def _as_read(text: str) -> str:
    """Give a file's text as the host reads it: without a mark of its encoding, its lines ended."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _below(docs: str, locate: LocateNotice) -> LocateNotice:
    def locate_below(notice: Notice) -> str:
        where = locate(notice)
        return f"{docs}/{where}" if docs and where else where

    return locate_below


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
        found += [f"language {each} (it is not built)" for each in languages_left_out(config)]
    return tuple(dict.fromkeys(found))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _refuse_toml(config_file: Path | None) -> None:
    """Say what to do where a site has Zensical's own configuration, which MkDocs cannot read."""
    toml = Path("zensical.toml") if config_file is None else config_file
    others = [Path(name) for name in ("properdocs.yml", "mkdocs.yml") if config_file is None]
    if toml.suffix == ".toml" and toml.exists() and not any(file.exists() for file in others):
        said = f"this command cannot read {toml.name}, and there is no mkdocs.yml"
        fix = "write one beside it, with the same docs_dir, markdown_extensions and options"
        raise click.ClickException(f"{said}: {fix}")


def _find_host() -> None:
    try:
        import mkdocs  # noqa: F401
    except ImportError:
        try:
            import properdocs.replacement  # noqa: F401 (answers to `mkdocs` from here on)
        except ImportError as error:
            raise click.ClickException("neither MkDocs nor ProperDocs is installed") from error


def _log_notices(group: SiteGroup) -> None:
    with _logging():
        _tell(group)


def _tell(group: SiteGroup) -> None:
    from mkdocs_gemini_images.hosts.mkdocs.site import log

    group.tell(say_all(group.notices, group.locate, set(), log))
    if group.is_finished:
        log.info(group.closing_line())


@contextmanager
def _logging() -> Iterator[None]:
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
