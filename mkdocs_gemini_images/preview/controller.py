"""Keeps the state of a live preview across rebuilds, and draws images in the background.

In: snapshots of finished builds, and the reader's actions: draw an image, draw another take, pick
a take. Out: the states of images, on request or as events, and edited pages. A request is sent only
for a click on a button, and costs no more than the price on that button. Images that other
processes add to the store are found by polling. Files of the site are not written during a build.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.build.notices import of_journal
from mkdocs_gemini_images.build.site_image import Use, handle_of
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.preview.panel import PanelState, next_take, state_of
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.preview.terminal_progress import TerminalProgress
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.sources.page_edits import PageEdits
from mkdocs_gemini_images.sources.pick_take import pick_take
from mkdocs_gemini_images.store.record import Record

Events = queue.SimpleQueue[PanelState | None]

_ROUNDING = 1e-9
"""USD by which the sum of prices may exceed the agreed price."""


class PreviewRefusal(Exception):
    """Raised for an action that the preview does not carry out, with the reason for the reader."""


@dataclass(frozen=True, slots=True)
class _DrawJob:
    """The image that one click on a button draws, the keys of its requests, and the agreed USD."""

    snapshot: PreviewSnapshot
    resolved: ResolvedImage
    keys: frozenset[str]
    cost: float


class PreviewController:
    """Draws single images on request, and sends their states to the pages that show them.

    `log` writes a line to the terminal; `source` returns the file of a page; `interval` is the time
    between two looks into the store, in seconds.
    """

    def __init__(
        self,
        log: Callable[[str], None],
        source: Callable[[str], Path | None],
        *,
        interval: float = 1,
    ) -> None:
        self.braces = True
        """Whether the site's Markdown reads attribute lists. The host sets it for each build."""
        self._log = log
        self._source = source
        self._interval = interval
        self._snapshots: dict[str, PreviewSnapshot] = {}
        """The snapshot that has each image, by the image's handle."""
        self._uses: dict[str, tuple[Use, ...]] = {}
        """Where each image is shown, in this build and in earlier ones, by handle."""
        self._drawing: set[str] = set()
        """The keys of the requests under way."""
        self._failed: dict[str, str] = {}
        """Why a request failed, by key."""
        self._sent: dict[str, PanelState] = {}
        """The state that listeners received last, by handle."""
        self._listeners: set[Events] = set()
        self._jobs: queue.SimpleQueue[_DrawJob | None] = queue.SimpleQueue()
        # Guards all of the above.
        self._lock = threading.RLock()
        # Held while files are published, and acquired before `_lock`: no state names a file that
        # is not published yet.
        self._publishing = threading.Lock()
        self._building = False
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._threads: list[threading.Thread] = []

    # Called by the host

    def open(self) -> None:
        """Start the two background threads, which draw and poll the store."""
        with self._lock:
            if self._threads:
                return
            for work in (self._run_jobs, self._poll_store):
                self._threads.append(threading.Thread(target=work, name="preview", daemon=True))
                self._threads[-1].start()

    def close(self) -> None:
        """End the threads and all event streams; a request under way has 0.4 s to complete."""
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
        """Suspend publishing: a build is about to empty the site's folder."""
        self._building = True

    def build_ended(self, snapshot: PreviewSnapshot | None, pages: frozenset[str]) -> None:
        """Replace the images of `pages`, which the build has rendered, with those of `snapshot`.

        All other pages keep their images: a dirty build does not render every page, and a build of
        one language does not render the pages of another.
        """
        images = {} if snapshot is None else snapshot.images
        with self._lock:
            uses: dict[str, tuple[Use, ...]] = {}
            for handle, earlier in self._uses.items():
                if kept_uses := tuple(use for use in earlier if use.page not in pages):
                    uses[handle] = kept_uses
            for handle, image in images.items():
                uses[handle] = tuple(dict.fromkeys([*image.uses, *uses.get(handle, ())]))
            self._uses = uses
            kept = {handle: self._snapshots[handle] for handle in uses if handle not in images}
            new = {} if snapshot is None else dict.fromkeys(images, snapshot)
            self._snapshots = kept | new
        self._building = False
        self._wake.set()

    # Called for the reader's requests

    @contextmanager
    def listening(self) -> Iterator[Events]:
        """Yield a queue that receives each state that changes; None in it ends the stream."""
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
        """Return the state of one image, or None for an unknown handle."""
        with self._publishing, self._lock:
            return self._state(handle) if handle in self._snapshots else None

    def draw(self, handle: str, price: float, *, another: bool = False) -> None:
        """Begin to draw an image, or another take of it, for at most `price` USD.

        Raises `PreviewRefusal`.
        """
        with self._lock:
            snapshot = self._snapshot_of(handle)
            image = snapshot.image(handle)
            if reason := snapshot.refusal_reason(image):
                raise PreviewRefusal(reason)
            take = next_take(snapshot, image, self._drawing) if another else 0
            if another and not take:
                raise PreviewRefusal("there is no further take of this picture")
            resolved = snapshot.to_draw(image, take)
            planned = snapshot.plan(resolved)
            if planned.refusal:
                raise PreviewRefusal(f"{planned.refusal}; gemini-images draw asks, and draws")
            if planned.cost > price + _ROUNDING:
                cost = f"about ${planned.cost:.2f}"
                raise PreviewRefusal(f"it would cost {cost} now; press again if you agree")
            keys = frozenset(need.key for need in planned.needs)
            if keys <= self._drawing:
                return
            self._drawing |= keys
            for key in keys:
                self._failed.pop(key, None)
            self._jobs.put(_DrawJob(snapshot, resolved, keys, planned.cost))
        self._send_changes()

    def sample(self, handle: str, take: int) -> bytes | None:
        """Return a published file of one take, or None for an unknown handle.

        Raises `DiagnosticError` where the take is not in stock or its image cannot be read.
        """
        with self._lock:
            snapshot = self._snapshots.get(handle)
        return None if snapshot is None else snapshot.sample(snapshot.image(handle), take)

    def pick(self, handle: str, take: int) -> PanelState:
        """Write `take` into the Markdown of an image on every page that shows it.

        Return the pages, and the image's handle after the next build. Raises `PreviewRefusal` with
        what the author writes by hand, and `OSError`.
        """
        with self._lock:
            snapshot, uses = self._snapshot_of(handle), self._uses.get(handle, ())
        image = snapshot.image(handle)
        try:
            pick_take(uses, take, PageEdits(self._source), braces=self.braces)
        except DiagnosticError as error:
            raise PreviewRefusal(str(error)) from error
        pages = sorted({use.page for use in uses})
        self._log(f"wrote take: {take} into {', '.join(pages)}")
        return {"written": pages, "handle": handle_of(image, take)}

    def _snapshot_of(self, handle: str) -> PreviewSnapshot:
        snapshot = self._snapshots.get(handle)
        if snapshot is None:
            raise PreviewRefusal("the page has changed; reload it")
        return snapshot

    def _state(self, handle: str) -> PanelState:
        pages = sorted({use.page for use in self._uses[handle]})
        return state_of(self._snapshots[handle], handle, pages, self._drawing, self._failed)

    # In the background threads

    def _run_jobs(self) -> None:
        """Run each job; all jobs that are waiting are drawn together."""
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            while not self._jobs.empty() and (waiting := self._jobs.get()) is not None:
                jobs.append(waiting)
            for snapshot in dict.fromkeys(job.snapshot for job in jobs):
                self._draw_together(snapshot, [job for job in jobs if job.snapshot is snapshot])
            if self._closed.is_set():
                return

    def _draw_together(self, snapshot: PreviewSnapshot, jobs: list[_DrawJob]) -> None:
        agreed = sum(job.cost for job in jobs)
        generated = snapshot.draw(
            [job.resolved for job in jobs],
            lambda plan: plan.cost <= agreed + _ROUNDING,
            TerminalProgress(self._log, free=snapshot.free),
            self._record_stored,
        )
        for notice in of_journal(generated):
            self._log(notice.text)
        keys = frozenset[str]().union(*(job.keys for job in jobs))
        with self._lock:
            self._drawing -= keys
            for key in keys - generated.records.keys():
                if reason := generated.reasons.get(key) or generated.refusal:
                    self._failed[key] = reason
                    self._log(f"not drawn: {reason}")
        self._wake.set()

    def _record_stored(self, record: Record) -> None:
        with self._lock:
            self._drawing.discard(record.key)
        self._wake.set()

    def _poll_store(self) -> None:
        """Publish new images of the store; while its file names are the same, read no file."""
        last_names: dict[Path, frozenset[str]] = {}
        while not self._closed.is_set():
            woken = self._wake.wait(self._interval)
            self._wake.clear()
            if self._building:
                continue
            with self._lock:
                snapshots = list(dict.fromkeys(self._snapshots.values()))
            names = {snapshot.folder: snapshot.sidecar_names() for snapshot in snapshots}
            if woken or names != last_names:
                last_names = names
                with self._publishing:
                    for snapshot in snapshots:
                        snapshot.look_again()
                self._send_changes()

    def _send_changes(self) -> None:
        """Send each state that has changed to all listeners."""
        with self._publishing, self._lock:
            if not self._listeners:
                self._sent.clear()
                return
            states = {handle: self._state(handle) for handle in self._snapshots}
            for handle, state in states.items():
                if self._sent.get(handle) != state:
                    for events in self._listeners:
                        events.put(state)
            self._sent = states
