"""Keep paid answers in which no picture was found, for later versions to read.

An answer lies with its intent in a folder of the journal, beside a file that says why no picture
was found. In: that folder. Out: the answers, and the version that tried to read them last. The
files are untrusted input, as those of the journal are.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.generation.journal import names
from mkdocs_gemini_images.generation.journal.intent import (
    MAX_INTENT_BYTES,
    Intent,
    command_to_adopt,
    read_intent,
)

_READ_BY = "read-by"
"""The file that names the version which has tried to read all answers of its folder."""
_MAX_REASON_BYTES = 64 * 2**10


@dataclass(frozen=True, slots=True)
class UnreadableAnswer:
    """An answer that arrived and in which no picture was found."""

    path: Path
    intent: Intent
    what: str
    """Why no picture was found."""

    def __str__(self) -> str:
        """Say why the answer holds no picture, where it is kept, and how to take one instead."""
        path = self.path
        if path.is_relative_to(Path.cwd()):
            path = path.relative_to(Path.cwd())
        command = command_to_adopt(self.intent.id, path)
        return f"{self.what}; the paid answer is kept, and later versions read it again: {command}"


def unreadable_answers(journal: Path, project: Path, key: str = "") -> Iterator[UnreadableAnswer]:
    """Yield the answers that could not be read, of one key or of all, from a journal's folder."""
    for folder in names.folders(journal, names.UNREADABLE):
        yield from _answers_in(folder, journal, project, key)


def _answers_in(folder: Path, journal: Path, project: Path, key: str) -> Iterator[UnreadableAnswer]:
    try:
        regular_files.check_folder(journal, folder)
        there = set(os.listdir(folder))  # noqa: PTH208 (names alone)
    except OSError:
        return
    begun = names.beginning(key)
    for name in sorted(each for each in there if each.startswith(begun)):
        stem = name.removesuffix(".intent")
        if stem == name or f"{stem}.answer" not in there:
            continue
        try:
            raw = regular_files.read(folder / name, MAX_INTENT_BYTES)
            intent, _ = read_intent(raw, stem, project)
            reason = read_json(regular_files.read(folder / f"{stem}.json", _MAX_REASON_BYTES))
            what = message_of(reason["what"])
        except (OSError, ValueError, TypeError, KeyError):
            continue  # damaged later; the files stay
        if key in ("", intent.key):
            yield UnreadableAnswer(folder / f"{stem}.answer", intent, what)


def read_by(folder: Path) -> str:
    """Return the version that has tried to read all answers in a folder, or empty."""
    try:
        raw = regular_files.read_below(folder.parent, f"{folder.name}/{_READ_BY}", 100)
    except OSError:
        return ""
    return raw.decode("utf-8", "replace")


def set_read_by(folder: Path, version: str) -> None:
    """Note that a version has tried to read all answers in a folder. Raises `OSError`."""
    regular_files.check_folder(folder.parent, folder)
    atomic_files.write(folder / _READ_BY, version.encode())
