"""Run the site's own host up to the barrier, from the command line.

MkDocs where it is installed, ProperDocs where that is, which answers to the same names. The build
goes into a folder of its own and ends at the barrier, so nothing is deployed and no site is
touched; what it drew is in stock.
"""

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from mkdocs_gemini_images.complaint import Complaint
from mkdocs_gemini_images.pipeline import Build, Look
from mkdocs_gemini_images.purchase import Order
from mkdocs_gemini_images.report import Notice


@dataclass(frozen=True, slots=True)
class Finished:
    """A build that has come to the barrier."""

    build: Build
    place: Callable[[Notice], str]
    """Finds the page and line of a message."""
    say: Callable[[], None]
    """Says all messages and the closing line."""


def build(config_file: Path | None, errand: Order | Look) -> Finished:
    """Build up to the barrier as `errand` asks.

    Raises `click.ClickException` when there is no host, no configuration, or no plugin in it.
    """
    _find_host()
    with _speaking(), tempfile.TemporaryDirectory(prefix="gemini-images-") as site:
        return _build(config_file, site, errand)


def _build(config_file: Path | None, site: str, errand: Order | Look) -> Finished:
    from mkdocs.commands.build import build as run
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError

    from mkdocs_gemini_images.config import read_options
    from mkdocs_gemini_images.plugin import EXTENSION, NAME, BarrierPassed, GeminiImagesPlugin

    _refuse_toml(config_file)
    try:
        config = load_config(config_file=str(config_file) if config_file else None, site_dir=site)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    except Abort as error:
        expected = "a configuration that MkDocs can build, as this command does"
        fix = "mend them; what Zensical has built in, such as its theme, is to be installed here"
        raise click.ClickException(str(Complaint(expected, "the errors above", fix))) from error
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
    plugin.errand = errand
    config.plugins.on_startup(command="build", dirty=False)
    try:
        run(config)
    except BarrierPassed:
        finished = plugin.conclude()
        return Finished(finished, plugin.place, _heard(plugin.say))
    raise click.ClickException("expected to come to the site's pages, got a build without any")


def _refuse_toml(config_file: Path | None) -> None:
    """Say what to do where a site has Zensical's own configuration, which MkDocs cannot read."""
    toml = Path("zensical.toml") if config_file is None else config_file
    others = [Path(name) for name in ("properdocs.yml", "mkdocs.yml") if config_file is None]
    if toml.suffix == ".toml" and toml.exists() and not any(file.exists() for file in others):
        expected = "mkdocs.yml, with which this command builds, as Zensical does"
        fix = "write one beside it, with the same docs_dir, markdown_extensions and options"
        raise click.ClickException(str(Complaint(expected, f"{toml.name} alone", fix)))


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
