"""The live preview's side of HTTP, in front of the host's own development server.

In come requests; those below `/__gemini-images/` are answered here, at once and also during a
rebuild, all others by the host, whose pages get the panel's script on their way out. Nothing of it
is ever in a file of the site. Whoever asks must have been given the session's token, on this
machine, by a page of this server: a web page from elsewhere could spend its reader's money. What
spends or writes is POST alone.
"""

import hmac
import ipaddress
import json
import queue
import secrets
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.core.package_files import STATIC
from mkdocs_gemini_images.preview.controller import PreviewController

ROOT = "/__gemini-images/"
TOKEN = "X-Gemini-Images-Token"  # noqa: S105 (a header's name)

_FILES = {"preview.js": "text/javascript", "preview.css": "text/css"}
_MOST = 2**12
"""Bytes of a request."""
_HEARTBEAT = 10.0
"""Seconds between signs of life, by which a listener who has gone is noticed."""


class Preview:
    """A WSGI application around the host's own, `app`.

    That one is at the address `served`, host and port, with the site's pages below `mount`.
    """

    def __init__(
        self, desk: PreviewController, app: WSGIApplication, served: str, mount: str
    ) -> None:
        self.token = secrets.token_urlsafe(32)
        self._desk = desk
        self._app = app
        self._served = served
        self._mount = mount

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = _Answer(start_response)
        name = str(environ.get("PATH_INFO", ""))
        if not name.startswith(ROOT):
            if not (self._is_this(environ) and _is_whole_page(environ)):
                return self._app(environ, start_response)
            return _with_script(self._app, environ, start_response, self._script())
        name = name.removeprefix(ROOT)
        method = environ.get("REQUEST_METHOD")
        if not self._is_ours(environ):
            return answer.refuse("403 Forbidden")
        if name in _FILES and method == "GET":
            source = STATIC / name
            return answer.data(source.read_bytes(), f"{_FILES[name]}; charset=utf-8")
        given = str(environ.get(f"HTTP_{TOKEN.upper().replace('-', '_')}", ""))
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return answer.refuse("403 Forbidden")
        if method == "GET":
            return self._read(name, environ, answer)
        if method == "POST":
            return self._act(name, environ, answer)
        return answer.refuse("405 Method Not Allowed")

    def _is_this(self, environ: WSGIEnvironment) -> bool:
        """Whether this server is called by its own name; a stranger's may lead here as well."""
        host = str(environ.get("HTTP_HOST", ""))
        return host == self._served or _is_loopback(host)

    def _is_ours(self, environ: WSGIEnvironment) -> bool:
        """Whether a request was made by a page of this server."""
        if not self._is_this(environ):
            return False
        host, origin = environ.get("HTTP_HOST"), environ.get("HTTP_ORIGIN")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return False
        return environ.get("HTTP_SEC_FETCH_SITE", "none") in ("same-origin", "none")

    def _read(self, name: str, environ: WSGIEnvironment, answer: "_Answer") -> Iterable[bytes]:
        asked = parse_qs(str(environ.get("QUERY_STRING", "")))
        handles = asked.get("handle", [])
        if name == "events":
            return answer.stream(self._events())
        if name == "state":
            return answer.json([state for each in handles if (state := self._desk.state(each))])
        take = asked.get("take", [""])[0]
        if name == "picture" and handles and take.isascii() and take.isdecimal():
            made = self._desk.sample(handles[0], int(take[:4]))
            if isinstance(made, bytes):
                return answer.data(made, "image/webp")
            if isinstance(made, Diagnostic):
                return answer.json({"complaint": str(made)})
        return answer.refuse("404 Not Found")

    def _act(self, name: str, environ: WSGIEnvironment, answer: "_Answer") -> Iterable[bytes]:
        match name, _body(environ):
            case "draw" | "take", {"handle": str(handle), "usd": int() | float() as usd} if (
                usd >= 0
            ):
                refusal = self._desk.draw(handle, float(usd), another=name == "take")
                return answer.json({"complaint": refusal} if refusal else {})
            case "pick", {"handle": str(handle), "take": int(take)} if 0 < take < 10_000:
                try:
                    return answer.json(self._desk.pick(handle, take))
                except (OSError, UnicodeDecodeError) as error:
                    return answer.json({"complaint": f"the page cannot be written ({error})"})
            case "draw" | "take" | "pick", _:
                return answer.refuse("400 Bad Request")
            case _:
                return answer.refuse("404 Not Found")

    def _events(self) -> Iterator[bytes]:
        """Write states as server-sent events, until either side has enough."""
        with self._desk.listening() as events:
            yield b": here\n\n"
            while True:
                try:
                    state = events.get(timeout=_HEARTBEAT)
                except queue.Empty:
                    yield b": still here\n\n"
                    continue
                if state is None:
                    return
                yield f"data: {json.dumps(state)}\n\n".encode()

    def _script(self) -> bytes:
        data = {"token": self.token, "root": ROOT, "site": self._mount}
        attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
        return f'<script src="{ROOT}preview.js" defer{attributes}></script>'.encode()


class _Answer:
    """Writes one answer; what it says is kept by nobody and shown in no frame."""

    def __init__(self, start_response: StartResponse) -> None:
        self._start = start_response

    def refuse(self, status: str) -> Iterable[bytes]:
        return self.data(b"", "text/plain", status)

    def json(self, value: object) -> Iterable[bytes]:
        return self.data(json.dumps(value).encode(), "application/json")

    def data(self, data: bytes, kind: str, status: str = "200 OK") -> Iterable[bytes]:
        self._begin(status, kind, ("Content-Length", str(len(data))))
        return [data]

    def stream(self, parts: Iterator[bytes]) -> Iterable[bytes]:
        self._begin("200 OK", "text/event-stream")
        return parts

    def _begin(self, status: str, kind: str, *more: tuple[str, str]) -> None:
        safe = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        self._start(status, [("Content-Type", kind), *safe, *more])


def _is_whole_page(environ: WSGIEnvironment) -> bool:
    """Whether a page is to have its window to itself: in a stranger's frame, clicks are stolen."""
    return environ.get("HTTP_SEC_FETCH_DEST", "document") in ("document", "empty")


def _body(environ: WSGIEnvironment) -> Any:
    """Read a request's JSON; None where it is none."""
    if str(environ.get("CONTENT_TYPE", "")).partition(";")[0] != "application/json":
        return None
    length = str(environ.get("CONTENT_LENGTH") or "")
    if not (length.isascii() and length.isdecimal() and int(length[:9]) <= _MOST):
        return None
    try:
        return json.loads(environ["wsgi.input"].read(int(length)))
    except (ValueError, RecursionError):
        return None


def _is_loopback(host: str) -> bool:
    """Whether a `ImageResolver` header names this machine, however its port is reached."""
    try:
        name = urlsplit(f"//{host}").hostname or "" if _is_plain(host) else ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_plain(host: str) -> bool:
    return bool(host) and all(c.isascii() and (c.isalnum() or c in ".-:[]") for c in host)


def _with_script(
    app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, script: bytes
) -> Iterable[bytes]:
    """Let `app` answer, and put the script at the end of what is a page."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def begin(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        begun[:] = [(status, headers)]
        return lambda data: None

    body = app(environ, begin)
    (status, headers), named = begun[0], {name.lower(): value for name, value in begun[0][1]}
    if not (status.startswith("200") and named.get("content-type", "").startswith("text/html")):
        start_response(status, headers)
        return body
    try:
        page = b"".join(body)
    finally:
        if (close := getattr(body, "close", None)) is not None:
            close()
    at = page.rfind(b"</body>")
    page = page + script if at < 0 else page[:at] + script + page[at:]
    others = [(name, value) for name, value in headers if name.lower() != "content-length"]
    start_response(status, [*others, ("Content-Length", str(len(page)))])
    return [page]
