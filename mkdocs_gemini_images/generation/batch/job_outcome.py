"""Decide what becomes of a batch job, from what the server says of it. Pure.

In: the record of a job, and the server's description of it or None where the server lists none.
Out: a `Step`. A job whose creation got no reply may appear in the server's list a while later, so
nothing is ordered again until then.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

from mkdocs_gemini_images.gemini.batches.job import Job
from mkdocs_gemini_images.generation.batch.batch_job import BatchJob

Step = Literal["drop", "wait", "lost", "collect"]
"""`drop`: it was never sent; `lost`: the server does not have it; `collect`: it has ended."""

LISTED_WITHIN = timedelta(minutes=10)
"""How long a server may take to list a job that it has created."""


def step(job: BatchJob, found: Job | None, now: str) -> Step:
    """Return what to do about a job at a time as records write it."""
    if not job.sent:
        return "drop"
    if found is None:
        return "wait" if _time(now) - _time(job.sent) < LISTED_WITHIN else "lost"
    return "collect" if found.ended else "wait"


def best(found: Iterable[Job]) -> Job | None:
    """Return the job to follow of several with one name: one that works, then the first created.

    A proxy may have sent one creation twice.
    """
    broken = ("failed", "cancelled", "expired")
    return min(found, key=lambda job: (job.state in broken, job.created, job.name), default=None)


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
