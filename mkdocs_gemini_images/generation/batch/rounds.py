"""Decide which requests of an order are sent in which round, and in which jobs. Pure.

A picture that is made from another one needs that one's bytes, so it waits for a later round. What
waits was agreed to with the order, at the price that was quoted then.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mkdocs_gemini_images.requests.planning import PlannedRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class JobLimits:
    """How much one job may hold."""

    requests: int
    size: int
    """Bytes of all its requests."""


FILE_LIMITS = JobLimits(50, 200 * 2**20)
"""Results of jobs with files come as one file; a small job's is quickly fetched again."""
INLINE_LIMITS = JobLimits(8, 18 * 2**20)
"""A server takes 20 MB in all, and sends each picture twice, in one answer."""


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """A request that was agreed to and waits for pictures of an earlier round."""

    price: float | None
    """USD, as quoted."""
    after: tuple[str, ...]
    """Keys of the pictures that it is made from."""
    time: str
    """When it was agreed to: UTC, ISO 8601, seconds."""


def first_round(
    needs: Sequence[PlannedRequest],
) -> tuple[list[PlannedRequest], list[PlannedRequest]]:
    """Return the requests that build on no other of `needs`, and those that wait for them."""
    keys = {need.key for need in needs}
    ready = [need for need in needs if keys.isdisjoint(need.after)]
    return ready, [need for need in needs if not keys.isdisjoint(need.after)]


def waiting(needs: Iterable[PlannedRequest], time: str) -> dict[str, WaitingRequest]:
    """Return by key what is kept of requests that were agreed to at `time` and wait."""
    return {need.key: WaitingRequest(need.price, need.after, time) for need in needs}


def split(
    requests: Sequence[T], limits: JobLimits, model: Callable[[T], str], size: Callable[[T], int]
) -> Iterator[list[T]]:
    """Yield the requests of one job after another: each job is for one model, and not too large.

    A request that alone is larger than a job may be gets a job of its own.
    """
    by_model: dict[str, list[T]] = {}
    for each in requests:
        by_model.setdefault(model(each), []).append(each)
    for listed in by_model.values():
        job: list[T] = []
        room = limits.size
        for each in listed:
            if job and (len(job) == limits.requests or size(each) > room):
                yield job
                job, room = [], limits.size
            job.append(each)
            room -= size(each)
        yield job


AGREED_DAYS = 14
"""For how many days what was agreed to is ordered in a later round: jobs take a day at most."""


def still_waiting(
    kept: Mapping[str, WaitingRequest],
    stocked: Callable[[str], bool],
    in_jobs: Container[str],
    oldest: str,
) -> dict[str, WaitingRequest]:
    """Return those of the waiting requests whose pictures can still come.

    What was agreed to before `oldest`, a time as records write it, is given up.

    What builds on a picture that is neither in stock nor on its way is given up, and what builds on
    that; so is what is in stock or on its way itself.
    """
    found = {
        key: each
        for key, each in kept.items()
        if each.time >= oldest and key not in in_jobs and not stocked(key)
    }
    while True:
        lost = [
            key
            for key, each in found.items()
            if not all(one in found or one in in_jobs or stocked(one) for one in each.after)
        ]
        if not lost:
            return found
        for key in lost:
            del found[key]
