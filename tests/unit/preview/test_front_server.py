"""The server in front of a host's own: published files, the host's answers, and no way out."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.preview.front_server import HostProxy, free_port


class FakeHost(http.server.BaseHTTPRequestHandler):
    """Answers with the path that it was asked for, and the headers that came along."""

    def do_GET(self) -> None:
        asked = f"{self.path} {self.headers.get('Accept')} {self.headers.get('Cookie')}"
        self.send_response(404 if "gone" in self.path else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(asked.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[int]:
    with http.server.HTTPServer(("127.0.0.1", 0), FakeHost) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def answer(
    port: int, folder: Path, path: str, *, method: str = "GET", query: str = "", mount: str = "/"
) -> tuple[str, dict[str, str], bytes]:
    """Return the status, headers and body that a browser gets for a path."""
    said: list[Any] = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query,
        "HTTP_ACCEPT": "text/html", "HTTP_COOKIE": "secret",
    }  # fmt: skip
    body = HostProxy(port, folder, mount)(environ, lambda *given: said.extend(given) or print)  # type: ignore[func-returns-value]
    return said[0], dict(said[1]), b"".join(body)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "site/assets").mkdir(parents=True)
    (tmp_path / "site/assets/fox.webp").write_bytes(b"a fox")
    (tmp_path / "secret.webp").write_bytes(b"a secret")
    (tmp_path / "site/link.webp").symlink_to(tmp_path / "secret.webp")
    return tmp_path / "site"


def test_a_published_file_is_served_with_its_type(host: int, folder: Path) -> None:
    for path, mount in (("/assets/fox.webp", "/"), ("/y/assets/fox.webp", "/y/")):
        status, headers, body = answer(host, folder, path, mount=mount)
        assert (status, headers["Content-Type"], body) == ("200 OK", "image/webp", b"a fox")


@pytest.mark.parametrize(
    "path",
    ["/", "/a/", "/../secret.webp", "/link.webp", "/assets", "/assets/../../secret.webp"],
)
def test_every_other_path_is_the_hosts(host: int, folder: Path, path: str) -> None:
    status, headers, body = answer(host, folder, path, query="q=1")
    assert (status, body) == ("200 OK", f"{path}?q=1 text/html None".encode())
    assert headers["Content-Length"] == str(len(body))


def test_the_hosts_refusal_is_passed_on(host: int, folder: Path) -> None:
    assert answer(host, folder, "/gone")[0] == "404 Not Found"


def test_a_path_keeps_its_letters(host: int, folder: Path) -> None:
    path = "/gr\u00fc n?\u0000%".encode().decode("latin-1")
    assert answer(host, folder, path)[2].startswith(b"/gr%C3%BC%20n%3F%00%25 ")


def test_nothing_is_changed_through_it(host: int, folder: Path) -> None:
    assert answer(host, folder, "/", method="POST")[0] == "405 Method Not Allowed"


def test_a_browser_asks_again_until_the_host_listens(folder: Path) -> None:
    status, _, body = answer(free_port(), folder, "/")
    assert status == "503 Service Unavailable"
    assert b"http-equiv=refresh" in body
