"""The pages that listen for states of images: each receives what has changed, however slowly.

In: the current states of all images. Out: for each listener, the states that changed since it last
received them. A listener that does not read keeps one state per image and no more; of too many
listeners, those that have listened longest end, and a page among them listens anew.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from mkdocs_gemini_images.preview.panel import PanelState

MAX_LISTENERS = 32
"""How many pages listen at once; each one occupies a thread of the server."""


class Listener:
    """One page that listens."""

    def __init__(self) -> None:
        self._pending: dict[str, PanelState] = {}
        """The states to be sent, by handle."""
        self._ended = False
        self._changed = threading.Condition()

    def states(self, heartbeat: float) -> Iterator[PanelState | None]:
        """Yield each state that changes, and None after `heartbeat` seconds without one."""
        while True:
            with self._changed:
                if not (self._pending or self._ended):
                    self._changed.wait(heartbeat)
                if self._ended:
                    return
                first = next(iter(self._pending), None)
                state = None if first is None else self._pending.pop(first)
            yield state

    def put(self, changed: Mapping[str, PanelState], current: Mapping[str, PanelState]) -> None:
        """Add states that have changed, and forget those of images that are not `current`."""
        with self._changed:
            pending = {**self._pending, **changed}
            self._pending = {handle: pending[handle] for handle in pending if handle in current}
            self._changed.notify()

    def end(self) -> None:
        """End the stream of states."""
        with self._changed:
            self._ended = True
            self._changed.notify()


class Listeners:
    """All pages that listen."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._sent: dict[str, PanelState] = {}
        """The states that were sent last, by handle."""
        self._closed = False
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._listeners)

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """Yield a new listener, which is forgotten at the end of the block."""
        listener = Listener()
        with self._lock:
            if self._closed:
                listener.end()
            self._listeners.append(listener)
            while len(self._listeners) > MAX_LISTENERS:
                self._listeners.pop(0).end()
        try:
            yield listener
        finally:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

    def send(self, states: Mapping[str, PanelState]) -> None:
        """Send each state that has changed to all listeners."""
        with self._lock:
            changed = {
                handle: state for handle, state in states.items() if self._sent.get(handle) != state
            }
            for listener in self._listeners if changed else ():
                listener.put(changed, states)
            self._sent = dict(states) if self._listeners else {}

    def close(self) -> None:
        """End all streams, also those that begin later."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.end()
