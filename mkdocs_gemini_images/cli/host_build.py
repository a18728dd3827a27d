"""Build the sites of a command up to the barrier, and finish them as the command asks.

MkDocs runs the builds where it is installed, or ProperDocs, which answers to the same names; for a
configuration of Zensical's, Zensical does. The builds go into a temporary folder, so nothing is
deployed and no site is touched; what they draw is in the store. A site in several languages is
built once for each, and configurations that share a store are built one after the other.
"""

import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.build.whole_site.site_group import LocateNotice, SiteGroup
from mkdocs_gemini_images.cli.conventions import say
from mkdocs_gemini_images.cli.wrapped_log import WrappedFormatter
from mkdocs_gemini_images.core.garbage_collection import rare_collections
from mkdocs_gemini_images.core.printable_log import PrefixedLogger, printable_logger
from mkdocs_gemini_images.generation.draw_command import Command, DrawCommand
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.hosts.command_site import CommandSite
from mkdocs_gemini_images.hosts.host_choice import configuration_in, is_zensicals
from mkdocs_gemini_images.hosts.mkdocs.command_run import CommandRun
from mkdocs_gemini_images.reports.notice_log import say_all

log = PrefixedLogger(printable_logger("gemini-images"), {})


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
    entry: str = ""
    """What to take out of the configuration, and where, to be rid of the package."""
    unseen: tuple[str, ...] = ()
    """Configurations and languages that may show pictures as well, and were not looked at."""


def build(
    config_files: Sequence[Path],
    command: Command,
    page_texts: Mapping[str, str] | None = None,
    *,
    tracker: SpendTracker | None = None,
) -> Finished:
    """Build each configuration up to the barrier, in all its languages, and do as `command` asks.

    Without a configuration file, that of the current folder is built; `page_texts` take the place
    of the pages that they name. `tracker` is the account of what was spent before and counts
    against the limits as well. Raises `DiagnosticError` when there is no host, no configuration, or
    no plugin in it, and `OSError`.
    """
    files, note = list[Path | None](config_files), ""
    if not config_files:
        file, note = configuration_in(Path())
        files = [file]
    if note:
        say(note, err=True)
    # At Ctrl-C, a thread may still write a file there while the folder is removed.
    temporary = tempfile.TemporaryDirectory(prefix="gemini-images-", ignore_cleanup_errors=True)
    with shown_logs(), rare_collections(), temporary as folder:
        group = SiteGroup(command, tracker or SpendTracker())
        texts = {page: _as_read(text) for page, text in (page_texts or {}).items()}
        run = CommandRun(group.command, group.tracker, texts)
        several = len(config_files) > 1
        sites = []
        for number, file in enumerate(files):
            site = _render(file, Path(folder, str(number)), run)
            for each in site.builds:
                docs = each.build.settings.docs if several else ""
                group.add(each.build, _below(docs, each.locate), each.stands_at)
            sites.append(site)
        try:
            group.finish()
        except BaseException:  # whatever ends the command, what it has spent is told
            if isinstance(command, DrawCommand):
                _tell(group)
            raise
        for name in group.written:
            log.info("wrote %s", name)
        first = sites[0]
        return Finished(
            group,
            lambda: _log_notices(group),
            first.source,
            first.braces,
            first.fragments,
            first.publishes,
            first.folders,
            first.entry,
            _unseen(sites),
        )


def _render(file: Path | None, folder: Path, run: CommandRun) -> CommandSite:
    """Let the host of a configuration render its pages."""
    if file is not None and is_zensicals(file):
        from mkdocs_gemini_images.hosts.zensical import command_run

        return command_run.render_site(file, folder, run.command, run.tracker, run.page_texts)
    from mkdocs_gemini_images.cli import mkdocs_site

    return mkdocs_site.render_site(file, folder, run)


def _as_read(text: str) -> str:
    """Give a file's text as the host reads it: without a mark of its encoding, its lines ended."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _below(docs: str, locate: LocateNotice) -> LocateNotice:
    def locate_below(notice: Notice) -> str:
        where = locate(notice)
        return f"{docs}/{where}" if docs and where else where

    return locate_below


def _unseen(sites: Sequence[CommandSite]) -> tuple[str, ...]:
    """List what else may be of the same stock: configurations beside these, languages left out."""
    seen = [site.file.resolve() for site in sites]
    inherited = [
        re.findall(r"(?m)^INHERIT:.*?([^/\s'\"]+)['\"]?\s*$", _text(file)) for file in seen
    ]
    known = {file.name for file in seen}.union(*inherited)
    beside = [
        file
        for folder in dict.fromkeys(file.parent for file in seen)
        for pattern in ("mkdocs*.y*ml", "properdocs*.y*ml", "zensical.toml")
        for file in sorted(folder.glob(pattern))
    ]
    found = [
        f"{file.name} (name it with -f as well)"
        for file in beside
        if file.name not in known and re.search("gemini[-_]images|^INHERIT:", _text(file), re.M)
    ]
    for site in sites:
        found += [f"language {each} (it is not built)" for each in site.left_out]
    return tuple(dict.fromkeys(found))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _log_notices(group: SiteGroup) -> None:
    with shown_logs():
        _tell(group)


def _tell(group: SiteGroup) -> None:
    group.tell(say_all(group.notices, group.locate, set(), log))
    if group.is_finished:
        log.info(group.closing_line())


@contextmanager
def shown_logs() -> Iterator[None]:
    """Show on this terminal what a build would log about pictures, and whatever ends a build."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WrappedFormatter("%(message)s"))
    handler.addFilter(lambda record: "gemini" in record.name or record.levelno >= logging.ERROR)
    names = ("mkdocs", "properdocs", "gemini-images")
    loggers = {each: each.level for each in (logging.getLogger(name) for name in names)}
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, level in loggers.items():
            logger.removeHandler(handler)
            logger.setLevel(level)
