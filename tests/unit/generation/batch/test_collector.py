"""What becomes of a job's answers: each is stored once, or is laid aside, or is told."""

import asyncio
import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_gemini_images.gemini.batches.item import ItemAnswer
from mkdocs_gemini_images.gemini.batches.job import Job, JobState
from mkdocs_gemini_images.gemini.batches.job_requests import JobGone
from mkdocs_gemini_images.gemini.batches.results import ResultsRead, Take
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.generation.batch.batch_job import BatchItem, BatchJob, job_name
from mkdocs_gemini_images.generation.batch.collector import Collector, forget_begun
from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder
from mkdocs_gemini_images.generation.journal import refusals
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.generation.journal.laid_aside import unknown_outcomes
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.store.folder import FolderStore
from tests.unit.generation.journal.test_recovery import DATA, PICTURE, intent_of
from tests.unit.pictures import png, record, step

ITEMS = tuple(
    BatchItem(f"{intent.key}.1", intent) for intent in (intent_of("A fox"), intent_of("A heron"))
)
AT = "2026-11-28T14:02:00Z"
JOB = BatchJob(
    job_name((item.key for item in ITEMS), 1), "m", "https://example.org/v1beta", AT, ITEMS,
    AT, "batches/1",
)  # fmt: skip
FOX, HERON = (item.key for item in ITEMS)


def answer(key: str) -> ItemAnswer:
    return ItemAnswer(key, json.dumps({"key": key, "response": PICTURE}).encode())


class FakeServer:
    """A server with one job, whose results break off or are gone where a test says so."""

    def __init__(
        self,
        answers: Sequence[ItemAnswer] = (),
        state: JobState = "succeeded",
        failure: RequestFailed | None = None,
        listed: bool = True,
    ) -> None:
        self._answers = answers
        self._failure = failure
        self._job = Job("batches/1", JOB.name, state)
        self._listed = listed

    async def get(self, name: str) -> Job:
        if not self._listed:
            raise JobGone(Failure("HTTP 404"))
        return self._job

    async def find(self, display_name: str) -> tuple[Job, ...]:
        return (self._job,) if self._listed else ()

    async def results(self, job: Job, keys: Collection[str], take: Take) -> ResultsRead:
        for each in self._answers:
            take(each)
        if self._failure is not None:
            raise self._failure
        return ResultsRead(frozenset(keys) - {each.key for each in self._answers})


class Here:
    """A machine with one open job."""

    def __init__(self, root: Path) -> None:
        self.folder = JobsFolder(root / "journal", root)
        self.store = FolderStore(root / "stock")
        self.folder.write(JOB)

    def collect(self, server: FakeServer, job: BatchJob = JOB) -> GenerationResult:
        result = GenerationResult()
        collector = Collector(self.folder, self.store, result, "GEMINI_API_KEY")
        asyncio.run(collector.collect(server, [job]))  # type: ignore[arg-type]
        return result

    @property
    def has_job(self) -> bool:
        return bool(self.folder.open_jobs()[0])

    def names(self, pattern: str) -> list[str]:
        return sorted(path.name for path in self.folder.journal.glob(pattern))


@pytest.fixture
def here(tmp_path: Path) -> Here:
    return Here(tmp_path)


def test_answers_are_stored_and_the_job_is_gone(here: Here) -> None:
    result = here.collect(FakeServer([answer(HERON), answer(FOX)]))
    assert {each.key for each in result.collected} == {FOX, HERON}
    assert [here.store.read(each) for each in result.collected] == [DATA, DATA]
    assert not here.has_job
    assert here.names("*") == []


@pytest.mark.parametrize("state", ["pending", "running"])
def test_a_job_that_has_not_ended_is_left(here: Here, state: JobState) -> None:
    result = here.collect(FakeServer([answer(FOX)], state))
    assert (result.collected, result.batch_notes) == ([], [])
    assert here.has_job


def test_what_arrived_before_the_results_broke_off_is_stored_and_the_rest_comes_later(
    here: Here,
) -> None:
    broken = FakeServer([answer(FOX)], failure=RequestFailed(Failure("cut")))
    result = here.collect(broken)
    assert [each.key for each in result.collected] == [FOX]
    assert result.batch_notes == [
        f"the batch job {JOB.name} cannot be looked at: cut; the next build looks again"
    ]
    assert here.has_job
    again = here.collect(FakeServer([answer(FOX), answer(HERON)]))
    assert [each.key for each in again.collected] == [HERON]
    assert here.names("2nd/*") == []


def test_an_answer_for_a_picture_that_was_drawn_meanwhile_is_laid_aside(here: Here) -> None:
    drawn = png(20, 10)
    here.store.put(record(step("A fox"), drawn), drawn)
    result = here.collect(FakeServer([answer(FOX), answer(HERON)]))
    assert [each.key for each in result.collected] == [HERON]
    found = here.store.find(FOX)
    assert found is not None
    assert here.store.read(found) == drawn
    assert here.names("2nd/*") == [f"{FOX}.1.answer", f"{FOX}.1.intent"]


def test_an_error_is_told_and_remembered(here: Here) -> None:
    error = {"key": FOX, "error": {"code": 400, "message": "no such shape", "status": "X"}}
    result = here.collect(FakeServer([ItemAnswer(FOX, json.dumps(error).encode()), answer(HERON)]))
    assert "no such shape" in result.reasons[FOX]
    assert "no such shape" in (refusals.read_refusal(here.folder.journal, FOX) or "")
    assert not here.has_job


def test_a_request_without_a_result_may_have_been_billed(here: Here) -> None:
    result = here.collect(FakeServer([answer(HERON)]))
    assert "without a result for it; about $0.03 may have been billed" in result.reasons[FOX]
    assert [each.name for each in result.unknown] == [f"{FOX}.1"]
    assert [each.key for each in unknown_outcomes(here.folder.journal)] == [FOX]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("failed", "failed on the server"),
        ("cancelled", "was cancelled"),
        ("expired", "expired on the server before it was done"),
    ],
)
def test_a_job_without_answers_frees_its_pictures_with_one_message(
    here: Here, state: JobState, said: str
) -> None:
    result = here.collect(FakeServer(state=state))
    (note,) = result.batch_notes
    assert f"{said}: 2 pictures of it are not drawn" in note
    assert result.freed == dict.fromkeys((FOX, HERON), f"its batch job {said}")
    assert refusals.read_refusal(here.folder.journal, FOX) is None
    assert not here.has_job


def test_half_the_answers_of_an_expired_job_are_kept(here: Here) -> None:
    result = here.collect(FakeServer([answer(FOX)], "expired"))
    assert [each.key for each in result.collected] == [FOX]
    assert list(result.freed) == [HERON]


def test_a_job_that_is_gone_may_have_been_billed(here: Here) -> None:
    result = here.collect(FakeServer(listed=False))
    assert "is lost: example.org does not have it" in result.batch_notes[0]
    assert {each.key for each in unknown_outcomes(here.folder.journal)} == {FOX, HERON}
    assert here.names("*.intent") == []


def test_a_job_without_a_reply_is_found_by_its_name(here: Here) -> None:
    unanswered = replace(JOB, batch="")
    here.folder.write(unanswered)
    here.collect(FakeServer(state="running"), unanswered)
    ((found),) = here.folder.open_jobs()[0]
    assert found.job.batch == "batches/1"


def test_a_job_that_was_never_sent_is_dropped(here: Here) -> None:
    unsent = replace(JOB, sent="", batch="")
    here.folder.write(unsent)
    result = here.collect(FakeServer(listed=False), unsent)
    assert (result.batch_notes, here.has_job) == ([], False)


def test_an_intent_whose_answer_a_killed_process_did_not_write_is_forgotten(here: Here) -> None:
    journal = Journal(here.folder.journal)
    begun = journal.begin(ITEMS[0].intent)
    job = replace(JOB, items=(BatchItem(begun.name, ITEMS[0].intent), ITEMS[1]))
    forget_begun([job], here.folder)
    assert here.names("*.intent") == []
