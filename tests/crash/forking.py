"""Processes that are born knowing everything, and a build in one thread, each run like the last."""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from mkdocs_gemini_images.core import daemon_threads, event_loop
from mkdocs_gemini_images.gemini import client
from mkdocs_gemini_images.generation import sending


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

    class Here(daemon_threads.DaemonThreads):
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
        loop = event_loop._Loop()
        try:
            return loop.run_until_complete(work())
        finally:
            loop.close()

    with (
        patch.object(event_loop, "run", run),
        patch.object(event_loop, "DaemonThreads", Here),
        patch.object(sending, "DaemonThreads", Here),
        patch.object(daemon_threads, "DaemonThreads", Here),  # the publisher's, loaded when needed
        patch.object(client, "_CONNECT", 1.0),  # a loop that is not woken wakes by itself
    ):
        yield
