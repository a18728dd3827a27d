"""An intent is on disk before its request is sent, and no complete answer is lost."""

import json
import os
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.gemini.failure import Billed, Failure
from mkdocs_gemini_images.gemini.failure_reasons import of_reason
from mkdocs_gemini_images.generation.journal import laid_aside
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.journal import (
    Journal,
    PendingEntry,
    RefusedFile,
)
from mkdocs_gemini_images.generation.journal.location import is_pending
from mkdocs_gemini_images.generation.journal.names import (
    EARLIER,
    REFUSED,
    UNKNOWN,
    refusal_name,
)
from tests.unit.core.files.test_atomic_files import FullDisk
from tests.unit.hostile_files import KINDS, put_something

REQUEST = {"v": 1, "text": "Füchse"}
KEY = digest(REQUEST)
INTENT = Intent(KEY, REQUEST, "w", "fox", 0.03, "2026-11-22T10:00:00Z", ("b" * 64,))


def names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def endings(folder: Path) -> list[str]:
    return [name.rsplit(".", 1)[-1] for name in names(folder)]


def left(folder: Path) -> list[tuple[JournalEntry, PendingEntry]]:
    return [found for found in Journal(folder).left() if not isinstance(found, RefusedFile)]


def refused(folder: Path) -> list[str]:
    found = [each for each in Journal(folder).left() if isinstance(each, RefusedFile)]
    return [f"{each.name.rpartition('.')[2]}: {each.found}" for each in found]


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


@pytest.mark.parametrize("sunk", [b"half", b"", None])
def test_an_unknown_outcome_stays_until_it_is_told(tmp_path: Path, sunk: bytes | None) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    if sunk is not None:
        entry.sink([sunk])
    half = [entry.part.name] if sunk else []
    for _ in range(2):
        entry.leave()
        assert names(tmp_path) == [entry.intent.name, *half]
        assert len(left(tmp_path)) == 1
    kept = [f"due/{entry.name}.half"] if sunk else []
    for _ in range(2):
        laid_aside.put_told_aside(tmp_path, [entry.name])
        assert names(tmp_path) == [*kept, f"due/{entry.intent.name}"]
        assert left(tmp_path) == []


@pytest.mark.parametrize(("arrived", "kept"), [(b"half", 1), (b"", 0)])
def test_a_part_whose_intent_was_told_follows_it(tmp_path: Path, arrived: bytes, kept: int) -> None:
    entry = JournalEntry(tmp_path, f"{'a' * 64}.1f")
    entry.part.write_bytes(arrived)
    assert is_pending(tmp_path)
    assert left(tmp_path) == []
    assert not entry.part.exists()
    assert len(list(tmp_path.glob(f"due/{entry.name}.half"))) == kept
    assert not is_pending(tmp_path)


def test_a_file_that_a_killed_process_was_writing_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / ".fd295943b24a8a83.9ee744d2.part").write_bytes(b"x")
    assert is_pending(tmp_path)


def test_a_refusal_is_remembered_with_its_answer(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    entry = journal.begin(INTENT)
    entry.sink([b"no"])
    entry.arrived()
    entry.close(KEY, of_reason("SAFETY", ""))
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert (
        journal.refusal(KEY)
        == f"the model drew no picture (SAFETY); change the prompt (answered on {today})"
    )
    assert journal.refusal("b" * 64) is None
    assert names(tmp_path) == [f"no/{KEY[:8]}.answer", f"no/{KEY[:8]}.json"]
    assert left(tmp_path) == []


ALIKE = tuple(
    {"model": "gemini-nano-banana-2.1", "text": f"A fox {number}"} for number in (55644, 67825)
)
"""Two requests whose keys have the same first digits."""


def test_refusals_of_keys_that_begin_alike_are_remembered_apart(tmp_path: Path) -> None:
    keys = [digest(request) for request in ALIKE]
    assert keys[0] != keys[1]
    assert refusal_name(keys[0]) == refusal_name(keys[1])
    journal = Journal(tmp_path)

    def refuse(number: int, reason: str) -> None:
        key = keys[number]
        entry = journal.begin(replace(INTENT, key=key, request=ALIKE[number]))
        entry.sink([reason.encode()])
        entry.arrived()
        entry.close(key, of_reason(reason, ""))

    refuse(0, "SAFETY")
    assert journal.refusal(keys[1]) is None
    refuse(1, "RECITATION")
    refuse(0, "SAFETY")
    told = [journal.refusal(key) or "" for key in keys]
    assert ["SAFETY" in each for each in told] == [True, False]
    assert ["RECITATION" in each for each in told] == [False, True]
    answers = {laid_aside.key_of(each, tmp_path): each for each in laid_aside.answers(tmp_path)}
    assert [answers[key].read_text() for key in keys] == ["SAFETY", "RECITATION"]


def test_a_refusal_without_an_answer_is_remembered_too(tmp_path: Path) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    entry.sink([b"far too mu"])
    entry.close(KEY, of_reason("SAFETY", ""))
    assert names(tmp_path) == [f"no/{KEY[:8]}.json"]


@pytest.mark.parametrize("billed", ["yes", "unknown", "no"])
def test_a_fault_is_not_remembered_and_what_it_may_have_cost_is_on_record(
    tmp_path: Path, billed: Billed
) -> None:
    journal = Journal(tmp_path)
    entry = journal.begin(INTENT)
    entry.sink([b"{}"])
    entry.arrived()
    entry.close(KEY, Failure("no picture", billed=billed))
    assert journal.refusal(KEY) is None
    assert sorted(endings(tmp_path)) == ([] if billed == "no" else ["answer", "intent"])
    assert len(left(tmp_path)) == (billed != "no"), "it waits to be told"


@pytest.mark.parametrize("days", [8, -1])
def test_a_refusal_is_forgotten_after_a_week(tmp_path: Path, days: int) -> None:
    Journal(tmp_path).begin(INTENT).close(KEY, of_reason("SAFETY", ""))
    value = {"what": "no", "time": time.time() - days * 86400}
    (tmp_path / REFUSED / f"{refusal_name(KEY)}.json").write_text(json.dumps(value))
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
    assert len(refused(tmp_path)) == 1, "and is told"
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


# What a repository or a restored cache may bring


def forged(folder: Path, stem: str = f"{KEY}.1", **fields: object) -> JournalEntry:
    """Write an entry as a stranger would: an intent with some `fields`, and an answer."""
    written: dict[str, object] = {"key": KEY, "request": REQUEST, "wish": "", "id": ""}
    written["price"] = None
    written |= {"time": "2026-11-22T10:00:00Z", **fields}
    folder.mkdir(exist_ok=True)
    entry = JournalEntry(folder, stem)
    entry.intent.write_text(json.dumps(written), encoding="utf-8")
    entry.answer.write_bytes(b"forged")
    return entry


def test_an_intent_proves_that_this_machine_wrote_it(tmp_path: Path) -> None:
    Journal(tmp_path).begin(INTENT)
    ((_, found),) = left(tmp_path)
    assert found.proven


@pytest.mark.parametrize("proof", ["", "0" * 64, "\u00e9", 7, None, [], {"a": 1}])
def test_a_strangers_intent_is_read_and_not_proven(tmp_path: Path, proof: object) -> None:
    forged(tmp_path, proof=proof)
    ((_, found),) = left(tmp_path)
    assert not found.proven


def test_a_proof_holds_for_its_own_fields_and_its_own_name_alone(tmp_path: Path) -> None:
    entry = Journal(tmp_path).begin(INTENT)
    value = json.loads(entry.intent.read_bytes())
    forged(tmp_path, f"{KEY}.abc", **value)
    forged(tmp_path, entry.name, **(value | {"price": 0.0}))
    assert [found.proven for _, found in left(tmp_path)] == [False, False]
    forged(tmp_path, entry.name, **value)
    assert sorted(found.proven for _, found in left(tmp_path)) == [False, True]


def test_a_journal_that_moves_with_its_project_keeps_its_proofs(tmp_path: Path) -> None:
    Journal(tmp_path / "here" / "journal").begin(INTENT)
    (tmp_path / "here").rename(tmp_path / "there")
    ((_, found),) = left(tmp_path / "there" / "journal")
    assert found.proven


WRONG: dict[str, list[object]] = {
    "key": ["../../x", "a" * 64, KEY.upper(), KEY + "\n", "", 7, None, [KEY]],
    "request": [{}, [], "x", None, {"v": 2}, {"v": 10**400}],
    "wish": [7, None],
    "id": [7, None, ["x"]],
    "price": ["1", -1, 1e999, float("nan"), 10**400, True, []],
    "time": ["", "yesterday", "2026-11-22T10:00:00Z\n", 7, None, "9" * 10**6],
    "sent": ["a", [7], ["../x"], {}, 7],
    "alt": [7, [], None],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_an_intent_with_a_wrong_field_stays_and_is_told(
    tmp_path: Path, name: str, value: object
) -> None:
    wrong: dict[str, Any] = {name: value}
    entry = forged(tmp_path, **wrong)
    assert left(tmp_path) == []
    assert len(refused(tmp_path)) == 1
    assert entry.intent.exists()
    assert entry.answer.read_bytes() == b"forged"


@pytest.mark.parametrize(
    "stem", ["x", f"{KEY}", f"{KEY}.", f"{KEY}.xyz", f"{'a' * 64}.1", f"{KEY}.1.2", f"..{KEY}.1"]
)
def test_an_entry_under_a_name_that_is_none_of_ours_stays_and_is_told(
    tmp_path: Path, stem: str
) -> None:
    forged(tmp_path, stem)
    assert left(tmp_path) == []
    assert len(refused(tmp_path)) == 1
    assert len(names(tmp_path)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_an_intent_that_is_no_file_stays_and_is_told(tmp_path: Path, kind: str) -> None:
    entry = forged(tmp_path / "journal")
    put_something(entry.intent, kind)
    assert left(entry.intent.parent) == []
    (said,) = refused(entry.intent.parent)
    assert said in ("intent: a link", "intent: no regular file", "intent: 10240 MB")
    assert os.path.lexists(entry.intent)


@pytest.mark.parametrize(
    "raw", [b"[" * 10**6, b'{"a":' * 10**5, b'{"key": 1, "key": 2}', b"\xff\xfe\x00", b"\0" * 999]
)
def test_a_file_that_no_parser_should_meet_is_no_intent(tmp_path: Path, raw: bytes) -> None:
    entry = forged(tmp_path)
    entry.intent.write_bytes(raw)
    assert refused(tmp_path) == ["intent: an intent that is damaged"]
    assert entry.answer.exists()


def test_an_answer_without_its_intent_is_told(tmp_path: Path) -> None:
    forged(tmp_path).intent.unlink()
    assert refused(tmp_path) == ["answer: an answer without its intent"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_that_is_no_file_is_none(tmp_path: Path, kind: str) -> None:
    put_something(tmp_path / "refused" / f"{KEY}.json", kind)
    assert Journal(tmp_path).refusal(KEY) is None


def test_a_folder_of_refusals_that_is_a_link_has_none_and_is_not_written_to(tmp_path: Path) -> None:
    journal, elsewhere = Journal(tmp_path / "journal"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    now = {"what": "no", "time": time.time()}
    (elsewhere / f"{KEY}.json").write_text(json.dumps(now), encoding="utf-8")
    entry = journal.begin(INTENT)
    for name in (REFUSED, UNKNOWN, *EARLIER.values()):
        (journal.folder / name).symlink_to(elsewhere)
    assert journal.refusal(KEY) is None
    with pytest.raises(OSError, match="a link"):
        entry.close(KEY, of_reason("SAFETY", ""))
    laid_aside.put_told_aside(journal.folder, [entry.name])
    assert entry.intent.exists()
    assert names(elsewhere) == [f"{KEY}.json"]


def test_a_refusal_says_no_more_than_a_line(tmp_path: Path) -> None:
    what = "\x1b[31m::error::\n" + "\u202e" + "x" * 10_000
    Journal(tmp_path).begin(INTENT).close(KEY, Failure(what, billed="yes", remembered=True))
    said = Journal(tmp_path).refusal(KEY) or ""
    assert said.isprintable()
    assert len(said) < 600


@pytest.mark.parametrize("at", ["1e999", "-1e999", "NaN", "1" + "0" * 400, "[1]", '"x"', "{}"])
def test_a_time_that_is_none_is_no_refusal(tmp_path: Path, at: str) -> None:
    (tmp_path / "refused").mkdir()
    (tmp_path / "refused" / f"{KEY}.json").write_text(f'{{"what": "x", "time": {at}}}')
    assert Journal(tmp_path).refusal(KEY) is None


@pytest.mark.parametrize("key", ["../../x", "", "a\0b", "\ud83d", "A" * 64, "/etc/passwd"])
def test_a_key_that_is_none_has_no_refusal(tmp_path: Path, key: str) -> None:
    assert Journal(tmp_path).refusal(key) is None


# Names


def test_a_request_begins_in_as_many_steps_whatever_earlier_builds_have_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3000):
        path = tmp_path / UNKNOWN / f"{number:08x}.intent"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    journal = Journal(tmp_path)
    for name in ("listdir", "scandir"):
        monkeypatch.setattr(os, name, lambda *_: pytest.fail("a folder is listed"))
    for _ in range(3):
        journal.begin(INTENT)


@pytest.mark.parametrize("ending", [".intent", ".answer", ".part", ".half", ".json", ".done"])
@pytest.mark.parametrize("folder", ["", *EARLIER])
def test_a_name_that_lies_anywhere_in_the_journal_is_not_given_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, ending: str
) -> None:
    drawn = iter("aaaaabbbbb")
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / f"{KEY[:3]}aaaaa{ending}").write_bytes(b"paid")
    monkeypatch.setattr(atomic_files, "write", lambda *_: None)
    assert Journal(tmp_path).begin(INTENT).name == f"{KEY[:3]}bbbbb"
