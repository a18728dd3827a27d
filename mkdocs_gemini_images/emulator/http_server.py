"""Serves the emulator on a loopback port, in the foreground or in a thread.

An application goes in, a listening socket and its URL come out. Other hosts than loopback are
refused, since the emulator accepts any key. uvicorn is imported when a server starts. Stopping a
server does not wait for slow answers.
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
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SHUTDOWN_SECONDS = 10.0


def serve_until_interrupted(app: "Starlette", host: str = "127.0.0.1", port: int = 8787) -> None:
    """Serve `app` until Ctrl-C; print the URL to write into mkdocs.yml, and a line per request.

    `port` 0 takes a free one. Raises `ValueError` when `host` is not a loopback address, and
    `OSError` when the port is taken.
    """
    with _listener(host, port) as listener:
        url = _url(listener)
        print(f"The emulator listens on {url}: no key, no cost. Ctrl-C ends it.", flush=True)
        print(f"In mkdocs.yml, under gemini-images, write  base_url: {url}", flush=True)
        with suppress(KeyboardInterrupt):
            _server(_printing(app), log_level="warning").run(sockets=[listener])


@contextmanager
def serve_in_thread(app: "Starlette") -> Iterator[str]:
    """Serve `app` on a free loopback port in a daemon thread; yield the base URL."""
    with _listener("127.0.0.1", 0) as listener:
        # Some scenarios close connections on purpose, which uvicorn would log as errors.
        server, url = _server(app, log_level="critical"), _url(listener)

        def run() -> None:
            # A socket that listens without a server would let its clients wait for their timeout.
            with listener:
                server.run(sockets=[listener])

        thread = threading.Thread(target=run, name="emulator", daemon=True)
        thread.start()
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join(_SHUTDOWN_SECONDS)


def _printing(app: "ASGIApp") -> "ASGIApp":
    """Return an application that prints each request with its status and scenario.

    Queries are left out, since a client may put its key there.
    """

    async def answer(scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def noted(message: "Message") -> None:
            if message["type"] == "http.response.start":
                headers = dict(message.get("headers", ()))
                scenario = headers.get(b"x-emulator-scenario", b"").decode("latin-1")
                path = "".join(c if c.isprintable() else "?" for c in str(scope["path"]))
                line = f"{scope['method']} {path} {message['status']} {scenario}"
                print(line.rstrip(), flush=True)
            await send(message)

        await app(scope, receive, noted)

    return answer


def _server(app: "ASGIApp", **options: Any) -> "uvicorn.Server":
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


def _listener(host: str, port: int) -> socket.socket:
    address = "127.0.0.1" if host == "localhost" else host
    if not _is_loopback(address):
        raise ValueError(f"expected a loopback host, got '{host}': write 127.0.0.1")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # The socket listens before uvicorn runs: an early client waits instead of being refused.
    return socket.create_server((address, port), family=family, backlog=512)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
