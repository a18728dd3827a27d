"""A job's record is read as it was written, and nothing of it is believed unchecked."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.generation.batch.batch_job import (
    JOB_NAME,
    BatchItem,
    BatchJob,
    ForeignJob,
    job_bytes,
    job_name,
    read_batch_job,
)
from mkdocs_gemini_images.generation.journal.intent import Intent

AT = "2026-11-28T14:02:00Z"


def item(text: str) -> BatchItem:
    request = {"v": 1, "text": text}
    key = digest(request)
    return BatchItem(f"{key}.18f", Intent(key, request, "w", text, 0.25, AT, at_most=0.5))


ITEMS = (item("fox"), item("heron"))
JOB = BatchJob(
    job_name((each.key for each in ITEMS), 0x18F),
    "gemini-3-pro-image",
    "https://example.org/v1beta",
    AT,
    ITEMS,
)


def changed(**fields: Any) -> bytes:
    value = json.loads(job_bytes(JOB, Path("/nowhere")))
    return json.dumps(value | fields).encode()


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    job = replace(JOB, sent=AT, batch="batches/x-1")
    raw = job_bytes(job, tmp_path)
    read, proven = read_batch_job(raw, job.name, tmp_path)
    assert job_bytes(read, tmp_path) == raw
    assert (read.keys, proven) == (job.keys, True)


def test_a_record_of_another_hand_is_not_proven(tmp_path: Path) -> None:
    assert read_batch_job(changed(batch="batches/theirs"), JOB.name, tmp_path)[1] is False


def test_a_job_costs_what_its_requests_cost() -> None:
    assert (JOB.price, JOB.at_most) == (0.5, 1.0)


def test_a_name_tells_the_keys_and_the_attempt() -> None:
    first, second = job_name(["a", "b"], 1), job_name(["b", "a"], 2)
    assert JOB_NAME.fullmatch(first)
    assert first.rpartition("-")[0] == second.rpartition("-")[0]
    assert first != second
    assert job_name(["a", "c"], 1).rpartition("-")[0] != first.rpartition("-")[0]


@pytest.mark.parametrize(
    "fields",
    [
        {"v": 2},
        {"name": "mgi-000000000000-1"},
        {"time": "yesterday"},
        {"sent": "yesterday"},
        {"batch": "batches/../files/x"},
        {"batch": 5},
        {"server": None},
        {"items": []},
        {"items": {}},
        {"items": [{"entry": "../../x", "intent": {}}]},
        {"items": [{"entry": f"{'0' * 64}.1", "intent": {}}]},
        {"items": 2 * json.loads(job_bytes(JOB, Path("/nowhere")))["items"]},
    ],
)
def test_a_record_with_a_field_of_another_kind_is_none(
    fields: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ForeignJob):
        read_batch_job(changed(**fields), JOB.name, tmp_path)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"null", b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_json_object_is_no_record(raw: bytes, tmp_path: Path) -> None:
    with pytest.raises(ForeignJob):
        read_batch_job(raw, JOB.name, tmp_path)


def test_a_key_that_is_not_the_requests_is_refused(tmp_path: Path) -> None:
    value = json.loads(job_bytes(JOB, tmp_path))
    value["items"][0]["intent"]["request"]["text"] = "another"
    with pytest.raises(ForeignJob):
        read_batch_job(json.dumps(value).encode(), JOB.name, tmp_path)
