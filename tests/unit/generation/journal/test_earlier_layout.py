"""What earlier versions left in the journal is read: paid answers lie there, under long names."""

import json
from pathlib import Path

import pytest

from mkdocs_gemini_images.generation.batch.batch_job import job_bytes
from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder
from mkdocs_gemini_images.generation.journal import laid_aside, names
from mkdocs_gemini_images.generation.journal.intent import intent_bytes
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.generation.journal.location import is_pending
from mkdocs_gemini_images.generation.journal.recovery import Recovery, recover
from mkdocs_gemini_images.generation.journal.unreadable_answers import unreadable_answers
from mkdocs_gemini_images.store.folder import FolderStore
from tests.unit.generation.batch.test_batch_job import JOB
from tests.unit.generation.journal.test_recovery import DATA, INTENT, PICTURE

NAME = f"{INTENT.key}.18b2c3d4e5f60718"
UNREADABLE, UNKNOWN = names.EARLIER[names.UNREADABLE], names.EARLIER[names.UNKNOWN]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal")


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "stock")


def put(journal: Journal, folder: str, *endings: str, answer: object = PICTURE) -> Path:
    """Write an entry as an earlier version did, and return the path of its answer."""
    place = journal.folder / folder
    place.mkdir(parents=True, exist_ok=True)
    for ending in endings:
        (place / f"{NAME}{ending}").write_text(json.dumps(answer))
    (place / f"{NAME}.intent").write_bytes(intent_bytes(INTENT, NAME, journal.folder))
    return place / f"{NAME}.answer"


def files(journal: Journal) -> list[str]:
    paths = (path for path in journal.folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(journal.folder)) for path in paths)


def test_an_answer_is_taken_in_with_its_proof(journal: Journal, store: FolderStore) -> None:
    put(journal, "", ".answer")
    assert is_pending(journal.folder)
    (record,) = recover(journal, store, unproven=False).records
    assert store.read(record) == DATA
    assert files(journal) == []


def test_an_answer_that_has_its_picture_is_removed_to_the_end(
    journal: Journal, store: FolderStore
) -> None:
    answer = put(journal, "", ".answer")
    answer.with_suffix(".intent").rename(journal.folder / f"{NAME}.intent.done")
    assert is_pending(journal.folder)
    assert recover(journal, store) == Recovery()
    assert files(journal) == []


def test_a_request_without_an_answer_is_told_and_counts_with_those_told_before(
    journal: Journal, store: FolderStore
) -> None:
    put(journal, UNKNOWN, ".half")
    put(journal, "", ".part", answer="half")
    journal.begin(INTENT)
    told = recover(journal, store).unknown
    assert [each.key for each in told] == [INTENT.key] * 2
    laid_aside.put_told_aside(journal.folder, [each.name for each in told])
    assert not is_pending(journal.folder)
    before = laid_aside.sent_before(journal.folder, {INTENT.key})[INTENT.key]
    assert "3 earlier requests brought no picture" in before
    assert str(journal.folder / names.UNKNOWN / f"{NAME}.half") in before


@pytest.mark.parametrize("answer", [PICTURE, {"candidates": [{"content": "new"}]}])
def test_an_answer_that_could_not_be_read_is_not_bought_again_and_read_anew(
    journal: Journal, store: FolderStore, answer: object
) -> None:
    kept = put(journal, UNREADABLE, ".answer", answer=answer)
    kept.with_suffix(".json").write_text('{"what": "no picture"}')
    assert "no picture; the paid answer is kept" in (journal.refusal(INTENT.key) or "")
    (found,) = unreadable_answers(journal.folder, journal.folder, INTENT.key)
    assert found.path == kept
    assert is_pending(journal.folder)
    records = recover(journal, store).records
    assert [store.read(each) for each in records] == [DATA] * (answer is PICTURE)
    assert kept.exists() == (answer is not PICTURE)
    assert not is_pending(journal.folder)


def test_an_intent_whose_answer_could_not_be_read_follows_it(
    journal: Journal, store: FolderStore
) -> None:
    kept = put(journal, UNREADABLE, ".answer", ".json", answer={"what": "no picture"})
    (journal.folder / UNREADABLE / f"{NAME}.intent").rename(journal.folder / f"{NAME}.intent")
    assert recover(journal, store) == Recovery()
    assert kept.with_suffix(".intent").exists()


@pytest.mark.parametrize("folder", [*names.EARLIER.values(), "unreadable/aside"])
def test_an_answer_that_lies_aside_is_listed_with_its_key(journal: Journal, folder: str) -> None:
    answer = put(journal, folder, ".answer")
    assert laid_aside.answers(journal.folder) == [answer]
    assert laid_aside.key_of(answer, journal.folder) == INTENT.key
    assert laid_aside.intent_of(answer, journal.folder, journal.folder) is not None
    laid_aside.forget(journal.folder, answer)
    assert files(journal) == []


def test_a_batch_job_is_read_and_removed_from_its_folder(journal: Journal, tmp_path: Path) -> None:
    jobs = JobsFolder(journal.folder, tmp_path)
    folder = journal.folder / "batches" / JOB.name
    folder.mkdir(parents=True)
    (folder / "job.json").write_bytes(job_bytes(JOB, tmp_path))
    (folder / "requests.jsonl").write_bytes(b"{}\n")
    (folder.parent / "mgi-0123456789ab-2").mkdir()  # of a process that was killed
    jobs.sweep()
    ((found,), refused) = jobs.open_jobs()
    assert (found.job.name, found.job.keys, found.proven) == (JOB.name, JOB.keys, True)
    assert refused == []
    jobs.write(JOB.ordered("batches/1"))
    assert jobs.requests(JOB).read_bytes() == b"{}\n"
    assert [each.job.batch for each in jobs.open_jobs()[0]] == ["batches/1"]
    assert files(journal) == [f"batches/{JOB.name}/job.json", f"batches/{JOB.name}/requests.jsonl"]
    jobs.remove(JOB)
    assert not jobs.exists()


def test_what_waits_for_an_earlier_round_of_a_job_is_read(journal: Journal, tmp_path: Path) -> None:
    jobs = JobsFolder(journal.folder, tmp_path)
    from tests.unit.generation.batch.test_jobs_folder import LATER

    jobs.write_later(LATER)
    jobs.folder.rename(journal.folder / "batches")
    assert jobs.later() == LATER
    jobs.write_later(LATER)
    assert files(journal) == ["jobs/later.json"]
    jobs.write_later({})
    assert not jobs.exists()


# Names that begin alike


def test_entries_whose_names_begin_alike_are_told_apart_by_their_intents(journal: Journal) -> None:
    entry = journal.begin(INTENT)
    laid_aside.put_told_aside(journal.folder, [entry.name])
    other = INTENT.key[:3] + "0" * 61
    assert names.may_be_of(entry.name, other)
    assert laid_aside.sent_before(journal.folder, {other}) == {}
    assert set(laid_aside.sent_before(journal.folder, {INTENT.key, other})) == {INTENT.key}


def test_a_name_is_given_once(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_RANDOM", 1)
    monkeypatch.setattr(names, "_LETTERS", "xy")
    monkeypatch.setattr(names, "_ENTRY_NAME", r"[0-9a-f]{3}[xy]")
    taken = journal.begin(INTENT)
    laid_aside.put_told_aside(journal.folder, [taken.name])
    for _ in range(9):
        entry = journal.begin(INTENT)
        assert entry.name != taken.name
        entry.forget()


# A process that is killed between two steps


@pytest.mark.parametrize("folder", [names.ASIDE, names.EARLIER[names.ASIDE]])
def test_the_intent_of_a_second_answer_follows_it(
    journal: Journal, store: FolderStore, folder: str
) -> None:
    entry = journal.begin(INTENT)
    (journal.folder / folder).mkdir()
    answer = journal.folder / folder / entry.answer.name
    answer.write_text(json.dumps(PICTURE))
    assert laid_aside.key_of(answer, journal.folder) == INTENT.key
    assert recover(journal, store) == Recovery()
    assert answer.with_suffix(".intent").exists()
    assert laid_aside.unknown_outcomes(journal.folder) == []


def test_an_answer_whose_intent_was_told_has_its_key_and_its_price(journal: Journal) -> None:
    entry = journal.begin(INTENT)
    answer = journal.folder / names.ASIDE / entry.answer.name
    answer.parent.mkdir()
    answer.write_text(json.dumps(PICTURE))
    laid_aside.put_told_aside(journal.folder, [entry.name])
    assert laid_aside.key_of(answer, journal.folder) == INTENT.key
    found = laid_aside.intent_of(answer, journal.folder, journal.folder)
    assert found is not None
    assert found.price == INTENT.price
