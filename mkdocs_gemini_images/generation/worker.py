"""Draw what a plan says: every request at most once under way, every answer kept before it is read.

In come the needs of a plan and the effects to work with; out comes one outcome per need, a record
in stock or a failure, never an exception for one picture's sake: a failure must not cancel paid
siblings. An intent is durable before its request is sent, an answer before it is parsed, a picture
in stock before anyone hears of it.
"""

import asyncio
import base64
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.gemini import codec, failures
from mkdocs_gemini_images.gemini.client import Client
from mkdocs_gemini_images.gemini.codec import Drawn, Inline
from mkdocs_gemini_images.gemini.failures import Failure
from mkdocs_gemini_images.gemini.rate_limiter import RateLimiter
from mkdocs_gemini_images.generation import conversation
from mkdocs_gemini_images.generation.conversation import LoadFile
from mkdocs_gemini_images.generation.journal import Intent, Journal, JournalEntry
from mkdocs_gemini_images.imaging.encoder import backdrop, one_large_image_at_a_time
from mkdocs_gemini_images.requests.plan import PlannedRequest
from mkdocs_gemini_images.requests.request import canonical
from mkdocs_gemini_images.store.record import Record, now
from mkdocs_gemini_images.store.store import Store

T = TypeVar("T")

MAX_REQUEST_BYTES = 20 * 2**20
"""Bytes of a request (API reference, "Files API and input limits")."""
_MOST_IN_MEMORY = 4 * 2**20
"""Bytes of an answer that wait in memory to be forced to disk; most answers are smaller."""
_BACKOFF = (2.0, 5.0, 15.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """What became of one need."""

    need: PlannedRequest
    result: Record | Failure
    spent: float = 0.0
    """USD that were or may have been billed for it, unknown outcomes included."""


@dataclass(frozen=True, slots=True)
class UnknownCharge:
    """A request of an earlier build of which nobody knows whether it was billed."""

    price: float


class RequestWorker:
    """Works through the needs of one build."""

    def __init__(
        self,
        client: Client,
        stock: Store,
        journal: Journal,
        pace: RateLimiter,
        threads: Executor,
        disk: Executor,
        *,
        keys: Mapping[str, str],
        load: LoadFile,
        google: bool,
        tells_take: bool,
        retries: int,
        spare: float,
        on_outcome: Callable[[RequestOutcome], None],
    ) -> None:
        self._client = client
        self._stock = stock
        self._journal = journal
        self._pace = pace
        self._threads = threads
        self._disk = disk  # as many as there are places: what is durable together costs once
        self._keys = keys
        self._load = load
        self._google = google
        self._tells_take = tells_take  # the emulator draws by it; the API knows no takes
        self._retries = retries
        self._spare = spare  # USD left below the budget for requests that must be repeated
        self._on_outcome = on_outcome
        self._ended: Failure | None = None

    def stop(self) -> None:
        """Send nothing more; what is under way may still arrive."""
        self._ended = Failure("the build was interrupted before it was asked for")

    async def fulfil(self, needs: tuple[PlannedRequest, ...]) -> list[RequestOutcome]:
        """Draw all needs, as concurrently as their order and the pace allow."""
        tasks: dict[str, asyncio.Task[RequestOutcome]] = {}
        for need in needs:  # what a need builds on stands before it
            before = [tasks[name] for name in need.after if name in tasks]
            tasks[need.key] = asyncio.create_task(self._one(need, before))
        try:
            await asyncio.wait(tasks.values())  # all of them, also when one of them raises
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
        return [task.result() for task in tasks.values()]

    async def _one(
        self, need: PlannedRequest, before: list[asyncio.Task[RequestOutcome]]
    ) -> RequestOutcome:
        for task in before:
            if isinstance((await task).result, Failure):
                outcome = RequestOutcome(need, Failure("the picture it builds on was not drawn"))
                break
        else:
            outcome = await self._draw(need)
        self._on_outcome(outcome)
        return outcome

    async def _draw(self, need: PlannedRequest) -> RequestOutcome:
        turns = conversation.turns(need.step, self._keys, self._look, self._load)
        if isinstance(turns, Diagnostic):
            return RequestOutcome(need, Failure(str(turns)))
        body = codec.body(need.step, turns, google=self._google)
        if len(body) > MAX_REQUEST_BYTES:
            size = f"the request is {len(body) / 2**20:.1f} MB, above 20 MB"
            return RequestOutcome(need, Failure(f"{size}: refer to fewer or smaller pictures"))
        sent = tuple(
            sha256(picture.data).hexdigest()
            for turn in turns
            for picture in turn.pictures
            if isinstance(picture, Inline)
        )
        intent = Intent(
            key=need.key,
            request=canonical(need.step, self._keys),
            author_digest=need.author_digest,
            id=need.id,
            price=need.price,
            time=now(),
            sent=sent,
            alt=need.alt,
        )
        spent, soon, once = 0.0, 0, 0
        while True:
            try:
                async with self._pace.place():
                    if self._ended is not None:
                        return RequestOutcome(need, self._ended, spent)
                    answer = await self._exchange(intent, need, body)
                # Its answer is durable: the next request need not wait until it is read.
                result = answer if isinstance(answer, Failure) else await self._take(answer, intent)
            except OSError as error:
                # Whatever cannot be kept must not be bought: neither this picture nor the next.
                self._ended = Failure(f"nothing is bought that cannot be kept: {error}")
                return RequestOutcome(need, self._ended, spent)
            if isinstance(result, Record):
                self._pace.speed_up()
                return RequestOutcome(need, result, spent + (result.price or 0.0))
            price = (need.price or 0.0) if result.billed != "no" else 0.0
            spent += price
            if result.ends_build:
                self._ended = result
            wait = _BACKOFF[min(soon, len(_BACKOFF) - 1)] if result.wait is None else result.wait
            if result.slow_down:
                self._pace.slow_down(wait)
            if result.again == "soon" and soon < self._retries:
                soon += 1
                if not result.slow_down:
                    await asyncio.sleep(wait)
            elif result.again == "once" and not once and self._retries and self._afford(price):
                once += 1
            else:
                return RequestOutcome(need, result, spent)

    async def _exchange(
        self, intent: Intent, need: PlannedRequest, body: bytes
    ) -> JournalEntry | Failure:
        """Send one request and make its answer durable in the journal. Raises `OSError`."""
        # Cancelled, it leaves its intent behind: the next build says that it may have been billed.
        entry = await self._on_disk(lambda: self._journal.begin(intent))
        headers = {"x-emulator-take": str(need.step.take)} if self._tells_take else {}
        basket = _AnswerBuffer(entry)
        answer = await self._client.draw(need.step.model, body, basket.sink, headers=headers)
        if isinstance(answer, Failure):
            if answer.billed == "no":
                entry.forget()
            elif answer.billed == "unknown":
                entry.unknown()
            else:
                entry.refuse(intent.key, answer.what)
            return answer
        await self._on_disk(basket.arrived)
        return entry

    async def _on_disk(self, work: Callable[[], T]) -> T:
        """Have something made durable while other answers arrive; once begun, it is finished."""
        done = asyncio.wrap_future(self._disk.submit(work))
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            await asyncio.wait([done])
            raise

    async def _take(self, entry: JournalEntry, intent: Intent) -> Record | Failure:
        """Read an answer and keep its picture, beside the loop: a bucket may take its time."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: take(entry, intent, self._stock))

    def _look(self, key: str) -> tuple[Record, bytes] | Diagnostic:
        try:
            record = self._stock.find(key)
            if record is not None:
                return record, self._stock.read(record)
        except DiagnosticError as error:
            return error.diagnostics[0]
        return Diagnostic("the picture it builds on", "none in stock", "draw that one first")

    def _afford(self, price: float) -> bool:
        self._spare -= price
        return self._spare >= -1e-9


class _AnswerBuffer:
    """Takes an answer into the journal; where the disk is full, whole into another place.

    The answer is paid, so it is read to its end whatever happens to the disk meanwhile: what has
    not been forced to disk, where some disks say only then that they are full, stays in memory.
    Most answers are small and are written all at once, beside the loop that reads the others.
    """

    def __init__(self, entry: JournalEntry) -> None:
        self._entry = entry
        self._durable = 0
        self._pieces: list[bytes] = []
        self._size = 0
        self._trouble: OSError | None = None

    def sink(self, piece: bytes) -> None:
        """Take a piece of the answer."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size >= _MOST_IN_MEMORY and self._trouble is None:
            try:
                self._entry.sink(self._pieces)
                self._entry.sync()
            except OSError as error:
                self._trouble = error
            else:
                self._durable += self._size
                self._pieces, self._size = [], 0

    def arrived(self) -> None:
        """Make the answer durable. Raises `OSError` that says where it is if not in its place."""
        try:
            if self._trouble is not None:
                raise self._trouble
            self._entry.sink(self._pieces)
            self._entry.arrived()
        except OSError as error:
            aside = Path(tempfile.mkdtemp(prefix="gemini-images-"))
            with atomic_files.writing(aside / self._entry.answer.name) as file:
                file.write(self._entry.begun(self._durable) if self._durable else b"")
                file.writelines(self._pieces)
            atomic_files.write(aside / self._entry.intent.name, self._entry.intent.read_bytes())
            if not self._entry.answer.exists():  # else the next build finds and adopts it
                with suppress(OSError):
                    self._entry.unknown()
            home = self._entry.answer.parent
            raise OSError(f"{error}; a paid answer is in {aside}: move it to {home}") from error


def recover(journal: Journal, stock: Store) -> tuple[list[Record], list[UnknownCharge]]:
    """Take in what killed builds left: adopt answers that had arrived, count what nobody knows.

    Only for the holder of the buyer's lock. Raises `OSError`.
    """
    adopted: list[Record] = []
    unknown: list[UnknownCharge] = []
    atomic_files.sweep(journal.folder)
    atomic_files.sweep(journal.folder / "refused")
    for entry, left in journal.left():
        if left.answer is None and _is_kept(left.intent, stock):
            entry.forget()
            continue
        if left.answer is None:
            entry.unknown()
            unknown.append(UnknownCharge(left.intent.price or 0.0))
            continue
        result = take(entry, left.intent, stock)
        if isinstance(result, Record):
            adopted.append(result)
            atomic_files.sweep(stock.folder, result.key)
    return adopted, unknown


def _is_kept(intent: Intent, stock: Store) -> bool:
    """Whether the picture of this very request is in stock: only its forgetting was cut short."""
    try:
        found = stock.find(intent.key)
    except DiagnosticError:
        return False
    return found is not None and found.time == intent.time


def take(entry: JournalEntry, intent: Intent, stock: Store) -> Record | Failure:
    """Put an answer's picture into stock, or its refusal into memory. Raises `OSError`."""
    drawn = _open(entry)
    if isinstance(drawn, Failure):
        entry.refuse(intent.key, drawn.what)
        return drawn
    record = _record(intent, *drawn)
    # Of machines that share a stock the first one's picture is everybody's.
    kept = stock.put(record, drawn[0].data) or record
    entry.forget()
    return kept


def _open(entry: JournalEntry) -> tuple[Drawn, bytes] | Failure:
    """Read an answer that has arrived, and make a backdrop of its picture, which proves that."""
    with one_large_image_at_a_time(entry.answer.stat().st_size):
        drawn = codec.read(entry.answer.read_bytes())
        if isinstance(drawn, Failure):
            return drawn
        try:
            return drawn, backdrop(drawn.data)
        except ImageError as error:
            return failures.refused_answer(f"the answer's picture is refused: {error}")


def _record(intent: Intent, drawn: Drawn, tiny: bytes) -> Record:
    usage = drawn.usage
    digest = sha256(drawn.data).hexdigest()
    billed = usage.price(str(intent.request.get("model", ""))) if usage else None
    free = intent.request.get("emulated") is True
    return Record(
        key=intent.key,
        sha256=digest,
        kind=drawn.picture.kind,
        width=drawn.picture.width,
        height=drawn.picture.height,
        backdrop=base64.b64encode(tiny).decode(),
        author_digest=intent.author_digest,
        request=intent.request,
        id=intent.id,
        sent=tuple(intent.sent),
        turn=conversation.kept(drawn.parts, digest),
        text=drawn.text,
        grounding=drawn.grounding,
        price=0.0 if free else intent.price if billed is None else round(billed, 6),
        tokens={
            "prompt": usage.prompt,
            "candidates": usage.candidates,
            "thoughts": usage.thoughts,
            "image": usage.image,
        }
        if usage
        else {},
        model_version=drawn.model_version,
        response_id=drawn.response_id,
        time=intent.time,
        alt=intent.alt,
    )
