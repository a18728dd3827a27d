"""One batch job of the emulator: its requests, its states, and when each follows.

A job goes from PENDING through RUNNING to its end by a clock of its own, which counts seconds, or
how often it was asked for. What it answers is billed once, when it ends.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mkdocs_gemini_images.emulator.batches.job_scenario import BatchScenario
from mkdocs_gemini_images.emulator.protocol.errors import ApiError
from mkdocs_gemini_images.emulator.protocol.http_request import AuthScheme
from mkdocs_gemini_images.emulator.protocol.image_query import ImageQuery
from mkdocs_gemini_images.models.catalogue import Model


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One request of a job."""

    label: dict[str, Any]
    """What names it in the results: its key, its metadata, or both."""
    body: Any
    """The JSON of the request, as it came."""
    query: ImageQuery | None
    """None where `error` says why it is refused."""
    error: ApiError | None = None
    scenario: str = "ok"
    """The scenario of the single request."""

    @property
    def key(self) -> str:
        """The key of the request, wherever it stands; empty without one."""
        beside = self.label.get("metadata")
        return str(self.label.get("key") or (beside or {}).get("key") or "")


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a job takes."""

    seconds: float = 0.0
    polls: int = 0
    """How often it is asked for before it has ended."""

    def progress(self, elapsed: float, polls: int) -> float:
        """Return how much of a job is done, from 0 to 1."""
        by_time = min(1.0, elapsed / self.seconds) if self.seconds else 1.0
        by_polls = min(1.0, polls / (self.polls + 1)) if self.polls else 1.0
        return min(by_time, by_polls)


@dataclass(slots=True)
class Batch:
    """A job, which changes while it runs."""

    model: Model
    display_name: str
    priority: str
    input_config: dict[str, Any]
    items: tuple[BatchItem, ...]
    scenario: BatchScenario
    scenario_name: str
    clock: Clock
    auth: AuthScheme
    problem: ApiError | None = None
    """Why the job as a whole fails, or None."""
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    created: float = field(default_factory=time.time)
    updated: float = 0.0
    polls: int = 0
    lists: int = 0
    downloads: int = 0
    state: str = "PENDING"
    answered: frozenset[int] = frozenset()
    """The positions of the requests that have an answer, once the job has ended."""
    written: dict[int, bytes] = field(default_factory=dict)
    """The items of the results that have been drawn, by position."""

    @property
    def name(self) -> str:
        """The name of the job, `batches/...`."""
        return f"batches/{self.id}"

    @property
    def in_file(self) -> bool:
        """Whether its requests and its results are files."""
        return "fileName" in self.input_config

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens to the job."""
        return self.state not in ("PENDING", "RUNNING")

    @property
    def has_results(self) -> bool:
        """Whether there is anything to collect."""
        return self.state == "SUCCEEDED" or (self.has_ended and bool(self.answered))

    def advance(self, bill: Callable[["Batch"], None], now: float) -> None:
        """Bring the state up to date; `bill` is called once, when the job ends with answers."""
        if self.has_ended:
            return
        progress = self.clock.progress(now - self.created, self.polls)
        if progress >= 1 and self.scenario.end != "RUNNING":
            self._end("FAILED" if self.problem else self.scenario.end, len(self.items), bill, now)
        elif progress > 0.25 or self.scenario.end == "RUNNING":
            self.state = "RUNNING"

    def cancel(self, bill: Callable[["Batch"], None], now: float) -> None:
        """Stop the job; the answers that it has by now stay, and are billed."""
        self.advance(bill, now)
        if not self.has_ended:
            progress = self.clock.progress(now - self.created, self.polls)
            self._end("CANCELLED", int(progress * len(self.items)), bill, now)

    def _end(self, state: str, upto: int, bill: Callable[["Batch"], None], now: float) -> None:
        count = len(self.items)
        able = self.scenario.answered
        done = () if state == "FAILED" else range(upto)
        self.state, self.updated = state, now
        self.answered = frozenset(at for at in done if able(at, count))
        bill(self)
