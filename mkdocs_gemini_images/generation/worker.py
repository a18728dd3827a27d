"""Send the requests of a plan, and store their pictures.

In: the planned requests of a build. Out: one `RequestOutcome` for each; the failure of one request
never cancels others, which may have been billed. Effects, in this order: an intent is durable
before its request is sent, an answer before it is parsed, and a picture is stored before its
outcome is reported.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import TypeVar

from mkdocs_gemini_images.gemini.client import MAX_ERROR_BYTES, Client
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.gemini.rate_limiter import RateLimiter
from mkdocs_gemini_images.generation.journal.answer_buffer import AnswerBuffer, AnswerLostError
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.generation.journal.laid_aside import UnknownOutcome
from mkdocs_gemini_images.generation.journal.recovery import store_answer
from mkdocs_gemini_images.generation.prepared_request import (
    PreparedRequest,
    Sources,
    prepare,
    read_picture,
)
from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.generation.retry_policy import RequestRetries, RetryPolicy
from mkdocs_gemini_images.imaging.kept_pixels import PROVEN
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

T = TypeVar("T")

_MISSING = "the picture it builds on is missing: "
_LOOKS = 0.02
"""Seconds between two looks whether there is room for the pixels of the next answer."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a build writes and repeats its requests."""

    sources: Sources
    key_places: str
    """The places where the server's key may be defined, for messages."""
    sends_take: bool
    """Whether requests name their take: the emulator draws by it, the API knows no takes."""
    retries: int
    """How often one request is sent again."""
    spare: float
    """USD that the budget leaves for repeating requests which may have been billed."""
    spare_requests: float
    """How many such requests `max_new` leaves."""
    ended: dict[str, Failure] = field(default_factory=dict)
    """Failures that end the requests to a model, or with an empty name to any, of a command."""


@dataclass(frozen=True, slots=True)
class WorkerThreads:
    """The threads beside the event loop."""

    compute: Executor
    """Read answers and store their pictures."""
    disk: Executor
    """Make files durable: one thread per place, since concurrent syncs cost as much as one."""


class _CannotKeep(Exception):
    """Raised when an error of the disk ends all buying; `paid` tells whether an answer has come."""

    def __init__(self, what: str, *, paid: bool) -> None:
        super().__init__(what)
        self.paid = paid


class RequestWorker:
    """Sends the requests of one build."""

    def __init__(
        self,
        client: Client,
        store: Store,
        journal: Journal,
        limiter: RateLimiter,
        threads: WorkerThreads,
        options: WorkerOptions,
        on_outcome: Callable[[RequestOutcome], None],
    ) -> None:
        self._client = client
        self._store = store
        self._journal = journal
        self._limiter = limiter
        self._threads = threads
        self._options = options
        self._on_outcome = on_outcome
        self._retry_policy = RetryPolicy(options.retries, options.spare, options.spare_requests)
        self._parsing = asyncio.Semaphore(os.cpu_count() or 2)
        """The answers that are parsed at a time, but for short ones."""
        self._stopped: Failure | None = None
        self._unknown: dict[str, list[UnknownOutcome]] = {}
        """The attempts that may have been billed and whose answers are not kept, by key."""

    def stop(self) -> None:
        """Send no further requests; those under way may still be answered."""
        self._stopped = Failure("the build was interrupted before it was asked for")

    async def fulfil(self, needs: tuple[PlannedRequest, ...]) -> list[RequestOutcome]:
        """Send all requests, as concurrently as their order and the limiter allow.

        A request stands in `needs` after those that it builds on.
        """
        tasks: dict[str, asyncio.Task[RequestOutcome]] = {}
        for need in needs:
            earlier = [tasks[name] for name in need.after if name in tasks]
            tasks[need.key] = asyncio.create_task(self._fulfil_one(need, earlier))
        try:
            await asyncio.wait(tasks.values())  # all of them, also when one raises
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
        return [task.result() for task in tasks.values()]

    async def _fulfil_one(
        self, need: PlannedRequest, earlier: list[asyncio.Task[RequestOutcome]]
    ) -> RequestOutcome:
        for task in earlier:
            if (before := await task).record is None:
                cause = before.reason.removeprefix(_MISSING)
                outcome = RequestOutcome(need, failure=Failure(f"{_MISSING}{cause}"))
                break
        else:
            outcome = await self._draw(need)
            outcome = replace(outcome, unknown=tuple(self._unknown.get(need.key, ())))
        self._on_outcome(outcome)
        return outcome

    async def _draw(self, need: PlannedRequest) -> RequestOutcome:
        """Prepare one request, and send it until it succeeds or is not to be sent again."""
        request, history = None, True
        spent, counted, billed = 0.0, 0.0, 0
        retries = RequestRetries(self._retry_policy)
        while True:
            try:
                if request is None:
                    request = prepare(need, self._options.sources, self._read, history=history)
                record = await self._attempt(request)
            except _CannotKeep as error:
                # Where answers cannot be kept, neither this nor any other request is sent.
                self._stopped = Failure(
                    f"nothing is bought, because it could not be stored: {error}"
                )
                if error.paid:
                    spent, billed = spent + (need.price or 0.0), billed + 1
                    counted += need.at_most
                return RequestOutcome(
                    need, failure=self._stopped, spent=spent, counted=counted, billed=billed
                )
            except RequestFailed as error:
                failure = error.failure
                spent += failure.cost(need.prices, need.price or 0.0)
                cost = failure.cost(need.prices, need.at_most, need.searches_at_most)
                counted += cost
                billed += failure.billed != "no"
                if failure.refuses_history and request is not None and request.has_history:
                    # Every server takes the picture before it with the instruction, and the key
                    # is the same: it names the chain of requests, not the answers between them.
                    request, history = None, False
                    continue
            else:
                self._limiter.speed_up()
                spent += record.price or 0.0
                counted += (record.price or 0.0) if record.billed else need.at_most
                return RequestOutcome(need, record, spent=spent, counted=counted, billed=billed + 1)
            retry = retries.after(failure, None if need.price is None else cost)
            given_up = failure.unreachable and not retry.again
            if failure.ends_build or failure.ends_model or given_up:
                # All pictures that it concerns get the first one's message.
                ends = need.request.model if failure.ends_model else ""
                failure = self._options.ended.setdefault(ends, failure)
            if retry.slow_down is not None:
                self._limiter.slow_down(retry.slow_down)
            if not retry.again:
                return RequestOutcome(
                    need, failure=failure, spent=spent, counted=counted, billed=billed
                )
            await asyncio.sleep(retry.wait)

    async def _attempt(self, request: PreparedRequest) -> Record:
        """Send a request once, and store its picture. Raises `RequestFailed` and `_CannotKeep`."""
        async with self._limiter.place():
            ended = self._options.ended
            failure = self._stopped or ended.get("") or ended.get(request.need.request.model)
            if failure is not None:
                raise RequestFailed(failure)
            try:
                entry = await self._on_disk(lambda: self._journal.begin(request.intent))
            except OSError as error:
                raise _CannotKeep(str(error), paid=False) from error
            try:
                await self._exchange(request, entry)
                may_be_error = entry.answer.stat().st_size <= MAX_ERROR_BYTES
            except OSError as error:
                if isinstance(error, AnswerLostError):
                    self._note_unknown(request, entry)
                raise _CannotKeep(str(error), paid=True) from error
            if may_be_error:  # it may end the requests which wait for this place
                return await self._stored(entry, request)
        # The answer is durable: the next request may be sent before this answer is parsed.
        async with self._parsing:
            while not (PROVEN.has_room() or self._stopped):
                await asyncio.sleep(_LOOKS)  # encoders lag behind; it would be decoded twice
            return await self._stored(entry, request)

    async def _stored(self, entry: JournalEntry, request: PreparedRequest) -> Record:
        """Store the picture of an answer. Raises `RequestFailed` and `_CannotKeep`."""
        keys = self._options.key_places
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads.compute,
                lambda: store_answer(entry, request.intent, self._store, keys),
            )
        except RequestFailed:
            self._note_unknown(request, entry)
            raise
        except OSError as error:
            kept = f"the paid answer is in {entry.answer}, and the next build stores it"
            raise _CannotKeep(f"{error}; {kept}", paid=True) from error

    async def _exchange(self, request: PreparedRequest, entry: JournalEntry) -> None:
        """Send a request and make its answer durable in the journal.

        When this is cancelled, the intent stays in the journal, and the next build reports that
        the request may have been billed. Raises `RequestFailed` and `OSError`.
        """
        step = request.need.request
        headers = {"x-emulator-take": str(step.take)} if self._options.sends_take else {}
        buffer = AnswerBuffer(entry, request.intent.key, self._store.folder)
        try:
            await self._client.draw(step.model, request.body, buffer.sink, headers=headers)
        except RequestFailed as error:
            key, failure = request.intent.key, error.failure
            await self._on_disk(lambda: entry.close(key, failure))
            self._note_unknown(request, entry)
            raise
        await self._on_disk(buffer.arrived)

    def _note_unknown(self, request: PreparedRequest, entry: JournalEntry) -> None:
        """Note that an attempt may have been billed, if its entry waits to be told."""
        if not entry.intent.exists() or entry.answer.exists():
            return
        outcome = UnknownOutcome(
            entry.name, request.need.key, request.need.price or 0.0, earlier=False
        )
        self._unknown.setdefault(request.need.key, []).append(outcome)

    async def _on_disk(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread for the disk; once started it is completed before cancelling."""
        done = asyncio.wrap_future(self._threads.disk.submit(work))
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            await asyncio.wait([done])
            raise

    def _read(self, key: str) -> tuple[Record, bytes]:
        """Return a stored picture. Raises `DiagnosticError`."""
        return read_picture(self._store, key)
