"""Collect what batch jobs have drawn: each answer once, through the journal.

In: an open client and the jobs on disk. Effects: each answer is durable in the journal before the
next one is read, and its picture is stored as that of an ordinary answer; then the job's record is
removed. A process that is killed in between leaves the record, and the next one collects again:
what is in stock stays as it is. An answer for a picture that was drawn otherwise meanwhile is laid
aside.
"""

from collections.abc import Iterable, Sequence

from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.gemini.batches.item import ItemAnswer
from mkdocs_gemini_images.gemini.batches.job import Job
from mkdocs_gemini_images.gemini.batches.job_requests import BatchJobs, JobGone
from mkdocs_gemini_images.gemini.endings import ENDINGS
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.generation.batch import job_outcome
from mkdocs_gemini_images.generation.batch.batch_job import BatchItem, BatchJob, since
from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder
from mkdocs_gemini_images.generation.journal import laid_aside, refusals
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from mkdocs_gemini_images.generation.journal.intent import intent_bytes
from mkdocs_gemini_images.generation.journal.laid_aside import UnknownOutcome
from mkdocs_gemini_images.generation.journal.recovery import store_answer
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.record import utc_now
from mkdocs_gemini_images.store.store import Store

_AGAIN = (
    "gemini-images draw --batch orders them again; "
    "gemini-images draw, or a build within the limits, draws at the full price"
)
_WHY = {
    "failed": "failed on the server",
    "cancelled": "was cancelled",
    "expired": "expired on the server before it was done",
}


def forget_begun(jobs: Iterable[BatchJob], folder: JobsFolder) -> None:
    """Remove intents of open jobs whose answers a killed process did not write. Raises `OSError`.

    The record of the job has them, and the server has the answers.
    """
    for job in jobs:
        for item in job.items:
            entry = JournalEntry(folder.journal, item.entry)
            if entry.intent.exists() and not entry.answer.exists():
                entry.forget()


class Collector:
    """Collects jobs into one store; what became of them is added to `result`.

    `key_places` are the places where the key may be defined, for messages.
    """

    def __init__(
        self, folder: JobsFolder, store: Store, result: GenerationResult, key_places: str
    ) -> None:
        self._folder = folder
        self._store = store
        self._result = result
        self._key_places = key_places

    async def collect(self, server: BatchJobs, jobs: Sequence[BatchJob]) -> None:
        """Collect the jobs that have ended. Raises `OSError`, and leaves the job as it is."""
        for job in jobs:
            try:
                await self._follow(server, job)
            except RequestFailed as error:
                said = f"the batch job {job.name} cannot be looked at: {error.failure.what}"
                self._say(f"{said}; the next build looks again")

    async def _follow(self, server: BatchJobs, job: BatchJob) -> None:
        """Look at one job, and do what follows. Raises `RequestFailed` and `OSError`."""
        try:
            found = await self._found(server, job)
            match job_outcome.step(job, found, utc_now()):
                case "drop":
                    self._folder.remove(job)
                case "wait" if found is None:
                    sent = f"the order of the batch job {job.name} got no reply"
                    later = "nothing is ordered again until it does, or ten minutes have passed"
                    self._say(f"{sent}, and the server does not list it yet; {later}")
                case "lost":
                    self._lose(job)
                case "collect" if found is not None:
                    await self._collect(server, job, found)
        except JobGone:
            self._lose(job)

    async def _found(self, server: BatchJobs, job: BatchJob) -> Job | None:
        if job.batch:
            return await server.get(job.batch)
        if not job.sent:
            return None
        found = job_outcome.best(await server.find(job.name))
        if found is not None:
            self._folder.write(job.ordered(found.name))
        return found

    async def _collect(self, server: BatchJobs, job: BatchJob, found: Job) -> None:
        items = {item.key: item for item in job.items}
        failed: dict[str, Failure] = {}
        arrived: list[BatchItem] = []

        def take(answer: ItemAnswer) -> None:
            item = items[answer.key]
            if answer.failure is not None:
                failed[item.key] = answer.failure
                return
            atomic_files.write(self._begin(item).answer, answer.raw)
            arrived.append(item)

        try:
            read = await server.results(found, job.keys, take)
        finally:  # what has arrived is stored, also when the rest has not
            for item in arrived:
                self._take_in(item)
        missing = [items[key] for key in sorted(read.missing)]
        if found.state in _WHY and missing:
            self._free(job, f"{_WHY[found.state]}{_said(found.problem)}", missing)
        elif missing:
            for item in missing:
                self._note_unknown(item)
                failed[item.key] = _without_result(item)
        for key, failure in failed.items():
            self._fail(items[key], failure)
        self._folder.remove(job)

    def _take_in(self, item: BatchItem) -> None:
        """Store the picture of an answer that is in the journal. Raises `OSError`."""
        entry = JournalEntry(self._folder.journal, item.entry)
        is_known = is_stocked(self._store, item.key)
        try:
            record = store_answer(entry, item.intent, self._store, self._key_places)
        except RequestFailed as error:
            self._fail(item, error.failure)
            if entry.intent.exists() and not entry.answer.exists():
                self._note_unknown(item)
        else:
            if not is_known:
                self._result.collected.append(record)
                self._result.compare_bill(record)

    def _note_unknown(self, item: BatchItem) -> None:
        """Note that a request may have been billed, with its intent to be told. Raises `OSError`.

        A process that is killed before the job is gone forgets it again, and comes here once more.
        """
        self._begin(item)
        price = item.intent.price or 0.0
        self._result.unknown.append(UnknownOutcome(item.entry, item.key, price, earlier=False))

    def _begin(self, item: BatchItem) -> JournalEntry:
        """Write the intent of an item into the journal, and return its entry. Raises `OSError`."""
        entry = JournalEntry(self._folder.journal, item.entry)
        raw = intent_bytes(item.intent, item.entry, self._folder.project)
        atomic_files.write(entry.intent, raw)
        return entry

    def _fail(self, item: BatchItem, failure: Failure) -> None:
        """Note that a request failed: it is sent again when a person asks. Raises `OSError`."""
        if is_stocked(self._store, item.key):
            return  # it was drawn otherwise
        # No build asks again, whatever is said of an ordinary request that failed so.
        what = failure.what.removesuffix(f"; {ENDINGS['trouble'].advice}")
        if not failure.unreadable:
            refusals.write_refusal(self._folder.journal, item.key, what)
        said = f"its batch job brought no picture: {what}"
        self._result.reasons[item.key] = (
            f"{said}; gemini-images draw with its id or page asks again"
        )

    def _lose(self, job: BatchJob) -> None:
        """Free the pictures of a job that the server does not have; it may have been billed."""
        for item in job.items:
            self._begin(item)
        laid_aside.put_told_aside(self._folder.journal, [item.entry for item in job.items])
        self._free(job, f"is lost: {_host(job)} does not have it", job.items)
        self._folder.remove(job)

    def _free(self, job: BatchJob, why: str, items: Sequence[BatchItem]) -> None:
        free = [item for item in items if not is_stocked(self._store, item.key)]
        reason = f"its batch job {why}"
        self._result.freed |= {item.key: reason for item in free}
        self._result.shared.add(reason)
        are = "is" if len(free) == 1 else "are"
        said = f"the batch job {job.name} of {since(job.time)} {why}"
        self._say(f"{said}: {counted(len(free), 'picture')} of it {are} not drawn; {_AGAIN}")

    def _say(self, text: str) -> None:
        self._result.batch_notes.append(text)


def _without_result(item: BatchItem) -> Failure:
    cost = f"about ${item.intent.price or 0.0:.2f} may have been billed"
    return Failure(f"the job has ended without a result for it; {cost}")


def _said(problem: str) -> str:
    return f" ({problem})" if problem else ""


def _host(job: BatchJob) -> str:
    return job.server.partition("://")[2].partition("/")[0]
