"""What the journal holds after an interrupted build is stored, put aside or removed."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_gemini_images.gemini.failures import RequestFailed
from mkdocs_gemini_images.generation.journal import Intent, Journal, JournalEntry
from mkdocs_gemini_images.generation.recovery import recover, store_answer
from mkdocs_gemini_images.requests.request import canonical, key
from mkdocs_gemini_images.store.folder import FolderStore
from tests.unit.pictures import png, step

DATA = png()
INTENT = Intent(key(step()), canonical(step(), {}), "w", "fox", 0.03, "2026-11-22T10:00:00Z")
BLOB = {"mimeType": "image/png", "data": base64.b64encode(DATA).decode()}
PICTURE = {"candidates": [{"content": {"parts": [{"inlineData": BLOB}]}}]}
REFUSAL = {"promptFeedback": {"blockReason": "SAFETY"}}


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
    emulated = replace(INTENT, request={**INTENT.request, "emulated": True})
    assert store_answer(answered(journal, PICTURE, emulated), emulated, store).price == 0.0


def test_recovery_stores_answers_and_reports_requests_without_one(
    journal: Journal, store: FolderStore
) -> None:
    answered(journal, PICTURE)
    answered(journal, REFUSAL, replace(INTENT, key="b" * 64))
    journal.begin(replace(INTENT, key="c" * 64, price=0.5))
    journal.begin(replace(INTENT, key="d" * 64, price=None))
    recovered, unknown = recover(journal, store)
    assert [record.key for record in recovered] == [INTENT.key]
    assert sorted(unknown) == [0.0, 0.5]
    assert recover(journal, store) == ([], [])


def test_the_intent_of_a_stored_picture_is_removed_without_a_report(
    journal: Journal, store: FolderStore
) -> None:
    store_answer(answered(journal, PICTURE), INTENT, store)
    journal.begin(INTENT)
    assert recover(journal, store) == ([], [])
    assert list(journal.left()) == []


def test_another_request_for_a_stored_picture_may_have_been_billed(
    journal: Journal, store: FolderStore
) -> None:
    store_answer(answered(journal, PICTURE), INTENT, store)
    journal.begin(replace(INTENT, time="2026-11-23T10:00:00Z"))
    assert recover(journal, store) == ([], [0.03])
