"""A job is read from what servers write of it, and nothing else is taken for one."""

from typing import Any

import pytest

from mkdocs_gemini_images.gemini.batches.job import Job, JobState, read_job

METADATA: dict[str, Any] = {
    "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
    "model": "models/gemini-nano-banana-2.1",
    "displayName": "site",
    "name": "batches/abc",
    "state": "BATCH_STATE_SUCCEEDED",
    "createTime": "2026-11-28T12:00:00Z",
    "batchStats": {"requestCount": "3", "successfulRequestCount": "2", "failedRequestCount": "1"},
    "output": {"responsesFile": "files/batch-abc"},
}
OPERATION = {"name": "batches/abc", "metadata": METADATA, "done": True}
EXPECTED = Job(
    "batches/abc", "site", "succeeded", "gemini-nano-banana-2.1", 3, 2, 1,
    "2026-11-28T12:00:00Z", "files/batch-abc",
)  # fmt: skip


def test_an_operation_is_read() -> None:
    assert read_job(OPERATION) == EXPECTED


def test_the_place_of_the_results_is_read_from_the_response_too() -> None:
    metadata = {name: value for name, value in METADATA.items() if name != "output"}
    output = {"responsesFile": "files/batch-abc"}
    assert read_job({**OPERATION, "metadata": metadata, "response": output}) == EXPECTED


def test_a_job_in_snake_case_without_an_operation_is_read() -> None:
    job = read_job(
        {"name": "batches/abc", "display_name": "site", "state": "JOB_STATE_RUNNING",
         "batch_stats": {"request_count": 3}}
    )  # fmt: skip
    assert job == Job("batches/abc", "site", "running", requests=3)


@pytest.mark.parametrize(
    ("state", "more", "expected"),
    [
        ("BATCH_STATE_PENDING", {}, "pending"),
        ("BATCH_STATE_RUNNING", {}, "running"),
        ("BATCH_STATE_CANCELLED", {"done": True}, "cancelled"),
        ("BATCH_STATE_EXPIRED", {"done": True}, "expired"),
        ("BATCH_STATE_FAILED", {"done": True}, "failed"),
        ("BATCH_STATE_RUNNING", {"done": True, "error": {"code": 13}}, "failed"),
        ("BATCH_STATE_RUNNING", {"done": True, "response": {}}, "succeeded"),
        ("SOMETHING_NEW", {}, "running"),
        (7, {"done": True}, "succeeded"),
        (None, {}, "running"),
    ],
)
def test_each_state_is_read(state: object, more: dict[str, Any], expected: JobState) -> None:
    job = read_job({"name": "batches/abc", "metadata": {"state": state}, **more})
    assert job is not None
    assert job.state == expected
    assert job.ended is (expected not in ("pending", "running"))


@pytest.mark.parametrize(
    "value",
    [None, [], "batches/abc", {}, {"name": "operations/abc"}, {"name": "batches/../files/x"},
     {"name": "batches/a?key=1"}, {"name": "batches/" + "x" * 300}, {"name": 7}],
)  # fmt: skip
def test_what_has_no_name_of_a_job_is_none(value: object) -> None:
    assert read_job(value) is None


@pytest.mark.parametrize("name", ["files/../x", "https://elsewhere.invalid/x", "files/a b", 7, ""])
def test_a_file_of_results_elsewhere_is_not_asked_for(name: object) -> None:
    job = read_job({**OPERATION, "metadata": {**METADATA, "output": {"responsesFile": name}}})
    assert job is not None
    assert job.results_file == ""


def test_hostile_numbers_and_texts_are_left_out() -> None:
    stats = {"requestCount": -1, "successfulRequestCount": "x" * 99, "failedRequestCount": 10**99}
    job = read_job(
        {"name": "batches/a", "metadata": {"batchStats": stats, "displayName": ["x"]},
         "error": {"message": "broken\x1b[2J\nfor ever"}, "done": True}
    )  # fmt: skip
    assert job == Job("batches/a", "", "failed", problem="broken [2J for ever")
