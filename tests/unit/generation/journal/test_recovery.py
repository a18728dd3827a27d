"""What the journal holds after an interrupted build is stored, put aside or removed."""

import base64
import json
import os
import shlex
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.gemini.failure import RequestFailed
from mkdocs_gemini_images.generation.journal import laid_aside, temporary_answers
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.generation.journal.laid_aside import UnknownOutcome
from mkdocs_gemini_images.generation.journal.names import ASIDE
from mkdocs_gemini_images.generation.journal.recovery import (
    Recovery,
    record_of_answer,
    recover,
    store_answer,
)
from mkdocs_gemini_images.generation.journal.unreadable_answers import (
    UnreadableAnswer,
    set_read_by,
    unreadable_answers,
)
from mkdocs_gemini_images.requests.request import canonical, key
from mkdocs_gemini_images.store.folder import FolderStore
from tests.unit.gemini.answers.test_envelopes import ENVELOPES, FRAMINGS, PLACES
from tests.unit.hostile_files import KINDS, put_something
from tests.unit.pictures import jpeg, png, record, step

DATA = png()
INTENT = Intent(key(step()), canonical(step(), {}), "w", "fox", 0.03, "2026-11-22T10:00:00Z")
BLOB = {"mimeType": "image/png", "data": base64.b64encode(DATA).decode()}
PICTURE: dict[str, Any] = {"candidates": [{"content": {"parts": [{"inlineData": BLOB}]}}]}
REFUSAL = {"promptFeedback": {"blockReason": "SAFETY"}}


def intent_of(prompt: str) -> Intent:
    """Return the intent to draw another picture."""
    return replace(INTENT, key=key(step(prompt)), request=canonical(step(prompt), {}))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "stock")


def answered(journal: Journal, answer: object, intent: Intent = INTENT) -> JournalEntry:
    entry = journal.begin(intent)
    entry.sink([json.dumps(answer).encode()])
    entry.arrived()
    return entry


def test_an_answer_with_a_picture_is_stored_and_its_entry_removed(
    journal: Journal, store: FolderStore
) -> None:
    record = store_answer(answered(journal, PICTURE), INTENT, store)
    assert store.read(record) == DATA
    assert (record.key, record.price, record.id) == (INTENT.key, 0.03, "fox")
    assert list(journal.folder.iterdir()) == []


def test_an_answer_without_a_picture_raises_and_is_remembered(
    journal: Journal, store: FolderStore
) -> None:
    with pytest.raises(RequestFailed, match="the prompt is blocked, SAFETY"):
        store_answer(answered(journal, REFUSAL), INTENT, store)
    assert "SAFETY" in (journal.refusal(INTENT.key) or "")
    assert list(journal.left()) == []


def test_a_picture_of_the_emulator_costs_nothing(journal: Journal, store: FolderStore) -> None:
    request = {**INTENT.request, "emulated": True}
    emulated = replace(INTENT, request=request, key=digest(request))
    assert store_answer(answered(journal, PICTURE, emulated), emulated, store).price == 0.0


def test_recovery_stores_answers_and_reports_requests_without_one(
    journal: Journal, store: FolderStore
) -> None:
    answered(journal, PICTURE)
    answered(journal, REFUSAL, intent_of("A hen"))
    journal.begin(replace(intent_of("A cow"), price=0.5))
    journal.begin(replace(intent_of("An owl"), price=None))
    recovery = recover(journal, store, unproven=False)
    assert [record.key for record in recovery.records] == [INTENT.key]
    assert sorted(each.price for each in recovery.unknown) == [0.0, 0.5]
    assert "SAFETY" in (journal.refusal(intent_of("A hen").key) or "")
    assert recover(journal, store) == Recovery(unknown=recovery.unknown), "it was not told"
    laid_aside.put_told_aside(journal.folder, [each.name for each in recovery.unknown])
    assert recover(journal, store) == Recovery()


@pytest.mark.parametrize("gone", [0, 1], ids=["before its answer", "after its answer"])
def test_an_entry_whose_removal_was_interrupted_is_removed_without_a_report(
    journal: Journal, store: FolderStore, gone: int
) -> None:
    entry = answered(journal, PICTURE)
    store.put(store_answer(answered(journal, PICTURE), INTENT, store), DATA)
    entry.intent.rename(entry.intent.with_suffix(".done"))
    if gone:
        entry.answer.unlink()
    assert recover(journal, store) == Recovery()
    assert list(journal.folder.iterdir()) == []


def test_another_request_for_a_stored_picture_may_have_been_billed(
    journal: Journal, store: FolderStore
) -> None:
    """Of the same second, too: builds with other caches store their pictures in the same stock."""
    store_answer(answered(journal, PICTURE), INTENT, store)
    entry = journal.begin(INTENT)
    (unknown,) = recover(journal, store).unknown
    assert unknown == UnknownOutcome(entry.name, INTENT.key, 0.03, INTENT.time)


# What another machine or a stranger has written


def forget_proof(entry: JournalEntry) -> None:
    """Write an intent as an earlier version, another machine or a stranger would."""
    value = json.loads(entry.intent.read_bytes())
    entry.intent.write_text(json.dumps(value | {"proof": "0" * 64}))


def test_an_answer_that_is_not_proven_waits_where_pictures_may_not_be_drawn(
    journal: Journal, store: FolderStore
) -> None:
    entry = answered(journal, PICTURE)
    forget_proof(entry)
    for _ in range(2):
        held = recover(journal, store, unproven=False)
        assert held == Recovery(held={INTENT.key: entry.answer.name})
    taken = recover(journal, store, unproven=True)
    assert [record.key for record in taken.records] == [INTENT.key]
    assert taken.foreign == taken.records, "and is told"


def test_the_words_of_an_answer_that_is_not_proven_are_not_repeated(
    journal: Journal, store: FolderStore
) -> None:
    refusal = {"candidates": [{"finishReason": "SAFETY", "finishMessage": "PASSWORD"}]}
    for prompt, answer in {"A hen": refusal, "A cow": "PASSWORD"}.items():
        forget_proof(answered(journal, answer, intent_of(prompt)))
    assert recover(journal, store) == Recovery()
    for prompt in ("A hen", "A cow"):
        said = journal.refusal(intent_of(prompt).key) or ""
        assert said.startswith("an answer that waited in the journal holds no picture")


@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_is_no_file_stays_and_is_told(
    journal: Journal, store: FolderStore, kind: str, proven: bool
) -> None:
    entry = answered(journal, PICTURE)
    if not proven:
        forget_proof(entry)
    put_something(entry.answer, kind)
    recovery = recover(journal, store)
    (refused,) = recovery.refused
    assert (refused.name, recovery.records) == (entry.answer.name, [])
    assert refused.found in ("a link", "no regular file", "10240 MB")
    assert entry.intent.exists()
    assert os.path.lexists(entry.answer)


def test_one_strange_entry_does_not_keep_the_others_from_being_taken_in(
    journal: Journal, store: FolderStore
) -> None:
    put_something(answered(journal, PICTURE, intent_of("A hen")).intent, "folder")
    answered(journal, PICTURE)
    (journal.folder / ".x.part").mkdir()
    (journal.begin(intent_of("A cow")).intent.with_suffix(".part")).mkdir()
    recovery = recover(journal, store, unproven=False)
    assert [record.key for record in recovery.records] == [INTENT.key]
    assert len(recovery.refused) == 1


def test_a_sidecar_is_never_larger_than_it_can_be_read(
    journal: Journal, store: FolderStore
) -> None:
    content = PICTURE["candidates"][0] | {"groundingMetadata": {"x": "y " * 5 * 2**20}}
    record = store_answer(answered(journal, {"candidates": [content]}), INTENT, store)
    assert FolderStore(store.folder).find(record.key) == record
    assert record.grounding == {}


def test_the_answer_of_who_comes_second_is_laid_aside_and_the_first_picture_kept(
    journal: Journal, store: FolderStore
) -> None:
    first = record(step(), jpeg(), author_digest="w")
    store.put(first, jpeg())
    entry = answered(journal, PICTURE)
    answer = entry.answer.read_bytes()
    assert recover(journal, store) == Recovery(), "no picture came of it"
    assert store.read(first) == jpeg()
    aside = journal.folder / ASIDE
    assert (aside / entry.answer.name).read_bytes() == answer
    assert (aside / entry.intent.name).exists()
    assert list(journal.left()) == []


@pytest.mark.parametrize("first", [True, False])
def test_an_answer_in_a_temporary_folder_is_taken_in_and_nothing_is_left(
    journal: Journal, store: FolderStore, tmp_path: Path, first: bool
) -> None:
    """Wherever the build died that put it there, and whichever process stored a picture first."""
    if not first:
        store.put(record(step(), jpeg(), author_digest="w"), jpeg())
    entry = journal.begin(INTENT)
    (journal.folder / f"{entry.name}.part").write_bytes(b"half")
    folder = temporary_answers.make_temporary_folder(
        tmp_path, entry.name, journal.folder, store.folder
    )
    (folder / entry.answer.name).write_text(json.dumps(PICTURE))
    temporary_answers.note(journal.folder, entry.name, folder)
    assert len(recover(journal, store).records) == first
    assert [store.read(each) for each in store.records()] == [DATA if first else jpeg()]
    kept = [] if first else [entry.answer.name, entry.intent.name]
    assert sorted(path.name for path in journal.folder.rglob("*.*")) == kept
    assert not folder.exists()


def test_a_death_between_picture_and_sidecar_is_mended_by_the_answer_that_waits(
    journal: Journal, store: FolderStore
) -> None:
    answered(journal, PICTURE)
    store.folder.mkdir()
    (store.folder / f"{INTENT.key}.png").write_bytes(DATA)
    recovery = recover(journal, store)
    assert [record.key for record in recovery.records] == [INTENT.key]
    assert recovery.unknown == []
    assert store.read(recovery.records[0]) == DATA
    assert list(journal.folder.iterdir()) == []


def test_an_answer_that_another_lone_picture_is_in_the_way_of_stays_in_the_journal(
    journal: Journal, store: FolderStore
) -> None:
    entry = answered(journal, PICTURE)
    store.folder.mkdir()
    (store.folder / f"{INTENT.key}.png").write_bytes(png(99))
    (refused,) = recover(journal, store).refused
    assert refused.name == entry.answer.name
    assert entry.answer.exists()
    assert journal.refusal(INTENT.key) is None
    (store.folder / f"{INTENT.key}.png").unlink()
    (recovered,) = recover(journal, store).records
    assert store.read(recovered) == DATA


# What cannot be read


def unreadable(journal: Journal) -> list[UnreadableAnswer]:
    return list(unreadable_answers(journal.folder, journal.folder))


def test_a_command_that_is_named_for_an_answer_is_one_command(tmp_path: Path) -> None:
    answer = tmp_path / "a b.answer"
    said = str(UnreadableAnswer(answer, replace(INTENT, id="fox; rm -rf ~ #"), "no picture"))
    words = shlex.split(said.partition(": ")[2])
    assert words == ["gemini-images", "adopt", "fox; rm -rf ~ #", str(answer)]


UNREADABLE = {"status": "ok", "picture": {"png": "in a place of the future"}}


def test_an_answer_that_cannot_be_read_is_kept_and_its_file_named(
    journal: Journal, store: FolderStore
) -> None:
    with pytest.raises(RequestFailed) as raised:
        store_answer(answered(journal, UNREADABLE), INTENT, store)
    (kept,) = unreadable(journal)
    assert json.loads(kept.path.read_bytes()) == UNREADABLE
    assert kept.intent == replace(INTENT, sent=kept.intent.sent)
    said = raised.value.failure.what
    assert said.startswith("the model drew no picture (no reason given); the paid answer is kept, ")
    assert said.endswith(f"gemini-images adopt fox {kept.path}")
    assert said in (journal.refusal(INTENT.key) or "")
    assert list(journal.left()) == []


def test_an_unreadable_answer_is_not_bought_again_however_old_it_is(
    journal: Journal, store: FolderStore
) -> None:
    old = replace(INTENT, time="2020-01-01T00:00:00Z")
    with pytest.raises(RequestFailed):
        store_answer(answered(journal, UNREADABLE, old), old, store)
    assert (journal.refusal(INTENT.key) or "").endswith("(answered on 2020-01-01)")


def test_another_version_reads_what_an_earlier_one_could_not(
    journal: Journal, store: FolderStore
) -> None:
    with pytest.raises(RequestFailed):
        store_answer(answered(journal, UNREADABLE), INTENT, store)
    assert recover(journal, store) == Recovery()
    (kept,) = unreadable(journal)
    kept.path.write_text(json.dumps(PICTURE))  # as if this version had learnt to read it
    assert recover(journal, store) == Recovery(), "one version reads it once"
    set_read_by(kept.path.parent, "0.1")
    recovery = recover(journal, store)
    (record,) = recovery.records
    assert (record.key, record.price, recovery.unknown) == (INTENT.key, 0.03, [])
    assert store.read(record) == DATA
    assert unreadable(journal) == []
    assert journal.refusal(INTENT.key) is None


def test_death_between_the_moves_of_an_unreadable_answer_loses_nothing(
    journal: Journal, store: FolderStore
) -> None:
    entry = answered(journal, UNREADABLE)
    with pytest.raises(RequestFailed):
        store_answer(entry, INTENT, store)
    (aside,) = [each.folder for each in journal.unreadable()]
    (aside / entry.intent.name).replace(entry.intent)
    assert recover(journal, store) == Recovery(), "no request without an answer"
    (kept,) = unreadable(journal)
    assert json.loads(kept.path.read_bytes()) == UNREADABLE


@pytest.mark.parametrize("name", ["br", "zstd", "gzip, br"])
def test_a_packed_answer_is_kept_with_the_name_of_its_packing(
    journal: Journal, store: FolderStore, name: str
) -> None:
    entry = journal.begin(INTENT)
    entry.sink([b"content-encoding: %b\r\n\r\n" % name.encode(), b"\x8b\x02\x80"])
    entry.arrived()
    with pytest.raises(RequestFailed, match=rf"packed \({name}\), which was not asked for"):
        store_answer(entry, INTENT, store)
    (kept,) = unreadable(journal)
    assert kept.path.read_bytes().endswith(b"\x8b\x02\x80")


@pytest.mark.parametrize(
    "data", [DATA[:-9], DATA + b"<script>", b"<svg/>", b"GIF89a", DATA[:60] + b"\0" + DATA[61:]]
)
def test_a_picture_that_is_refused_is_kept_too(
    journal: Journal, store: FolderStore, data: bytes
) -> None:
    blob = {"inlineData": {"data": base64.b64encode(data).decode()}}
    with pytest.raises(RequestFailed, match="is refused"):
        store_answer(
            answered(journal, {"candidates": [{"content": {"parts": [blob]}}]}), INTENT, store
        )
    assert len(unreadable(journal)) == 1
    assert store.find(INTENT.key) is None


def test_an_empty_answer_is_not_kept_and_its_picture_asked_for_again(
    journal: Journal, store: FolderStore
) -> None:
    entry = journal.begin(INTENT)
    entry.arrived()
    with pytest.raises(RequestFailed, match="the answer is empty"):
        store_answer(entry, INTENT, store)
    assert unreadable(journal) == []
    assert journal.refusal(INTENT.key) is None


@given(
    st.sampled_from(list(PLACES)),
    st.lists(st.sampled_from(list(ENVELOPES)), max_size=4),
    st.sampled_from(list(FRAMINGS)),
    st.sampled_from([DATA, DATA + b"\n", DATA[:-4], DATA + b"<script>"]),
)
def test_any_picture_ends_in_stock_or_in_a_file_that_the_message_names(
    place: str, envelopes: list[str], framing: str, data: bytes
) -> None:
    value = PLACES[place](data)
    for name in envelopes:
        value = ENVELOPES[name](value)
    with TemporaryDirectory() as folder:
        journal, store = Journal(Path(folder) / "journal"), FolderStore(Path(folder) / "stock")
        entry = journal.begin(INTENT)
        entry.sink([FRAMINGS[framing](value)])
        raw = entry.arrived().read_bytes()
        try:
            stored = store_answer(entry, INTENT, store)
        except RequestFailed as error:
            said = error.failure.what
        else:
            assert store.read(stored) == DATA
            return
        (kept,) = unreadable(journal)
        assert said.endswith(f"gemini-images adopt fox {kept.path}")
        assert kept.path.read_bytes() == raw


@pytest.mark.parametrize("thought", [False, True])
def test_a_person_may_take_a_picture_out_of_an_answer(thought: bool) -> None:
    part = {"inlineData": BLOB, "thought": thought}
    raw = json.dumps({"candidates": [{"content": {"parts": [part]}}]}).encode()
    record, data = record_of_answer(INTENT, raw)
    assert (record.key, record.price, data) == (INTENT.key, 0.03, DATA)


def test_an_answer_without_a_picture_is_told_to_that_person() -> None:
    with pytest.raises(DiagnosticError, match="the answer has no picture"):
        record_of_answer(INTENT, json.dumps(REFUSAL).encode())
