"""Machines that share a bucket get the same picture for each key."""

import multiprocessing
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.buckets.bucket import BucketStore, SyncResult
from mkdocs_gemini_images.store.buckets.object_storage import open_storage
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, look_up
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store
from tests.integration.bucket.conftest import Machine, aside_of, mirror_of, opened, waiting_in
from tests.unit.errors import error_of
from tests.unit.pictures import png, record, step

FOX = step("A fox reading")
KEY = key(FOX)


def drawing(number: int = 0) -> tuple[Record, bytes]:
    """Return one drawing of the fox: each number gives other bytes."""
    data = png(13 + number)
    return record(FOX, data, author_digest="w" * 64, id="fox", response_id=f"answer {number}"), data


def test_a_bucket_and_a_folder_behave_alike(machine: Machine, tmp_path: Path) -> None:
    stocks: list[Store] = [FolderStore(tmp_path / "folder"), machine("a")]
    for stock in stocks:
        assert stock.find(KEY) is None
        assert stock.find_by_author_digest("w" * 64) is None
        assert stock.find_named("fox") is None
        fox, data = drawing()
        assert (stock.put(fox, data) or fox) == fox
        assert stock.find(KEY) == fox
        assert stock.read(fox) == data
        assert stock.path(fox).read_bytes() == data
        assert stock.path(fox).is_relative_to(stock.folder)
        assert stock.find_by_author_digest("w" * 64) == fox
        assert stock.find_named("fox") == fox
        assert stock.find_named("") is None
        assert list(stock.records()) == [fox]


def test_a_picture_of_one_machine_is_found_on_another(machine: Machine) -> None:
    fox, data = drawing()
    one = machine("one")
    one.check_ready()
    assert one.put(fox, data) == fox
    assert one.unsynced() is None
    looks: tuple[Callable[[BucketStore], object], ...] = (
        lambda stock: stock.find(KEY),
        lambda stock: stock.find_by_author_digest("w" * 64),
        lambda stock: stock.find_named("fox"),
        lambda stock: next(stock.records()),
    )
    for look in looks:
        for number, other in enumerate((machine("other"), machine("other"))):
            assert look(other) == fox, number
            assert other.read(fox) == data
        shutil.rmtree(other.folder)


def test_machines_that_put_at_once_keep_the_same_picture(machine: Machine) -> None:
    names = [f"machine {number}" for number in range(8)]
    stocks = [machine(name) for name in names]
    assert [stock.find(KEY) for stock in stocks] == [None] * 8
    with ThreadPoolExecutor(8) as threads:
        put = lambda number: stocks[number].put(*drawing(number))  # noqa: E731
        kept = list(threads.map(put, range(8)))
    assert len({each.sha256 for each in kept}) == 1
    first = kept[0]
    (number,) = (number for number in range(8) if drawing(number)[0] == first)
    for name in (*names, "latecomer"):
        stock = machine(name)
        assert stock.find(KEY) == first
        assert stock.read(first) == drawing(number)[1]
        assert stock.unsynced() is None
    for other in set(range(8)) - {number}:
        loser, data = drawing(other)
        aside = aside_of(stocks[other])
        assert aside.find(KEY) == loser
        assert aside.read(loser) == data


def test_processes_that_put_at_once_keep_the_same_picture(url: str, tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as processes:
        works = [processes.submit(_race, url, tmp_path, number) for number in range(3)]
        kept = [work.result() for work in works]
    assert len(set(kept)) == 1


def _race(url: str, folder: Path, number: int) -> str:
    stock = opened(url, folder / f"process {number}")
    return "".join(
        stock.put(record(step(f"A fox {each}"), png(13 + number)), png(13 + number)).sha256
        for each in range(5)
    )


def test_the_same_cache_keeps_the_first_of_two_and_lays_the_second_aside(machine: Machine) -> None:
    stock, (first, data), (second, other) = machine("a"), drawing(1), drawing(2)
    assert stock.put(first, data) == first
    assert stock.put(second, other) == first
    assert machine("a").put(first, data) == first
    assert stock.read(first) == data
    assert list(aside_of(stock).records()) == [second]
    assert aside_of(stock).read(second) == other


def test_check_ready_lists_the_bucket_again(machine: Machine) -> None:
    here, there = machine("here"), machine("there")
    assert here.find(KEY) is None
    there.put(*drawing())
    assert here.find(KEY) is None, "a listing holds while pages are rendered"
    here.check_ready()
    assert here.find(KEY) == drawing()[0]


def test_a_picture_that_was_not_listed_yet_is_not_overwritten(machine: Machine) -> None:
    here, there = machine("here"), machine("there")
    assert here.find(KEY) is None
    winner = there.put(*drawing(1))
    assert here.put(*drawing(2)) == winner
    assert here.find(KEY) == winner
    assert here.read(winner) == drawing(1)[1]


def test_a_deleted_or_damaged_mirror_is_fetched_again(machine: Machine) -> None:
    fox, data = drawing()
    machine("a").put(fox, data)
    mirror = mirror_of(machine("a"))
    sidecar, picture = mirror.pairs.files(fox)
    shutil.rmtree(mirror.folder)
    assert machine("a").find(KEY) == fox
    assert machine("a").read(fox) == data
    picture.write_bytes(data[:-9])
    assert machine("a").read(fox) == data
    assert picture.read_bytes() == data
    sidecar.write_text("{}")
    assert machine("a").find_by_author_digest("w" * 64) == fox
    sidecar.write_text("{}")
    assert machine("a").find(KEY) == fox


def test_look_up_returns_for_a_bucket_what_it_returns_for_a_folder(machine: Machine) -> None:
    machine("other").put(*drawing())
    stock: Any = machine("a")

    def look(asked: str, author_digest: str, id: str, **more: object) -> object:
        found = step(asked, **more)
        return look_up(found, key(found), [author_digest], id, stock)

    fox = drawing()[0]
    assert look("A fox reading", "w" * 64, "fox") == InStock(fox)
    drifted = look("A fox reading", "w" * 64, "fox", size="2K")
    assert isinstance(drifted, Drifted)
    assert drifted.record == fox
    assert look("An owl", "o" * 64, "fox") == Fallback(fox)
    assert look("An owl", "o" * 64, "owl") == Missing()


def test_many_pictures_can_be_put_at_once(machine: Machine) -> None:
    here = machine("here")
    drawn = [
        record(step(f"A fox {each}"), png(), author_digest=f"{each:064}") for each in range(60)
    ]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda each: here.put(each, png()), drawn)) == drawn
    there = machine("there")
    assert there.find_by_author_digest(f"{7:064}") == drawn[7]
    assert {each.key for each in there.records()} == {each.key for each in drawn}


def test_pictures_that_waited_are_pushed_by_sync(machine: Machine) -> None:
    fox, data = drawing()
    stock = machine("a")
    assert stock.sync() == SyncResult()
    waiting_in(stock).put(fox, data)
    assert machine("a").find(KEY) == fox
    assert machine("a").read(fox) == data
    waits = str(machine("a").unsynced())
    assert "1 picture" in waits
    assert "gemini-images sync" in waits
    assert machine("b").find(KEY) is None
    assert machine("a").sync() == SyncResult(pushed=1)
    assert machine("a").sync() == SyncResult()
    assert machine("a").unsynced() is None
    assert machine("b").find(KEY) == fox
    assert machine("b").read(fox) == data


def test_a_waiting_picture_yields_to_an_earlier_one_of_another_machine(machine: Machine) -> None:
    late, early = drawing(1), drawing(2)
    waiting_in(machine("a")).put(*late)
    machine("b").put(*early)
    assert machine("a").sync() == SyncResult(yielded=1)
    stock = machine("a")
    assert stock.find(KEY) == early[0]
    assert stock.read(early[0]) == early[1]
    assert aside_of(stock).read(late[0]) == late[1]
    assert not any(waiting_in(stock).folder.iterdir())


def test_a_damaged_waiting_pair_is_reported_and_does_not_block_a_put(machine: Machine) -> None:
    fox, data = drawing()
    waiting = waiting_in(machine("a"))
    waiting.put(fox, data)
    sidecar, picture = waiting.pairs.files(fox)
    picture.write_bytes(b"damage")
    synced = machine("a").sync()
    assert (synced.pushed, synced.waiting) == (0, 1)
    assert "git" not in str(synced.trouble)
    sidecar.write_text("damage")
    assert "git" not in error_of(lambda: machine("a").find(KEY))
    assert machine("a").put(fox, data) == fox
    assert machine("a").unsynced() is None
    assert machine("b").read(fox) == data


def test_the_newest_record_is_found_among_copies_and_waiting_pairs(machine: Machine) -> None:
    old, new = (
        record(step(words), png(), id="fox", time=time)
        for words, time in (("old", "2026-01-01T00:00:00Z"), ("new", "2026-02-01T00:00:00Z"))
    )
    machine("b").put(old, png())
    stock = machine("a")
    assert stock.find_named("fox") == old
    waiting_in(stock).put(new, png())
    stock = machine("a")
    assert stock.find_named("fox") == new
    assert len(list(stock.records())) == 2
    newest = record(step("newest"), png(), id="fox", time="2026-03-01T00:00:00Z")
    stock.put(newest, png())
    assert stock.find_named("fox") == newest


@pytest.mark.parametrize("trailing", ["", "/"])
def test_a_prefix_is_the_same_store_with_and_without_a_slash(
    url: str, tmp_path: Path, trailing: str
) -> None:
    fox, data = drawing()
    assert opened(url, tmp_path / "a").put(fox, data) == fox
    here = opened(url + trailing, tmp_path / "a")
    assert here.folder == opened(url, tmp_path / "a").folder
    assert opened(url + trailing, tmp_path / "b").find(KEY) == fox


def test_a_bucket_holds_sidecars_by_key_and_pictures_by_digest(url: str, machine: Machine) -> None:
    fox, data = drawing()
    machine("a").put(fox, data)
    assert open_storage(url, os.environ).names() == {f"{KEY}.json", f"{fox.sha256}.png"}
