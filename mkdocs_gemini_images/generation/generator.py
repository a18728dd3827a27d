"""Draw the images that a build lacks: plan them, check the limits, and send the requests.

In: resolved images. Out: a `GenerationResult`. Effects: as the one buyer (one_buyer.py), it
recovers the answers of earlier builds, sends requests and stores pictures. Everything that is
planned is drawn, or nothing. httpx, Pillow and asyncio are imported only for what is drawn.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING

from mkdocs_gemini_images.config.cache_folder import make_cache
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.generation import readiness
from mkdocs_gemini_images.generation.draw_command import NOT_AGREED, DrawCommand
from mkdocs_gemini_images.generation.journal.location import is_pending, journal_folder
from mkdocs_gemini_images.generation.journal.names import JOB_FOLDERS
from mkdocs_gemini_images.generation.permission import takes_unproven
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

if TYPE_CHECKING:
    from mkdocs_gemini_images.config.limits import SpendingLimits
    from mkdocs_gemini_images.generation.batch.lane import BatchLane
    from mkdocs_gemini_images.generation.conversation import LoadFile
    from mkdocs_gemini_images.generation.journal.journal import Journal
    from mkdocs_gemini_images.generation.prepared_request import Sources
    from mkdocs_gemini_images.generation.progress import Progress
    from mkdocs_gemini_images.generation.sending import Sender
    from mkdocs_gemini_images.generation.tracker import SpendTracker
    from mkdocs_gemini_images.requests.planning import Plan

_NO_JOBS = "the emulator inside a build has no batch jobs: leave --batch out"


class Generator:
    """Draws for one build. Only `KeyboardInterrupt` is raised; failures are in the results."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        progress: "Progress",
        tracker: "SpendTracker",
        load: "LoadFile",
        command: DrawCommand | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._progress = progress
        self._tracker = tracker
        self._load = load
        self._command = command
        self._is_batch = command is not None and command.batch
        self._is_named = command is not None and bool(command.only or command.asks_again)
        """Whether a person has named the pictures, or pressed a button for one."""
        self.journal_folder = journal_folder(settings)
        self._batches = tuple(f"{self.journal_folder}/{name}" for name in JOB_FOLDERS)
        self._held: dict[str, str] = {}
        """Answers in the journal that were not taken in, by the key of their request."""
        self.result = GenerationResult()
        """What was recovered and drawn so far, also where something else ends the build."""

    def recover(self, *, may_draw: bool) -> None:
        """Store the answers that an earlier build received and could not store; nothing is bought.

        Builds that may draw collect batch jobs, too. Others take in the answers that are proven to
        be of this machine. While another process is the buyer, the answers may be its own, and stay
        where they are.
        """
        if not (is_pending(self.journal_folder) or (may_draw and self.has_batches)):
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
        from mkdocs_gemini_images.generation.journal import temporary_answers
        from mkdocs_gemini_images.generation.one_buyer import one_buyer

        generated = self.result
        try:
            make_cache(self._settings.cache)
            with one_buyer(self._settings.cache, self._store.folder):
                left_before = temporary_answers.has_any(self.journal_folder)
                if left_before:
                    temporary_answers.bring_back(self.journal_folder, self._store.folders)
                self._recover(may_draw=True)
                images = self._look_up_anew(wanted, generated)
                planned = self._plan(images, keys, named, generated)
                if planned.needs:
                    generated.refusal = self._refusal(planned)
                if planned.needs and not generated.refusal:
                    if self._is_batch:
                        self._order(planned, keys)
                    else:
                        if left_before or self.has_batches:
                            self._say_again(planned)
                        self._sender.send(planned, self._sources(keys), generated, on_record)
                if self.has_batches:  # what a person has agreed to, and waited for its pictures
                    self._order(self.batch.next_round(images, keys, named, self._limits), keys)
                self._tracker.failed |= {
                    key: why for key, why in generated.reasons.items() if not self.in_batch(key)
                }
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
            found = GenerationResult()
            return self._plan(self._look_up_anew(wanted, found), keys, named, found)
        except OSError:
            return Plan()  # `generate` reports the error

    def refusal(self, key: str) -> str | None:
        """Return what the model answered lately instead of a picture, and when, or None."""
        return self._journal.refusal(key)

    @cached_property
    def batch(self) -> "BatchLane":
        """The batch jobs of this build's journal."""
        from mkdocs_gemini_images.generation.batch.jobs_folder import JobsFolder
        from mkdocs_gemini_images.generation.batch.lane import BatchLane

        jobs = JobsFolder(self.journal_folder, self._settings.root)
        return BatchLane(self._settings, self._store, jobs, self.result)

    def in_batch(self, key: str | None) -> str:
        """Return how a picture is being drawn in batch, as a clause of a message, or empty."""
        how = self.batch.awaited.reason(key) if key and self.has_batches else ""
        return how or self._tracker.in_batch.get(key or "", "")

    @property
    def has_batches(self) -> bool:
        """Whether there may be batch jobs whose pictures are not all in stock."""
        return any(map(os.path.isdir, self._batches))  # asked for every image

    @property
    def _limits(self) -> "SpendingLimits":
        """The limits, with what was spent of them; prices are those of the lane."""
        return self._tracker.applied_to(self._settings.limits)._replace(batch=self._is_batch)

    @property
    def _sender(self) -> "Sender":
        from mkdocs_gemini_images.generation.sending import Sender

        tracker, progress = self._tracker, self._progress
        exactly = self._command is not None and self._command.approved is not None
        return Sender(self._settings, self._store, self._journal, tracker, progress, exactly)

    def _sources(self, keys: Mapping[str, str]) -> "Sources":
        from mkdocs_gemini_images.generation.prepared_request import Sources

        server = self._settings.server
        return Sources(keys, self._load, google=server.emulated or server.google)

    @cached_property
    def _journal(self) -> "Journal":
        from mkdocs_gemini_images.generation.journal.journal import Journal

        return Journal(self.journal_folder, self._settings.root)

    def _recover(self, *, may_draw: bool) -> None:
        """Take in what earlier builds left. Raises `OSError` where the disk keeps it from that."""
        unproven = may_draw and takes_unproven(self._settings, self._command)
        if self.has_batches:
            self.batch.tidy()
        if is_pending(self.journal_folder):
            self._take_in(unproven=unproven)
        if self.has_batches and may_draw and self._settings.server.key:
            self.batch.collect(self._tracker, unproven=unproven)
            if not self._is_named:
                self._tracker.failed |= self.result.freed
            self._tracker.told.update(each.name for each in self.result.unknown)

    def _take_in(self, *, unproven: bool) -> None:
        """Take in the answers in the journal. Raises `OSError`."""
        from mkdocs_gemini_images.generation.journal.recovery import recover

        recovery = recover(self._journal, self._store, unproven=unproven)
        self.result.add_recovery(recovery, self._tracker.told)
        self._held = recovery.held
        if recovery.trouble is not None:
            raise recovery.trouble

    def _look_up_anew(
        self, wanted: Iterable[ResolvedImage], generated: GenerationResult
    ) -> list[ResolvedImage]:
        """Return what is wanted, by what the store has now; nothing where it takes no picture."""
        try:
            self._store.check_ready()  # it forgets what it has looked up
        except DiagnosticError as error:
            generated.refusal = str(error)
            return []
        return list(wanted)

    def _plan(
        self,
        images: list[ResolvedImage],
        keys: Mapping[str, str],
        named: Mapping[str, ResolvedImage],
        generated: GenerationResult,
    ) -> "Plan":
        """Return the plan for what is not in stock, held against the limits. Raises `OSError`."""
        from mkdocs_gemini_images.requests.planning import built_on_refused, plan_requests

        refused: dict[str, str] = {}

        def is_refused(key: str) -> bool:
            if (reason := self._refused_earlier(key)) is not None:
                refused[key] = reason
            return reason is not None

        stocked = partial(is_stocked, self._store)
        planned = plan_requests(images, keys, named, stocked, is_refused, self._limits)
        if refused:
            generated.reasons |= built_on_refused(images, keys, named, refused) | refused
        return planned

    def _refused_earlier(self, key: str) -> str | None:
        """Return why a request failed in this command or lately and is not sent again, or None.

        What is being drawn in batch is not sent a second time, unless a person names it.
        """
        if not (self._is_named and not self._is_batch) and (waits := self.in_batch(key)):
            return f"it is {waits}"
        if (answer := self._held.get(key)) is not None:
            return f"its answer waits in the journal ({answer}); gemini-images draw stores it"
        if (reason := self._tracker.failed.get(key)) is not None:
            return reason
        if self._is_named:
            return None
        if (answered := self._journal.refusal(key)) is None:
            return None
        return f"{answered}; gemini-images draw with its id or page asks again"

    def _refusal(self, planned: "Plan") -> str:
        """Return why a plan is not drawn, or empty: a command needs consent, a build the limits."""
        if self._is_batch and self._settings.server.emulated:
            return _NO_JOBS
        if self._command is not None:
            if not self._command.agree(planned):
                return NOT_AGREED
        elif planned.refusal:
            return f"{planned.refusal}; gemini-images draw asks first, then draws"
        return readiness.server_refusal(self._settings.server)

    def _order(self, planned: "Plan", keys: Mapping[str, str]) -> None:
        """Order the requests of a plan in batch. Raises `OSError`."""
        if planned.needs:
            what = f"{planned.amount} in batch with {planned.models}, {planned.price_text}"
            self._progress.say(f"ordering {what}")
            self._say_again(planned)
            self.batch.order(planned.needs, self._sources(keys), self._tracker)

    def _say_again(self, planned: "Plan") -> None:
        """Say what is bought again though it may have been billed before, with the place."""
        from mkdocs_gemini_images.generation.journal.laid_aside import sent_before

        needs = {need.key: need for need in planned.needs}
        for key, before in sent_before(self.journal_folder, needs.keys()).items():
            self._progress.say(f"{needs[key].display_name} is requested again: {before}")
        if self.has_batches and not self._is_batch:
            for key, before in self.batch.billed_too(needs).items():
                self._progress.say(f"{needs[key].display_name} is drawn now: {before}")
