"""A database that a stranger has made runs nothing, deletes nothing and takes little room."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import diskcache
import pytest

from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from tests.warm_process import run, started

ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r"

USE = """
import resource, sys
from pathlib import Path
from mkdocs_gemini_images.imaging.cache import bytes_disk
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
told = []
cache = VariantCache(Path(sys.argv[1]), told.append)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = [cache.get(name) for name in ("a", "b", "c")]
cache.put("b", b"new")
cache.put("c", b"new")
found.append(cache.get("c"))
cache.close()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
print(found)
print(*told, sep="\\n")
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a cache that holds a and b, from which each test has a copy."""
    place = tmp_path_factory.mktemp("kept") / "variants"
    cache = VariantCache(place, pytest.fail)
    cache.put("a", b"ours")
    cache.put("b", b"ours")
    cache.close()
    return place


@pytest.fixture
def folder(tmp_path: Path, kept: Path) -> Path:
    """The folder of a cache that holds a and b."""
    return shutil.copytree(kept, tmp_path / "variants")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The settings of a cache that was made and used by us alone."""
    place = tmp_path_factory.mktemp("ours") / "variants"
    assert used(place) == []
    with closing(sqlite3.connect(place / "cache.db")) as database:
        return dict(database.execute("SELECT key, value FROM Settings"))


def poison(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "cache.db", isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        for statement in statements:
            database.execute(statement)


def poison_much(folder: Path, *statements: str) -> None:
    """Write many pages once; with a log they would be written there first."""
    poison(folder, "PRAGMA journal_mode = OFF", *statements, "PRAGMA journal_mode = WAL")


def used(folder: Path) -> list[str]:
    """Use the cache as a build does, and return what it said; what was found is ours or nothing."""
    told: list[str] = []
    cache = VariantCache(folder, told.append)
    for name in ("a", "b", "c"):
        assert cache.get(name) in (None, b"ours", b"new")
    cache.put("b", b"new")
    cache.put("c", b"new")
    assert cache.get("c") in (None, b"new")
    cache.close()
    return told


def used_elsewhere(folder: Path) -> tuple[int, str]:
    """Use the cache in a process of its own; return the memory it took, in MB, and what it said.

    The process is ended where it does not end, long after any other.
    """
    memory, found, *told = run(USE, folder).splitlines()
    unit = 2**20 if sys.platform == "darwin" else 2**10
    assert "stranger" not in found
    return int(memory) // unit, "".join(told)


# What is not a stranger's


def test_a_cache_is_used_again_and_again(folder: Path) -> None:
    assert used(folder) == []
    assert used(folder) == []


def test_a_cache_of_an_earlier_version_is_used(tmp_path: Path) -> None:
    with diskcache.Cache(
        str(tmp_path / "variants"), disk_min_file_size=2**30, size_limit=2**29,
        eviction_policy="least-recently-stored",
    ) as earlier:  # fmt: skip
        earlier["other"] = b"bytes"
    assert used(tmp_path / "variants") == []


def test_many_processes_that_make_the_same_cache_are_no_strangers(tmp_path: Path) -> None:
    for turn in range(3):
        for process in [started(USE, tmp_path / f"{turn}") for _ in range(4)]:
            said, _ = process.communicate(timeout=120)
            assert process.returncode == 0
            assert said.splitlines()[2:] in ([], [""])
        assert not (tmp_path / f"{turn}" / "cache.db-journal").exists()


def test_a_cache_whose_making_was_cut_off_is_made_whole(folder: Path) -> None:
    poison(folder, "DELETE FROM Cache", "DROP TRIGGER Settings_count_insert",
           "DROP INDEX Cache_store_time", "DELETE FROM Settings WHERE key = 'hits'")  # fmt: skip
    assert used(folder) == []


def test_a_path_is_taken_as_it_is_written(tmp_path: Path) -> None:
    cache = VariantCache(tmp_path / "$HOME" / "variants", pytest.fail)
    cache.put("a", b"ours")
    cache.close()
    assert (tmp_path / "$HOME" / "variants" / "cache.db").is_file()


# Programs


@pytest.mark.parametrize(
    "statements",
    [
        *(
            (f"CREATE TRIGGER t {when} {event} ON {table} BEGIN "
             f"INSERT INTO Settings VALUES ('x', ({ENDLESS})); END",)
            for when in ("BEFORE", "AFTER")
            for event in ("INSERT", "UPDATE", "DELETE")
            for table in ("Settings", "Cache")
        ),
        ("ALTER TABLE Settings RENAME TO S", "CREATE VIEW Settings AS SELECT * FROM S"),
        ("DROP TABLE Settings", f"CREATE VIEW Settings(key, value) AS SELECT 'x', ({ENDLESS})"),
        ("ALTER TABLE Cache RENAME TO C", "CREATE VIEW Cache AS SELECT * FROM C"),
        ("DROP TRIGGER Settings_count_insert",
         f"CREATE TRIGGER Settings_count_insert AFTER INSERT ON Cache BEGIN {ENDLESS}; END"),
        ("ALTER TABLE Cache ADD COLUMN g AS (zeroblob(1000000000)) VIRTUAL",),
        ("ALTER TABLE Cache ADD COLUMN d DEFAULT 'x'",),
        ("CREATE INDEX i ON Cache (length(hex(value)))",),
        ("DROP INDEX Cache_store_time", "CREATE INDEX Cache_store_time ON Cache (abs(store_time))"),
        ("DROP INDEX Cache_store_time",
         "CREATE INDEX Cache_store_time ON Cache (store_time) WHERE length(value) > 0"),
        ("CREATE TABLE other (x)",),
        ("ANALYZE",),
    ],
)  # fmt: skip
def test_anything_that_diskcache_does_not_make_is_refused(
    folder: Path, statements: tuple[str, ...]
) -> None:
    try:
        poison(folder, *statements)
    except sqlite3.OperationalError as error:
        pytest.fail(f"no attack: {error}")
    (said,) = used(folder)
    assert "cannot be used (it has other tables, triggers or settings than a cache); del" in said


def test_a_program_that_comes_while_the_cache_is_open_is_interrupted(folder: Path) -> None:
    told: list[str] = []
    cache = VariantCache(folder, told.append)
    assert cache.get("a") == b"ours"
    poison(folder, "CREATE TRIGGER t AFTER INSERT ON Cache BEGIN "
                   f"INSERT INTO Settings VALUES ('x', ({ENDLESS})); END")  # fmt: skip
    cache.put("c", b"new")
    cache.close()
    assert len(told) == 1


@pytest.mark.parametrize(
    ("name", "refused"),
    [("sqlite_journal_mode; x", True), ("sqlite_temp_store_directory = '/'", True),
     ("sqlite_writable_schema", True), ("disk_future", True), ("disk", True), ("x", True),
     ("__class__", True), ("_con", True), ("sqlite_mmap_size", False), ("cull_limit", False),
     ("statistics", False), ("tag_index", False), ("size_limit", False),
     ("sqlite_cache_size", False), ("eviction_policy", False), ("disk_min_file_size", False)],
)  # fmt: skip
@pytest.mark.parametrize("value", ["-1", "1e99", "'x; x'", "x'00'", "NULL", "9223372036854775807"])
def test_a_setting_is_refused_or_replaced_by_ours(
    folder: Path, ours: dict[str, object], name: str, refused: bool, value: str
) -> None:
    quoted = name.replace("'", "''")
    poison(folder, f"INSERT OR REPLACE INTO Settings VALUES ('{quoted}', {value})")
    told = used(folder)
    assert len(told) == refused
    if not refused:
        with closing(sqlite3.connect(folder / "cache.db")) as database:
            stored = database.execute("SELECT value FROM Settings WHERE key = ?", (name,))
            assert stored.fetchall() == [(ours[name],)]


@pytest.mark.parametrize("name", ["count", "size", "hits", "misses"])
@pytest.mark.parametrize("value", ["'x'", "1e99", "NULL", "zeroblob(9)"])
def test_a_count_that_is_no_number_is_refused(folder: Path, name: str, value: str) -> None:
    poison(folder, f"UPDATE Settings SET value = {value} WHERE key = '{name}'")
    (said,) = used(folder)
    assert f"its {name} is no number" in said


# Room


HUGE = 70_000_000
"""A little more than the largest value that the cache keeps."""


@pytest.mark.skipif(sys.platform == "win32", reason="needs the resource module")
@pytest.mark.parametrize(
    "statements",
    [
        (f"UPDATE Cache SET value = zeroblob({HUGE})",),
        (f"UPDATE Cache SET tag = zeroblob({HUGE}) WHERE key = 'b'",),
        (f"UPDATE Cache SET key = zeroblob({HUGE}) WHERE key = 'b'",),
        (f"UPDATE Cache SET key = hex(zeroblob({HUGE // 2})) WHERE key = 'b'",),
        (f"UPDATE Cache SET store_time = zeroblob({HUGE}) WHERE key = 'b'",),
        (f"UPDATE Cache SET expire_time = zeroblob({HUGE}) WHERE key = 'b'",),
        (f"UPDATE Settings SET value = zeroblob({HUGE}) WHERE key = 'sqlite_mmap_size'",),
        (f"UPDATE Settings SET value = hex(zeroblob({HUGE // 2})) WHERE key = 'count'",),
        (f"INSERT INTO Settings VALUES (hex(zeroblob({HUGE // 2})), 1)",),
    ],
)
def test_a_huge_row_is_not_read(folder: Path, statements: tuple[str, ...]) -> None:
    poison_much(folder, *statements)
    memory, _ = used_elsewhere(folder)
    assert memory < 60
    (folder / "cache.db").unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="needs the resource module")
def test_a_million_settings_or_tables_are_not_read(folder: Path) -> None:
    many = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 1000000) "
    poison_much(folder, f"INSERT INTO Settings {many} SELECT 's' || n, n FROM r")
    memory, said = used_elsewhere(folder)
    assert memory < 60
    assert "other tables, triggers or settings" in said
    poison_much(
        folder, "DELETE FROM Settings WHERE key LIKE 's%' AND value = substr(key, 2)",
        "PRAGMA writable_schema = 1",
        f"INSERT INTO sqlite_master {many} SELECT 'trigger', 't' || n, 'Cache', 0, 'CREATE TRIGGER "
        "t' || n || ' AFTER INSERT ON Cache BEGIN SELECT 1; END' FROM r LIMIT 200000",
    )  # fmt: skip
    memory, said = used_elsewhere(folder)
    assert memory < 60
    assert "cannot be used" in said


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_a_file_that_is_larger_than_any_cache_is_not_opened(folder: Path, ending: str) -> None:
    (folder / f"cache.db{ending}").touch()
    os.truncate(folder / f"cache.db{ending}", 2**40)
    (said,) = used(folder)
    assert f"cache.db{ending} has 1048576 MB" in said


def test_empty_pages_without_end_are_not_given_back(folder: Path) -> None:
    poison_much(
        folder, "PRAGMA auto_vacuum = 2", "VACUUM", "CREATE TABLE x (y)",
        f"INSERT INTO x VALUES (zeroblob({HUGE}))", "DROP TABLE x",
    )  # fmt: skip
    (said,) = used(folder)
    assert "of its pages are empty" in said
    (folder / "cache.db").unlink()


def test_a_file_that_is_too_large_for_the_cache_is_made_again(folder: Path) -> None:
    cache = VariantCache(folder, pytest.fail)
    cache.put("large", b"x" * (2**26 + 1))
    cache.put("largest", b"x" * 2**26)
    assert cache.get("large") is None
    assert cache.get("largest") == b"x" * 2**26
    cache.close()


# Other files


def super_journal(victim: Path, pages: int) -> bytes:
    """Return a journal that looks cut off, and names `victim` as the journal of all databases."""
    magic = bytes.fromhex("d9d505f920a163d7")
    head = magic + (0).to_bytes(4, "big") + bytes(4) + pages.to_bytes(4, "big")
    head += (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")
    name = os.fsencode(victim)
    end = (2**30 // 4096 + 1).to_bytes(4, "big") + name + len(name).to_bytes(4, "big")
    return head.ljust(512, b"\0") + end + sum(name).to_bytes(4, "big") + magic


def test_a_journal_deletes_no_file_that_it_names(folder: Path, tmp_path: Path) -> None:
    victim = tmp_path / "page.md"
    for control in (True, False):
        victim.write_text("A page", encoding="utf-8")
        pages = (folder / "cache.db").stat().st_size // 4096
        (folder / "cache.db-journal").write_bytes(super_journal(victim, pages))
        if control:  # SQLite itself obeys
            poison(folder, "SELECT * FROM Cache")
            assert not victim.exists()
        else:
            (said,) = used(folder)
            assert "a cache has no journal beside it" in said
            assert victim.exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
@pytest.mark.parametrize("name", ["", "cache.db", "cache.db-wal", "cache.db-shm"])
@pytest.mark.parametrize("kind", ["link", "broken link", "pipe"])
def test_nothing_is_written_or_read_through_a_link_or_a_pipe(
    tmp_path: Path, name: str, kind: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("A page", encoding="utf-8")
    place = tmp_path / "variants" / name
    place.parent.mkdir(exist_ok=True)
    if name.endswith(("-wal", "-shm")):
        assert used(tmp_path / "variants") == []
        place.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(place)
    else:
        target = "none" if kind == "broken link" else "page.md" if name else ""
        place.symlink_to(tmp_path / "docs" / target)
    (said,) = used(tmp_path / "variants")
    assert "cannot be used" in said
    assert [path.name for path in (tmp_path / "docs").iterdir()] == ["page.md"]
    assert (tmp_path / "docs" / "page.md").read_text(encoding="utf-8") == "A page"
