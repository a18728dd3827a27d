"""Run the site's own host up to the barrier, from the command line.

MkDocs where it is installed, ProperDocs where that is, which answers to the same names. The build
goes into a folder of its own and ends at the barrier, so nothing is deployed and no site is
touched; what it drew is in stock.
"""

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mkdocs_gemini_images.pipeline import Build, Look
from mkdocs_gemini_images.purchase import Order
from mkdocs_gemini_images.report import Notice

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig


@dataclass(frozen=True, slots=True)
class Finished:
    """A build that has come to the barrier."""

    build: Build
    place: Callable[[Notice], str]
    """Finds the page and line of a message."""
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


def build(
    config_file: Path | None, errand: Order | Look, drafts: Mapping[str, str] | None = None
) -> Finished:
    """Build up to the barrier as `errand` asks, with `drafts` in place of the pages they name.

    Raises `click.ClickException` when there is no host, no configuration, or no plugin in it.
    """
    _find_host()
    with _speaking(), tempfile.TemporaryDirectory(prefix="gemini-images-") as site:
        return _build(config_file, site, errand, drafts or {})


def _build(
    config_file: Path | None, site: str, errand: Order | Look, drafts: Mapping[str, str]
) -> Finished:
    from mkdocs.commands.build import build as run
    from mkdocs.config import load_config
    from mkdocs.exceptions import ConfigurationError

    from mkdocs_gemini_images.plugin import (
        BarrierPassed,
        GeminiImagesPlugin,
        reads_braces,
        reads_fragments,
    )

    try:
        config = load_config(config_file=str(config_file) if config_file else None, site_dir=site)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    found = [each for each in config.plugins.values() if isinstance(each, GeminiImagesPlugin)]
    if not found:
        raise click.ClickException(
            "expected 'gemini-images' under plugins: in the configuration, got none: add it there"
        )
    plugin = found[0]
    plugin.errand = errand
    plugin.drafts = {page: _as_read(text) for page, text in drafts.items()}
    config.plugins.on_startup(command="build", dirty=False)
    try:
        run(config)
    except BarrierPassed:
        finished = plugin.conclude()
        return Finished(
            finished,
            plugin.place,
            _heard(plugin.say),
            plugin.source,
            reads_braces(config),
            reads_fragments(config),
            lambda uri: _publishes(config, uri),
        )
    raise click.ClickException("expected to come to the site's pages, got a build without any")


def _publishes(config: "MkDocsConfig", uri: str) -> bool:
    from mkdocs.structure.files import File, set_exclusions

    file = File.generated(config, uri, content=b"")
    set_exclusions([file], config)
    return bool(file.inclusion.is_included())  # type: ignore[no-untyped-call]


def _as_read(text: str) -> str:
    """Give a file's text as the host reads it: without a mark of its encoding, its lines ended."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _find_host() -> None:
    try:
        import mkdocs  # noqa: F401
    except ImportError:
        try:
            import properdocs.replacement  # noqa: F401 (answers to `mkdocs` from here on)
        except ImportError as error:
            raise click.ClickException("neither MkDocs nor ProperDocs is installed") from error


def _heard(say: Callable[[], None]) -> Callable[[], None]:
    def speak() -> None:
        with _speaking():
            say()

    return speak


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
