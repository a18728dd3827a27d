"""Where a live preview draws, in the background, across rebuilds.

In come finished builds, and what somebody asks for: draw this picture, another take of it, use that
take. Out go states as JSON values, to be asked for or to be listened to. A request is sent for a
press of a button alone, for no more than the price that stood on it; what appears in stock by other
means is found by looking. While a build is under way its site is not touched: what arrives is told
afterwards. Knows no host and no HTTP.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.build.site_image import Use, handle_of
from mkdocs_gemini_images.core.diagnostics import Diagnostic, counted
from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.preview.panel import State, next_take, state_of
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.requests.plan import Plan
from mkdocs_gemini_images.requests.request import ResolvedImage
from mkdocs_gemini_images.sources.page_edits import PageEdits
from mkdocs_gemini_images.sources.pick_take import retake
from mkdocs_gemini_images.store.record import Record

Events = queue.SimpleQueue[State | None]

_CENT = 1e-9


@dataclass(frozen=True, slots=True)
class _Job:
    """One press of a button."""

    build: PreviewSnapshot
    resolved: ResolvedImage
    keys: frozenset[str]
    cost: float


class PreviewController:
    """Draws single pictures for whoever looks at them, and tells what becomes of them.

    `say` hears what a person at the terminal should know; `source` finds the file of a page;
    `braces` says whether the site's Markdown reads attribute lists.
    """

    def __init__(
        self, say: Callable[[str], None], source: Callable[[str], Path | None], *, every: float = 1
    ) -> None:
        self.braces = True
        self._say = say
        self._source = source
        self._every = every
        self._snapshots: dict[str, PreviewSnapshot] = {}
        """The build that each image is of, by the image's handle."""
        self._uses: dict[str, tuple[Use, ...]] = {}
        """The places that show each image, in this build and in earlier ones."""
        self._drawing: set[str] = set()
        self._failed: dict[str, str] = {}
        self._told: dict[str, State] = {}
        self._listeners: set[Events] = set()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.RLock()  # of all the above
        # Held before the other one: a picture is not spoken of until its files are there.
        self._looking = threading.Lock()
        self._building = False
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._threads: list[threading.Thread] = []

    # The host's side

    def open(self) -> None:
        """Begin to draw, and to look into the stock."""
        with self._lock:
            if self._threads:
                return
            for work in (self._draw, self._look):
                self._threads.append(threading.Thread(target=work, name="preview", daemon=True))
                self._threads[-1].start()

    def close(self) -> None:
        """Let everybody go who listens; whatever is being drawn has a moment to arrive."""
        self._closed.set()
        self._wake.set()
        self._jobs.put(None)
        with self._lock:
            threads, listeners = self._threads[:1], list(self._listeners)
        for events in listeners:
            events.put(None)
        for thread in threads:
            thread.join(0.4)

    def build_begins(self) -> None:
        """Leave the site alone: a build is about to empty it."""
        self._building = True

    def build_ended(self, build: PreviewSnapshot | None, pages: frozenset[str]) -> None:
        """Take in the pictures of `pages`, which have been rendered anew, in place of before's.

        Pages that have not been (a build may leave them as they are, or be another language's)
        keep theirs.
        """
        images = {} if build is None else build.images
        with self._lock:
            uses: dict[str, tuple[Use, ...]] = {}
            for handle, earlier in self._uses.items():
                if elsewhere := tuple(use for use in earlier if use.page not in pages):
                    uses[handle] = elsewhere
            for handle, image in images.items():
                uses[handle] = tuple(dict.fromkeys([*image.uses, *uses.get(handle, ())]))
            self._uses = uses
            kept = {handle: self._snapshots[handle] for handle in uses if handle not in images}
            self._snapshots = kept if build is None else kept | dict.fromkeys(images, build)
        self._building = False
        self._wake.set()

    # The reader's side

    @contextmanager
    def listening(self) -> Iterator[Events]:
        """Give a queue of states as they change; None ends it."""
        events = Events()
        with self._lock:
            self._listeners.add(events)
        if self._closed.is_set():
            events.put(None)
        try:
            yield events
        finally:
            with self._lock:
                self._listeners.discard(events)

    def state(self, handle: str) -> State | None:
        """Say how things stand with one picture."""
        with self._looking, self._lock:
            return self._state(handle) if handle in self._snapshots else None

    def draw(self, handle: str, cost: float, *, another: bool = False) -> str:
        """Begin to draw a picture, or another take of it, for `cost` USD; or say why not."""
        with self._lock:
            build = self._snapshots.get(handle)
            if build is None:
                return "the page has changed; reload it"
            image = build.image(handle)
            if refusal_reason := build.refusal_reason(image):
                return refusal_reason
            take = next_take(build, image, self._drawing) if another else 0
            if another and not take:
                return "there is no further take of this picture"
            resolved = build.to_draw(image, take)
            planned = build.plan(resolved)
            if planned.refusal:
                return f"{planned.refusal}; gemini-images draw asks, and draws"
            if planned.cost > cost + _CENT:
                return f"it would cost about ${planned.cost:.2f} now; press again if you agree"
            keys = frozenset(need.key for need in planned.needs)
            if keys <= self._drawing:
                return ""
            self._drawing |= keys
            for key in keys:
                self._failed.pop(key, None)
            self._jobs.put(_Job(build, resolved, keys, planned.cost))
        self._tell()
        return ""

    def sample(self, handle: str, take: int) -> bytes | Diagnostic | None:
        """Make a file of one take, to choose by."""
        with self._lock:
            build = self._snapshots.get(handle)
        return None if build is None else build.sample(build.image(handle), take)

    def pick(self, handle: str, take: int) -> State:
        """Write `take` into the Markdown of a picture wherever it stands, or say what to write.

        Raises `OSError`.
        """
        with self._lock:
            build, uses = self._snapshots.get(handle), self._uses.get(handle, ())
        if build is None:
            return {"complaint": "the page has changed; reload it"}
        image = build.image(handle)
        left = retake(uses, take, PageEdits(self._source), braces=self.braces)
        if left is not None:
            return {"complaint": str(left)}
        pages = sorted({use.page for use in uses})
        self._say(f"wrote take: {take} into {', '.join(pages)}")
        return {"written": pages, "handle": handle_of(image, take)}

    def _state(self, handle: str) -> State:
        build = self._snapshots[handle]
        pages = sorted({use.page for use in self._uses[handle]})
        return state_of(build, handle, pages, self._drawing, self._failed)

    # In the background

    def _draw(self) -> None:
        """Draw what is asked for; what was asked for meanwhile is drawn together."""
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            while not self._jobs.empty() and (next := self._jobs.get()) is not None:
                jobs.append(next)
            for build in dict.fromkeys(job.build for job in jobs):
                self._draw_together(build, [job for job in jobs if job.build is build])
            if self._closed.is_set():
                return

    def _draw_together(self, build: PreviewSnapshot, jobs: list[_Job]) -> None:
        cost = sum(job.cost for job in jobs)
        generated = build.draw(
            [job.resolved for job in jobs],
            lambda plan: plan.cost <= cost + _CENT,
            _Teller(self._say, free=build.free),
            self._arrived,
        )
        keys = frozenset[str]().union(*(job.keys for job in jobs))
        with self._lock:
            self._drawing -= keys
            for key in keys - generated.records.keys():
                if why := generated.reasons.get(key) or generated.refusal:
                    self._failed[key] = why
                    self._say(f"not drawn: {why}")
        self._wake.set()

    def _arrived(self, record: Record) -> None:
        with self._lock:
            self._drawing.discard(record.key)
        self._wake.set()

    def _look(self) -> None:
        """Look into the stock every second: at its names alone, unless there are new ones."""
        seen: dict[Path, frozenset[str]] = {}
        while not self._closed.is_set():
            woken = self._wake.wait(self._every)
            self._wake.clear()
            if self._building:
                continue
            with self._lock:
                builds = list(dict.fromkeys(self._snapshots.values()))
            now = {build.folder: _names(build.folder) for build in builds}
            if woken or now != seen:
                seen = now
                with self._looking:
                    for build in builds:
                        build.look_again()
                self._tell()

    def _tell(self) -> None:
        """Tell all who listen of the pictures that are not as they were."""
        with self._looking, self._lock:
            if not self._listeners:
                self._told.clear()
                return
            states = {handle: self._state(handle) for handle in self._snapshots}
            for handle, state in states.items():
                if self._told.get(handle) != state:
                    for events in self._listeners:
                        events.put(state)
            self._told = states


class _Teller:
    """Says at the terminal what a press of a button costs."""

    def __init__(self, say: Callable[[str], None], *, free: bool) -> None:
        self._say = say
        self._free = free

    def begin(self, plan: Plan) -> None:
        """Say the price before the first request."""
        draws = "the emulator" if self._free else f"{plan.models}, about ${plan.cost:.2f}"
        self._say(f"drawing {counted(len(plan.needs), 'picture')} with {draws}")

    def advance(self, outcome: RequestOutcome, spent: float) -> None:
        """Say what has come."""
        record = outcome.record
        if record is not None:
            price = "" if self._free or record.price is None else f" for ${record.price:.3f}"
            self._say(f"{outcome.need.display_name} drawn{price}")

    def end(self) -> None:
        """Nothing is left to say."""


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in folder.glob("*.json"))
    except OSError:
        return frozenset()
