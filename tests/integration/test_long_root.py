"""Below a root of 200 characters no path of the cache is longer than Windows takes.

Every file that is opened, renamed, linked or made is looked at, also if it is gone at the end.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.generation.journal import names
from mkdocs_gemini_images.reports.doctor.portability import LONGEST_PATH
from tests.cli.command import drawn, run
from tests.integration.conftest import MakeSite, sites_in
from tests.integration.site import Site, fence

ROOT = 200
EVENTS = ("open", "os.rename", "os.link", "os.mkdir", "os.symlink", "sqlite3.connect")
_seen: list[set[str]] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _seen and event in EVENTS:
        paths = (each for each in arguments[:2] if isinstance(each, str | bytes | os.PathLike))
        _seen[-1].update(os.fsdecode(each) for each in paths)


sys.addaudithook(_note)


@contextmanager
def seen() -> Iterator[set[str]]:
    _seen.append(set())
    try:
        yield _seen[-1]
    finally:
        _seen.pop()


def deep(folder: Path) -> Path:
    """Return a folder whose site, a folder `site-0` in it, has a path of 200 characters."""
    made = folder / ("x" * (ROOT - len(str(folder)) - 2 - len("site-0")))
    made.mkdir()
    return made


@pytest.fixture
def site(tmp_path: Path) -> Iterator[MakeSite]:
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger, clock=Clock(polls=1))) as url:
        yield sites_in(deep(tmp_path), (url, ledger))


def in_cache(here: Site, paths: set[str]) -> list[str]:
    left = {str(path) for path in here.cache.rglob("*")}
    return sorted((each for each in paths | left if each.startswith(str(here.cache))), key=len)


def told(here: Site) -> str:
    return " ".join(run(here, "doctor").stdout.split())


PICTURES = {
    "drawn": "A fox",
    "refused": "A fox [emulate: image-safety]",
    "of unknown outcome": "A fox [emulate: dropped]",
    "unreadable": "A fox [emulate: damaged-png]",
}


def test_no_path_of_the_cache_is_too_long_whatever_comes_of_a_request(site: MakeSite) -> None:
    prompts = [f"```gemini-image\n{prompt}\n```\n\n" for prompt in PICTURES.values()]
    here = site("".join(prompts))
    with seen() as paths:
        here.build()
        here.build()
        assert len(str(here.root)) == ROOT
        run(here, "alt")
        (sidecar,) = here.stock.glob("*.json")
        sidecar.write_text("{")
        here.build()
    made = {Path(each).parent.name for each in in_cache(here, paths)}
    assert {*list(names.EARLIER)[:3], "journal", "j", "alts", "ready", "variants"} <= made
    assert len(in_cache(here, paths)[-1]) <= LONGEST_PATH
    assert "paths in the cache" not in told(here)
    assert "paths in the stock have up to 290 characters" in told(here)


def test_no_path_of_a_batch_job_is_too_long(site: MakeSite) -> None:
    here = site(fence("A fox") + fence("A heron"))
    here.write()
    with seen() as paths:
        run(here, "draw", "--batch")
        drawn(here)
        here.build()
    assert any(f"/{names.JOBS}/" in each for each in paths)
    assert len(in_cache(here, paths)[-1]) <= LONGEST_PATH


def test_of_the_emulators_folder_doctor_tells_the_longest_path(site: MakeSite) -> None:
    here = site(fence("A fox") + fence(PICTURES["refused"]), base_url="emulator")
    with seen() as paths:
        here.build()
        run(here, "alt")
    found = in_cache(here, paths)
    journals = [each for each in found if "/emulator/j/" in each or "/emulator/q/" in each]
    assert len(max(journals, key=len)) <= LONGEST_PATH
    assert "paths in the cache have up to 313 characters" in told(here)
    assert len(found[-1]) <= 313
