"""Published files that are kept beside the site as links, to be published again unread.

A host empties its site before each build; a link kept here outlives that, and costs no room while
the site has it. A file is linked back only as it was written: its size and time say so. Whatever
else is here, changed in place by another program or restored with another time, is passed over, and
the cache has the bytes. Where there are no links, nothing is kept: it costs time, never a build.
"""

import os
import stat
import zlib
from contextlib import suppress
from pathlib import Path

_SECOND = 10_000_000
"""In units of 100 ns, which every file system that knows less than a second can tell."""


class HardlinkCache:
    """A folder of links to published files, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._usable = True
        self._used: set[str] = set()
        self._changed = False

    def publish(self, name: str, target: str) -> bool:
        """Let `target` be the file of that name, if it is here as it was written.

        What stands at `target` already stays. Raises `FileNotFoundError` without its folder.
        """
        path = self._path(name)
        try:
            found = os.lstat(path)
        except OSError:
            return False
        if not stat.S_ISREG(found.st_mode) or not _is_stamped(name, found):
            return False
        try:
            os.link(path, target)
        except FileExistsError:
            pass
        except FileNotFoundError:
            raise
        except OSError:  # another disk, or one that knows no links
            return False
        self._used.add(name)
        return True

    def keep(self, name: str, written: Path) -> None:
        """Keep a link to a file that was just written and that nobody has seen yet."""
        if not self._usable:
            return
        path = Path(self._path(name))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            found = written.stat()
            time = found.st_mtime_ns // 10**9 * 10**9 + _stamp(name, found.st_size) * 100
            os.utime(written, ns=(time, time))
            path.unlink(missing_ok=True)
            path.hardlink_to(written)
        except OSError:
            self._usable = False  # for one file as for all; they are published all the same
            return
        self._used.add(name)
        self._changed = True

    def sweep(self) -> None:
        """Let go of files that no site has any more, once others have come."""
        if not self._changed:
            return
        self._changed = False
        with suppress(OSError):  # another time will do
            for path in Path(self._folder).iterdir():
                if path.name not in self._used and path.lstat().st_nlink < 2:
                    path.unlink()

    def _path(self, name: str) -> str:
        return f"{self._folder}{os.sep}{name}"


def _is_stamped(name: str, found: os.stat_result) -> bool:
    return found.st_mtime_ns // 100 % _SECOND == _stamp(name, found.st_size)


def _stamp(name: str, size: int) -> int:
    """Give the part of a second that a file's time ends in: whoever writes into it changes that."""
    return zlib.crc32(f"{size} {name}".encode()) % _SECOND
