"""Builds with caches of their own that share one stock, as a container and its host do."""

import errno
import fcntl
import os
import shutil
import stat
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.generation.journal import names
from mkdocs_gemini_images.generation.one_buyer import one_buyer
from mkdocs_gemini_images.store.folder import FolderStore
from tests.cli.command import untouched
from tests.crash.forking import forked
from tests.crash.oracle import Seen, audit
from tests.crash.scene import Scene
from tests.crash.till import serving
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence
from tests.warm_process import HOST, started

SIXTY = "".join(fence(f"Picture {number}") for number in range(60))
PLENTY = {"max_new": 1000, "budget": 1000}


class DiskWithoutLocks:
    """A disk for the stock on which a lock is refused, or is given to each who asks."""

    def __init__(self, patch: pytest.MonkeyPatch, *, refuses: bool) -> None:
        self._refuses = refuses
        self._real = fcntl.flock
        patch.setattr(fcntl, "flock", self._flock)

    def _flock(self, descriptor: int, operation: int) -> None:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self._real(descriptor, operation)
        elif self._refuses:
            raise OSError(errno.ENOTSUP, "Operation not supported")


def built_apart(file: Path) -> str:
    """Build a site in a process of its own, and return its log."""
    process = started(HOST, "build", "-q", "-f", file)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


def check_pairs(stock: Path, count: int) -> None:
    """Assert that the stock has so many pairs, that each agrees, and nothing else."""
    store = FolderStore(stock)
    records = list(store.records())
    assert len(records) == count
    for record in records:
        assert store.read(record)
    names = {name for each in records for name in (each.file_name, f"{each.key}.json")}
    assert {path.name for path in stock.iterdir()} == names


def sharing(site: MakeSite, page: str, stock: Path, **options: Any) -> tuple[Site, Site]:
    """Make two sites of the same page, each with its own cache, and one stock."""
    one, two = (site(page, stock=str(stock), **options) for _ in range(2))
    one.write()
    two.write()
    return one, two


def test_two_processes_with_two_caches_buy_sixty_pictures_of_one_stock_once(
    site: MakeSite, tmp_path: Path
) -> None:
    stock = tmp_path / "shared" / "gemini-images"
    one, two = sharing(site, SIXTY, stock, **PLENTY)
    before = len(one.ledger)
    with ThreadPoolExecutor(2) as threads:
        logs = list(threads.map(built_apart, (each.root / "mkdocs.yml" for each in (one, two))))
    bills = [each for each in one.ledger.entries[before:] if each.billed]
    assert len(bills) == 60
    assert logs == ["", ""], "neither warns of anything"
    check_pairs(stock, 60)
    assert one.cache != two.cache
    assert all(each.cache.is_dir() for each in (one, two))


@pytest.mark.parametrize("refuses", [True, False], ids=["refuses locks", "locks nothing"])
def test_where_locks_do_nothing_several_may_pay_and_the_pairs_agree(
    tmp_path: Path, refuses: bool
) -> None:
    """The second keeps the first one's picture, and lays its own answer aside in its journal."""
    prompts = [f"Picture {number}" for number in range(20)]
    with serving(tmp_path / "roll", slowest=0.02) as till:
        scenes = [Scene(tmp_path / "scene", till.url, name) for name in (".cache", ".cache-b")]

        def work(scene: Scene) -> None:
            with pytest.MonkeyPatch.context() as patch:
                DiskWithoutLocks(patch, refuses=refuses)
                ended = scene.build(prompts, site=f"site{scene.cache_name}")
            assert (ended.missing, ended.loud) == (0, ()), ended.loud

        children = [forked(partial(work, scene)) for scene in scenes]
        assert [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in children] == [0, 0]
        verdict = audit(scenes[0], prompts, till.bills(), scenes[0].build(prompts), Seen())
    assert verdict.wrong == []
    assert verdict.bills > 20, "they met"
    aside = list(scenes[0].journals(f"{names.ASIDE}/*.answer"))
    assert verdict.extra == verdict.explained == len(aside)
    check_pairs(scenes[0].stock, 20)


def test_two_configurations_that_differ_keep_the_picture_that_came_first(
    site: MakeSite, tmp_path: Path
) -> None:
    """The second waits for the lock, looks up again, and finds its words drawn: it has drifted."""
    stock = tmp_path / "shared"
    stock.mkdir()
    first = site(fence("A fox"))
    first.build()
    second = site(fence("A fox"), stock=str(stock), aspect_ratio="1:1")
    second.write()
    before = len(second.ledger)
    with ThreadPoolExecutor(1) as threads:
        with one_buyer(tmp_path, stock):
            waiting = threads.submit(built_apart, second.root / "mkdocs.yml")
            wait_for_lock(stock)
            for file in first.stock.iterdir():
                shutil.copy(file, stock)
        assert waiting.result(timeout=120) == ""
    assert len(second.ledger) == before
    check_pairs(stock, 1)


def wait_for_lock(folder: Path) -> None:
    """Wait until a process waits for the lock of a folder, as /proc/locks tells."""
    inode = f":{folder.stat().st_ino} "
    for _ in range(600):
        waiting = [line for line in Path("/proc/locks").read_text().splitlines() if "->" in line]
        if any(inode in line for line in waiting):
            return
        threading.Event().wait(0.1)
    pytest.fail("no process waits for the lock")


def test_a_build_without_a_key_writes_nothing_into_the_stock(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in CI, over a checkout that is read-only."""
    here = site(FOX)
    before = here.build()
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("CI", "true")
    here.stock.chmod(0o555)
    written = here.stock.stat().st_mtime_ns
    with untouched(here.stock):
        after = here.build()
    assert here.stock.stat().st_mtime_ns == written
    here.stock.chmod(0o755)
    assert after.pictures == before.pictures
    assert after.loud == ()


def test_git_sees_nothing_but_pairs_in_the_stock(site: MakeSite) -> None:
    here = site(FOX)
    subprocess.run(["git", "init", "-q", here.root], check=True)
    here.build()
    listed = subprocess.run(
        ["git", "-C", here.root, "status", "--short", "-uall", "--ignored", "gemini-images"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert len(listed.splitlines()) == 2
    (sidecar,) = here.sidecars
    assert sidecar["key"] in listed


def test_a_site_that_may_not_draw_makes_no_stock(site: MakeSite) -> None:
    here = site(FOX)
    here.build(frozen=True)
    assert not here.stock.exists()
