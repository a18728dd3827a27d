"""A diskcache that holds bytes and nothing else: the window through which diskcache is seen.

diskcache by itself unpickles what it finds, and an entry's row names the file it is read from: a
poisoned cache would run code, or publish any file of this machine. The `Disk` here stores bytes and
reads bytes inside the database alone; every other row is foreign, and is not looked into.
"""

from pathlib import Path
from typing import Any

import diskcache

_ROW = 2**30
"""Bytes up to which diskcache keeps a value in the database: all of them."""


class ForeignRow(Exception):
    """A row of the database that was not written here."""


class BytesDisk(diskcache.Disk):  # type: ignore[misc]
    """Keys are text, values are bytes, in the database and nowhere else; nothing is unpickled."""

    def put(self, key: Any) -> tuple[str, bool]:
        """Give a key as it is stored."""
        if not isinstance(key, str):
            raise TypeError("a key is text")
        return key, True

    def get(self, key: Any, raw: bool) -> str:
        """Give a stored key back."""
        if not (raw and isinstance(key, str)):
            raise ForeignRow("a key is text")
        return key

    def store(
        self, value: Any, read: bool, key: Any = None
    ) -> tuple[int, int, str | None, bytes | None]:
        """Give a value as it is stored: size, mode, no file, the bytes."""
        if read or not isinstance(value, bytes):
            raise TypeError("a value is bytes")
        return 0, diskcache.core.MODE_RAW, None, value

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> bytes:
        """Give a stored value back; a row that names a file or a pickle is none of ours."""
        if read or filename is not None or mode != diskcache.core.MODE_RAW:
            raise ForeignRow("a value is bytes in its row")
        if not isinstance(value, bytes):
            raise ForeignRow("a value is bytes in its row")
        return value

    def remove(self, file_path: str) -> None:
        """Remove nothing: no value has a file, so a row that names one is not to be trusted."""


def open_cache(folder: Path, most: int) -> Any:
    """Open the cache in `folder`, which keeps up to `most` bytes.

    Raises nearly anything, since diskcache believes what a damaged database says of itself.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return diskcache.Cache(
        str(folder),
        disk=BytesDisk,
        disk_min_file_size=_ROW,
        size_limit=most,
        eviction_policy="least-recently-stored",
    )
