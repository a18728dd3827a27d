"""Make sure that a cache's database is one that diskcache made, before it is used.

A database is a program: triggers run with each statement, settings are applied when it is opened, a
journal beside it can name a file that SQLite then deletes, and an index holds keys of any length.
Here the files beside it are regular and of bounded size, the schema is the one that diskcache
makes, byte for byte, and settings and keys are of the kinds that it writes. What this reads is
bounded as well.
"""

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.imaging.cache.bounded_connection import Budget, connect_database

_LONGEST = 4_096
"""Bytes of a statement of the schema, a setting, or a key; far more than there are."""
_STEPS = 20_000
"""Steps for reading the schema or the settings, which take a few hundred."""
_STEPS_FOR_KEYS = 20_000_000
"""Steps for reading all keys, of which each takes a few."""
_ROOM = 2**28
"""Bytes by which a database and its log may grow beyond the cache's size."""
_FREE_PAGES = 10_000
"""Pages without contents at most; diskcache leaves none, and SQLite gives them back at once."""
_KEYS = {
    "Cache_key_raw": f"typeof(key) <> 'text' OR length(key) > {_LONGEST} "
                     "OR typeof(raw) <> 'integer'",
    "Cache_expire_time": "typeof(expire_time) NOT IN ('real', 'null')",
    "Cache_store_time": "typeof(store_time) <> 'real'",
}  # fmt: skip
"""What no key of an index is like: an index is searched without a bound on memory."""
_COUNTS = ("count", "size", "hits", "misses")
"""Settings that are numbers, with which diskcache calculates."""


class ForeignDatabase(Exception):
    """Raised for a database that diskcache did not make."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What there is in a database besides the cache's entries."""

    schema: frozenset[tuple[str, str, str, str | None]]
    """Kind, name, table and statement of each table, index and trigger."""
    settings: frozenset[str]
    """The names of the settings."""


def check_database(
    file: Path, as_made: Callable[[], Contents], max_bytes: int, *, at_rest: bool = False
) -> None:
    """Make sure that the database in `file`, if there is one, has only what `as_made` returns.

    Less is fine: another process may be making it. `at_rest` says that no process writes to it.
    Raises `ForeignDatabase`, `sqlite3.Error` or `OSError`.
    """
    _check_files(file, max_bytes)
    if not file.exists():
        return
    budget = Budget(_STEPS)
    opened = connect_database(str(file), budget, longest=_LONGEST, at_rest=at_rest)
    with closing(opened) as connection:
        made, found = as_made(), contents(connection)
        if not (found.schema <= made.schema and found.settings <= made.settings):
            raise ForeignDatabase("it has other tables, triggers or settings than a cache")
        _check_free_pages(connection)
        names = {name for _, name, _, _ in found.schema}
        for index, foreign in _KEYS.items():
            if index in names:
                budget.renew(_STEPS_FOR_KEYS)
                query = f"SELECT 1 FROM Cache INDEXED BY {index} WHERE {foreign} LIMIT 1"  # noqa: S608
                if connection.execute(query).fetchone():
                    raise ForeignDatabase("it has other keys than a cache")


def contents(connection: sqlite3.Connection) -> Contents:
    """Return what is in a database. Raises `ForeignDatabase` or `sqlite3.Error`."""
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT 100"
    schema = connection.execute(query).fetchall()
    settings: list[tuple[str, object]] = []
    if ("table", "Settings") in {(kind, name) for kind, name, _, _ in schema}:
        settings = connection.execute("SELECT key, value FROM Settings LIMIT 100").fetchall()
    for name, value in settings:
        if name in _COUNTS and not isinstance(value, int):
            raise ForeignDatabase(f"its {name} is no number")
    found = Contents(frozenset(schema), frozenset(name for name, _ in settings))
    if len(found.schema) < len(schema) or len(found.settings) < len(settings):
        raise ForeignDatabase("it has one table or setting twice")
    return found


def _check_files(file: Path, max_bytes: int) -> None:
    """Make sure that the database's files are regular, and not too large to be the cache's."""
    for ending in ("", "-wal", "-shm", "-journal"):
        try:
            found = os.lstat(f"{file}{ending}")
        except FileNotFoundError:
            continue
        if not stat.S_ISREG(found.st_mode):
            raise ForeignDatabase(f"{file.name}{ending} is no regular file")
        if ending == "-journal":
            raise ForeignDatabase("a cache has no journal beside it")
        if found.st_size > max_bytes + _ROOM:
            raise ForeignDatabase(f"{file.name}{ending} has {found.st_size / 2**20:.0f} MB")


def _check_free_pages(connection: sqlite3.Connection) -> None:
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    if free > _FREE_PAGES:
        raise ForeignDatabase(f"{free} of its pages are empty")
