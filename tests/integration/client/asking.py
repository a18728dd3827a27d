"""Send planned requests with the client and the worker over a real socket."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.config.server import Auth, Server, choose
from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.gemini.client import connect_client
from mkdocs_gemini_images.gemini.failure import Failure
from mkdocs_gemini_images.gemini.rate_limiter import RateLimiter
from mkdocs_gemini_images.gemini.request_body import Inline
from mkdocs_gemini_images.generation.journal.journal import Journal
from mkdocs_gemini_images.generation.prepared_request import Sources
from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.generation.worker import RequestWorker, WorkerOptions, WorkerThreads
from mkdocs_gemini_images.models.pricing.amounts import nanos
from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.requests.request import FilePart, ImageRequest, key
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record

KEY = "canary-4f1e-key"

HANG = 60.0
"""Seconds after which a test fails because a request hangs."""


@dataclass(frozen=True)
class Asked:
    """What became of some prompts."""

    outcomes: tuple[RequestOutcome, ...]
    folder: Path

    @property
    def failures(self) -> list[Failure]:
        return [each.failure for each in self.outcomes if each.failure is not None]

    @property
    def records(self) -> list[Record]:
        return [each.record for each in self.outcomes if each.record is not None]

    @property
    def failure(self) -> Failure:
        (failure,) = self.failures
        return failure

    @property
    def spent(self) -> float:
        return sum(each.spent for each in self.outcomes)


def need(prompt: str, model: str = "gemini-3.1-flash-image") -> PlannedRequest:
    step = ImageRequest(model=model, text=prompt, aspect_ratio="16:9", size="512")
    return PlannedRequest(key(step), step, "", "", ItemPrices(nanos(0.045)))


def server(url: str, *, auth: Auth = "auto", proxy: str = "", secret: str = KEY) -> Server:
    return choose(url, auth=auth, proxy=proxy, environment={"GEMINI_API_KEY": secret})


def _no_file(part: FilePart) -> Inline:
    raise DiagnosticError(Diagnostic("no file", "one", "leave it out"))


def ask(
    folder: Path,
    where: Server,
    prompts: Sequence[str],
    *,
    timeout: float = 5.0,
    retries: int = 0,
    concurrency: int = 4,
    per_minute: float = 0.0,
    spare: float = 100.0,
    spare_requests: int = 100,
    keeps: bool = False,
) -> Asked:
    """Draw each prompt; no failure raises. `keeps`: whether entries may stay in the journal."""
    told: list[RequestOutcome] = []
    options = WorkerOptions(
        Sources({}, _no_file, google=False),
        key_places=where.key_places,
        sends_take=False,
        retries=retries,
        spare=spare,
        spare_requests=spare_requests,
    )

    async def work() -> list[RequestOutcome]:
        threads, disk = DaemonThreads(2), DaemonThreads(concurrency)
        async with connect_client(where, deadline=timeout, concurrency=concurrency) as client:
            worker = RequestWorker(
                client,
                FolderStore(folder / "stock"),
                Journal(folder / "journal"),
                RateLimiter(concurrency, per_minute),
                WorkerThreads(threads, disk),
                options,
                told.append,
            )
            try:
                return await worker.fulfil(tuple(need(prompt) for prompt in prompts))
            finally:
                threads.shutdown()
                disk.shutdown()

    outcomes = asyncio.run(asyncio.wait_for(work(), HANG))
    assert len(told) == len(outcomes) == len(prompts), "each is told once"
    asked = Asked(tuple(outcomes), folder)
    _check(asked, keeps)
    return asked


def _check(asked: Asked, keeps: bool) -> None:
    """Assert that messages fit a line, no file holds the key, and only untold intents are left."""
    for failure in asked.failures:
        assert failure.what.isprintable(), failure.what
        assert len(failure.what) < 1000
    for path in asked.folder.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path
    assert KEY not in json.dumps([failure.what for failure in asked.failures])
    left = {path.stem for path in (asked.folder / "journal").glob("*.*")}
    assert keeps or left == {each.name for outcome in asked.outcomes for each in outcome.unknown}
