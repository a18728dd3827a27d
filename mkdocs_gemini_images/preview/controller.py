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

from mkdocs_gemini_images.build.site_image import SiteImage, handle_of
from mkdocs_gemini_images.core.diagnostics import Diagnostic, counted
from mkdocs_gemini_images.gemini.failures import Failure
from mkdocs_gemini_images.preview.panel import PanelState, next_take, state_of
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.requests.plan import Plan, PlannedRequest
from mkdocs_gemini_images.requests.request import ResolvedImage
from mkdocs_gemini_images.sources.page_edits import PageEdits
from mkdocs_gemini_images.sources.pick_take import retake
from mkdocs_gemini_images.store.record import Record

Events = queue.SimpleQueue[PanelState | None]

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
        self._posts: dict[str, tuple[PreviewSnapshot, SiteImage]] = {}
        self._drawing: set[str] = set()
        self._failed: dict[str, str] = {}
        self._told: dict[str, PanelState] = {}
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

    def build_ended(self, build: PreviewSnapshot, pages: frozenset[str]) -> None:
        """Take in the pictures of `pages`, which have been rendered anew, in place of before's.

        Pages that have not been (a build may leave them as they are, or be another language's)
        keep theirs.
        """
        with self._lock:
            for handle, image in build.images.items():
                if handle in self._posts:
                    earlier = self._posts[handle][1].uses
                    image.uses += [use for use in earlier if use.page not in pages]
            kept = {
                handle: (before, image) for handle, (before, image) in self._posts.items()
                if not {use.page for use in image.uses} <= pages
            }  # fmt: skip
            self._posts = kept | {handle: (build, image) for handle, image in build.images.items()}
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

    def state(self, handle: str) -> PanelState | None:
        """Say how things stand with one picture."""
        with self._looking, self._lock:
            found = self._posts.get(handle)
            return None if found is None else state_of(handle, *found, self._drawing, self._failed)

    def draw(self, handle: str, cost: float, *, another: bool = False) -> str:
        """Begin to draw a picture, or another take of it, for `cost` USD; or say why not."""
        with self._lock:
            found = self._posts.get(handle)
            if found is None:
                return "the page has changed; reload it"
            build, image = found
            if refusal_reason := build.refusal_reason(image):
                return refusal_reason
            take = next_take(build, image, self._drawing) if another else 0
            if another and not take:
                return "there is no further take of this picture"
            resolved = build.resolved(image, take)
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
            found = self._posts.get(handle)
        return None if found is None else found[0].sample(found[1], take)

    def pick(self, handle: str, take: int) -> PanelState:
        """Write `take` into the Markdown of a picture wherever it stands, or say what to write.

        Raises `OSError`.
        """
        with self._lock:
            found = self._posts.get(handle)
        if found is None:
            return {"complaint": "the page has changed; reload it"}
        _, image = found
        left = retake(image.uses, take, PageEdits(self._source), braces=self.braces)
        if left is not None:
            return {"complaint": str(left)}
        pages = sorted({use.page for use in image.uses})
        self._say(f"wrote take: {take} into {', '.join(pages)}")
        return {"written": pages, "handle": handle_of(image, take)}

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
                builds = list(dict.fromkeys(build for build, _ in self._posts.values()))
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
            states = {
                handle: state_of(handle, *found, self._drawing, self._failed)
                for handle, found in self._posts.items()
            }
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

    def advance(self, need: PlannedRequest, result: Record | Failure, spent: float) -> None:
        """Say what has come."""
        if isinstance(result, Record):
            price = "" if self._free or result.price is None else f" for ${result.price:.3f}"
            self._say(f"{need.display_name} drawn{price}")

    def end(self) -> None:
        """Nothing is left to say."""


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in folder.glob("*.json"))
    except OSError:
        return frozenset()
