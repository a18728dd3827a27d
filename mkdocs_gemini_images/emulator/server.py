"""Serves the emulator on a loopback port: to a person in a terminal, or to a test in a thread.

In comes an application, out goes a listening socket and its address. Only loopback hosts are
served, since the emulator takes any key and answers anyone. Its server is imported when it is
used. Stopping does not wait for slow answers: they are stand-ins, nobody paid for them.
"""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

_PATIENCE = 10.0


def serve(app: "Starlette", host: str, port: int) -> None:
    """Serve `app` until Ctrl-C, and say how to point a site at it."""
    with _listening(host, port) as listener:
        url = _url(listener)
        print(f"The emulator listens on {url}: no key, no cost. Ctrl-C ends it.", flush=True)
        print(f"In mkdocs.yml, under gemini-images, write  base_url: {url}", flush=True)
        with suppress(KeyboardInterrupt):
            _server(app, log_level="warning").run(sockets=[listener])


@contextmanager
def running(app: "Starlette") -> Iterator[str]:
    """Serve `app` on a free loopback port in a daemon thread; the value is the base URL."""
    with _listening("127.0.0.1", 0) as listener:
        # Scenarios hang up on purpose, which the server would report as errors.
        server = _server(app, log_level="critical")
        thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name="emulator", daemon=True
        )
        thread.start()
        try:
            yield _url(listener)
        finally:
            server.should_exit = True
            thread.join(_PATIENCE)


def _server(app: "Starlette", **options: Any) -> "uvicorn.Server":
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            server_header=False,
            access_log=False,
            timeout_graceful_shutdown=1,
            **options,
        )
    )


def _listening(host: str, port: int) -> socket.socket:
    where = "127.0.0.1" if host == "localhost" else host
    if not _loopback(where):
        raise ValueError(f"expected a loopback host, got '{host}': write 127.0.0.1")
    family = socket.AF_INET6 if ":" in where else socket.AF_INET
    # Listening at once means that a client of this very moment waits instead of being refused.
    return socket.create_server((where, port), family=family, backlog=512)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
