"""The HTTP side of the live preview: a WSGI application around the host's development server.

In: requests. Out: answers to paths below `/__gemini-images/`, also during a rebuild; and the host's
answers to all other paths, with the panel's script added to each page. Files of the site never
contain the script. A request must come from a page of this server, in a browser of this machine
(`request_guard.py`), and must have the token of the session: otherwise a page of another site, or
another machine, could spend the author's money. Only POST requests spend money or write files.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.package_files import STATIC
from mkdocs_gemini_images.preview.controller import PreviewController
from mkdocs_gemini_images.preview.press_queue import PreviewRefusal
from mkdocs_gemini_images.preview.request_guard import NOT_FRAMED, RequestGuard
from mkdocs_gemini_images.preview.request_reading import has_plain_length, json_body

ROOT = "/__gemini-images/"

_FILES = {"panel.js": "text/javascript", "panel.css": "text/css"}
_MOST_USD = 1_000_000
"""No price on a button is larger."""
_MOST_ALT = 10_000
"""Characters of an alt that is read at all."""
_HEARTBEAT = 10.0
"""Seconds between two comments in an event stream; writing one fails if the listener has gone."""


class PreviewServer:
    """A WSGI application around the host's own application, `app`.

    `address` is the server's host and port; `mount` is the path below which the site's pages are.
    """

    def __init__(
        self,
        controller: PreviewController,
        app: WSGIApplication,
        address: tuple[str, int],
        mount: str,
    ) -> None:
        self.token = secrets.token_urlsafe(32)
        self._controller = controller
        self._app = app
        self._guard = RequestGuard(*address, self.token)
        self._mount = mount

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = _Answer(start_response)
        name = str(environ.get("PATH_INFO", ""))
        if "\0" in name:  # no file has such a name, and the host would fail on it
            return answer.refuse("404 Not Found")
        if not name.startswith(ROOT):
            if not self._guard.may_see_token(environ):
                return self._app(environ, start_response)
            return _with_script(self._app, environ, start_response, self._script())
        name = name.removeprefix(ROOT)
        method = environ.get("REQUEST_METHOD")
        if not self._guard.is_from_own_page(environ):
            return answer.refuse("403 Forbidden")
        if not has_plain_length(environ):
            return answer.refuse("400 Bad Request")
        if name in _FILES and method == "GET":
            source = STATIC / name
            return answer.data(source.read_bytes(), f"{_FILES[name]}; charset=utf-8")
        if not self._guard.has_token(environ):
            return answer.refuse("403 Forbidden")
        if method == "GET":
            return self._answer_get(name, environ, answer)
        if method == "POST":
            return self._answer_post(name, environ, answer)
        return answer.refuse("405 Method Not Allowed")

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
                [
                    state
                    for each in dict.fromkeys(handles)
                    if (state := self._controller.state(each))
                ]
            )
        take = query.get("take", [""])[0]
        if name == "picture" and handles and take.isascii() and take.isdecimal():
            try:
                sample = self._controller.sample(handles[0], int(take[:4]))
            except (DiagnosticError, OSError) as error:
                return answer.json({"complaint": str(error)})
            if sample is not None:
                return answer.data(sample, "image/webp")
        return answer.refuse("404 Not Found")

    def _answer_post(
        self, name: str, environ: WSGIEnvironment, answer: "_Answer"
    ) -> Iterable[bytes]:
        """Carry out an action of the panel, or answer why not."""
        value = json_body(environ)
        try:
            return self._act(name, value, answer)
        except PreviewRefusal as error:
            return answer.json({"complaint": str(error)})
        except (OSError, UnicodeDecodeError) as error:
            return answer.json({"complaint": f"the page cannot be written ({error})"})

    def _act(self, name: str, value: Any, answer: "_Answer") -> Iterable[bytes]:
        match name, value:
            case "draw" | "take", {"handle": str(handle), "usd": int() | float() as usd} if (
                type(usd) is not bool and 0 <= usd <= _MOST_USD
            ):
                self._controller.draw(handle, float(usd), another=name == "take")
                return answer.json({})
            case "pick", {"handle": str(handle), "take": int(take)} if (
                type(take) is not bool and 0 < take < 10_000
            ):
                return answer.json(self._controller.pick(handle, take))
            case "alts", {"handle": str(handle), "usd": int() | float() as usd} if (
                type(usd) is not bool and 0 <= usd <= _MOST_USD
            ):
                return answer.json(self._controller.propose_alts(handle, float(usd)))
            case "alts", {"handle": str(handle), "usd": None}:
                return answer.json(self._controller.propose_alts(handle, None))
            case "alt", {
                "handle": str(handle),
                "page": str(page),
                "line": int(line),
                "alt": str(alt),
            } if type(line) is not bool and len(alt) <= _MOST_ALT:
                return answer.json(self._controller.write_alt(handle, page, line, alt))
            case "draw" | "take" | "pick" | "alts" | "alt", _:
                return answer.refuse("400 Bad Request")
            case _:
                return answer.refuse("404 Not Found")

    def _events(self) -> Iterator[bytes]:
        """Yield states as server-sent events until the listener or the preview ends the stream."""
        with self._controller.listening() as listener:
            yield b": here\n\n"
            for state in listener.states(_HEARTBEAT):
                yield b": still here\n\n" if state is None else _event(state)

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
        common = [
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
        self._start(status, [("Content-Type", content_type), *common, *NOT_FRAMED, *more])


def _event(state: object) -> bytes:
    return f"data: {json.dumps(state)}\n\n".encode()


def _with_script(
    app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse, script: bytes
) -> Iterable[bytes]:
    """Return the answer of `app`; an HTML page gets the script at its end, and no frame.

    An application may begin its answer with its first bytes, and fail before its last ones: then
    nothing has been sent, and the server reports the error.
    """
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None, /
    ) -> Callable[[bytes], object]:
        started[:] = [(status, headers)]
        return lambda data: None

    body = app(environ, start)
    if not started:
        body = [b"".join(body)]
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
    length = ("Content-Length", str(len(page)))
    start_response(status, [*others, *NOT_FRAMED, ("Vary", "Sec-Fetch-Dest"), length])
    return [page]
