"""Draw the images that a build lacks: plan them, check the limits, and send the requests.

In: resolved images. Out: a `GenerationResult`. Effects: as the one buyer (one_buyer.py), it
recovers the answers of earlier builds, sends requests and stores pictures. Everything that is
planned is drawn, or nothing. httpx, Pillow and asyncio are imported only when there is something to
draw.
"""

import math
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from typing import TYPE_CHECKING

from mkdocs_gemini_images.config.cache_folder import make_cache
from mkdocs_gemini_images.config.server import is_loopback
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.generation import readiness
from mkdocs_gemini_images.generation.command import NOT_AGREED, DrawCommand
from mkdocs_gemini_images.generation.permission import takes_unproven
from mkdocs_gemini_images.generation.progress import Progress, RequestOutcome
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.generation.tracker import Amount, SpendTracker
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

if TYPE_CHECKING:
    from mkdocs_gemini_images.gemini.client import Client
    from mkdocs_gemini_images.generation.conversation import LoadFile
    from mkdocs_gemini_images.generation.journal.journal import Journal
    from mkdocs_gemini_images.generation.worker import WorkerOptions
    from mkdocs_gemini_images.requests.planning import Plan


class Generator:
    """Draws for one build. Only `KeyboardInterrupt` is raised; failures are in the results."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        progress: Progress,
        tracker: SpendTracker,
        load: "LoadFile",
        command: DrawCommand | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._progress = progress
        self._tracker = tracker
        self._load = load
        self._command = command
        self.journal_folder = readiness.journal_folder(settings)
        self._held: dict[str, str] = {}
        """Answers in the journal that were not taken in, by the key of their request."""
        self.result = GenerationResult()
        """What was recovered and drawn so far, also where something else ends the build."""

    def recover(self, *, may_draw: bool) -> None:
        """Store the answers that an earlier build received and could not store; nothing is sent.

        Builds that must not draw may do this as well, with answers that are proven to be of this
        machine. While another process is the buyer, the answers may be its own, and stay where they
        are.
        """
        if not readiness.is_pending(self.journal_folder):
            return
        from mkdocs_gemini_images.generation.one_buyer import one_buyer

        with (
            suppress(OSError),  # `generate` reports an error of the disk
            one_buyer(self._settings.cache, self._store.folder, wait=False),
        ):
            self._recover(may_draw=may_draw)

    def generate(
        self,
        wanted: Iterable[ResolvedImage],
        *,
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        on_record: Callable[[Record], None] = lambda record: None,
    ) -> GenerationResult:
        """Draw what `wanted` lacks, if the limits or the command allow it.

        `wanted` is read once this process is the buyer, so it may look up again what others have
        drawn meanwhile. `keys` gives the key, and `named` the directive, of each id. `on_record` is
        called with each record as soon as its picture is stored, from the thread that draws.
        """
        from mkdocs_gemini_images.generation.journal import laid_aside
        from mkdocs_gemini_images.generation.one_buyer import one_buyer

        generated = self.result
        try:
            make_cache(self._settings.cache)
            with one_buyer(self._settings.cache, self._store.folder):
                laid_aside.bring_back(self.journal_folder, self._store.folder)
                self._recover(may_draw=True)
                planned = self._plan(wanted, keys, named, generated)
                if planned.needs:
                    generated.refusal = self._refusal(planned)
                if planned.needs and not generated.refusal:
                    self._draw(planned, keys, generated, on_record)
                self._tracker.failed |= generated.reasons
                generated.shared |= {each.what for each in self._tracker.ended.values()}
        except OSError as error:
            generated.refusal = readiness.disk_refusal(error)
        return generated

    def plan_only(
        self,
        wanted: Iterable[ResolvedImage],
        *,
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
    ) -> "Plan":
        """Return what `generate` would draw now, once agreed to; an empty plan where it cannot."""
        from mkdocs_gemini_images.requests.planning import Plan

        try:
            return self._plan(wanted, keys, named, GenerationResult())
        except OSError:
            return Plan()  # `generate` reports the error

    def refusal(self, key: str) -> str | None:
        """Return what the model answered lately instead of a picture, and when, or None."""
        return self._journal.refusal(key)

    @property
    def _journal(self) -> "Journal":
        from mkdocs_gemini_images.generation.journal.journal import Journal

        return Journal(self.journal_folder, self._settings.root)

    def _recover(self, *, may_draw: bool) -> None:
        """Take in what earlier builds left. Raises `OSError` where the disk keeps it from that."""
        if not readiness.is_pending(self.journal_folder):
            return
        from mkdocs_gemini_images.generation.journal.recovery import recover

        unproven = may_draw and takes_unproven(self._settings, self._command)
        recovery = recover(self._journal, self._store, unproven=unproven)
        self.result.add_recovery(recovery, self._tracker.told)
        self._held = recovery.held
        if recovery.trouble is not None:
            raise recovery.trouble

    def _plan(
        self,
        wanted: Iterable[ResolvedImage],
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        generated: GenerationResult,
    ) -> "Plan":
        """Return the plan for what is not in stock now, checked against the limits.

        Another process may have drawn pictures since the build looked them up. Raises `OSError`.
        """
        from mkdocs_gemini_images.requests.planning import Plan, built_on_refused, plan_requests

        refused: dict[str, str] = {}

        def is_refused(key: str) -> bool:
            reason = self._refused_earlier(key)
            if reason is not None:
                refused[key] = reason
            return reason is not None

        try:
            self._store.check_ready()
        except DiagnosticError as error:
            generated.refusal = str(error)
            return Plan()
        images = list(wanted)
        limits = self._tracker.applied_to(self._settings.limits)
        stocked = partial(is_stocked, self._store)
        planned = plan_requests(images, keys, named, stocked, is_refused, limits)
        generated.reasons |= built_on_refused(images, keys, named, refused) | refused
        return planned

    def _refused_earlier(self, key: str) -> str | None:
        """Return why a request failed in this command or lately and is not sent again, or None."""
        if (answer := self._held.get(key)) is not None:
            return f"its answer waits in the journal ({answer}); gemini-images draw takes it in"
        if (reason := self._tracker.failed.get(key)) is not None:
            return reason
        if self._command is not None and (self._command.only or self._command.asks_again):
            return None
        if (answered := self._journal.refusal(key)) is None:
            return None
        return f"{answered}; gemini-images draw with its id or page asks again"

    def _refusal(self, planned: "Plan") -> str:
        """Return why a plan is not drawn, or empty: a command needs consent, a build the limits."""
        if self._command is not None:
            if not self._command.agree(planned):
                return NOT_AGREED
        elif planned.refusal:
            return f"{planned.refusal}; gemini-images draw asks, and draws"
        return readiness.server_refusal(self._settings.server)

    def _draw(
        self,
        planned: "Plan",
        keys: Mapping[str, str],
        generated: GenerationResult,
        on_record: Callable[[Record], None],
    ) -> None:
        """Send the requests of a plan from a thread of their own. Raises `OSError`."""
        from mkdocs_gemini_images.core import event_loop
        from mkdocs_gemini_images.gemini.rate_limiter import RateLimiter
        from mkdocs_gemini_images.generation.worker import RequestWorker, WorkerThreads

        settings = self._settings
        pixels = sum(math.prod(each.request.pixels) for each in planned.needs)
        for folder in (self._store.folder, self.journal_folder):
            readiness.reserve(folder, pixels)
        account = SpendTracker() if settings.limits.free else self._tracker
        threads = WorkerThreads(
            DaemonThreads(os.cpu_count() or 2), DaemonThreads(settings.concurrency)
        )
        options, workers = self._worker_options(planned, keys), list[RequestWorker]()

        def on_outcome(outcome: RequestOutcome) -> None:
            generated.add(outcome)
            held = Amount(1, outcome.need.at_most)
            account.settle(held, Amount(outcome.billed, outcome.counted))
            if outcome.record is not None:
                on_record(outcome.record)
            self._progress.advance(outcome, generated.spent)

        async def work() -> None:
            limiter = RateLimiter(settings.concurrency, settings.requests_per_minute)
            async with self._connect() as client:
                worker = RequestWorker(
                    client, self._store, self._journal, limiter, threads, options, on_outcome
                )
                workers.append(worker)
                await worker.fulfil(planned.needs)

        def stop() -> None:
            for worker in workers:
                worker.stop()

        self._progress.begin(planned)
        self._say_again(planned)
        generated.under_way = {need.key: need.price or 0.0 for need in planned.needs}
        account.hold(Amount(len(planned.needs), planned.at_most))
        try:
            event_loop.run(work, on_interrupt=stop)
        finally:
            threads.compute.shutdown()
            threads.disk.shutdown()
            self._progress.end()

    def _say_again(self, planned: "Plan") -> None:
        """Say what is bought again though it may have been billed before, with the place."""
        from mkdocs_gemini_images.generation.journal.laid_aside import sent_before

        needs = {need.key: need for need in planned.needs}
        for key, before in sent_before(self.journal_folder, needs.keys()).items():
            self._progress.say(f"{needs[key].display_name} is asked for again: {before}")

    def _worker_options(self, planned: "Plan", keys: Mapping[str, str]) -> "WorkerOptions":
        from mkdocs_gemini_images.generation.prepared_request import Sources
        from mkdocs_gemini_images.generation.worker import WorkerOptions

        server, ahead = self._settings.server, self._tracker.ahead
        limits = self._tracker.applied_to(self._settings.limits)
        ahead.take(len(planned.needs), planned.at_most)
        requests = limits.max_new - limits.sent - len(planned.needs) - ahead.requests
        return WorkerOptions(
            Sources(keys, self._load, google=server.google or server.emulated),
            sends_take=server.emulated or is_loopback(server.host),
            retries=self._settings.retries,
            spare=max(0.0, limits.budget - limits.spent - planned.at_most - ahead.cost),
            spare_requests=math.inf if limits.free else max(0, requests),
            ended=self._tracker.ended,
        )

    def _connect(self) -> "AbstractAsyncContextManager[Client]":
        from mkdocs_gemini_images.gemini.client import connect

        server, app = self._settings.server, None
        if server.emulated:
            from mkdocs_gemini_images.emulator.app import create_app

            app = create_app()
        deadline, concurrency = self._settings.timeout, self._settings.concurrency
        return connect(server, deadline=deadline, concurrency=concurrency, app=app)
