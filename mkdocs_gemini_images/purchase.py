"""Buy what is missing: one buyer at a time, everything or nothing, the price said first.

Under the lock of the cache folder: take in what earlier builds left, look again (whoever held the
lock may have bought the same), hold the plan against the walls, say what it costs, and draw. What
cannot be bought comes back as a reason for each picture. httpx and Pillow are loaded here, when
there is something to draw, and not before.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from mkdocs_gemini_images.conversation import LoadFile
from mkdocs_gemini_images.failure import Failure
from mkdocs_gemini_images.journal import Journal
from mkdocs_gemini_images.plan import Need, Plan, plan
from mkdocs_gemini_images.request import Wanted
from mkdocs_gemini_images.settings import Settings
from mkdocs_gemini_images.stock import Record, Stock
from mkdocs_gemini_images.threads import DaemonThreads


class Progress(Protocol):
    """Tells whoever watches how the drawing goes; called from the drawing's own thread."""

    def begin(self, plan: Plan) -> None:
        """Requests are about to be sent; their price is in the plan."""

    def advance(self, need: Need, result: Record | Failure, spent: float) -> None:
        """One of them has come to its end."""

    def end(self) -> None:
        """All have."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody at the command line asked to be drawn, and whether they agree to the price."""

    agree: Callable[[Plan], bool]
    only: frozenset[str] = frozenset()
    """Ids and pages; empty means everything that a build would draw."""


@dataclass(slots=True)
class Bought:
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


def purchase(
    wanted: Iterable[Wanted],
    *,
    keys: Mapping[str, str],
    named: Mapping[str, Wanted],
    settings: Settings,
    stock: Stock,
    progress: Progress,
    load: LoadFile,
    order: Order | None = None,
    on_record: Callable[[Record], None] = lambda record: None,
) -> Bought:
    """Draw what `wanted` lacks, if that may be. Raises `KeyboardInterrupt`, nothing else by design.

    `on_record` hears of each picture as soon as it is in stock, in the drawing's own thread.
    """
    from filelock import FileLock

    bought = Bought()
    journal = Journal(settings.cache / "journal")
    try:
        prepare(settings.cache)
        with FileLock(settings.cache / "buy.lock"):
            _recover(journal, stock, bought)
            _buy(
                list(wanted), bought, journal, keys=keys, named=named, settings=settings,
                stock=stock, progress=progress, load=load, order=order, on_record=on_record,
            )  # fmt: skip
    except OSError as error:
        bought.refusal = f"nothing is bought that cannot be kept ({error})"
    return bought


def prepare(cache: Path) -> None:
    """Make the cache folder, and keep it out of git by a `.gitignore` of its own."""
    cache.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), (cache / ".gitignore").open("x") as ignore:
        ignore.write("# made by mkdocs-gemini-images\n*\n")


def _recover(journal: Journal, stock: Stock, bought: Bought) -> None:
    if not any(journal.folder.glob("*.intent")):
        return
    from mkdocs_gemini_images.fulfil import recover

    adopted, unknown = recover(journal, stock)
    bought.adopted += adopted
    bought.unknown += [each.price for each in unknown]


def _buy(
    wanted: list[Wanted],
    bought: Bought,
    journal: Journal,
    *,
    keys: Mapping[str, str],
    named: Mapping[str, Wanted],
    settings: Settings,
    stock: Stock,
    progress: Progress,
    load: LoadFile,
    order: Order | None,
    on_record: Callable[[Record], None],
) -> None:
    refused: dict[str, str] = {}

    def is_refused(key: str) -> bool:
        if order is not None and order.only:
            return False
        found = journal.refusal(key)
        if found is not None:
            refused[key] = f"{found}; gemini-images draw with its id or page asks again"
        return found is not None

    planned = plan(
        wanted, keys, named, lambda key: stock.find(key) is not None, is_refused, settings.walls
    )
    bought.reasons |= refused
    if not planned.needs:
        return
    refusal = planned.refusal if order is None else "" if order.agree(planned) else "not agreed to"
    if refusal:
        bought.refusal = refusal
        return
    _reserve(stock.folder, len(planned.needs))

    from mkdocs_gemini_images import background
    from mkdocs_gemini_images.fulfil import Draughtsman, Outcome
    from mkdocs_gemini_images.gemini import connect
    from mkdocs_gemini_images.pace import Pace

    def on_outcome(outcome: Outcome) -> None:
        bought.spent += outcome.spent
        if isinstance(outcome.result, Record):
            bought.records[outcome.need.key] = outcome.result
            billed, expected = outcome.result.price or 0.0, outcome.need.price
            if expected and billed > expected * _TOLERANCE:
                bought.dearer.append((outcome.need.step.model, billed, expected))
            on_record(outcome.result)
        else:
            bought.reasons[outcome.need.key] = outcome.result.what
        progress.advance(outcome.need, outcome.result, bought.spent)

    drawing: list[Draughtsman] = []

    def stop() -> None:
        for draughtsman in drawing:
            draughtsman.stop()

    threads = DaemonThreads(os.cpu_count() or 2)

    async def work() -> None:
        async with connect(
            settings.server,
            deadline=settings.timeout,
            concurrency=settings.concurrency,
            app=_emulator() if settings.server.emulated else None,
        ) as client:
            draughtsman = Draughtsman(
                client,
                stock,
                journal,
                Pace(settings.concurrency, settings.requests_per_minute),
                threads,
                keys=keys,
                load=load,
                google=settings.server.google or settings.server.emulated,
                emulated=settings.server.emulated,
                retries=settings.retries,
                spare=max(0.0, settings.walls.budget - planned.cost),
                on_outcome=on_outcome,
            )
            drawing.append(draughtsman)
            await draughtsman.fulfil(planned.needs)

    progress.begin(planned)
    try:
        background.run(work, on_interrupt=stop)
    finally:
        threads.shutdown()
        progress.end()


def _reserve(folder: Path, pictures: int) -> None:
    """Make sure that there is room for what is about to be bought. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"no write access to {folder}")
    if hasattr(os, "statvfs"):
        disk = os.statvfs(folder)
        needed = pictures * _ROOM
        if disk.f_bavail * disk.f_frsize < needed:
            raise OSError(f"less than {needed // 2**20} MB are free for {folder}")


_TOLERANCE = 1.25
"""A bill is up to this much above the table's price without a word: thinking is billed too."""
_ROOM = 8 * 2**20
"""Bytes that one picture may need, its raw answer included."""


def _emulator() -> Any:
    try:
        from mkdocs_gemini_images.emulator import create_app

        return create_app()
    except ImportError as error:
        needed = "pip install 'mkdocs-gemini-images[emulator]'"
        raise OSError(f"the emulator needs {needed} ({error})") from error
