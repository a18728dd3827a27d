"""What can be made again: encoded files, in a diskcache that may be lost at any time.

diskcache by itself unpickles what it finds, and an entry's row names the file it is read from: a
poisoned cache would run code, or publish any file of this machine. So the `Disk` here stores bytes
and reads bytes inside the database alone, and every value carries a digest over name and bytes, so
that a damaged or swapped entry is a miss. A cache that cannot be used costs time, never a build.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import diskcache

_DIGEST = 32
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


class Cache:
    """Encoded files by name. Opened at first use; unusable ones are said once and then ignored."""

    def __init__(self, folder: Path, say: Callable[[str], None], *, most: int = 2**30) -> None:
        self._folder = folder
        self._say = say
        self._most = most
        self._open: Any = None
        self._broken = False

    def get(self, name: str) -> bytes | None:
        """Look a file up; whatever is not exactly what was put there is a miss."""
        value = self._try(lambda cache: cache.get(name))
        if not isinstance(value, bytes) or len(value) <= _DIGEST:
            return None
        data = value[_DIGEST:]
        return data if value[:_DIGEST] == _digest(name, data) else None

    def put(self, name: str, data: bytes) -> None:
        """Keep a file for later builds, if that is possible."""
        self._try(lambda cache: cache.set(name, _digest(name, data) + data))

    def close(self) -> None:
        """Let go of the database."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _try(self, use: Callable[[Any], Any]) -> Any:
        if self._broken:
            return None
        try:
            if self._open is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._open = diskcache.Cache(
                    str(self._folder),
                    disk=BytesDisk,
                    disk_min_file_size=_ROW,
                    size_limit=self._most,
                    eviction_policy="least-recently-stored",
                )
            return use(self._open)
        except ForeignRow:
            return None
        except Exception as error:  # diskcache believes what a damaged database says of itself
            self._broken = True
            self._say(f"the cache in {self._folder} cannot be used ({error}); delete it")
            return None


def _digest(name: str, data: bytes) -> bytes:
    return sha256(name.encode() + b"\0" + data).digest()
