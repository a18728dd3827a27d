"""What lies on this machine for a bucket has short names, and nothing paid is lost by them."""

import json
from pathlib import Path

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.buckets.bucket import BucketStore, SyncResult
from mkdocs_gemini_images.store.buckets.local_folders import local_folders
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.pair_names import SHORT
from mkdocs_gemini_images.store.record import Record
from tests.integration.bucket.conftest import Machine, aside_of, mirror_of, opened, waiting_in
from tests.integration.bucket.fake import Fake
from tests.unit.errors import error_of
from tests.unit.pictures import jpeg, png, record, step

FOX = step("A fox reading")
KEY, DATA = key(FOX), png()
RECORD = record(FOX, DATA, author_digest="w" * 64, id="fox")
ALIKE = (step("A fox 517749"), step("A fox 663855"))
"""Two requests whose keys have the same first digits."""


def earlier_waiting(stock: BucketStore) -> FolderStore:
    """Return what waits in the folder of an earlier version, as a store of its own."""
    return FolderStore(stock.folders[1] / "waiting")


def drawn(number: int, data: bytes) -> Record:
    return record(ALIKE[number], data, id=f"fox-{number}")


def test_two_keys_have_the_same_first_digits() -> None:
    one, other = map(key, ALIKE)
    assert one != other
    assert one[:SHORT] == other[:SHORT]


def test_all_that_lies_here_has_short_names(machine: Machine) -> None:
    stock = machine("a")
    stock.put(RECORD, DATA)
    other = record(FOX, png(14))
    stock.put(other, png(14))
    waiting_in(stock).put(record(step("An owl"), DATA), DATA)
    stock.note_file(DATA, RECORD)
    below = [each.relative_to(stock.folder.parent) for each in stock.folder.rglob("*.*")]
    assert {each.parts[1] for each in below} == {"m", "w", "a0", "f"}
    assert max(len(str(each)) for each in below) == 30


def test_a_bucket_of_another_address_has_a_folder_of_its_own(tmp_path: Path) -> None:
    one, other = (local_folders(tmp_path, address) for address in ("s3://a", "s3://b"))
    assert len({one.folder, other.folder, one.earlier, other.earlier}) == 4


# What an earlier version has left


def test_what_waits_in_an_earlier_folder_is_found_told_and_pushed(machine: Machine) -> None:
    earlier_waiting(machine("a")).put(RECORD, DATA)
    stock = machine("a")
    assert stock.find(KEY) == RECORD
    assert is_stocked(stock, KEY), "it is not bought again"
    assert stock.read(RECORD) == DATA
    assert stock.path(RECORD).read_bytes() == DATA
    assert stock.find_named("fox") == RECORD
    assert list(stock.records()) == [RECORD]
    assert f"1 picture is only in {stock.folders[1]}" in str(stock.unsynced())
    assert machine("a").sync() == SyncResult(pushed=1)
    assert machine("a").unsynced() is None
    assert not list(earlier_waiting(stock).records())
    assert machine("b").read(RECORD) == DATA


def test_pictures_wait_in_both_folders(machine: Machine) -> None:
    stock, owl = machine("a"), record(step("An owl"), DATA)
    earlier_waiting(stock).put(RECORD, DATA)
    waiting_in(stock).put(owl, DATA)
    told = str(stock.unsynced())
    assert told.startswith("2 pictures are only in ")
    assert all(str(each.folder) in told for each in (earlier_waiting(stock), waiting_in(stock)))
    assert {each.key for each in stock.records()} == {KEY, owl.key}
    assert stock.sync() == SyncResult(pushed=2)


def test_a_second_picture_of_what_waits_in_an_earlier_folder_is_laid_aside(
    machine: Machine,
) -> None:
    stock, other = machine("a"), record(FOX, png(14))
    earlier_waiting(stock).put(RECORD, DATA)
    assert stock.put(other, png(14)) == RECORD
    assert aside_of(stock).read(other) == png(14)
    assert stock.sync() == SyncResult(pushed=1)
    assert machine("b").find(KEY) == RECORD


def test_what_is_damaged_in_an_earlier_folder_is_told_and_stands_in_no_ones_way(
    machine: Machine,
) -> None:
    stock = machine("a")
    earlier = earlier_waiting(stock)
    earlier.put(RECORD, DATA)
    (earlier.folder / f"{KEY}.json").write_text("{")
    assert f"restore it in {earlier.folder}" in error_of(lambda: stock.find(KEY))
    assert len(list(stock.faults())) == 1
    assert stock.put(RECORD, DATA) == RECORD
    assert machine("a").find(KEY) == RECORD
    assert sorted(path.name for path in earlier.folder.iterdir()) == [f"{KEY}.bad0", f"{KEY}.bad1"]


def test_a_picture_that_lost_its_sidecar_in_an_earlier_folder_is_not_bought_again(
    machine: Machine,
) -> None:
    stock = machine("a")
    earlier_waiting(stock).put(RECORD, DATA)
    (earlier_waiting(stock).folder / f"{KEY}.json").unlink()
    assert is_stocked(machine("a"), KEY)
    assert list(machine("a").lost()) == [KEY]


def test_a_note_of_an_earlier_version_is_known(machine: Machine) -> None:
    stock = machine("a")
    assert not stock.knows_file(DATA)
    earlier_waiting(stock).note_file(DATA, RECORD)
    assert machine("a").knows_file(DATA)


def test_an_earlier_folder_of_another_address_is_none_of_this_ones(
    url: str, tmp_path: Path
) -> None:
    stock = opened(url, tmp_path / "a")
    elsewhere = stock.folders[1].with_name("bucket-0123456789ab") / "waiting"
    FolderStore(elsewhere).put(RECORD, DATA)
    assert stock.find(KEY) is None
    assert stock.unsynced() is None


# Keys that begin alike


@pytest.mark.parametrize("data", [png(14), jpeg(), png()], ids=["other", "kind", "same"])
def test_copies_of_keys_that_begin_alike_are_kept_apart(machine: Machine, data: bytes) -> None:
    one, other = drawn(0, DATA), drawn(1, data)
    there = machine("there")
    assert there.put(one, DATA) == one
    assert there.find(other.key) is None
    assert there.put(other, data) == other
    for stock in (machine("there"), machine("here")):
        assert (stock.find(one.key), stock.find(other.key)) == (one, other)
        assert (stock.read(one), stock.read(other)) == (DATA, data)
        assert {each.key for each in mirror_of(stock).records()} == {one.key, other.key}
        assert (stock.find_named("fox-0"), stock.find_named("fox-1")) == (one, other)


def test_pictures_of_keys_that_begin_alike_wait_beside_each_other(
    fake: Fake, faulty: Machine
) -> None:
    one, other = drawn(0, DATA), drawn(1, png(14))
    faulty("a").check_ready()
    fake.answer = lambda method, path: 500
    for each, data in ((one, DATA), (other, png(14))):
        assert faulty("a").put(each, data) == each
    fake.answer = lambda method, path: 0
    stock = faulty("a")
    assert (stock.read(one), stock.read(other)) == (DATA, png(14))
    assert faulty("a").sync() == SyncResult(pushed=2)
    assert faulty("b").read(other) == png(14)
    assert faulty("b").read(one) == DATA


def test_pictures_that_came_second_are_all_kept(machine: Machine) -> None:
    stock = machine("a")
    firsts, seconds, thirds = (
        [(drawn(number, png(width)), png(width)) for number in (0, 1)] for width in (14, 15, 16)
    )
    for put in (*firsts, *seconds, *thirds, *seconds):
        stock.put(*put)
    assert [stock.find(each.key) for each, _ in firsts] == [each for each, _ in firsts]
    for number, laid in enumerate((seconds, thirds)):
        for each, data in laid:
            assert aside_of(stock, number).find(each.key) == each
            assert aside_of(stock, number).read(each) == data
    assert not aside_of(stock, 2).folder.exists()


def test_damage_among_what_came_second_stands_in_no_ones_way(machine: Machine) -> None:
    stock = machine("a")
    stock.put(RECORD, DATA)
    stock.put(record(FOX, png(14)), png(14))
    (sidecar, _) = aside_of(stock).pairs.files(RECORD)
    sidecar.write_text("{")
    late = record(FOX, png(15))
    stock.put(late, png(15))
    assert aside_of(stock, 1).read(late) == png(15)
    assert sidecar.read_text() == "{"


def test_damage_of_one_key_moves_no_pair_of_one_that_begins_alike(machine: Machine) -> None:
    stock, (one, other) = machine("a"), (drawn(0, DATA), drawn(1, DATA))
    waiting = waiting_in(stock)
    for each in (one, other):
        waiting.put(each, DATA)
    (waiting.folder / f"{other.key}.json").write_text("{")
    with pytest.raises(DiagnosticError):
        stock.find(other.key)
    assert stock.put(other, DATA) == other
    assert waiting.find(one.key) == one
    assert machine("a").sync() == SyncResult(pushed=1)
    assert json.loads(waiting.new_file.parent.joinpath(f"{other.key}.bad0").read_text() + "}") == {}
