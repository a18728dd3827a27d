"""A build of a stranger's pull request: its stock is a bucket, read at a public address."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def public(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Serve a folder on loopback."""
    folder = tmp_path / "public"
    folder.mkdir()
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


def test_without_a_key_a_site_shows_what_the_public_address_has(
    site: MakeSite, public: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = public
    made = site(FOX)
    made.build()
    for sidecar in made.sidecars:
        (folder / f"{sidecar['key']}.json").write_bytes(
            (made.stock / f"{sidecar['key']}.json").read_bytes()
        )
        picture = next(made.stock.glob(f"{sidecar['key']}.[pjw]*g"))
        (folder / f"{sidecar['sha256']}{picture.suffix}").write_bytes(picture.read_bytes())
    for file in made.stock.iterdir():
        file.unlink()
    monkeypatch.delenv("GEMINI_API_KEY")
    made.options |= {"stock": "s3://pictures/docs", "stock_url": url}
    built = made.build()
    assert built.warnings == []
    assert built.closing == "1 picture, 1 from stock"
    assert built.pictures
    assert built.placeholders == []
    assert built.requests == ()
