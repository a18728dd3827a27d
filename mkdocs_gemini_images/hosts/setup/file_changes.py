"""New texts of files: shown as one diff, and written all together, or none of them.

In: files with their text before and after. Out: lines of a unified diff, and files written whole
and durably. A file that has changed since it was read, that is read-only, or that leads out of the
project through a link, is not written.
"""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.files.write_together import write_together
from mkdocs_gemini_images.hosts.host_choice import LARGEST


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file with its new text."""

    path: Path
    before: str | None
    """None where there is no such file yet."""
    after: str


def read_text(path: Path) -> str:
    """Return the text of a file, with its line ends and its mark of encoding.

    Raises `DiagnosticError` where it is not in UTF-8 or too large, and `OSError`.
    """
    try:
        return regular_files.read(path, LARGEST, follow=True).decode()
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        said = f"{path.name} has {error.strerror}, and files of at most 1 MB are set up"
        fix = "write by hand what the manual lists under Getting started"
        raise DiagnosticError(Diagnostic.sentence(said, fix)) from error
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

    A file is written beside each, and removed. Raises `DiagnosticError`.
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
        try:
            if real.parent.is_dir():
                atomic_files.check_writable(real)
        except OSError as error:
            said = f"{change.path} cannot be written ({error.strerror or error})"
            fix = "allow writing in its folder, then run this again"
            raise DiagnosticError(Diagnostic.sentence(said, fix)) from error


def write_changes(changes: Sequence[FileChange]) -> None:
    """Write all files, or none.

    Raises `DiagnosticError` where a file is not as it was when it was read, and `OSError`.
    """
    write_together(
        {
            each.path: (None if each.before is None else each.before.encode(), each.after.encode())
            for each in changes
        }
    )
