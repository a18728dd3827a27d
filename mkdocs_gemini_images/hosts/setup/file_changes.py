"""New texts of files: shown as one diff, and written all together, or none of them.

In: files with their text before and after. Out: lines of a unified diff, and files written whole
and durably. A file that has changed since it was read, that is read-only, or that leads out of the
project through a link, is not written.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files, regular_files

LARGEST = 2**20
"""Bytes of a file that is looked at: configurations are far smaller."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file with its new text."""

    path: Path
    before: str | None
    """None where there is no such file yet."""
    after: str


def read_text(path: Path) -> str:
    """Return the text of a file, with its line ends and its mark of encoding.

    Raises `DiagnosticError` where it is not in UTF-8, and `OSError`.
    """
    try:
        return regular_files.read(path, LARGEST, follow=True).decode()
    except UnicodeDecodeError as error:
        said = f"{path.name} is not in UTF-8"
        raise DiagnosticError(Diagnostic.sentence(said, "save it in that encoding")) from error


def diff_lines(changes: Sequence[FileChange], folder: Path) -> Iterator[str]:
    """Yield the lines of one unified diff, with paths as seen from a folder."""
    for change in changes:
        name = Path(os.path.relpath(change.path, folder)).as_posix()
        old = "/dev/null" if change.before is None else f"a/{name}"
        before, after = (_lines(each or "") for each in (change.before, change.after))
        for line in unified_diff(before, after, old, f"b/{name}", lineterm=""):
            yield line.expandtabs(4)


def _lines(text: str) -> list[str]:
    """Return lines without their ends, as a person reads them."""
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def check_writable(changes: Sequence[FileChange], top: Path) -> None:
    """Make sure that all files can be written and lie below `top`, also behind links.

    Raises `DiagnosticError` and `OSError`.
    """
    for change in changes:
        real = change.path.resolve()
        if not real.is_relative_to(top.resolve()):
            said = f"{change.path} leads out of {top}"
            fix = "the diff says what to write there by hand"
            raise DiagnosticError(Diagnostic.sentence(said, fix))
        if change.before is not None and not real.stat().st_mode & stat.S_IWUSR:
            said = f"{change.path} is read-only"
            raise DiagnosticError(Diagnostic.sentence(said, "allow writing, then run this again"))


def write_changes(changes: Sequence[FileChange]) -> None:
    """Write all files, or none.

    Raises `DiagnosticError` where a file is not as it was when it was read, and `OSError`.
    """
    for change in changes:
        if (read_text(change.path) if change.path.exists() else None) != change.before:
            said = f"{change.path.name} has changed since it was read"
            raise DiagnosticError(Diagnostic.sentence(said, "run this once more"))
    written: list[FileChange] = []
    try:
        for change in changes:
            _write(change.path, change.after)
            written.append(change)
    except OSError:
        for change in written:
            with suppress(OSError):
                _take_back(change)
        raise


def _write(path: Path, text: str) -> None:
    real = path.resolve()
    mode = real.stat().st_mode if real.exists() else None
    atomic_files.write(real, text.encode())
    if mode is not None:
        real.chmod(mode)


def _take_back(change: FileChange) -> None:
    if change.before is None:
        atomic_files.remove(change.path)
    else:
        _write(change.path, change.before)
