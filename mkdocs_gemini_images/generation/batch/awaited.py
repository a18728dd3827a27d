"""Say which pictures are being drawn in batch, for builds that plan, report or show them.

In: the jobs in a journal, and what waits for a later round. Out: for a key, what it waits in. Reads
the journal once, and writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mkdocs_gemini_images.generation.batch.batch_job import BatchJob, since
from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder, OpenJob
from mkdocs_gemini_images.generation.batch.rounds import WaitingRequest
from mkdocs_gemini_images.generation.journal.journal import RefusedFile


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is being drawn in batch: the jobs, the oldest first, and what waits for them."""

    jobs: Sequence[OpenJob] = ()
    later: Mapping[str, WaitingRequest] = field(default_factory=dict)
    refused: Sequence[RefusedFile] = ()
    """Records that are not as we write them."""
    _by_key: Mapping[str, BatchJob] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether anything is being drawn in batch."""
        return bool(self.jobs or self.later)

    @property
    def keys(self) -> frozenset[str]:
        """The keys in open jobs, without those that wait for a later round."""
        return frozenset(self._by_key)

    def job(self, key: str) -> BatchJob | None:
        """Return the open job that has a key, or None."""
        return self._by_key.get(key)

    def reason(self, key: str) -> str:
        """Return how a picture is being drawn in batch, as a clause of a message, or empty."""
        if (job := self._by_key.get(key)) is not None:
            return f"being drawn in batch since {since(job.time)} (job {job.name})"
        if (waiting := self.later.get(key)) is not None:
            return f"ordered in batch at {since(waiting.time)}, waiting for earlier pictures"
        return ""


def read_awaited(folder: JobsFolder) -> Awaited:
    """Return what is being drawn in batch, by the records on disk."""
    if not folder.exists():
        return Awaited()
    jobs, refused = folder.open_jobs()
    by_key = {key: each.job for each in reversed(jobs) for key in each.job.keys}
    return Awaited(jobs, folder.later(), refused, by_key)
