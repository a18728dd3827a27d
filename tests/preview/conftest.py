"""Fixtures of the live preview's tests: an environment and sites that a whole file may share."""

from collections.abc import Iterator

import pytest

from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.integration.conftest import (
    MakeSite,
    _quick_pictures,
    server,
    set_environment,
    sites_in,
)

__all__ = ["_quick_pictures", "server"]


@pytest.fixture(scope="module", autouse=True)
def _environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        set_environment(patch)
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, server: tuple[str, RequestLog]) -> MakeSite:
    """Make a site from pages (or one page's text) and options of the plugin."""
    return sites_in(tmp_path_factory.mktemp("sites"), server)
