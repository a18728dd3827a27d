"""A stock at a public address: read, proven, never written to, and bounded in size and time."""

import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mkdocs_gemini_images.config.server import Secret, Server
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.store.buckets.bucket import BucketStore
from mkdocs_gemini_images.store.buckets.object_storage import Timeouts
from mkdocs_gemini_images.store.buckets.public_storage import open_public
from mkdocs_gemini_images.store.record import sidecar_bytes
from tests.unit.pictures import png, record, step

DATA = png()
FOX = record(step("A fox"), DATA, author_digest="words", id="fox")
SIDECAR, PICTURE = f"{FOX.key}.json", f"{FOX.sha256}.png"
OBJECTS = {SIDECAR: sidecar_bytes(FOX), PICTURE: DATA}
QUICK = Timeouts(connect=1.0, call=0.5, picture=1.0, all=5.0)
CANARY = "canary-4f1e-key"


class Public:
    """A server of objects on loopback, which knows what it was asked."""

    def __init__(self, url: str, objects: dict[str, bytes], status: dict[str, int]) -> None:
        self.url, self.objects, self.status = url, objects, status
        self.asked: list[str] = []
        self.headers = ""
        self.slow = threading.Event()


@pytest.fixture
def public() -> Iterator[Public]:
    """Serve objects below `/stock`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/stock/")
            said.asked.append(name)
            said.headers += str(self.headers)
            data = said.objects.get(name)
            status = said.status.get(name, 404 if data is None else 200)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("location", f"{said.url}/{PICTURE}")
            self.send_header("content-length", str(len(data or b"")))
            self.end_headers()
            if name == "slow":
                said.slow.wait(5)
            self.wfile.write(data or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    said = Public(f"http://127.0.0.1:{server.server_port}/stock", dict(OBJECTS), {})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield said
    said.slow.set()
    server.shutdown()
    server.server_close()


Open = Callable[[], BucketStore]


@pytest.fixture
def stock(public: Public, tmp_path: Path) -> Open:
    """Open the stock as a build does; a key of the model's server is there."""
    server = Server(key=Secret(CANARY))
    return lambda: open_public(public.url, tmp_path / "cache", server, QUICK)


def test_a_picture_is_found_by_key_and_fetched_once(public: Public, stock: Open) -> None:
    opened = stock()
    assert opened.find(FOX.key) == FOX
    assert opened.read(FOX) == DATA
    asked = len(public.asked)
    again = stock()
    assert again.find(FOX.key) == FOX
    assert again.read(FOX) == DATA
    assert public.asked[asked:] == []
    assert CANARY not in public.headers
    assert "authorization" not in public.headers.lower()


def test_a_picture_that_is_not_there_is_asked_for_once(public: Public, stock: Open) -> None:
    opened = stock()
    assert [opened.find("0" * 64) for _ in range(3)] == [None, None, None]
    assert public.asked.count(f"{'0' * 64}.json") == 1


def test_a_list_of_names_finds_pictures_by_words_and_by_id(public: Public, stock: Open) -> None:
    public.objects["names.txt"] = f"{SIDECAR}\n{PICTURE}\n../../etc/passwd\n".encode()
    opened = stock()
    assert opened.find_by_author_digest("words") == FOX
    assert opened.find_named("fox") == FOX
    assert list(opened.records()) == [FOX]
    assert not [name for name in public.asked if "passwd" in name]


def test_a_list_that_is_out_of_date_hides_nothing(public: Public, stock: Open) -> None:
    public.objects["names.txt"] = b""
    assert stock().find(FOX.key) == FOX


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (PICTURE, png(9, 9), "other bytes"),
        (PICTURE, b"", "other bytes"),
        (SIDECAR, b"{", "damage"),
        (SIDECAR, b"<html>not found</html>", "a sidecar"),
        (SIDECAR, sidecar_bytes(record(step("A hen"), DATA)), "another's"),
        (SIDECAR, b" " * (9 * 2**20), "more than 8 MB"),
    ],
)
def test_bytes_are_held_against_their_digests(
    name: str, data: bytes, message: str, public: Public, tmp_path: Path
) -> None:
    public.objects[name] = data
    with pytest.raises(DiagnosticError, match=message):
        _read(open_public(public.url, tmp_path / "cache", Server()))


def _read(opened: BucketStore) -> bytes:
    found = opened.find(FOX.key)
    return opened.read(found) if found is not None else b""


@pytest.mark.parametrize(
    ("status", "message"),
    [(302, "a redirect, which is not followed"), (500, "HTTP 500"), (401, "HTTP 401")],
)
def test_an_answer_that_says_nothing_of_the_picture_is_no_absence(
    status: int, message: str, public: Public, stock: Open
) -> None:
    public.status[SIDECAR] = status
    opened = stock()
    for _ in range(2):
        with pytest.raises(DiagnosticError, match=f"{message}: try again; nothing is bought"):
            opened.find(FOX.key)
    assert public.asked.count(SIDECAR) == 1
    assert PICTURE not in public.asked


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_storage_answers_for_a_missing_object_is_an_absence(
    status: int, public: Public, stock: Open
) -> None:
    public.status[SIDECAR] = status
    assert stock().find(FOX.key) is None


def test_a_server_that_does_not_answer_costs_one_wait(tmp_path: Path) -> None:
    opened = open_public("http://127.0.0.1:9/stock", tmp_path, Server(), QUICK)
    for _ in range(3):
        with pytest.raises(DiagnosticError, match="got no connection: try again"):
            opened.find(FOX.key)


def test_nothing_is_bought_or_written(public: Public, stock: Open) -> None:
    opened = stock()
    with pytest.raises(DiagnosticError, match="where nothing can be kept"):
        opened.check_ready()
    assert opened.put(record(step("A hen"), DATA), DATA).key  # a paid picture waits, not lost
    assert opened.sync().waiting == 1
    assert set(public.objects) == set(OBJECTS)


def test_copies_lie_apart_from_those_of_another_address(
    public: Public, stock: Open, tmp_path: Path
) -> None:
    other = open_public("https://other.example/stock", tmp_path / "cache", Server(), QUICK)
    assert stock().folder != other.folder
    assert sha256(DATA).hexdigest() == FOX.sha256
