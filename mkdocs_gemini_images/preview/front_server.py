"""An HTTP server in front of a host's own server, where that is no WSGI application.

In: requests from browsers, the port of the host's server on this machine, and the folder of the
files that the preview publishes. Out: those files, the host's answers for all other paths, and its
WebSocket, by which it tells pages to reload. `web_server.py` adds the panel to the pages.
"""

import http.client
import mimetypes
import select
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import quote
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from mkdocs_gemini_images.preview.request_reading import with_deadlines

_LOCAL = "127.0.0.1"
_SECONDS = 30.0
"""How long the host's server may take to answer."""
_PASSED_ON = ("HTTP_ACCEPT", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_RANGE")
_OF_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "date", "server"}
_PATH_CHARACTERS = "/!$&'()*+,;=:@~-._"
_NOT_READY = b"<!doctype html><meta http-equiv=refresh content=1><title>Building</title>"
"""What a browser gets until the host listens: it asks again."""


class HostProxy:
    """A WSGI application that answers with published files, and with what the host answers.

    `mount` is the path below which the site's pages are.
    """

    def __init__(self, port: int, folder: Path, mount: str) -> None:
        self._port = port
        self._folder = folder.resolve()
        self._mount = mount

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, which changes nothing."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _answer(start_response, "405 Method Not Allowed", [], b"")
        path = environ["PATH_INFO"].encode("latin-1")
        file = self._published(path.decode("utf-8", "replace"))
        if file is not None:
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            headers = [("Content-Type", kind), ("Cache-Control", "no-cache")]
            return _answer(start_response, "200 OK", headers, file.read_bytes())
        query = environ.get("QUERY_STRING", "")
        target = quote(path, safe=_PATH_CHARACTERS) + (f"?{query}" if query else "")
        return self._of_host(target, environ, start_response)

    def _published(self, path: str) -> Path | None:
        if not path.startswith(self._mount) or "\0" in path:
            return None
        file = (self._folder / path.removeprefix(self._mount)).resolve()
        return file if file.is_relative_to(self._folder) and file.is_file() else None

    def _of_host(
        self, target: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        headers = {
            name[5:].replace("_", "-").title(): environ[name]
            for name in _PASSED_ON
            if name in environ
        }
        connection = http.client.HTTPConnection(_LOCAL, self._port, timeout=_SECONDS)
        try:
            connection.request(environ["REQUEST_METHOD"], target, headers=headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            kind = [("Content-Type", "text/html; charset=utf-8")]
            return _answer(start_response, "503 Service Unavailable", kind, _NOT_READY)
        finally:
            connection.close()
        kept = [
            (name, value)
            for name, value in response.getheaders()
            if name.lower() not in (_OF_CONNECTION | {"content-length"})
        ]
        return _answer(start_response, f"{response.status} {response.reason}", kept, body)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _ServerIPv6(_Server):
    address_family = socket.AF_INET6


class _Handler(WSGIRequestHandler):
    """Answers one request; a WebSocket is connected to the host's server."""

    host_port = 0

    def parse_request(self) -> bool:
        """Return whether a request is to be answered by the application."""
        if not super().parse_request():
            return False
        if self.headers.get("Upgrade", "").lower() != "websocket":
            return True
        origin, host = self.headers.get("Origin"), self.headers.get("Host")
        if origin is None or origin.partition("://")[2] == host:
            with suppress(OSError):
                self._tunnel()
        return False

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing: the host writes what happens."""

    def _tunnel(self) -> None:
        lines = [self.requestline, *(f"{name}: {value}" for name, value in self.headers.items())]
        with socket.create_connection((_LOCAL, self.host_port), _SECONDS) as inner:
            inner.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
            self.connection.settimeout(_SECONDS)
            other = {self.connection: inner, inner: self.connection}
            while True:  # one end that closes closes both
                for ready in select.select(list(other), [], [])[0]:
                    data = ready.recv(2**16)
                    if not data:
                        return
                    other[ready].sendall(data)


def open_front(address: tuple[str, int], app: WSGIApplication, host_port: int) -> WSGIServer:
    """Return a server at `address`, before it serves. Raises `OSError` where that is taken."""
    handler = with_deadlines(type("FrontHandler", (_Handler,), {"host_port": host_port}))
    kind = _ServerIPv6 if ":" in address[0] else _Server
    server = kind(address, handler)
    server.set_app(app)
    return server


def free_port() -> int:
    """Return a port of this machine that no server listens at."""
    with socket.create_server((_LOCAL, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _answer(
    start_response: StartResponse, status: str, headers: list[tuple[str, str]], body: bytes
) -> Iterable[bytes]:
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]
