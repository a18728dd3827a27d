"""An intent is on disk before its request is sent, and no complete answer is lost."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from mkdocs_gemini_images.generation.journal import Intent, Journal, JournalEntry, PendingEntry
from tests.unit.core.test_atomic_files import FullDisk

KEY = "a" * 64
INTENT = Intent(
    KEY, {"v": 1, "text": "Füchse"}, "w", "fox", 0.03, "2026-11-22T10:00:00Z", ("b" * 64,)
)


def names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def endings(folder: Path) -> list[str]:
    return [name.rsplit(".", 1)[-1] for name in names(folder)]


def left(folder: Path) -> list[tuple[JournalEntry, PendingEntry]]:
    return list(Journal(folder).left())


def read(intent: Intent) -> Intent:
    return Intent(**json.loads(json.dumps(asdict(intent))))


def test_an_intent_is_on_disk_before_anything_is_sent(tmp_path: Path) -> None:
    Journal(tmp_path / "journal").begin(INTENT)
    ((_, found),) = left(tmp_path / "journal")
    assert found.intent == read(INTENT)
    assert found.answer is None


def test_an_intent_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        FullDisk(patch, "fsync")
        with pytest.raises(OSError, match="No space left"):
            Journal(tmp_path).begin(INTENT)
    assert names(tmp_path) == []


def test_an_answer_arrives_in_pieces_and_is_complete_under_its_final_name(tmp_path: Path) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    for piece in (b"one ", b"", b"two"):
        entry.sink([piece])
    assert endings(tmp_path) == ["intent", "part"]
    assert entry.arrived().read_bytes() == b"one two"
    assert endings(tmp_path) == ["answer", "intent"]
    ((_, found),) = left(tmp_path)
    assert found.answer == entry.answer


def test_bytes_forced_to_disk_can_be_read_before_and_after_the_answer_is_complete(
    tmp_path: Path,
) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    entry.sink([b"one "])
    entry.sync()
    entry.sink([b"two"])
    assert entry.begun(4) == b"one "
    entry.arrived()
    assert entry.begun(4) == b"one "


def test_an_empty_answer_arrives_too(tmp_path: Path) -> None:
    assert Journal(tmp_path).begin(INTENT).arrived().read_bytes() == b""


def test_an_answer_that_cannot_be_made_durable_has_not_arrived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    entry.sink([b"whole"])
    with monkeypatch.context() as patch:
        FullDisk(patch, "fsync")
        with pytest.raises(OSError, match="No space left"):
            entry.arrived()
    ((_, found),) = left(tmp_path)
    assert found.answer is None
    assert entry.arrived().read_bytes() == b"whole"


@pytest.mark.parametrize("moment", ["begun", "sinking", "arrived"])
def test_forgetting_an_entry_removes_all_its_files(tmp_path: Path, moment: str) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    if moment != "begun":
        entry.sink([b"x"])
    if moment == "arrived":
        entry.arrived()
    entry.forget()
    entry.forget()
    assert names(tmp_path) == []
    assert left(tmp_path) == []


@pytest.mark.parametrize("sunk", [True, False])
def test_an_unknown_outcome_is_put_aside_and_reported_once(tmp_path: Path, sunk: bool) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    if sunk:
        entry.sink([b"half"])
    entry.unknown()
    entry.unknown()
    assert endings(tmp_path) == ["intent"]
    assert names(tmp_path)[0].startswith("unknown/")
    assert left(tmp_path) == []


def test_a_refusal_is_remembered_with_its_answer(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    entry = journal.begin(INTENT)
    entry.sink([b"no"])
    entry.arrived()
    entry.refuse(KEY, "the model drew no picture (SAFETY)")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert journal.refusal(KEY) == f"the model drew no picture (SAFETY) (answered on {today})"
    assert journal.refusal("b" * 64) is None
    assert names(tmp_path) == [f"refused/{KEY}.answer", f"refused/{KEY}.json"]
    assert left(tmp_path) == []


def test_a_refusal_without_an_answer_is_remembered_too(tmp_path: Path) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    entry.sink([b"far too mu"])
    entry.refuse(KEY, "larger than 64 MB")
    assert names(tmp_path) == [f"refused/{KEY}.json"]


@pytest.mark.parametrize("days", [8, -1])
def test_a_refusal_is_forgotten_after_a_week(tmp_path: Path, days: int) -> None:
    Journal(tmp_path).begin(INTENT).refuse(KEY, "no")
    value = {"what": "no", "time": time.time() - days * 86400}
    (tmp_path / "refused" / f"{KEY}.json").write_text(json.dumps(value), encoding="utf-8")
    assert Journal(tmp_path).refusal(KEY) is None


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"7", b"null", b'{"what":"x"}', b'{"what":"x","time":"y"}', b"\xff",
            b'{"what":"x","time":NaN}', b'{"what":"x","time":1' + b"0" * 400 + b"}"],
)  # fmt: skip
def test_an_incomplete_refusal_is_ignored(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "refused").mkdir()
    (tmp_path / "refused" / f"{KEY}.json").write_bytes(raw)
    assert Journal(tmp_path).refusal(KEY) is None


TORN = [b"", b"{", b"null", b"7", b"[]", b'"text"', b'{"key": "a"}', b"\xff\xfe\xfd"]


@pytest.mark.parametrize("raw", TORN)
def test_an_incomplete_intent_was_not_sent_and_is_removed(tmp_path: Path, raw: bytes) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    entry.intent.write_bytes(raw)
    assert left(tmp_path) == []
    assert names(tmp_path) == []


@pytest.mark.parametrize("raw", TORN)
def test_an_answer_stays_even_if_its_intent_is_damaged(tmp_path: Path, raw: bytes) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    entry.sink([b"paid"])
    entry.arrived()
    entry.intent.write_bytes(raw)
    assert left(tmp_path) == []
    assert entry.answer.read_bytes() == b"paid"


def test_an_intent_of_a_later_release_is_read(tmp_path: Path) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    value = json.loads(entry.intent.read_bytes()) | {"batch": "b/1"}
    entry.intent.write_text(json.dumps(value), encoding="utf-8")
    ((_, found),) = left(tmp_path)
    assert found.intent.key == KEY


def test_one_request_may_have_several_entries(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    entries = [journal.begin(INTENT) for _ in range(3)]
    entries[1].sink([b"x"])
    entries[1].arrived()
    assert sorted(found.answer is not None for _, found in left(tmp_path)) == [False, False, True]


def test_an_empty_or_missing_folder_has_nothing_left(tmp_path: Path) -> None:
    assert left(tmp_path) == left(tmp_path / "never made") == []
    assert Journal(tmp_path / "never made").refusal(KEY) is None
