"""What the commands share: the option that names configurations, and how a failure ends a command.

In: what click has read, and the exceptions of the packages below. Out: values, or a
`click.ClickException`, which click prints as one line before it exits with 1.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, printable, quoted
from mkdocs_gemini_images.core.files import atomic_files

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.site_image import SiteImage
    from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
    from mkdocs_gemini_images.requests.request import ImageRequest


class NumberUpTo(click.ParamType):  # type: ignore[type-arg]
    """A number from `minimum` to `maximum`, whole unless `fraction`, of a few ASCII characters."""

    name = "number"

    def __init__(self, minimum: int, maximum: int, *, fraction: bool = False) -> None:
        self._minimum, self._maximum = minimum, maximum
        self._pattern = r"\d{1,9}(\.\d{1,9})?" if fraction else r"\d{1,9}"
        self._read = float if fraction else int

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | float:
        """Return the number, or end the command with one line."""
        text = str(value) if isinstance(value, int | float | str) else ""
        number = self._read(text) if re.fullmatch(self._pattern, text, re.ASCII) else -1
        if not self._minimum <= number <= self._maximum:
            kind = "number" if self._read is float else "whole number"
            must = f"must be a {kind} from {self._minimum:,} to {self._maximum:,}"
            self.fail(f"{must} (you wrote {quoted(text)})", param, ctx)
        return number


config_file_option = click.option(
    "-f", "--config-file", type=click.Path(dir_okay=False, path_type=Path), multiple=True,
    help="The site's mkdocs.yml or zensical.toml; without it, the one in this folder. "
    "Several share a stock.",
)  # fmt: skip


def shown_from(path: Path, folder: Path) -> str:
    """Return a path as a person in a folder types it: from there, or whole on another drive."""
    try:
        return os.path.relpath(path, folder)
    except ValueError:
        return str(path)


def print_any_text() -> None:
    """Let the process print any text: as UTF-8, or on a terminal as that reads it.

    Windows and the C locale give a pipe or a file an encoding of a few languages. What a terminal
    cannot show is printed as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


@contextmanager
def output_into(file: Path | None) -> Iterator[None]:
    """Write what the block prints into a file as UTF-8, or print it where there is none.

    Raises `click.ClickException` where the file cannot be written.
    """
    if file is None:
        yield
        return
    printed = io.StringIO()
    with redirect_stdout(printed):
        yield
    with click_errors():
        atomic_files.write(file, printed.getvalue().encode("utf-8", "backslashreplace"))
    say(f"wrote {file}", err=True)


def say(text: str, *, err: bool = False) -> None:
    """Print one line, whatever it quotes, without anything that acts upon a terminal."""
    click.echo(printable(text), err=err)


def require_one_configuration(config_files: tuple[Path, ...]) -> None:
    """Raise `click.ClickException` when several configurations are named.

    A command that writes pages takes one at a time, because two may have pages of the same name.
    """
    if len(config_files) > 1:
        raise click.ClickException("-f is given several times: name one, since pages are written")


@contextmanager
def click_errors() -> Iterator[None]:
    """Raise `click.ClickException` in place of a `DiagnosticError` or an `OSError`.

    A closed pipe ends a command without a message.
    """
    try:
        yield
    except DiagnosticError as error:
        raise click.ClickException(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        said = f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
        raise click.ClickException(said) from error


def request_of(
    build: "SiteGroup", image: "SiteImage", request: "ImageRequest | None" = None
) -> tuple[str, dict[str, Any]]:
    """Return the key of an image's request, or of another `request`, and its JSON.

    Raises `DiagnosticError` when the image cannot be had because of an error of its author's or
    because its picture in stock is damaged; one whose sidecar alone is lost has a request.
    """
    if image.damage and not image.is_lost:
        raise DiagnosticError(Diagnostic.sentence(image.damage))
    return build.request_of(image, request)
