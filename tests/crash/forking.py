"""Processes that are born knowing everything, and a build in one thread, each run like the last."""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from mkdocs_gemini_images import background, gemini, publish, purchase, threads


def forked(work: Callable[[], None]) -> int:
    """Run `work` in a process of its own, and give its id; it ends with 0 if nothing was raised."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setsid()
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


@contextmanager
def single() -> Iterator[None]:
    """Let a build do in one thread what it does in several, so that each run is like the last."""

    class Here(threads.DaemonThreads):
        def __init__(self, threads: int, **ignored: Any) -> None: ...

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
            future: Future[Any] = Future()
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)
            return future

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None: ...

    def run(work: Callable[[], Any], **ignored: Any) -> Any:
        loop = background._Loop()
        try:
            return loop.run_until_complete(work())
        finally:
            loop.close()

    with (
        patch.object(background, "run", run),
        patch.object(background, "DaemonThreads", Here),
        patch.object(purchase, "DaemonThreads", Here),
        patch.object(publish, "DaemonThreads", Here),
        patch.object(gemini, "_CONNECT", 1.0),  # a loop that is not woken wakes by itself
    ):
        yield
