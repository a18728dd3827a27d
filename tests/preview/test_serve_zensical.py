"""`gemini-images serve` in a project of Zensical's, over HTTP."""

import base64
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.compatibility.toml_site import TomlSite
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, fence
from tests.preview.serving import HANG, ROOT, Served, serve, wait_until

PAGES = {
    "index.md": "# Home\n" + fence("A fox", id="fox") + fence("An owl", sise="1K"),
    "guide/deep.md": '# Deep\n\n![A heron](gemini: "A heron")\n',
}


@contextmanager
def serving(here: TomlSite) -> Iterator[Served]:
    """Serve the project, and wait until Zensical has built it."""
    with serve(here.site, host="mkdocs_gemini_images") as served:
        wait_until(lambda: "data-token" in served.page("/guide/deep/"))
        wait_until(lambda: "data-token" in served.page("/"))
        found = re.search(r'data-token="([\w-]+)"', served.page("/"))
        assert found is not None
        served.token = found[1]
        yield served


@pytest.fixture
def here(site: MakeSite) -> TomlSite:
    found = TomlSite(site(PAGES))
    found.write()
    return found


def upgraded(served: Served, origin: str) -> bytes:
    """Ask for Zensical's WebSocket from a page of an origin; return the answer's beginning."""
    lines = (
        "GET / HTTP/1.1", f"Host: 127.0.0.1:{served.port}", f"Origin: {origin}",
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}", "", "",
    )  # fmt: skip
    with socket.create_connection(("127.0.0.1", served.port), timeout=HANG) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return connection.recv(1024)


def test_a_missing_picture_is_drawn_and_picked_and_nothing_else_is_written(here: TomlSite) -> None:
    before = len(here.site.ledger)
    with serving(here) as served:
        page = served.page("/")
        (fox,) = served.handles("/")
        assert "gemini-image-error" in page
        assert "did you mean" in page
        assert "placeholder" in page
        assert served.state(fox)["state"] == "not drawn"
        assert len(here.site.ledger) == before

        served.press("draw", fox)
        state = served.until_state(fox, "in stock")
        address = "/" + state["shown"]["src"]
        assert served.ask("GET", address).kind == "image/webp"

        served.press("take", fox)
        wait_until(lambda: served.state(fox)["takes"] == [1, 2])
        picked = served.pick(fox, 2)
        assert picked["written"] == ["index.md"]
        assert "take: 2" in (here.root / "docs/index.md").read_text()
        wait_until(lambda: served.handles("/") == [picked["handle"]])
        assert served.until_state(picked["handle"], "in stock")["take"] == 2

        words = {"handle": picked["handle"], "page": "index.md", "line": 3, "alt": "A red fox"}
        served.ask("POST", f"{ROOT}alt", words, served.own)
        wait_until(lambda: 'alt="A red fox"' in served.page("/"))

        # A picture that the command line draws arrives, too.
        (heron,) = served.handles("/guide/deep/")
        assert here.run("draw", "--yes", "guide/deep.md")[0] == 0
        served.until_state(heron, "in stock")
    assert (here.root / "docs/guide/deep.md").read_text() == PAGES["guide/deep.md"]
    assert sorted(each.name for each in here.root.iterdir()) == [
        ".cache", "docs", "gemini-images", "serve.log", "zensical.toml",
    ]  # fmt: skip
    assert [each.name for each in (here.root / ".cache").iterdir()] == ["plugin"]
    assert not (here.root / "docs/assets").exists()


def test_zensicals_reload_passes_and_a_changed_configuration_holds(here: TomlSite) -> None:
    with serving(here) as served:
        assert upgraded(served, served.url).startswith(b"HTTP/1.1 101")
        assert upgraded(served, "http://evil.example") == b""

        here.file.write_text(here.file.read_text().replace('"Test"', '"Changed"'))
        wait_until(lambda: "Changed" in served.page("/"))
        assert served.ask("GET", "/../zensical.toml").status in (400, 404)
        assert served.ask("POST", "/").status == 405


def test_a_site_of_mkdocs_is_served_by_mkdocs(site: MakeSite) -> None:
    here = site(FOX)
    here.write()
    with serve(here, host="mkdocs_gemini_images") as served:
        assert served.state(served.handles()[0])["state"] == "not drawn"
