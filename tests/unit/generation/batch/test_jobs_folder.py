"""Jobs on disk: what is kept, what is swept, and what a stranger's file may not do."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_gemini_images.generation.batch.awaited import read_awaited
from mkdocs_gemini_images.generation.batch.batch_job import BatchJob
from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder
from mkdocs_gemini_images.generation.batch.rounds import WaitingRequest
from tests.unit.generation.batch.test_batch_job import JOB

LATER = {"a" * 64: WaitingRequest(0.25, ("b" * 64,), "2026-11-28T14:02:00Z")}


@pytest.fixture
def folder(tmp_path: Path) -> JobsFolder:
    return JobsFolder(tmp_path / "site" / "journal", tmp_path / "site")


def written(folder: JobsFolder, job: BatchJob = JOB) -> BatchJob:
    folder.write_requests(job.name, [b'{"key":"a"}\n', b'{"key":"b"}\n'])
    folder.write(job)
    return job


def test_there_is_nothing_in_a_new_journal(folder: JobsFolder) -> None:
    assert not folder.exists()
    assert folder.open_jobs() == ([], [])
    assert folder.later() == {}
    assert not read_awaited(folder)


def test_a_job_is_there_from_its_record_on_until_it_is_removed(folder: JobsFolder) -> None:
    folder.write_requests(JOB.name, [b"{}\n"])
    assert folder.open_jobs() == ([], [])
    folder.write(JOB)
    (found,), refused = folder.open_jobs()
    assert (found.job.keys, found.proven, refused) == (JOB.keys, True, [])
    folder.remove(JOB)
    assert folder.open_jobs() == ([], [])
    assert not folder.exists()


def test_what_a_job_sends_is_a_request_a_line(folder: JobsFolder) -> None:
    job = written(folder)
    assert folder.requests(job).read_bytes() == b'{"key":"a"}\n{"key":"b"}\n'
    folder.forget_requests(job)
    assert not folder.requests(job).exists()


def test_a_sweep_removes_jobs_without_a_record_and_half_written_files(folder: JobsFolder) -> None:
    job = written(folder)
    folder.write_requests("mgi-0123456789ab-2", [b"{}\n"])
    half = folder.folder / ".0123.ab3xy.part"
    half.write_bytes(b"{")
    folder.sweep()
    assert {path.stem for path in folder.folder.iterdir()} == {folder.record(job).stem}
    assert not half.exists()


def test_jobs_come_the_oldest_first(folder: JobsFolder) -> None:
    late = written(folder, replace(JOB, name="mgi-000000000000-9", time="2026-11-29T00:00:00Z"))
    early = written(folder)
    assert [each.job.name for each in folder.open_jobs()[0]] == [early.name, late.name]


def test_what_waits_is_read_as_it_was_written(folder: JobsFolder) -> None:
    folder.write_later(LATER)
    assert folder.later() == LATER
    folder.write_later({})
    assert folder.later() == {}
    assert not folder.exists()


def test_what_another_hand_says_that_was_agreed_to_is_not_believed(folder: JobsFolder) -> None:
    folder.write_later(LATER)
    path = folder.folder / "later.json"
    value = json.loads(path.read_text())
    value["later"]["a" * 64]["price"] = 100.0
    path.write_text(json.dumps(value))
    assert folder.later() == {}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"later": 5, "proof": 5}', '{"later": {}}'])
def test_what_is_no_list_of_what_waits_is_none(folder: JobsFolder, text: str) -> None:
    written(folder)
    (folder.folder / "later.json").write_text(text)
    assert folder.later() == {}


def test_a_damaged_record_is_told_and_left(folder: JobsFolder) -> None:
    job = written(folder)
    folder.record(job).write_text("{")
    jobs, (refused,) = folder.open_jobs()
    assert jobs == []
    assert refused.name == f"jobs/{folder.record(job).name}"
    assert refused.found == "a record that is damaged"
    folder.sweep()
    assert folder.record(job).exists()


def test_a_link_in_the_place_of_a_job_is_not_followed(folder: JobsFolder, tmp_path: Path) -> None:
    job = written(folder)
    folder.record(job).rename(tmp_path / "elsewhere")
    folder.record(job).symlink_to(tmp_path / "elsewhere")
    jobs, refused = folder.open_jobs()
    assert (jobs, len(refused)) == ([], 1)


def test_pictures_are_awaited_in_their_job_or_in_a_later_round(folder: JobsFolder) -> None:
    job = written(folder)
    folder.write_later(LATER)
    awaited = read_awaited(folder)
    key = min(job.keys)
    assert awaited.keys == job.keys
    assert awaited.reason(key).startswith("being drawn in batch since ")
    assert awaited.reason(key).endswith(f" (job {job.name})")
    assert awaited.reason("a" * 64).endswith(", waiting for earlier pictures")
    assert awaited.reason("f" * 64) == ""
