"""Fixtures of bucket tests: buckets of several kinds, and machines that share them.

Every test of a working bucket runs on a folder and on moto, and on the server that
`BUCKET_TEST_URL` names (`s3://bucket`, with obstore's own variables: `AWS_ENDPOINT_URL`,
`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ALLOW_HTTP`, `AWS_REGION`). `real_server.sh`
runs them against Ceph.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from mkdocs_gemini_images.store.buckets.bucket import BucketStore, open_bucket
from mkdocs_gemini_images.store.buckets.object_storage import Timeouts
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.pair_names import SHORT
from tests.integration.bucket.fake import Fake, running

pytest.importorskip("obstore")

REAL = os.environ.get("BUCKET_TEST_URL", "")
SECRET = "canary-9c2d-secret"
QUICK = Timeouts(connect=1.0, call=1.0, picture=2.0, all=10.0)

Machine = Callable[[str], BucketStore]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Set made-up credentials, and an endpoint where no server listens."""
    if "real" in request.node.name:
        return
    for name in list(os.environ):
        if name.startswith(("AWS_", "GOOGLE_", "AZURE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "canary-9c2d-id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Run one moto server with one bucket for all tests, and return its address."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    with urlopen(Request(f"{url}/shared", method="PUT")):
        pass
    yield url
    server.stop()


@pytest.fixture(params=["file", "moto", *(["real"] if REAL else [])])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of an empty store."""
    if request.param == "file":
        folder = tmp_path / "shared folder"
        folder.mkdir()
        return folder.as_uri()
    if request.param == "moto":
        monkeypatch.setenv("AWS_ENDPOINT_URL", request.getfixturevalue("moto"))
    base = REAL if request.param == "real" else "s3://shared"
    return f"{base.rstrip('/')}/{secrets.token_hex(4)}/site"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """Run a server that fails on request."""
    with running() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        yield server


@pytest.fixture
def machine(url: str, tmp_path: Path) -> Machine:
    """Return a function that opens the store on a machine of a given name, as a build does."""
    return lambda name: opened(url, tmp_path / name)


@pytest.fixture
def faulty(fake: Fake, tmp_path: Path) -> Machine:
    """Return the same function for the server that fails on request."""
    return lambda name: opened("s3://shared/site", tmp_path / name)


def waiting_in(stock: BucketStore) -> FolderStore:
    """Return the folder of what waits for the bucket, as a store of its own."""
    return FolderStore(stock.folder / "w", digits=SHORT)


def mirror_of(stock: BucketStore) -> FolderStore:
    """Return the folder of copies, as a store of its own."""
    return FolderStore(stock.folder / "m", digits=SHORT)


def aside_of(stock: BucketStore, number: int = 0) -> FolderStore:
    """Return one of the folders of what another machine had first, as a store of its own."""
    return FolderStore(stock.folder / f"a{number}", digits=SHORT)


def opened(url: str, cache: Path, timeouts: Timeouts = QUICK) -> BucketStore:
    """Open a store whose address is right."""
    return open_bucket(url, cache, os.environ, timeouts)
