"""What can be made again: encoded files by name, in a database that may be lost at any time.

Every value carries a digest over its name and bytes, so that a damaged or swapped entry is a miss.
A cache that cannot be used is said once and then ignored: it costs time, never a build. Opened at
first use, since a build that publishes nothing needs none.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

_DIGEST = 32


class VariantCache:
    """Encoded files by name. Opened at first use; unusable ones are said once and then ignored."""

    def __init__(self, folder: Path, say: Callable[[str], None], *, most: int = 2**30) -> None:
        self._folder = folder
        self._say = say
        self._most = most
        self._open: Any = None
        self._opening = Lock()
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
        """Let go of what the calling thread has open; it is opened again when it is needed."""
        if self._open is not None:
            self._open.close()

    def _try(self, use: Callable[[Any], Any]) -> Any:
        if self._broken:
            return None
        from mkdocs_gemini_images.imaging.bytes_disk import ForeignRow, open_cache

        try:
            with self._opening:
                if self._open is None:
                    self._open = open_cache(self._folder, self._most)
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
