"""The HTTP side of the live preview: a WSGI application around the host's development server.

In: requests. Out: answers to paths below `/__gemini-images/`, also during a rebuild; and the host's
answers to all other paths, with the panel's script added to each page. Files of the site never
contain the script. A request must come from a page of this server and must have the token of the
session: otherwise a page of another site could spend the reader's money. Only POST requests spend
money or write files.
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

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.package_files import STATIC
from mkdocs_gemini_images.preview.controller import PreviewController, PreviewRefusal

ROOT = "/__gemini-images/"
TOKEN = "X-Gemini-Images-Token"  # noqa: S105 (a header's name)

_FILES = {"panel.js": "text/javascript", "panel.css": "text/css"}
_MAX_BODY = 2**12
"""The largest request body, in bytes."""
_HEARTBEAT = 10.0
"""Seconds between two comments in an event stream; writing one fails if the listener has gone."""


class PreviewServer:
    """A WSGI application around the host's own application, `app`.

    `address` is the server's host and port; `mount` is the path below which the site's pages are.
    """

    def __init__(
        self, controller: PreviewController, app: WSGIApplication, address: str, mount: str
    ) -> None:
        self.token = secrets.token_urlsafe(32)
        self._controller = controller
        self._app = app
        self._address = address
        self._mount = mount

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = _Answer(start_response)
        name = str(environ.get("PATH_INFO", ""))
        if not name.startswith(ROOT):
            if not (self._is_addressed(environ) and _is_whole_page(environ)):
                return self._app(environ, start_response)
            return _with_script(self._app, environ, start_response, self._script())
        name = name.removeprefix(ROOT)
        method = environ.get("REQUEST_METHOD")
        if not self._is_from_own_page(environ):
            return answer.refuse("403 Forbidden")
        if name in _FILES and method == "GET":
            source = STATIC / name
            return answer.data(source.read_bytes(), f"{_FILES[name]}; charset=utf-8")
        given = str(environ.get(f"HTTP_{TOKEN.upper().replace('-', '_')}", ""))
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return answer.refuse("403 Forbidden")
        if method == "GET":
            return self._answer_get(name, environ, answer)
        if method == "POST":
            return self._answer_post(name, environ, answer)
        return answer.refuse("405 Method Not Allowed")

    def _is_addressed(self, environ: WSGIEnvironment) -> bool:
        """Whether the `Host` header names this server: another name may resolve to it as well."""
        host = str(environ.get("HTTP_HOST", ""))
        return host == self._address or _is_loopback(host)

    def _is_from_own_page(self, environ: WSGIEnvironment) -> bool:
        """Whether a page of this server has sent a request."""
        if not self._is_addressed(environ):
            return False
        host, origin = environ.get("HTTP_HOST"), environ.get("HTTP_ORIGIN")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return False
        return environ.get("HTTP_SEC_FETCH_SITE", "none") in ("same-origin", "none")

    def _answer_get(
        self, name: str, environ: WSGIEnvironment, answer: "_Answer"
    ) -> Iterable[bytes]:
        """Answer a request that changes nothing."""
        query = parse_qs(str(environ.get("QUERY_STRING", "")))
        handles = query.get("handle", [])
        if name == "events":
            return answer.stream(self._events())
        if name == "state":
            return answer.json(
                [state for each in handles if (state := self._controller.state(each))]
            )
        take = query.get("take", [""])[0]
        if name == "picture" and handles and take.isascii() and take.isdecimal():
            try:
                sample = self._controller.sample(handles[0], int(take[:4]))
            except DiagnosticError as error:
                return answer.json({"complaint": str(error)})
            if sample is not None:
                return answer.data(sample, "image/webp")
        return answer.refuse("404 Not Found")

    def _answer_post(
        self, name: str, environ: WSGIEnvironment, answer: "_Answer"
    ) -> Iterable[bytes]:
        """Carry out an action of the panel, or answer why not."""
        value = _json_body(environ)
        try:
            return self._act(name, value, answer)
        except PreviewRefusal as error:
            return answer.json({"complaint": str(error)})
        except (OSError, UnicodeDecodeError) as error:
            return answer.json({"complaint": f"the page cannot be written ({error})"})

    def _act(self, name: str, value: Any, answer: "_Answer") -> Iterable[bytes]:
        match name, value:
            case "draw" | "take", {"handle": str(handle), "usd": int() | float() as usd} if (
                usd >= 0
            ):
                self._controller.draw(handle, float(usd), another=name == "take")
                return answer.json({})
            case "pick", {"handle": str(handle), "take": int(take)} if 0 < take < 10_000:
                return answer.json(self._controller.pick(handle, take))
            case "draw" | "take" | "pick", _:
                return answer.refuse("400 Bad Request")
            case _:
                return answer.refuse("404 Not Found")

    def _events(self) -> Iterator[bytes]:
        """Yield states as server-sent events until the listener or the preview ends the stream."""
        with self._controller.listening() as events:
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
        return f'<script src="{ROOT}panel.js" defer{attributes}></script>'.encode()


class _Answer:
    """Writes one answer, which browsers do not cache."""

    def __init__(self, start_response: StartResponse) -> None:
        self._start = start_response

    def refuse(self, status: str) -> Iterable[bytes]:
        return self.data(b"", "text/plain", status)

    def json(self, value: object) -> Iterable[bytes]:
        return self.data(json.dumps(value).encode(), "application/json")

    def data(self, data: bytes, content_type: str, status: str = "200 OK") -> Iterable[bytes]:
        self._begin(status, content_type, ("Content-Length", str(len(data))))
        return [data]

    def stream(self, parts: Iterator[bytes]) -> Iterable[bytes]:
        self._begin("200 OK", "text/event-stream")
        return parts

    def _begin(self, status: str, content_type: str, *more: tuple[str, str]) -> None:
        common = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        self._start(status, [("Content-Type", content_type), *common, *more])


def _is_whole_page(environ: WSGIEnvironment) -> bool:
    """Whether the browser loads a page outside a frame: a frame allows clickjacking."""
    return environ.get("HTTP_SEC_FETCH_DEST", "document") in ("document", "empty")


def _json_body(environ: WSGIEnvironment) -> Any:
    """Return the JSON value of a request, or None for a body that is not JSON or too long."""
    if str(environ.get("CONTENT_TYPE", "")).partition(";")[0] != "application/json":
        return None
    length = str(environ.get("CONTENT_LENGTH") or "")
    if not (length.isascii() and length.isdecimal() and int(length[:9]) <= _MAX_BODY):
        return None
    try:
        return json.loads(environ["wsgi.input"].read(int(length)))
    except (ValueError, RecursionError):
        return None


def _is_loopback(host: str) -> bool:
    """Whether a `Host` header names this machine, with any port: the port may be forwarded."""
    try:
        name = urlsplit(f"//{host}").hostname or "" if _is_host_text(host) else ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_host_text(host: str) -> bool:
    return bool(host) and all(c.isascii() and (c.isalnum() or c in ".-:[]") for c in host)


def _with_script(
    app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, script: bytes
) -> Iterable[bytes]:
    """Return the answer of `app`; an HTML page gets the script at its end."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        started[:] = [(status, headers)]
        return lambda data: None

    body = app(environ, start)
    status, headers = started[0]
    by_name = {name.lower(): value for name, value in headers}
    if not (status.startswith("200") and by_name.get("content-type", "").startswith("text/html")):
        start_response(status, headers)
        return body
    try:
        page = b"".join(body)
    finally:
        if (close := getattr(body, "close", None)) is not None:
            close()
    end = page.rfind(b"</body>")
    page = page + script if end < 0 else page[:end] + script + page[end:]
    others = [(name, value) for name, value in headers if name.lower() != "content-length"]
    start_response(status, [*others, ("Content-Length", str(len(page)))])
    return [page]
