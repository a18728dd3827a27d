"""What all tests share: folders of their own, what is read once, and the browser for pages.

The browser is Debian's Chromium, which CI must have and others may.
"""

import functools
import gc
import inspect
import os
import re
import shutil
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
import mkdocs.plugins
import mkdocs.utils
import pytest
import yaml
from _pytest.runner import runtestprotocol
from jinja2.bccache import Bucket
from mkdocs.utils.yaml import get_yaml_loader

from mkdocs_gemini_images.generation.journal import temporary_answers
from mkdocs_gemini_images.imaging.cache import bytes_disk

_POSIX = re.compile(
    r"\b(?:symlink_to|hardlink_to|readlink|mkfifo|chmod|geteuid|put_something|small_disk|disk|fat"
    r"|fsync|SIGKILL|SIGTERM|fork|fcntl|pty|tmux)\b|/proc/|/etc/|/bin/"
)
"""What a test's own text has that needs more than Windows gives every user."""

gc.set_threshold(50_000, 20, 100)
"""Thousands of tests and their modules live to the end: there is little to be found among them."""

if sys.platform == "win32":  # these import what Windows lacks, or are about it
    collect_ignore = [
        "browser", "crash", "compatibility", "preview", "integration/test_one_stock.py",
        "unit/imaging/cache/test_hostile_database.py", "unit/core/files/test_disk_sync.py",
        "cli/test_everywhere.py",
    ]  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that need POSIX, so that other systems choose the rest by `-m`.

    Without a choice no source is read, which takes half as long as all else that is collected.

    Those in a browser are marked as well, and end sooner than others: Playwright waits for a script
    without end where a whole browser stands still.
    """
    chosen = "posix" in config.option.markexpr
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            item.add_marker(pytest.mark.timeout(180, func_only=True))
        if chosen and isinstance(item, pytest.Function) and _needs_posix(item.function):
            item.add_marker("posix")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Let a worker tell of a test once, but for what fails or is skipped before or after it.

    Six messages for each of thousands of tests, of which most say that nothing has happened, take
    longer than many of the tests.
    """
    if not hasattr(item.config, "workerinput") or item.config.option.durations is not None:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    return True


def pytest_collection_finish() -> None:
    """Leave what was collected out of later searches for garbage; see the threshold above."""
    gc.collect()
    gc.freeze()


@functools.cache
def _needs_posix(function: Callable[..., object]) -> bool:
    return _POSIX.search(inspect.getsource(inspect.unwrap(function))) is not None


class _CompiledTemplates(jinja2.BytecodeCache):
    """Keeps what Jinja compiles, in memory, by the template's name and text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[bucket.key, bucket.checksum] = bucket.code


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Run all tests in what follows: of a fixture, each of thousands would ask for it again."""
    # The folder of `tmp_path` is no temporary file: it stays for who looks at a failed test.
    session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    with _read_once(), _nothing_forced(), _own_folders(), _temporary_answers():
        return (yield)


@contextmanager
def _read_once() -> Iterator[None]:
    """Compile templates, look for packages and read certificates once for the builds of all tests.

    That is half of the time of a small build, and always gives the same.
    """
    cache, initialise = _CompiledTemplates(), jinja2.Environment.__init__
    found, themes = functools.cache(entry_points), mkdocs.utils.get_themes()

    def with_cache(environment: jinja2.Environment, *positional: Any, **options: Any) -> None:
        initialise(environment, *positional, **{"bytecode_cache": cache, **options})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "__init__", with_cache)
        if yaml.__with_libyaml__:  # the same grammar, read by C
            patch.setattr(get_yaml_loader, "__defaults__", (yaml.CLoader, None))
        for module in (mkdocs.utils, mkdocs.plugins):
            patch.setattr(module, "entry_points", found)
        patch.setattr(mkdocs.utils, "get_themes", functools.lru_cache(lambda: themes))
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@contextmanager
def _nothing_forced() -> Iterator[None]:
    """Force no file to the drive: no test cuts the power, and those of the order look at calls.

    Most of a picture's time goes there, and of a small cache's.
    """
    settings = bytes_disk._SETTINGS | {"sqlite_synchronous": 0}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)  # which also refuses what is no open file
        patch.setattr(bytes_disk, "_SETTINGS", settings)
        yield


@contextmanager
def _own_folders() -> Iterator[None]:
    """Keep secrets and temporary files out of the folders of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="t-") as folder:
        for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, tempfile.mkdtemp(prefix="state-", dir=folder))
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield


@contextmanager
def _temporary_answers() -> Iterator[None]:
    """Look for paid answers in no temporary folder of this machine, where those of others may lie.

    One that a test chooses is looked through as it is without this.
    """
    real = temporary_answers.places
    of_machine, own = real(), Path(tempfile.mkdtemp(prefix="answers-"))

    def places() -> tuple[Path, ...]:
        return tuple(each for each in real() if each not in of_machine) or (own,)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(temporary_answers, "places", places)
        yield


@pytest.fixture
def browser(_chromium: Any) -> Iterator[Any]:
    """Give a browser without pages, and close the pages that a test opens."""
    shared = _chromium.contexts
    yield _chromium
    for context in _chromium.contexts:
        if context not in shared:
            context.close()


@pytest.fixture(scope="module")
def _chromium() -> Iterator[Any]:
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
