"""Run a coroutine beside the main thread, so that Ctrl-C ends a build within a second.

The event loop runs in a daemon thread, blocking calls run in other daemon threads, and the main
thread only waits. `asyncio.run` in a hook would unset the event loop that other plugins use, and
its executor threads, which look up names, would delay the end of the process.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from mkdocs_gemini_images.core.daemon_threads import DaemonThreads

T = TypeVar("T")


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose name look-ups do not delay the end of the process."""

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        """Look up a name in a daemon thread of its own."""
        threads = DaemonThreads(1)
        threads_future = threads.submit(socket.getaddrinfo, host, port, **options)
        threads.shutdown()
        return await asyncio.wrap_future(threads_future)


def run(
    work: Callable[[], Coroutine[Any, Any, T]],
    *,
    on_interrupt: Callable[[], None],
    grace: float = 0.8,
) -> T:
    """Run a coroutine in another thread, and return its result.

    On Ctrl-C, `on_interrupt` is called in the event loop, and the coroutine has `grace` seconds to
    end by itself. Then it is cancelled, and `KeyboardInterrupt` is raised.
    """
    outcome: Future[T] = Future()
    started: Future[tuple[_Loop, asyncio.Task[T]]] = Future()

    def live() -> None:
        loop = _Loop()
        try:
            task = loop.create_task(work())
            started.set_result((loop, task))
            outcome.set_result(loop.run_until_complete(task))
        except BaseException as error:
            outcome.set_exception(error)
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    threading.Thread(target=live, name="gemini-images-loop", daemon=True).start()
    try:
        return _wait(outcome, None)
    except KeyboardInterrupt:
        loop, task = started.result()
        loop.call_soon_threadsafe(on_interrupt)
        try:
            _wait(outcome, grace)
        except TimeoutError:
            loop.call_soon_threadsafe(task.cancel)
        raise


def _wait(outcome: Future[T], seconds: float | None) -> T:
    """Wait in short steps, since on some systems a long wait for a lock blocks Ctrl-C."""
    waited = 0.0
    while True:
        try:
            return outcome.result(timeout=0.1)
        except TimeoutError:
            if outcome.done():
                raise
            waited += 0.1
            if seconds is not None and waited >= seconds:
                raise
