"""Buy what is missing: one buyer at a time, everything or nothing, the price said first.

Under the lock of the cache folder: take in what earlier builds left, look again (whoever held the
lock may have bought the same), hold the plan against the walls, say what it costs, and draw. What
cannot be bought comes back as a reason for each picture. httpx and Pillow are loaded here, when
there is something to draw, and not before.
"""

import errno
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.server import Server, is_loopback
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.requests import dependencies
from mkdocs_gemini_images.requests.plan import Plan, PlannedRequest, plan
from mkdocs_gemini_images.requests.request import ImageRequest, key
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

if TYPE_CHECKING:
    from mkdocs_gemini_images.gemini.failures import Failure
    from mkdocs_gemini_images.generation.conversation import LoadFile
    from mkdocs_gemini_images.generation.journal import Journal


class Progress(Protocol):
    """Tells whoever watches how the drawing goes; called from the drawing's own thread."""

    def begin(self, plan: Plan) -> None:
        """Requests are about to be sent; their price is in the plan."""

    def advance(self, need: PlannedRequest, result: "Record | Failure", spent: float) -> None:
        """One of them has come to its end."""

    def end(self) -> None:
        """All have."""


@dataclass(frozen=True, slots=True)
class DrawCommand:
    """What somebody at the command line asked to be drawn, and whether they agree to the price."""

    agree: Callable[[Plan], bool]
    only: frozenset[str] = frozenset()
    """Ids and pages; empty means everything that a build would draw."""
    drifted: bool = False
    """Whether pictures that have drifted are drawn anew."""
    takes: int = 1
    """How many drawings there are to be of each picture, to pick from."""
    asks_again: bool = False
    """Whether what the model refused lately is asked for again."""


@dataclass(slots=True)
class SpendTracker:
    """What one command has bought so far: its builds, one per language, share their walls."""

    sent: int = 0
    spent: float = 0.0
    """USD."""
    failed: dict[str, str] = field(default_factory=dict)
    """Why pictures did not come, by key: the next language does not ask for them again."""


@dataclass(slots=True)
class GenerationResult:
    """What became of it all."""

    records: dict[str, Record] = field(default_factory=dict)
    """Pictures drawn now, by key."""
    adopted: list[Record] = field(default_factory=list)
    """Pictures whose answers an earlier build had received but not stored."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Why a picture was not drawn, by key."""
    refusal: str = ""
    """Why nothing at all was bought, or empty."""
    spent: float = 0.0
    """USD, unknown outcomes of this build included."""
    unknown: list[float] = field(default_factory=list)
    """Prices of earlier builds' requests of which nobody knows whether they were billed."""
    dearer: list[tuple[str, float, float]] = field(default_factory=list)
    """Pictures that cost more than their table says: model, USD as billed, USD expected."""


class Generator:
    """Buys for one build. Nothing of it raises by design but `KeyboardInterrupt`."""

    def __init__(
        self,
        settings: Settings,
        stock: Store,
        *,
        progress: Progress,
        tracker: SpendTracker,
        load: "LoadFile",
        order: DrawCommand | None = None,
    ) -> None:
        self._settings = settings
        self._stock = stock
        self._progress = progress
        self._purse = tracker
        self._load = load
        self._order = order
        # The emulator's answers are never adopted as paid ones, nor paid ones as the emulator's.
        kept = settings.owned if settings.server.emulated else settings.cache
        self._arriving = kept / "journal"

    def adopt(self) -> GenerationResult:
        """Take in answers that an earlier build received and could not store: they are paid.

        Any build may, also one that must not buy. While another process holds the lock, the
        answers are its own, and are left to it.
        """
        generated = GenerationResult()
        if not self._is_something_left():
            return generated
        from filelock import FileLock, Timeout

        try:
            with FileLock(self._settings.cache / "buy.lock", timeout=0):
                self._recover(generated)
        except (OSError, Timeout):
            return generated  # a build that looks can do without; one that buys will say it
        return generated

    def buy(
        self,
        resolved: Iterable[ResolvedImage],
        *,
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        on_record: Callable[[Record], None] = lambda record: None,
    ) -> GenerationResult:
        """Draw what `resolved` lacks, if that may be.

        `on_record` hears of each picture as soon as it is in stock, in the drawing's own thread.
        """
        from filelock import FileLock

        generated = GenerationResult()
        try:
            prepare(self._settings.cache)
            with FileLock(self._settings.cache / "buy.lock"):
                self._recover(generated)
                planned = self._plan(list(resolved), keys, named, generated)
                if planned.needs:
                    refusal_reason = _refusal(planned, self._order) or _unready(
                        self._settings.server
                    )
                    generated.refusal = refusal_reason
                if planned.needs and not generated.refusal:
                    self._draw(planned, keys, generated, on_record)
                self._purse.failed |= generated.reasons
        except OSError as error:
            full = error.errno in _FULL
            fix = "make room" if full else "make that place writable, or name another"
            generated.refusal = f"nothing is bought that cannot be kept ({error}); {fix}"
        return generated

    def plan_only(
        self,
        resolved: Iterable[ResolvedImage],
        *,
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
    ) -> Plan:
        """Plan what `buy` would draw now, if it is agreed to; nothing where it could not."""
        try:
            return self._plan(list(resolved), keys, named, GenerationResult())
        except OSError:
            return Plan()  # buying will say it

    def refusal(self, key: str) -> str | None:
        """Say what the model answered lately instead of a picture, and when; None if it did not."""
        return self._journal.refusal(key)

    @property
    def _journal(self) -> "Journal":
        from mkdocs_gemini_images.generation.journal import Journal

        return Journal(self._arriving)

    def _is_something_left(self) -> bool:
        return any(self._arriving.glob("*.intent*"))  # half-written ones are swept away, too

    def _recover(self, generated: GenerationResult) -> None:
        if not self._is_something_left():
            return
        from mkdocs_gemini_images.generation.worker import recover

        adopted, unknown = recover(self._journal, self._stock)
        generated.adopted += adopted
        generated.unknown += [each.price for each in unknown]

    def _plan(
        self,
        resolved: list[ResolvedImage],
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        generated: GenerationResult,
    ) -> Plan:
        """Look again, now that nobody else buys, and hold what is lacking against the walls."""
        refused: dict[str, str] = {}

        def is_refused(key: str) -> bool:
            if (why := self._purse.failed.get(key)) is not None:
                refused[key] = why
                return True
            if self._order is not None and (self._order.only or self._order.asks_again):
                return False
            found = self._journal.refusal(key)
            if found is not None:
                refused[key] = f"{found}; gemini-images draw with its id or page asks again"
            return found is not None

        try:
            self._stock.check_ready()
        except DiagnosticError as error:
            generated.refusal = str(error)
            return Plan()
        planned = plan(
            resolved,
            keys,
            named,
            lambda key: is_stocked(self._stock, key),
            is_refused,
            self._walls(),
        )
        generated.reasons |= {
            key(step, keys): f"it builds on another picture: {why}"
            for picture in resolved
            for step in picture.requests
            for before in _before(step, named)
            if (why := refused.get(key(before, keys)))
        }
        generated.reasons |= refused
        return planned

    def _walls(self) -> SpendingLimits:
        return replace(self._settings.limits, sent=self._purse.sent, spent=self._purse.spent)

    def _draw(
        self,
        planned: Plan,
        keys: Mapping[str, str],
        generated: GenerationResult,
        on_record: Callable[[Record], None],
    ) -> None:
        """Draw a plan beside the main thread, and keep count. Raises `OSError`."""
        from mkdocs_gemini_images.core import event_loop
        from mkdocs_gemini_images.gemini.client import connect
        from mkdocs_gemini_images.gemini.rate_limiter import RateLimiter
        from mkdocs_gemini_images.generation.worker import RequestOutcome, RequestWorker

        settings = self._settings
        room = sum(math.prod(need.request.pixels) for need in planned.needs) * _ROOM
        for folder in (self._stock.folder, self._arriving):
            _reserve(folder, room)

        def on_outcome(outcome: RequestOutcome) -> None:
            _count(outcome.need, outcome.result, outcome.spent, generated)
            if isinstance(outcome.result, Record):
                on_record(outcome.result)
            self._progress.advance(outcome.need, outcome.result, generated.spent)

        threads, disk = DaemonThreads(os.cpu_count() or 2), DaemonThreads(settings.concurrency)
        drawing: list[RequestWorker] = []

        def stop() -> None:
            for draughtsman in drawing:
                draughtsman.stop()

        limits = self._walls()

        async def work() -> None:
            async with connect(
                settings.server,
                deadline=settings.timeout,
                concurrency=settings.concurrency,
                app=_emulator() if settings.server.emulated else None,
            ) as client:
                draughtsman = RequestWorker(
                    client,
                    self._stock,
                    self._journal,
                    RateLimiter(settings.concurrency, settings.requests_per_minute),
                    threads,
                    disk,
                    keys=keys,
                    load=self._load,
                    google=settings.server.google or settings.server.emulated,
                    tells_take=settings.server.emulated or is_loopback(settings.server.host),
                    retries=settings.retries,
                    spare=max(0.0, limits.budget - limits.spent - planned.cost),
                    on_outcome=on_outcome,
                )
                drawing.append(draughtsman)
                await draughtsman.fulfil(planned.needs)

        self._progress.begin(planned)
        try:
            event_loop.run(work, on_interrupt=stop)
        finally:
            self._purse.sent += len(planned.needs)
            self._purse.spent += generated.spent
            threads.shutdown()
            disk.shutdown()
            self._progress.end()


def prepare(cache: Path) -> None:
    """Make the cache folder, and keep it out of git by a `.gitignore` of its own."""
    atomic_files.make_folder(cache)
    with suppress(FileExistsError), (cache / ".gitignore").open("x") as ignore:
        ignore.write("# made by mkdocs-gemini-images\n*\n")


def _count(
    need: PlannedRequest, result: "Record | Failure", spent: float, generated: GenerationResult
) -> None:
    """Keep count of what became of one need."""
    generated.spent += spent
    if not isinstance(result, Record):
        paid = f"; about ${spent:.2f} may have been billed" if spent else ""
        generated.reasons[need.key] = result.what + paid
        return
    generated.records[need.key] = result
    billed, expected = result.price or 0.0, need.price
    if expected and billed > expected * _TOLERANCE:
        generated.dearer.append((need.request.model, billed, expected))


def _before(step: ImageRequest, named: Mapping[str, ResolvedImage]) -> Iterator[ImageRequest]:
    """Yield all steps that a step builds on, in its conversation and in its references."""
    last, ids = [step], list(dependencies.referenced_ids(step))
    for id in ids:  # which grows by what is behind each
        last.append(named[id].light.request)
        ids += [each for each in dependencies.referenced_ids(last[-1]) if each not in ids]
    return (each for end in last for each in end.chain() if each is not step)


def _refusal(planned: Plan, order: DrawCommand | None) -> str:
    """Say why a plan is not bought: a wall keeps a build from it, a person's word an order."""
    if order is not None:
        return "" if order.agree(planned) else "not agreed to"
    if planned.refusal:
        return f"{planned.refusal}; gemini-images draw asks, and draws"
    return ""


def _unready(server: Server) -> str:
    """Say what keeps this machine from asking a server, before anything is sent."""
    if server.emulated:
        try:
            _emulator()
        except ImportError as error:
            return f"the emulator needs pip install 'mkdocs-gemini-images[emulator]' ({error})"
    if server.ca_file:
        import ssl

        try:
            ssl.create_default_context(cafile=server.ca_file)
        except OSError as error:
            return f"ca_file {server.ca_file} cannot be read ({error})"
    return ""


def _reserve(folder: Path, room: int) -> None:
    """Make sure that there is room for what is about to be bought. Raises `OSError`."""
    atomic_files.make_folder(folder)
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
    if hasattr(os, "statvfs"):
        disk = os.statvfs(folder)
        if disk.f_bavail * disk.f_frsize < room:
            raise OSError(errno.ENOSPC, f"less than {room / 2**20:.0f} MB are free", str(folder))


_TOLERANCE = 1.25
"""A bill is up to this much above the table's price without a word: thinking is billed too."""
_ROOM = 8
"""Bytes that a pixel of a picture may need, its raw answer included."""
_FULL = (errno.ENOSPC, errno.EDQUOT)


def _emulator() -> Any:
    from mkdocs_gemini_images.emulator.app import create_app

    return create_app()
