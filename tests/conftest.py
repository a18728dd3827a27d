"""What all tests share: a home of their own, compiled templates, and the browser for pages.

The browser is Debian's Chromium, which CI must have and others may.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import jinja2
import pytest
from jinja2.bccache import Bucket
from mkdocs.theme import Theme


class _CompiledTemplates(jinja2.BytecodeCache):
    """Keeps what Jinja compiles, in memory, by the template's name and text."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (kept := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    """Compile the host's templates once for all builds, which is half of a small build's time."""
    cache, get_env = _CompiledTemplates(), Theme.get_env

    def with_cache(theme: Theme) -> jinja2.Environment:
        environment = get_env(theme)
        environment.bytecode_cache = cache
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Theme, "get_env", with_cache)
        yield


@pytest.fixture(scope="session", autouse=True)
def _state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the secret of this machine out of the home of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium. Without it a test is skipped, and fails in CI."""
    chromium = shutil.which("chromium")
    if chromium is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed")
    assert chromium is not None, "CI needs Chromium: apt-get install chromium"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()
