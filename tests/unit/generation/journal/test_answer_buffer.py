"""An answer is durable in the journal, or whole in the folder that the error names."""

import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.generation.journal import answer_buffer, temporary_answers
from mkdocs_gemini_images.generation.journal.answer_buffer import AnswerBuffer, AnswerLostError
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.journal import Journal
from tests.unit.core.files.test_atomic_files import FullDisk

INTENT = Intent(digest({"v": 1}), {"v": 1}, "w", "fox", 0.03, "2026-11-22T10:00:00Z")
PIECES = (b"one ", b"two ", b"three ", b"four")


@pytest.mark.parametrize("in_memory", [1, 5, 2**20])
def test_a_complete_answer_is_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    monkeypatch.setattr(answer_buffer, "MAX_BUFFERED_BYTES", in_memory)
    entry = Journal(tmp_path).begin(INTENT)
    buffer = AnswerBuffer(entry, INTENT.key, tmp_path / "stock")
    for piece in PIECES:
        buffer.sink(piece)
    assert not entry.answer.exists()
    buffer.arrived()
    assert entry.answer.read_bytes() == b"".join(PIECES)


@pytest.mark.parametrize("in_memory", [1, 5, 2**20])
@pytest.mark.parametrize("writes", range(4))
def test_an_answer_that_finds_the_disk_full_is_written_aside_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int, writes: int
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(answer_buffer, "MAX_BUFFERED_BYTES", in_memory)
    real, calls = JournalEntry.sink, iter(range(9))

    def sink(entry: JournalEntry, pieces: Iterable[bytes]) -> None:
        if next(calls) >= writes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(entry, pieces)

    entry = Journal(tmp_path / "journal").begin(INTENT)
    monkeypatch.setattr(JournalEntry, "sink", sink)
    buffer = AnswerBuffer(entry, INTENT.key, tmp_path / "stock")
    for piece in PIECES:
        buffer.sink(piece)
    try:
        buffer.arrived()
    except OSError as error:
        (aside,) = tmp_path.glob("gemini-images-*")
        message = str(error)
    else:
        assert in_memory > 1, "each piece is written at once"
        assert entry.answer.read_bytes() == b"".join(PIECES)
        return
    assert f"the paid answer of {INTENT.key[:12]}… is in {aside}" in message
    assert "No space left" in message
    assert (aside / entry.answer.name).read_bytes() == b"".join(PIECES)
    assert (aside / entry.intent.name).is_file()
    (left,) = Journal(tmp_path / "journal").left()
    assert isinstance(left, tuple)
    assert (left[0].name, left[1].answer) == (entry.name, None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "another"))
    assert temporary_answers.answer_of(entry.folder, entry.name) == aside / entry.answer.name


def no_place_has_room(patch: pytest.MonkeyPatch) -> None:
    """Let the system find no temporary folder, as it does where every disk is full."""

    def full() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    patch.setattr(tempfile, "gettempdir", full)


def test_an_answer_that_no_place_takes_is_told_with_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Journal(tmp_path / "journal").begin(INTENT)
    buffer = AnswerBuffer(entry, INTENT.key, tmp_path / "stock")
    buffer.sink(b"".join(PIECES))
    FullDisk(monkeypatch, "fsync")
    no_place_has_room(monkeypatch)
    with pytest.raises(AnswerLostError, match=f"{INTENT.key[:12]}… is lost, no place took it"):
        buffer.arrived()
    assert entry.intent.exists(), "the next build may tell it"
    assert not any(
        any(place.glob(f"*/{entry.answer.name}")) for place in temporary_answers.places()
    )
