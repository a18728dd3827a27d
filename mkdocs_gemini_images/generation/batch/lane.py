"""The batch lane of one build: what is on its way, to collect it, and to order more.

In: the settings and the store of a build; what became of jobs is added to the build's `result`.
Only the holder of the generator's lock may collect or order. Neither asyncio nor the client is
loaded unless there is a job.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core import event_loop
from mkdocs_gemini_images.gemini.failure import RequestFailed
from mkdocs_gemini_images.generation import readiness
from mkdocs_gemini_images.generation.batch import rounds
from mkdocs_gemini_images.generation.batch.awaited import Awaited, read_awaited
from mkdocs_gemini_images.generation.batch.batch_job import since
from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder
from mkdocs_gemini_images.generation.prepared_request import (
    PreparedRequest,
    Sources,
    prepare,
    read_picture,
)
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.generation.sending import open_client
from mkdocs_gemini_images.generation.tracker import Amount, SpendTracker
from mkdocs_gemini_images.requests.planning import Plan, PlannedRequest, plan_requests
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.record import Record, utc_now
from mkdocs_gemini_images.store.store import Store


class BatchLane:
    """The jobs of one journal, as one build sees them."""

    def __init__(
        self, settings: Settings, store: Store, folder: JobsFolder, result: GenerationResult
    ) -> None:
        self._settings = settings
        self._store = store
        self._folder = folder
        self._result = result
        self._awaited: Awaited | None = None

    @property
    def awaited(self) -> Awaited:
        """What is being drawn in batch, as it was after this build's last change."""
        if self._awaited is None:
            self._awaited = read_awaited(self._folder)
        return self._awaited

    def tidy(self) -> None:
        """Remove what killed processes have left half done. Raises `OSError`."""
        if not self._folder.exists():
            return
        from mkdocs_gemini_images.generation.batch.collector import forget_begun

        self._folder.sweep()
        self._awaited = None
        told = self._result.refused_files
        told += [each for each in self.awaited.refused if each not in told]
        forget_begun((each.job for each in self.awaited.jobs), self._folder)

    def collect(self, tracker: SpendTracker, *, unproven: bool) -> None:
        """Collect the jobs of this build's server that have ended, once in a command.

        `unproven` says whether jobs are collected that this machine cannot prove to have ordered.
        """
        url = self._settings.server.url
        mine = [
            each for each in self.awaited.jobs
            if each.job.server == url and each.job.name not in tracker.looked_at
        ]  # fmt: skip
        own = [each.job for each in mine if each.proven]
        foreign = [each.job for each in mine if not each.proven] if unproven else []
        if not own and not foreign:
            self._update_later()
            return
        tracker.looked_at.update(job.name for job in (*own, *foreign))
        from mkdocs_gemini_images.gemini.batches.job_requests import BatchJobs
        from mkdocs_gemini_images.generation.batch.collector import Collector

        places = self._settings.server.key_places
        collector = Collector(self._folder, self._store, self._result, places)

        async def work() -> None:
            async with open_client(self._settings) as client:
                await collector.collect(BatchJobs(client), own)
                known = len(self._result.collected)
                await collector.collect(BatchJobs(client), foreign)
                self._result.foreign += self._result.collected[known:]

        try:
            event_loop.run(work, on_interrupt=lambda: None)
        except OSError as error:
            text = f"answers of batch jobs cannot be kept ({error}); make room, or make it writable"
            self._result.batch_notes.append(f"{text}: they wait on the server, two days at most")
        finally:
            self._awaited = None
            self._update_later()

    def order(
        self, needs: Sequence[PlannedRequest], sources: Sources, tracker: SpendTracker
    ) -> None:
        """Order the requests whose pictures are all in stock, and note those that wait.

        `tracker` counts what is ordered. Raises `OSError`.
        """
        from mkdocs_gemini_images.generation.batch.ordering import Orderer

        before = len(self._result.ordered)
        ready, waiting = rounds.first_round(needs)
        if waiting:
            self._folder.write_later({**self.awaited.later, **rounds.waiting(waiting, utc_now())})
        prepared = self._prepared(ready, sources)
        pixels = sum(math.prod(each.need.request.pixels) for each in prepared)
        readiness.reserve(self._store.new_file, self._folder.journal, pixels)

        async def work() -> None:
            async with open_client(self._settings) as client:
                url = self._settings.server.url
                await Orderer(client, self._folder, url, self._result).order(prepared)

        try:
            if prepared:
                event_loop.run(work, on_interrupt=lambda: None)
        finally:
            self._awaited = None
            self._update_later()
            for job in self._result.ordered[before:]:
                tracker.looked_at.add(job.name)
                tracker.ahead.take(job.requests, job.at_most)
                tracker.hold(Amount(job.requests, job.at_most))
            reasons = {need.key: self.awaited.reason(need.key) for need in needs}
            tracker.in_batch |= {key: how for key, how in reasons.items() if how}

    def next_round(
        self,
        images: Iterable[ResolvedImage],
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        limits: SpendingLimits,
    ) -> Plan:
        """Return what was agreed to earlier and whose pictures have come, at most at that price."""
        awaited = self.awaited
        if not awaited.later:
            return Plan()
        planned = plan_requests(
            images, keys, named, self._is_stocked, lambda key: awaited.job(key) is not None,
            limits._replace(batch=True),
        )  # fmt: skip
        found = []
        for need in planned.needs:
            waiting = awaited.later.get(need.key)
            if waiting is None or not all(map(self._is_stocked, need.after)):
                continue
            if need.price is None or waiting.price is None or need.price <= waiting.price + 1e-9:
                found.append(need)
                continue
            dearer = f"${need.price:.3f}, more than the ${waiting.price:.3f} that was agreed to"
            text = f"its next step in batch costs {dearer} at {since(waiting.time)}"
            self._result.reasons[need.key] = f"{text}; gemini-images draw with its id draws it now"
        return Plan(tuple(found))

    def billed_too(self, keys: Iterable[str]) -> Mapping[str, str]:
        """Return by key what is said where a picture is drawn now that is in a batch as well."""
        said = {}
        for key in keys:
            job = self.awaited.job(key)
            if job is None:
                continue
            item = next(item for item in job.items if item.key == key)
            cost = f"about ${item.intent.price or 0.0:.3f} of the batch"
            said[key] = (
                f"it is being drawn in batch since {since(job.time)} (job {job.name}): "
                f"{cost} are billed as well, and the first picture to arrive is kept"
            )
        return said

    def _prepared(self, needs: Iterable[PlannedRequest], sources: Sources) -> list[PreparedRequest]:
        prepared = []
        for need in needs:
            try:
                prepared.append(prepare(need, sources, self._read))
            except RequestFailed as error:
                self._result.reasons[need.key] = error.failure.what
        return prepared

    def _read(self, key: str) -> tuple[Record, bytes]:
        """Return a stored picture. Raises `DiagnosticError`."""
        return read_picture(self._store, key)

    def _is_stocked(self, key: str) -> bool:
        return is_stocked(self._store, key)

    def _update_later(self) -> None:
        """Give up what waits for pictures that do not come. Raises `OSError`."""
        awaited = self.awaited
        if not awaited.later:
            return

        day = datetime.now(UTC) - timedelta(days=rounds.AGREED_DAYS)
        oldest = day.strftime("%Y-%m-%dT%H:%M:%SZ")
        left = rounds.still_waiting(awaited.later, self._is_stocked, awaited.keys, oldest)
        if left != awaited.later:
            self._folder.write_later(left)
            self._awaited = replace(awaited, later=left)
