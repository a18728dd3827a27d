"""An executor whose threads do not delay the end of the process.

The standard library's executors wait for their last job at exit, also after Ctrl-C. The jobs here
can be repeated by a later build: decoding, encoding, name look-ups.
"""

import os
import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class DaemonThreads(Executor):
    """An executor whose threads end with the process.

    `lower_priority` gives the threads a lower scheduling priority, so that a paid answer is stored
    before an earlier one is encoded; only Linux can do so for single threads. Each thread calls
    `at_end` before it ends, to close what it has opened for itself.
    """

    def __init__(
        self,
        threads: int,
        *,
        lower_priority: bool = False,
        at_end: Callable[[], None] | None = None,
    ) -> None:
        # Other systems change the priority of the whole process.
        self._lower_priority = lower_priority and sys.platform == "linux"
        self._at_end = at_end
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name="gemini-images", daemon=True)
            for _ in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run `fn` in one of the threads, and return its future."""
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)

        self._jobs.put(job)
        return future

    def shutdown(self, wait: bool = False, *, cancel_futures: bool = False) -> None:
        """End the threads when all submitted jobs are done; with `wait`, return after that."""
        for _ in self._threads:
            self._jobs.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        if self._lower_priority:
            with suppress(OSError):  # a container may forbid it
                os.nice(10)
        while (job := self._jobs.get()) is not None:
            job()
            del job  # while the thread waits for the next one, what this held leaves the memory
        if self._at_end is not None:
            self._at_end()
