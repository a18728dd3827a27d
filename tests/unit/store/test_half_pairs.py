"""A pair is created once and never replaced; one of which a half is missing is damage to mend."""

import errno
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import Missing, is_stocked, look_up
from mkdocs_gemini_images.store.pair_names import WHOLE
from mkdocs_gemini_images.store.pairs import LostSidecarError
from mkdocs_gemini_images.store.record import Record, sidecar_bytes
from tests.unit.errors import error_of
from tests.unit.pictures import jpeg, png, record, step, webp

STEP = step("A fox")
KEY = key(STEP)
DATA = png()
FOX = record(STEP, DATA, author_digest="w" * 64, id="fox")


class DiskWithoutLinks:
    """A disk that knows no second name of a file, such as FAT or a shared folder of a machine."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(os, "link", self._refuse)

    def _refuse(self, *paths: Any, **more: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def of_kind(data: bytes) -> Record:
    return record(STEP, data)


# A picture alone


@pytest.mark.parametrize("data", [png(), jpeg(), webp()], ids=["png", "jpg", "webp"])
def test_a_picture_without_its_sidecar_is_named_with_what_mends_it(
    tmp_path: Path, data: bytes
) -> None:
    store = FolderStore(tmp_path)
    store.put(of_kind(data), data)
    (tmp_path / f"{KEY}.json").unlink()
    name = f"{tmp_path.name}/{of_kind(data).file_name}"
    said = error_of(lambda: store.find(KEY))
    assert said == (
        f"the sidecar of {name} is missing beside it: restore it (git checkout -- "
        f"{tmp_path.name}/{KEY}.json), or write a new one (gemini-images adopt ID {name}); the "
        "picture is not drawn again"
    )
    assert is_stocked(store, KEY)
    assert look_up(STEP, KEY, ["w" * 64], "fox", store) == Missing(said, lost=True)


@pytest.mark.parametrize("make", ["link", "folder", "pointer", "empty"])
def test_whatever_has_the_name_of_a_picture_is_not_bought_again(tmp_path: Path, make: str) -> None:
    path = tmp_path / f"{KEY}.png"
    match make:
        case "link":
            path.symlink_to(tmp_path / "nowhere")
        case "folder":
            path.mkdir()
        case "pointer":
            path.write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
        case _:
            path.touch()
    with pytest.raises(LostSidecarError):
        FolderStore(tmp_path).find(KEY)
    with pytest.raises(DiagnosticError, match="the sidecar of"):
        FolderStore(tmp_path).put(FOX, DATA)
    assert names(tmp_path) == [path.name]


def test_the_very_bytes_of_a_lone_picture_bring_its_sidecar_back(tmp_path: Path) -> None:
    (tmp_path / f"{KEY}.png").write_bytes(DATA)
    before = (tmp_path / f"{KEY}.png").stat().st_ino
    assert FolderStore(tmp_path).put(FOX, DATA) == FOX
    assert FolderStore(tmp_path).find(KEY) == FOX
    assert (tmp_path / f"{KEY}.png").stat().st_ino == before, "the original stays untouched"


@pytest.mark.parametrize("data", [png(99), jpeg()], ids=["of its kind", "of another kind"])
def test_other_bytes_never_replace_a_lone_picture_and_never_get_its_sidecar(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / f"{KEY}.png").write_bytes(DATA)
    with pytest.raises(LostSidecarError):
        FolderStore(tmp_path).put(of_kind(data), data)
    assert names(tmp_path) == [f"{KEY}.png"]
    assert (tmp_path / f"{KEY}.png").read_bytes() == DATA


def test_a_picture_whose_sidecar_is_about_to_come_is_waited_for(tmp_path: Path) -> None:
    """The other process has given the picture its name, and stands before the sidecar's."""
    (tmp_path / f"{KEY}.png").write_bytes(DATA)
    sidecar = tmp_path / f"{KEY}.json"
    late = threading.Timer(0.1, lambda: atomic_files.write(sidecar, sidecar_bytes(FOX)))
    late.start()
    assert FolderStore(tmp_path).find(KEY) == FOX
    late.join()


def test_lost_pictures_are_listed_by_key_and_copies_of_others_are_not_lost(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put(FOX, DATA)
    (tmp_path / f"{'a' * 64}.png").write_bytes(DATA)
    (tmp_path / f"{'b' * 64}.webp").write_bytes(webp())
    (tmp_path / "drawing.png").write_bytes(DATA)
    assert list(store.lost()) == ["b" * 64]
    assert f"{tmp_path.name}/{'b' * 64}.webp" in str(store.lost()["b" * 64])
    assert FolderStore(tmp_path / "never made").lost() == {}


# A sidecar alone


def test_the_very_bytes_of_a_lone_sidecar_bring_its_picture_back(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put(FOX, DATA)
    store.path(FOX).unlink()
    assert store.put(of_kind(jpeg()), jpeg()) == FOX
    assert names(tmp_path) == [f"{KEY}.json"]
    assert store.put(FOX._replace(time="2026-11-28T00:00:00Z"), DATA) == FOX
    assert store.read(FOX) == DATA


def test_a_damaged_sidecar_is_not_replaced_by_a_put(tmp_path: Path) -> None:
    (tmp_path / f"{KEY}.json").write_text("{")
    with pytest.raises(DiagnosticError, match="restore it"):
        FolderStore(tmp_path).put(FOX, DATA)
    assert names(tmp_path) == [f"{KEY}.json"]


# Several at once


KEYS = 40


def _put_all(folder: Path, number: int, links: bool, digits: int) -> list[str]:
    """Put one picture under each key: each process its own, every second one of another kind."""
    with pytest.MonkeyPatch.context() as patch:
        if not links:
            DiskWithoutLinks(patch)
        data = (png, jpeg)[number % 2](13 + number)
        store = FolderStore(folder, digits=digits)
        return [store.put(record(step(f"A fox {each}"), data), data).sha256 for each in range(KEYS)]


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Start four processes, once: each imports what it needs by itself."""
    with ProcessPoolExecutor(4, get_context("spawn")) as started:
        yield started


@pytest.mark.parametrize("digits", [WHOLE, 1], ids=["whole keys", "keys that begin alike"])
@pytest.mark.parametrize("links", [True, False], ids=["with links", "without links"])
def test_processes_that_no_lock_keeps_apart_keep_pairs_whose_halves_agree(
    processes: ProcessPoolExecutor, tmp_path: Path, links: bool, digits: int
) -> None:
    works = [processes.submit(_put_all, tmp_path, number, links, digits) for number in range(4)]
    told = [work.result() for work in works]
    store = FolderStore(tmp_path, digits=digits)
    records = list(store.records())
    assert len(records) == KEYS
    assert len(names(tmp_path)) == 2 * KEYS
    for each in records:
        assert store.read(each)
    kept = [store.find(key(step(f"A fox {each}"))) for each in range(KEYS)]
    for said in told:
        assert said == [found.sha256 for found in kept if found is not None]


def test_a_disk_without_links_keeps_whole_pairs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    DiskWithoutLinks(monkeypatch)
    store = FolderStore(tmp_path)
    assert store.put(FOX, DATA) == FOX
    assert store.put(of_kind(jpeg()), jpeg()) == FOX
    assert store.read(FOX) == DATA
    assert names(tmp_path) == [f"{KEY}.json", f"{KEY}.png"]


def test_a_name_that_was_taken_and_whose_bytes_never_came_is_swept(tmp_path: Path) -> None:
    for suffix in ("png", "json"):
        (tmp_path / f"{KEY}.{suffix}").touch()
    (tmp_path / f".{KEY}.png.12345678.part").write_bytes(DATA)
    (tmp_path / f"{'b' * 64}.png").touch()
    atomic_files.sweep(tmp_path, KEY)
    assert names(tmp_path) == [f"{'b' * 64}.png"]
    assert FolderStore(tmp_path).put(FOX, DATA) == FOX


def test_a_look_for_a_picture_that_is_there_asks_for_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    store.put(FOX, DATA)

    def never(path: object) -> bool:
        raise AssertionError(path)

    monkeypatch.setattr(os.path, "lexists", never)
    assert store.find(KEY) == FOX


def test_a_look_up_sees_what_another_process_put_since_the_index_was_made(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.find_by_author_digest("w" * 64) is None
    FolderStore(tmp_path).put(FOX, DATA)
    store.check_ready()
    assert store.find_by_author_digest("w" * 64) == FOX
    assert store.find_named("fox") == FOX
