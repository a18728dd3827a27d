"""Reads requests within a deadline, and their JSON bodies strictly.

In: the handler class of the host's server, which is one of `wsgiref`, or a request's WSGI
environment. Out: a handler class whose threads no peer can hold, or the JSON value of a body. A
peer that sends nothing, or one byte at a time, is left after `READ_SECONDS`; one that does not read
what it is sent, after `WRITE_SECONDS`. A body has one length, in digits, of at most four; one whose
length can be read in two ways is not read at all.
"""

import io
import json
import math
import socket
import time
from contextlib import suppress
from typing import Any, NoReturn
from wsgiref.simple_server import WSGIRequestHandler
from wsgiref.types import WSGIEnvironment

HEADER_NAMES = "gemini_images.header_names"
"""The key of a WSGI environment for the names of all headers, as they were sent."""
UNREAD = "_"
"""Stands among those names for lines that the host has taken for the end of all headers."""
READ_SECONDS = 20.0
"""How long a whole request may take to arrive."""
WRITE_SECONDS = 30.0
"""How long a peer may take to accept one piece of an answer."""
MAX_BODY = 2**12
"""The largest request body, in bytes."""


class DeadlineHandler(WSGIRequestHandler):
    """Mixed into the handler class of a server; it is left alone otherwise."""

    def setup(self) -> None:
        """Put the deadlines around the socket."""
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_TimedReader(self.connection))
        self.wfile = _TimedWriter(self.connection)

    def handle(self) -> None:
        """Answer one request; a peer that has not sent it in time, or has left, gets no answer."""
        with suppress(TimeoutError, ConnectionError):
            super().handle()

    def get_environ(self) -> WSGIEnvironment:
        """Return the WSGI environment, which elsewhere keeps only one of headers sent twice."""
        unread = [UNREAD] if self.headers.defects or self.headers.get_payload() else []
        return super().get_environ() | {HEADER_NAMES: (*self.headers.keys(), *unread)}


def with_deadlines(handler: Any) -> Any:
    """Return the handler class of a server with deadlines."""
    return type("PreviewRequestHandler", (DeadlineHandler, handler), {})


def has_plain_length(environ: WSGIEnvironment) -> bool:
    """Whether a request says the length of its body in one way, or has none."""
    coded = "HTTP_TRANSFER_ENCODING" in environ or "HTTP_CONTENT_LENGTH" in environ
    return not coded and _length(environ) is not None


def json_body(environ: WSGIEnvironment) -> Any:
    """Return the JSON value of a request, or None for a body that is not JSON or too long.

    A body that has not arrived in time gives None as well.
    """
    if str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip() != "application/json":
        return None
    try:
        body = environ["wsgi.input"].read(_length(environ) or 0)
        return json.loads(body.decode(), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError, OSError):
        return None


def _length(environ: WSGIEnvironment) -> int | None:
    """Return the length of a body, or None where it is not a plain number up to `MAX_BODY`."""
    text = str(environ.get("CONTENT_LENGTH") or "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        return None
    return int(text) if int(text) <= MAX_BODY else None


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


class _TimedReader(io.RawIOBase):
    """Reads a request from a socket until a deadline, however many pieces it comes in."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._deadline = time.monotonic() + READ_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer. Raises `TimeoutError` after the deadline."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the request did not arrive in time")
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _TimedWriter(io.BufferedIOBase):
    """Writes an answer to a socket, and leaves a peer that does not read it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Write all of `data`. Raises `BrokenPipeError` where the peer does not read."""
        self._connection.settimeout(WRITE_SECONDS)
        try:
            self._connection.sendall(data)
        except TimeoutError as error:  # the server expects and handles only a peer that left
            raise BrokenPipeError("the peer does not read") from error
        return len(memoryview(data).cast("B"))
