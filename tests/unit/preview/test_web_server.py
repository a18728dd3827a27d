"""The server in front of the host's application, which may begin late, or fail on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from mkdocs_gemini_images.preview.controller import PreviewController
from mkdocs_gemini_images.preview.web_server import PreviewServer

NEAR = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000", "PATH_INFO": "/"}


class Host:
    """The host's application: a page in pieces, of which the last one may fail."""

    def __init__(self, kind: str, *, fails: bool = False) -> None:
        self._kind = kind
        self._fails = fails
        self.closed = False

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> "Iterator[bytes]":
        try:
            start("200 OK", [("Content-Type", self._kind), ("Content-Length", "26")])
            yield b"<body>A page"
            if self._fails:
                raise OSError("the file has gone")
            yield b" of two</body>"
        finally:
            self.closed = True


def answer(app: Host, **environ: str) -> tuple[list[Any], bytes]:
    """Return what was started, and the whole body."""
    started: list[Any] = []

    def start(*status_and_headers: Any) -> Any:
        started.append(status_and_headers)

    def no_source(page: str) -> Path | None:
        return None

    controller = PreviewController(lambda line: None, no_source)
    server = PreviewServer(controller, app, ("127.0.0.1", 8000), "/")
    return started, b"".join(server({**NEAR, **environ}, start))


def test_a_page_that_begins_with_its_first_bytes_gets_the_script() -> None:
    (started,), body = answer(Host("text/html"))
    assert body.startswith(b"<body>A page of two<script ")
    assert body.endswith(b"</script></body>")
    assert dict(started[1])["Content-Length"] == str(len(body))
    assert dict(started[1])["X-Frame-Options"] == "DENY"


def test_a_file_of_another_type_is_passed_on() -> None:
    (started,), body = answer(Host("text/plain"))
    assert body == b"<body>A page of two</body>"
    assert "X-Frame-Options" not in dict(started[1])


def test_a_page_that_fails_on_the_way_sends_nothing_and_is_closed() -> None:
    app = Host("text/html", fails=True)
    with pytest.raises(OSError, match="has gone"):
        answer(app)
    assert app.closed


def test_another_machine_gets_the_page_as_the_host_wrote_it() -> None:
    _, body = answer(Host("text/html"), REMOTE_ADDR="192.168.1.5")
    assert body == b"<body>A page of two</body>"


@pytest.mark.parametrize("path", ["/\0", "/a\0/index.html", "/__gemini-images/\0"])
def test_a_path_that_no_file_can_have_is_not_found_and_not_asked_of_the_host(path: str) -> None:
    (started,), body = answer(Host("text/html", fails=True), PATH_INFO=path)
    assert started[0] == "404 Not Found"
    assert b"A page" not in body
