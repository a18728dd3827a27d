"""An event loop beside the main thread, so that Ctrl-C ends a build within a second.

`asyncio.run` in a hook would unset the loop other plugins use, and executor threads hold the
interpreter until their work is done, name look-ups included. So the loop runs in a daemon thread,
whatever blocks runs in daemon threads too, and the main thread only waits.
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
    """A loop whose name look-ups do not outlive the build."""

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        """Look a name up in a daemon thread of its own."""
        threads = DaemonThreads(1)
        threads_future = threads.submit(socket.getaddrinfo, host, port, **options)
        threads.shutdown()
        return await asyncio.wrap_future(threads_future)


def run(
    work: Callable[[], Coroutine[Any, Any, T]],
    *,
    on_interrupt: Callable[[], None],
    patience: float = 0.8,
) -> T:
    """Run a coroutine to its end beside the main thread, and return what it returns.

    On Ctrl-C, `on_interrupt` is called inside the loop and the work has `patience` seconds to end
    by itself; then it is cancelled and `KeyboardInterrupt` is raised.
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
    loop, task = started.result()
    try:
        return _wait(outcome, None)
    except KeyboardInterrupt:
        loop.call_soon_threadsafe(on_interrupt)
        try:
            _wait(outcome, patience)
        except TimeoutError:
            loop.call_soon_threadsafe(task.cancel)
        raise


def _wait(outcome: Future[T], seconds: float | None) -> T:
    """Wait in small steps: a lock held for ever would keep Ctrl-C out on some systems."""
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
