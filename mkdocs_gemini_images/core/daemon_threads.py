"""Threads that nobody waits for at exit.

The standard library's executors hold the interpreter until their last job is done, Ctrl-C or not.
What runs here is work that can be done again: decoding, encoding, looking up a name.
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
    """An executor that nobody waits for at exit.

    Where they `lower_priority`, and the system can tell threads apart, the processors are first for
    others: a paid answer that arrives is safe sooner than what is made of the one before. Each
    thread calls `at_end` last, to let go of what is its own.
    """

    def __init__(
        self,
        threads: int,
        *,
        lower_priority: bool = False,
        at_end: Callable[[], None] | None = None,
    ) -> None:
        self._lower_priority = (
            lower_priority and sys.platform == "linux"
        )  # elsewhere nice is for a process
        self._at_end = at_end
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name="gemini-images", daemon=True)
            for _ in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run `fn` in one of the threads."""
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
        """Let the threads end when their work is done; with `wait`, see that they have."""
        for _ in self._threads:
            self._jobs.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        if self._lower_priority:
            with suppress(OSError):  # a container may forbid it: they are as urgent as the others
                os.nice(10)
        while (job := self._jobs.get()) is not None:
            job()
        if self._at_end is not None:
            self._at_end()
