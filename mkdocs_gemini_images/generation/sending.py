"""Send the requests of a plan now, from a thread of their own.

In: a plan that was agreed to, and the settings of a build. Effects: as the one buyer, a worker
sends the requests and stores the pictures; what was spent is counted while it goes on. httpx,
Pillow and asyncio are imported only here.
"""

import math
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mkdocs_gemini_images.config.server import is_loopback
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.generation import readiness
from mkdocs_gemini_images.generation.progress import Progress, RequestOutcome
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.generation.tracker import Amount, SpendTracker
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

if TYPE_CHECKING:
    from mkdocs_gemini_images.gemini.client import Client
    from mkdocs_gemini_images.generation.journal.journal import Journal
    from mkdocs_gemini_images.generation.prepared_request import Sources
    from mkdocs_gemini_images.generation.worker import WorkerOptions
    from mkdocs_gemini_images.requests.planning import Plan


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the requests of one build now, each by itself."""

    settings: Settings
    store: Store
    journal: "Journal"
    tracker: SpendTracker
    progress: Progress
    exactly: bool = False
    """Whether nothing is sent again which may have been billed."""

    def send(
        self,
        planned: "Plan",
        sources: "Sources",
        generated: GenerationResult,
        on_record: Callable[[Record], None],
    ) -> None:
        """Send the requests of a plan from a thread of their own. Raises `OSError`.

        What becomes of them is added to `generated`; `on_record` is called with each picture.
        """
        from mkdocs_gemini_images.core import event_loop
        from mkdocs_gemini_images.gemini.rate_limiter import RateLimiter
        from mkdocs_gemini_images.generation.worker import RequestWorker, WorkerThreads

        settings = self.settings
        pixels = sum(math.prod(each.request.pixels) for each in planned.needs)
        readiness.reserve(self.store.new_file, self.journal.folder, pixels)
        count = len(planned.needs)
        account = None if settings.limits.free else self.tracker
        threads = WorkerThreads(
            DaemonThreads(min(os.cpu_count() or 2, count)),
            DaemonThreads(min(settings.concurrency, count)),
        )
        options = worker_options(planned, sources, settings, self.tracker, exactly=self.exactly)
        workers = list[RequestWorker]()

        def on_outcome(outcome: RequestOutcome) -> None:
            generated.add(outcome)
            if account is not None:
                held = Amount(1, outcome.need.at_most)
                account.settle(held, Amount(outcome.billed, outcome.counted))
            if outcome.record is not None:
                on_record(outcome.record)
            self.progress.advance(outcome, generated.spent)

        async def work() -> None:
            limiter = RateLimiter(settings.concurrency, settings.requests_per_minute)
            async with open_client(settings) as client:
                worker = RequestWorker(
                    client, self.store, self.journal, limiter, threads, options, on_outcome
                )
                workers.append(worker)
                await worker.fulfil(planned.needs)

        def stop() -> None:
            for worker in workers:
                worker.stop()

        self.progress.begin(planned)
        generated.under_way = {need.key: need.price or 0.0 for need in planned.needs}
        if account is not None:
            account.hold(Amount(count, planned.at_most))
        try:
            event_loop.run(work, on_interrupt=stop)
        finally:
            threads.compute.shutdown()
            threads.disk.shutdown()
            for key in generated.under_way.keys() - self.journal.begun:
                del generated.under_way[key]  # it was planned and not sent: it costs nothing
            self.progress.end()


def worker_options(
    planned: "Plan",
    sources: "Sources",
    settings: Settings,
    tracker: SpendTracker,
    *,
    exactly: bool = False,
) -> "WorkerOptions":
    """Return the options of a worker for a plan, whose requests are taken off what was agreed.

    `exactly` means that nothing is sent again which may have been billed.
    """
    from mkdocs_gemini_images.generation.worker import WorkerOptions

    server, spare, requests = settings.server, 0.0, math.inf
    if not settings.limits.free:
        ahead, limits = tracker.ahead, tracker.applied_to(settings.limits)
        ahead.take(len(planned.needs), planned.at_most)
        spare = limits.budget - limits.spent - planned.at_most - ahead.cost
        requests = limits.max_new - limits.sent - len(planned.needs) - ahead.requests
    return WorkerOptions(
        sources,
        key_places=server.key_places,
        sends_take=server.emulated or is_loopback(server.host),
        retries=settings.retries,
        spare=0.0 if exactly else max(0.0, spare),
        spare_requests=0 if exactly and not settings.limits.free else max(0, requests),
        ended=tracker.ended,
    )


def open_client(settings: Settings) -> "AbstractAsyncContextManager[Client]":
    """Return the client of a build, for `async with`; the bundled emulator may answer it."""
    from mkdocs_gemini_images.gemini.client import connect_client

    server, app = settings.server, None
    if server.emulated:
        from mkdocs_gemini_images.emulator.app import create_app

        app = create_app()
    deadline, concurrency = settings.timeout, settings.concurrency
    return connect_client(server, deadline=deadline, concurrency=concurrency, app=app)
