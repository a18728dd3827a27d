"""A cache may be lost, damaged or poisoned: that is a miss, and nothing else happens."""

import os
import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import diskcache
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.imaging.cache.bytes_disk import BytesDisk
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache

RAW, BINARY, TEXT, PICKLE = 1, 2, 3, 4


class Told(list[str]):
    """Remembers what the cache said."""


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def cache(tmp_path: Path, told: Told) -> Iterator[VariantCache]:
    found = VariantCache(tmp_path / "variants", told.append)
    yield found
    found.close()


def reopened(tmp_path: Path, told: Told) -> VariantCache:
    return VariantCache(tmp_path / "variants", told.append)


def poison(tmp_path: Path, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(tmp_path / "variants" / "cache.db")) as database, database:
        database.execute(sql, values)


class Bomb:
    """Leaves a trace where it is unpickled."""

    trace = ""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (Bomb.trace,)


def test_what_was_put_is_found_again_by_a_later_build(
    tmp_path: Path, cache: VariantCache, told: Told
) -> None:
    cache.put("a-480.webp", b"x" * 100_000)
    cache.put("b", b"y")
    cache.close()
    again = reopened(tmp_path, told)
    assert again.get("a-480.webp") == b"x" * 100_000
    assert again.get("b") == b"y"
    assert again.get("c") is None
    again.close()
    assert told == []


def test_everything_is_in_the_database(tmp_path: Path, cache: VariantCache) -> None:
    cache.put("a", b"x" * 2_000_000)
    cache.close()
    assert {path.name.split("-")[0] for path in (tmp_path / "variants").iterdir()} == {"cache.db"}


def test_a_later_file_replaces_an_earlier_one(cache: VariantCache) -> None:
    cache.put("a", b"old")
    cache.put("a", b"new")
    assert cache.get("a") == b"new"


@given(st.text(min_size=1), st.binary(min_size=1))
def test_any_name_and_bytes_come_back(tmp_path: Path, name: str, data: bytes) -> None:
    cache = VariantCache(tmp_path / "variants", lambda text: None)
    cache.put(name, data)
    assert cache.get(name) == data
    cache.close()


@pytest.mark.parametrize("mode", [RAW, BINARY, TEXT, PICKLE, 0, 99])
@pytest.mark.parametrize("where", ["value", "file", "absolute file"])
def test_a_poisoned_row_is_a_miss_and_runs_and_reads_nothing(
    tmp_path: Path, cache: VariantCache, told: Told, mode: int, where: str
) -> None:
    cache.put("a", b"ours")
    cache.close()
    Bomb.trace = str(tmp_path / "ran")
    payload = pickle.dumps(Bomb())
    secret = tmp_path / "variants" / "secret.val"
    secret.write_bytes(payload)
    file = {"value": None, "file": "secret.val", "absolute file": str(secret)}[where]
    value = payload if where == "value" else None
    poison(tmp_path, "UPDATE Cache SET mode = ?, filename = ?, value = ?", mode, file, value)
    again = reopened(tmp_path, told)
    assert again.get("a") is None
    assert not Path(Bomb.trace).exists()
    again.put("a", b"new")
    assert again.get("a") == b"new"
    assert secret.exists()
    again.close()


def test_keys_that_are_pickles_are_not_read(
    tmp_path: Path, cache: VariantCache, told: Told
) -> None:
    cache.put("a", b"ours")
    cache.close()
    Bomb.trace = str(tmp_path / "ran")
    poison(tmp_path, "UPDATE Cache SET key = ?, raw = 0", pickle.dumps(Bomb()))
    again = reopened(tmp_path, told)
    assert again.get("a") is None
    again.put("b", b"y")
    again.close()
    assert not Path(Bomb.trace).exists()


def test_the_stock_of_a_plain_diskcache_is_not_believed(tmp_path: Path, told: Told) -> None:
    Bomb.trace = str(tmp_path / "ran")
    with diskcache.Cache(str(tmp_path / "variants")) as plain:
        plain["a"] = Bomb()
        plain["b"] = "text" * 20_000
        plain["c"] = b"bytes"
    cache = reopened(tmp_path, told)
    assert [cache.get(name) for name in "abc"] == [None, None, None]
    cache.close()
    assert not Path(Bomb.trace).exists()


def test_swapped_rows_are_misses(tmp_path: Path, cache: VariantCache, told: Told) -> None:
    cache.put("a", b"one")
    cache.put("b", b"two")
    cache.close()
    for old, new in (("a", "-"), ("b", "a"), ("-", "b")):
        poison(tmp_path, "UPDATE Cache SET key = ? WHERE key = ?", new, old)
    again = reopened(tmp_path, told)
    assert (again.get("a"), again.get("b")) == (None, None)
    again.close()


@pytest.mark.parametrize("value", [b"", b"x", b"x" * 32, b"x" * 99, "text", 7, 7.5, None])
def test_a_changed_value_is_a_miss(
    tmp_path: Path, cache: VariantCache, told: Told, value: object
) -> None:
    cache.put("a", b"ours")
    cache.close()
    poison(tmp_path, "UPDATE Cache SET value = ?", value)
    again = reopened(tmp_path, told)
    assert again.get("a") is None
    again.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [("disk_min_file_size", "x"), ("disk_future", 1), ("eviction_policy", "none-such"),
     ("size_limit", "x"), ("statistics", "x"), ("tag_index", "x"), ("sqlite_cache_size", "x; x"),
     ("cull_limit", "x"), ("sqlite_journal_mode", "delete"), ("disk_pickle_protocol", "x")],
)  # fmt: skip
def test_a_database_that_lies_about_itself_does_no_harm(
    tmp_path: Path, cache: VariantCache, told: Told, name: str, value: object
) -> None:
    cache.put("a", b"ours")
    cache.close()
    poison(tmp_path, "INSERT OR REPLACE INTO Settings VALUES (?, ?)", name, value)
    again = reopened(tmp_path, told)
    assert again.get("a") in (None, b"ours")
    again.put("b", b"y")
    assert again.get("b") in (None, b"y")
    again.close()
    assert len(told) <= 1


@pytest.mark.parametrize("raw", [b"no database", b"\0" * 5000, b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_database_is_said_once_and_then_passed_over(
    tmp_path: Path, told: Told, raw: bytes
) -> None:
    (tmp_path / "variants").mkdir()
    (tmp_path / "variants" / "cache.db").write_bytes(raw)
    cache = reopened(tmp_path, told)
    cache.put("a", b"x")
    cache.put("b", b"y")
    assert cache.get("a") is None
    cache.close()
    (said,) = told
    assert said.startswith(f"the cache in {tmp_path / 'variants'} cannot be used (")
    assert said.endswith("); delete it")


def test_a_damaged_database_is_said_once_by_all_threads_together(
    tmp_path: Path, told: Told
) -> None:
    (tmp_path / "variants").mkdir()
    for turn in range(20):
        told.clear()
        (tmp_path / "variants" / "cache.db").write_bytes(b"no database")
        cache = reopened(tmp_path, told)
        begin = threading.Barrier(4)

        def look(begin: threading.Barrier = begin, cache: VariantCache = cache) -> None:
            begin.wait()
            assert cache.get("a") is None

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(told) == 1, turn


@pytest.mark.parametrize("start", [100, 1024, 4096, 4500, 8192])
def test_a_database_damaged_in_the_middle_does_no_harm(
    tmp_path: Path, cache: VariantCache, told: Told, start: int
) -> None:
    for number in range(20):
        cache.put(f"{number}", bytes([number]) * 999)
    cache.close()
    path = tmp_path / "variants" / "cache.db"
    raw = path.read_bytes()
    path.write_bytes(raw[:start] + b"\xa5" * 600 + raw[start + 600 :])
    again = reopened(tmp_path, told)
    for number in range(20):
        assert again.get(f"{number}") in (None, bytes([number]) * 999)
    again.put("new", b"x")
    again.close()


def test_a_lost_table_does_no_harm(tmp_path: Path, cache: VariantCache, told: Told) -> None:
    cache.put("a", b"x")
    poison(tmp_path, "DROP TABLE Cache")
    assert cache.get("a") is None
    cache.put("a", b"x")
    assert len(told) == 1


def test_a_folder_that_cannot_be_made_costs_time_and_not_the_build(
    tmp_path: Path, told: Told
) -> None:
    (tmp_path / "variants").write_text("a file", encoding="utf-8")
    cache = reopened(tmp_path, told)
    assert cache.get("a") is None
    cache.put("a", b"x")
    cache.close()
    assert len(told) == 1


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write anywhere")
def test_a_read_only_folder_costs_time_and_not_the_build(tmp_path: Path, told: Told) -> None:
    (tmp_path / "variants").mkdir(mode=0o500)
    cache = reopened(tmp_path, told)
    cache.put("a", b"x")
    assert cache.get("a") is None
    assert len(told) == 1


def test_a_read_only_database_costs_time_and_not_the_build(
    tmp_path: Path, cache: VariantCache, told: Told
) -> None:
    cache.put("a", b"x")
    poison(tmp_path, "CREATE TRIGGER full BEFORE INSERT ON Cache BEGIN SELECT "
                     "RAISE(ABORT, 'attempt to write a readonly database'); END")  # fmt: skip
    cache.put("b", b"y")
    assert cache.get("b") is None
    assert len(told) == 1


def test_old_files_make_room_for_new_ones(tmp_path: Path, told: Told) -> None:
    cache = VariantCache(tmp_path / "variants", told.append, max_bytes=300_000)
    for number in range(60):
        cache.put(f"{number}", os.urandom(20_000))
    assert cache.get("59") is not None
    assert cache.get("0") is None
    cache.close()
    assert told == []


@pytest.mark.parametrize("value", ["text", 7, None, {"a": 1}])
def test_only_bytes_are_stored(tmp_path: Path, value: object) -> None:
    disk = BytesDisk(str(tmp_path))
    with pytest.raises(TypeError, match="a value is bytes"):
        disk.store(value, read=False)
    with pytest.raises(TypeError, match="a key is text"):
        disk.put(value if value != "text" else b"bytes")
