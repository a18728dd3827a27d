"""A diskcache that stores only bytes, and only in a database that is as diskcache makes it.

By default diskcache unpickles values, and a row may name a file to read the value from: a poisoned
cache would run code (CVE-2025-69872) or publish any file of this machine. The `Disk` here reads
rows that hold bytes, and raises `ForeignRow` for all others. Settings that a database holds are not
applied, connections are bounded, and `database_check` looks at a database before diskcache does.
"""

import functools
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import diskcache

from mkdocs_gemini_images.config.cache_folder import make_cache
from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.imaging.cache import database_check
from mkdocs_gemini_images.imaging.cache.bounded_connection import Budget, connect_database

_MAX_ROW_BYTES = 2**30
"""Size up to which diskcache keeps a value in the database: larger than any value."""
_MAX_STEPS = 2_000_000
"""Steps that a statement may take; one of diskcache takes a few hundred."""
_SETTINGS = diskcache.DEFAULT_SETTINGS | {
    "eviction_policy": "least-recently-stored",
    "disk_min_file_size": _MAX_ROW_BYTES,
    "sqlite_cache_size": -8192,  # in KiB: a database chooses the size of its pages
    "sqlite_mmap_size": 0,  # a file that another process cuts off would end this one
}
"""Every setting, since diskcache takes one that is not given from the database."""


class ForeignRow(Exception):
    """Raised for a row of the database that this module did not write."""


class BytesDisk(diskcache.Disk):  # type: ignore[misc]
    """Stores text keys and bytes values in the database; never unpickles, never opens a file."""

    def put(self, key: Any) -> tuple[str, bool]:
        """Return a key as it is stored."""
        if not isinstance(key, str):
            raise TypeError("a key is text")
        return key, True

    def get(self, key: Any, raw: bool) -> str:
        """Return a stored key."""
        if not (raw and isinstance(key, str)):
            raise ForeignRow("a key is text")
        return key

    def store(
        self, value: Any, read: bool, key: Any = None
    ) -> tuple[int, int, str | None, bytes | None]:
        """Return a value as it is stored: size, mode, no file, and the bytes."""
        if read or not isinstance(value, bytes):
            raise TypeError("a value is bytes")
        return 0, diskcache.core.MODE_RAW, None, value

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> bytes:
        """Return a stored value. Raises `ForeignRow` if the row names a file or holds a pickle."""
        if read or filename is not None or mode != diskcache.core.MODE_RAW:
            raise ForeignRow("a value is bytes in its row")
        if not isinstance(value, bytes):
            raise ForeignRow("a value is bytes in its row")
        return value

    def remove(self, file_path: str) -> None:
        """Do nothing: no value has a file, so that a row that names one is forged."""


class BytesCache(diskcache.Cache):  # type: ignore[misc]
    """A diskcache of bytes in one file, whose connections are bounded and set by this module."""

    def __init__(self, file: str, max_bytes: int, max_value: int) -> None:
        self._file = file
        self._max_value = max_value
        # In the path of a folder diskcache would replace `$` and `~`; it opens no other file in it.
        super().__init__(os.curdir, disk=BytesDisk, **_SETTINGS | {"size_limit": max_bytes})

    @property
    def _con(self) -> sqlite3.Connection:
        """The connection of this thread in this process; diskcache does everything through it."""
        local, process = self._local, os.getpid()
        if getattr(local, "pid", None) != process:
            self.close()
            local.pid = process
        if getattr(local, "con", None) is None:
            local.budget = Budget(_MAX_STEPS)
            local.con = connect_database(self._file, local.budget, longest=self._max_value)
        local.budget.left = local.budget.whole  # for the next statement
        connection: sqlite3.Connection = local.con
        return connection


class _InMemory(BytesCache):
    """A cache that is nowhere on disk, to see what diskcache makes of an empty database."""

    def close(self) -> None:
        """Do nothing: diskcache opens its database anew, and this one would be gone."""

    def contents(self) -> database_check.Contents:
        """Return what is in the database, and close it."""
        found = database_check.contents(self._con)
        super().close()
        return found


@functools.cache
def _as_made() -> database_check.Contents:
    return _InMemory(":memory:", 0, _MAX_ROW_BYTES).contents()


class CacheAtRest:
    """The entries of a database that no process has open, read without a change to any file.

    To open a diskcache writes its settings, and makes files beside the database.
    """

    def __init__(self, file: Path, max_value: int) -> None:
        self._file = file
        self._max_value = max_value

    def get(self, name: str) -> bytes | None:
        """Return a stored value, or None. Raises `ForeignRow`."""
        if not self._file.exists():
            return None
        try:
            row = self._row(name)
        except sqlite3.Error:
            return None  # damage, which a write reports; or another process has begun to write
        if row is None:
            return None
        if row[:3] != (diskcache.core.MODE_RAW, None, 1):
            raise ForeignRow("a value is bytes in its row")
        return row[3] if isinstance(row[3], bytes) else None

    def close(self) -> None:
        """Do nothing: each look-up has a connection of its own."""

    def _row(self, name: str) -> tuple[Any, ...] | None:
        """Return mode, file, raw flag and value of an entry. Raises `sqlite3.Error`."""
        budget = Budget(_MAX_STEPS)
        opened = connect_database(str(self._file), budget, longest=self._max_value, at_rest=True)
        with closing(opened) as connection:
            query = "SELECT mode, filename, raw, value FROM Cache WHERE key = ? AND raw = 1"
            row: tuple[Any, ...] | None = connection.execute(query, (name,)).fetchone()
            return row


def _is_at_rest(file: Path) -> bool:
    """Return whether no process has a database open: the last one removes its log."""
    return not os.path.lexists(f"{file}-wal")


def open_cache(folder: Path, max_bytes: int, max_value: int, *, for_writing: bool = True) -> Any:
    """Open the cache in `folder`, which holds up to `max_bytes`, and `max_value` in one value.

    A database that diskcache has not made, or that is damaged, raises any exception.
    """
    regular_files.check_folder(folder.parent, folder)
    file = folder / "cache.db"
    if not for_writing and _is_at_rest(file):
        with suppress(sqlite3.Error):  # another process may be making it
            database_check.check_database(file, _as_made, max_bytes, at_rest=True)
            return CacheAtRest(file, max_value)
    make_cache(folder.parent)
    folder.mkdir(exist_ok=True)
    database_check.check_database(file, _as_made, max_bytes)
    return BytesCache(str(file), max_bytes, max_value)
