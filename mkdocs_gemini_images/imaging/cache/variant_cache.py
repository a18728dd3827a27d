"""A cache of encoded files by name, in a database that may be deleted at any time.

Every value begins with a digest of its name and bytes, so that a damaged or exchanged entry is a
miss. A cache that cannot be used is reported once and then ignored: the files are encoded again.
The database is opened at first use, since a build that publishes nothing needs none, and opened for
writing at the first file that is put: a build that makes no file changes none of the cache.
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

_DIGEST = 32
_MAX_FILE = 2**26
"""Bytes of a file at most: a larger one is encoded again."""


_MAX_VALUE = _MAX_FILE + 2**16
"""Bytes of an entry at most, with its digest and its name."""


class VariantCache:
    """Encoded files by name. `say` gets the message when the cache cannot be used."""

    def __init__(self, folder: Path, say: Callable[[str], None], *, max_bytes: int = 2**30) -> None:
        self._folder = folder
        self._say = say
        self._max_bytes = max_bytes
        self._open: Any = None
        self._is_for_writing = False
        self._opening = Lock()
        self._broken = False

    def get(self, name: str) -> bytes | None:
        """Return a file as it was put into the cache, or None."""
        if self._open is None and not os.path.lexists(self._folder):
            return None
        value = self._try(lambda cache: cache.get(name))
        if not isinstance(value, bytes) or len(value) <= _DIGEST:
            return None
        data = value[_DIGEST:]
        return data if value[:_DIGEST] == _digest(name, data) else None

    def put(self, name: str, data: bytes) -> None:
        """Store a file for later builds, if the cache can be used."""
        if len(data) <= _MAX_FILE:
            self._try(lambda cache: cache.set(name, _digest(name, data) + data), writing=True)

    def close(self) -> None:
        """Close the connection of the calling thread; it is opened again when it is needed.

        One thread at a time: where two close at once, none is the last, which removes the log.
        """
        with self._opening:
            if self._open is not None:
                self._open.close()

    def _try(self, use: Callable[[Any], Any], *, writing: bool = False) -> Any:
        if self._broken:
            return None
        from mkdocs_gemini_images.imaging.cache.bytes_disk import ForeignRow, open_cache

        try:
            with self._opening:
                if self._open is None or (writing and not self._is_for_writing):
                    folder, most = self._folder, self._max_bytes
                    self._open = open_cache(folder, most, _MAX_VALUE, for_writing=writing)
                    self._is_for_writing = writing
            return use(self._open)
        except ForeignRow:
            return None
        except Exception as error:  # see open_cache
            with self._opening:
                first, self._broken = not self._broken, True
            if first:
                self._say(f"the cache in {self._folder} cannot be used ({error}); delete it")
            return None


def _digest(name: str, data: bytes) -> bytes:
    return sha256(name.encode() + b"\0" + data).digest()
