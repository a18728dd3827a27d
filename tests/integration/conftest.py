"""What tests of builds share: a clean environment, a server on loopback, and sites."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.config.reading import CI_VARIABLES
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.integration.bare_themes import bare_themes
from tests.integration.quick_pictures import quick_pictures
from tests.integration.site import CANARY, QUICK, Site

MakeSite = Callable[..., Site]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch)


def set_environment(patch: pytest.MonkeyPatch) -> None:
    """Set up a person's own machine with a key, and proxies that no request may use."""
    for name in (*CI_VARIABLES, "GOOGLE_API_KEY"):
        patch.delenv(name, raising=False)
    patch.setenv("GEMINI_API_KEY", CANARY)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        patch.delenv(name, raising=False)
        patch.setenv(name.lower(), "http://127.0.0.1:9")
    patch.setenv("NO_MKDOCS_2_WARNING", "1")


@pytest.fixture(scope="module", autouse=True)
def _quick_pictures() -> Iterator[None]:
    """Draw and encode quickly; a module that is about either has a fixture of this name."""
    with quick_pictures():
        yield


@pytest.fixture(scope="module", autouse=True)
def _bare_themes() -> Iterator[None]:
    """Publish no file of a theme; a module that looks at one has a fixture of this name."""
    with bare_themes():
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[str, RequestLog]]:
    """One emulator for all; a prompt with `[emulate: NAME]` says what is to happen."""
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger)) as url:
        yield url, ledger


@pytest.fixture
def site(tmp_path: Path, server: tuple[str, RequestLog]) -> MakeSite:
    """Make a site from pages (or one page's text) and options of the plugin."""
    return sites_in(tmp_path, server)


def sites_in(folder: Path, server: tuple[str, RequestLog]) -> MakeSite:
    """Return a function that makes sites in a folder."""

    def make(pages: str | dict[str, str], *, config: dict[str, Any] | None = None,
             **options: Any) -> Site:  # fmt: skip
        url, ledger = server
        all_pages = {"index.md": pages} if isinstance(pages, str) else dict(pages)
        chosen = {"base_url": url, **QUICK, **options}
        root = folder / f"site-{len(list(folder.iterdir()))}"
        root.mkdir()
        return Site(root, all_pages, chosen, config or {}, ledger)

    return make
