"""Keeps the state of a live preview across rebuilds, and draws images in the background.

In: snapshots of finished builds, and the reader's actions: draw an image, draw another take, pick
a take. Out: the states of images, on request or as events, and edited pages. A request is sent only
for a click on a button, within the limits of the session (`press_queue.py`). Images that other
processes add to the store are found by polling. Files of the site are not written during a build.
"""

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.build.site_image import Use, handle_of
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.preview.listeners import Listener, Listeners
from mkdocs_gemini_images.preview.panel import PanelState, state_of
from mkdocs_gemini_images.preview.press_queue import PressQueue, PreviewRefusal
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
from mkdocs_gemini_images.sources.pick_take import pick_take

if TYPE_CHECKING:
    from mkdocs_gemini_images.preview.alt_proposals import AltProposals

_CHANGED = "the page has changed; reload it"


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
        # Guards all of the above.
        self._lock = threading.RLock()
        self._presses = PressQueue(log, self._changed, self._lock)
        self._listeners = Listeners()
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
            for work in (self._presses.run, self._poll_store):
                self._threads.append(threading.Thread(target=work, name="preview", daemon=True))
                self._threads[-1].start()

    def close(self) -> None:
        """End the threads and all event streams; a request under way has 0.4 s to complete.

        The host removes the site's folder after this: no file is written into it any more.
        """
        self._closed.set()
        self._wake.set()
        self._presses.close()
        self._listeners.close()
        with self._lock:
            threads, snapshots = self._threads[:1], set(self._snapshots.values())
        for snapshot in snapshots:
            snapshot.stop_publishing()
        for thread in threads:
            thread.join(0.4)

    def build_begins(self, limits: SpendingLimits) -> None:
        """Suspend publishing: a build is about to empty the site's folder.

        Its `limits` hold at once for the images of all pages, also of those that it leaves alone.
        """
        self._building = True
        with self._lock:
            for snapshot in set(self._snapshots.values()):
                snapshot.limits = limits._replace(free=snapshot.free)

    def build_ended(self, snapshot: PreviewSnapshot | None, pages: frozenset[str]) -> None:
        """Replace the images of `pages`, which the build has rendered, with those of `snapshot`.

        All other pages keep their images: a dirty build does not render every page, and a build of
        one language does not render the pages of another. A page whose file is gone has none.
        """
        images = {} if snapshot is None else snapshot.images
        with self._lock:
            uses: dict[str, tuple[Use, ...]] = {}
            for handle, earlier in self._uses.items():
                kept_uses = [use for use in earlier if use.page not in pages]
                if there := self._on_pages_that_are_there(kept_uses):
                    uses[handle] = there
            for handle, image in images.items():
                uses[handle] = tuple(dict.fromkeys([*image.uses, *uses.get(handle, ())]))
            self._uses = uses
            kept = {handle: self._snapshots[handle] for handle in uses if handle not in images}
            new = {} if snapshot is None else dict.fromkeys(images, snapshot)
            self._snapshots = kept | new
        self._building = False
        self._wake.set()

    # Called for the reader's requests

    def listening(self) -> AbstractContextManager[Listener]:
        """Return a listener that receives each state that changes, for a `with` block."""
        return self._listeners.listening()

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
            self._presses.press(snapshot, handle, self._pages(handle), price, another=another)
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
        # A page may have been deleted or renamed since the last build.
        if uses and not (uses := self._on_pages_that_are_there(uses)):
            raise PreviewRefusal(_CHANGED)
        image = snapshot.image(handle)
        try:
            pick_take(uses, take, PageEdits(self._source), braces=self.braces)
        except DiagnosticError as error:
            raise PreviewRefusal(str(error)) from error
        pages = sorted({use.page for use in uses})
        self._log(f"wrote take: {take} into {', '.join(pages)}")
        return {"written": pages, "handle": handle_of(image, take)}

    def propose_alts(self, handle: str, price: float | None) -> PanelState:
        """Return the alts of an image with proposals; a model is asked for at most `price` USD.

        Raises `PreviewRefusal` and `OSError`.
        """
        found = self._alts(handle).propose(price)
        return found | {"handle": handle}

    def write_alt(self, handle: str, page: str, line: int, alt: str) -> PanelState:
        """Write an alt into one directive of an image; return the page.

        Raises `PreviewRefusal` with what the author writes by hand, and `OSError`.
        """
        written = self._alts(handle).write(page, line, alt)
        self._log(f"wrote an alt into {written}")
        return {"written": [written], "handle": handle}

    def _alts(self, handle: str) -> "AltProposals":
        from mkdocs_gemini_images.preview.alt_proposals import AltProposals

        with self._lock:
            snapshot, uses = self._snapshot_of(handle), self._uses.get(handle, ())
        there = self._on_pages_that_are_there(uses)
        image = snapshot.image(handle)
        return AltProposals(snapshot, image, there, self._source, braces=self.braces)

    def _on_pages_that_are_there(self, uses: Iterable[Use]) -> tuple[Use, ...]:
        """Return uses without those on pages whose file has been deleted or renamed."""
        files = {page: self._source(page) for page in dict.fromkeys(use.page for use in uses)}
        there = {
            page
            for page, file in files.items()
            if file is None or os.path.exists(file)  # noqa: PTH110 (raises nothing)
        }
        return tuple(use for use in uses if use.page in there)

    def _snapshot_of(self, handle: str) -> PreviewSnapshot:
        snapshot = self._snapshots.get(handle)
        if snapshot is None:
            raise PreviewRefusal(_CHANGED)
        return snapshot

    def _state(self, handle: str) -> PanelState:
        snapshot, presses = self._snapshots[handle], self._presses
        state = state_of(snapshot, handle, self._pages(handle), presses.drawing, presses.failed)
        return presses.with_notice(snapshot, handle, state)

    def _pages(self, handle: str) -> list[str]:
        return sorted({use.page for use in self._uses[handle]})

    # In the background threads

    def _changed(self) -> None:
        """Let the thread that polls the store look again, and send what has changed."""
        self._wake.set()

    def _poll_store(self) -> None:
        """Publish new images of the store; while its file names are the same, read no file.

        An error of the disk is logged once, and the thread looks again until it is mended.
        """
        last_names: dict[Path, frozenset[str]] = {}
        logged = ""
        while not self._closed.is_set():
            woken = self._wake.wait(self._interval)
            self._wake.clear()
            if self._building:
                continue
            with self._lock:
                snapshots = list(dict.fromkeys(self._snapshots.values()))
            names = {snapshot.folder: snapshot.sidecar_names() for snapshot in snapshots}
            if not woken and names == last_names:
                continue
            try:
                with self._publishing:
                    for snapshot in snapshots:
                        snapshot.look_again()
                last_names, trouble = names, ""
            except (OSError, DiagnosticError) as error:
                last_names, trouble = {}, f"new pictures cannot be shown: {error}; correct that"
            self._send_changes()
            if trouble and trouble != logged:
                self._log(f"{trouble}, and they appear on the page")
            logged = trouble

    def _send_changes(self) -> None:
        """Send each state that has changed to all listeners."""
        with self._publishing, self._lock:
            handles = self._snapshots if len(self._listeners) else ()
            self._listeners.send({handle: self._state(handle) for handle in handles})
