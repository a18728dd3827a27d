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
from mkdocs_gemini_images.store.buckets.bucket import open_bucket
from mkdocs_gemini_images.store.pair_names import SHORT
from tests.cli.command import drawn, run
from tests.integration.conftest import MakeSite, sites_in
from tests.integration.site import Site, fence
from tests.unit.pictures import png, record, step

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


def test_no_path_of_the_emulators_folder_is_too_long(site: MakeSite) -> None:
    prompts = [f"```gemini-image\n{PICTURES[each]}\n```\n\n" for each in ("drawn", "refused")]
    here = site("".join(prompts), base_url="emulator")
    with seen() as paths:
        here.build()
        run(here, "alt")
        here.build()
    found = in_cache(here, paths)
    made = {Path(each).parent.name for each in found}
    assert {"emulator", names.EMULATED_JOURNAL, "q", "alts"} <= made
    assert len(list(here.cache.glob("emulator/*.json"))) == 1
    assert len(found[-1]) <= LONGEST_PATH
    assert "paths in the cache" not in told(here)


def test_no_path_of_a_bucket_is_too_long_whatever_comes_of_a_picture(
    site: MakeSite, tmp_path: Path
) -> None:
    pytest.importorskip("obstore")
    bucket, elsewhere = tmp_path / "bucket", tmp_path / "elsewhere"
    bucket.mkdir()
    here = site(fence("A fox"), stock=bucket.as_uri())
    first, second, waiting = png(), png(14), png(15)
    words = step("A fox that two machines draw at once")
    with seen() as paths:
        here.build()
        stock = open_bucket(bucket.as_uri(), here.cache, {})
        stock.put(record(words, first), first)
        stock.put(record(words, second), second)
        stock.note_file(first, record(words, first))
        offline = record(step("A fox that is drawn while the bucket is down"), waiting)
        away = open_bucket(bucket.as_uri(), here.cache, {})
        bucket.rename(elsewhere)
        away.put(offline, waiting)
        (away.folder / "w" / f"{offline.key[:SHORT]}.json").write_text("{")
        away.put(offline, waiting)
        assert away.unsynced() is not None
        elsewhere.rename(bucket)
        assert "1 stored" in run(here, "sync").stdout
        here.build()
    found = in_cache(here, paths)
    assert {"m", "w", "f", "a0"} <= {Path(each).parent.name for each in found}
    assert any(each.endswith(".bad0") for each in found)
    assert len(found[-1]) <= LONGEST_PATH
    assert "paths in the cache" not in told(here)
