"""What becomes of a job, by what the server says of it."""

import pytest

from mkdocs_gemini_images.gemini.batches.job import Job, JobState
from mkdocs_gemini_images.generation.batch.batch_job import BatchJob
from mkdocs_gemini_images.generation.batch.job_outcome import Step, best, step

NAME = "mgi-0123456789ab-1"
SENT = "2026-11-28T14:02:00Z"


def job(sent: str = SENT) -> BatchJob:
    return BatchJob(NAME, "gemini-3-pro-image", "https://example.org/v1beta", SENT, (), sent)


def found(state: JobState, name: str = "batches/1", created: str = "") -> Job:
    return Job(name, NAME, state, created=created)


def test_a_job_that_was_never_sent_is_dropped() -> None:
    assert step(job(sent=""), None, SENT) == "drop"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-28T14:02:00Z", "wait"),
        ("2026-11-28T14:11:59Z", "wait"),
        ("2026-11-28T14:12:00Z", "lost"),
        ("2026-11-29T14:02:00Z", "lost"),
    ],
)
def test_a_job_that_is_not_listed_is_waited_for_ten_minutes(now: str, expected: Step) -> None:
    assert step(job(), None, now) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("pending", "wait"),
        ("running", "wait"),
        ("succeeded", "collect"),
        ("failed", "collect"),
        ("cancelled", "collect"),
        ("expired", "collect"),
    ],
)
def test_a_job_is_collected_when_the_server_does_no_more_for_it(
    state: JobState, expected: Step
) -> None:
    assert step(job(), found(state), "2027-01-01T00:00:00Z") == expected


def test_of_two_jobs_of_one_name_the_first_is_followed() -> None:
    first, second = found("running", "batches/1", "A"), found("running", "batches/2", "B")
    assert best([second, first]) is first


def test_a_job_that_works_is_followed_before_one_that_failed() -> None:
    failed, works = found("failed", "batches/1", "A"), found("running", "batches/2", "B")
    assert best([failed, works]) is works


def test_no_job_is_none() -> None:
    assert best([]) is None
