"""A diskcache that stores only bytes, and only in its database.

By default diskcache unpickles values, and a row may name a file to read the value from: a poisoned
cache would run code (CVE-2025-69872) or publish any file of this machine. The `Disk` here reads
rows that hold bytes, and raises `ForeignRow` for all others.
"""

from pathlib import Path
from typing import Any

import diskcache

_MAX_ROW_BYTES = 2**30
"""Size up to which diskcache keeps a value in the database: larger than any value."""


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


def open_cache(folder: Path, max_bytes: int) -> Any:
    """Open the cache in `folder`, which holds up to `max_bytes`.

    A damaged database may raise any exception, since diskcache trusts its contents.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return diskcache.Cache(
        str(folder),
        disk=BytesDisk,
        disk_min_file_size=_MAX_ROW_BYTES,
        size_limit=max_bytes,
        eviction_policy="least-recently-stored",
    )
