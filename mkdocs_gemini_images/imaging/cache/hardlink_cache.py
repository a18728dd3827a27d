"""Hard links to published files, by which the next build publishes them without reading them.

A host empties its site before each build; a hard link survives that, and needs no space while the
site has the file. A file is linked back only if it is unchanged: its modification time holds a
checksum of its size and name. A file that another program has changed or restored is ignored; the
variant cache has its bytes. Without hard links in a file system, nothing is kept. A folder that is
a link is not used, and nothing is deleted but files under names of published files.
"""

import os
import re
import stat
import zlib
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.config.cache_folder import make_cache
from mkdocs_gemini_images.core.files import held_files

_UNITS_PER_SECOND = 10_000_000
"""Units of 100 ns, the coarsest resolution of file systems that store fractions of a second."""

_DIGITS = 24
"""Hexadecimal digits of a link's name: few, since a path in the cache must be short on Windows."""
_LINKS = rf"[0-9a-f]{{{_DIGITS}}}|[0-9a-f]{{16}}-\d+x\d+-[^/]+"
"""The names of links: digests of the publisher's names, or those names, as older caches have."""


class HardlinkCache:
    """A folder of hard links to published files, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._usable = not folder.is_symlink()
        self._used: set[str] = set()
        """The names of links."""
        self._changed = False

    def publish(self, name: str, target: str) -> bool:
        """Link the file of that name to `target`; return whether it is there now.

        A file at `target` is not replaced. Raises `FileNotFoundError` if its folder is missing.
        """
        if not self._usable:
            return False
        link = link_name(name)
        path = f"{self._folder}{os.sep}{link}"
        try:
            found = os.lstat(path)
        except OSError:
            return False
        if not stat.S_ISREG(found.st_mode) or not _is_stamped(name, found):
            return False
        try:
            held_files.link(path, target)
        except FileExistsError:
            pass
        except FileNotFoundError:
            raise
        except OSError:  # another disk, or one without hard links
            return False
        self._used.add(link)
        return True

    def keep(self, name: str, written: Path) -> None:
        """Keep a link to a file that was just written, and mark it by its modification time.

        Nothing else may have opened the file yet.
        """
        if not self._usable:
            return
        link = link_name(name)
        path = Path(self._folder, link)
        try:
            if not path.parent.is_dir():
                make_cache(path.parent.parent)
                path.parent.mkdir(exist_ok=True)
            found = written.stat()
            time = found.st_mtime_ns // 10**9 * 10**9 + _stamp(name, found.st_size) * 100
            os.utime(written, ns=(time, time))
            held_files.remove(path)
            held_files.link(written, path)
        except OSError:
            self._usable = False  # what fails for one file fails for all; none needs its link
            return
        self._used.add(link)
        self._changed = True

    def sweep(self) -> None:
        """Remove files that no site has any more, if files were added since."""
        if not self._changed:
            return
        self._changed = False
        with suppress(OSError):  # a later build tries again
            for path in Path(self._folder).iterdir():
                if path.name in self._used or not re.fullmatch(_LINKS, path.name):
                    continue
                found = path.lstat()
                if stat.S_ISREG(found.st_mode) and found.st_nlink < 2:
                    path.unlink()


def link_name(name: str) -> str:
    """Return the name of the link to a published file; it takes a name of any length."""
    return sha256(name.encode()).hexdigest()[:_DIGITS]


def _is_stamped(name: str, found: os.stat_result) -> bool:
    return found.st_mtime_ns // 100 % _UNITS_PER_SECOND == _stamp(name, found.st_size)


def _stamp(name: str, size: int) -> int:
    """Return the fraction of a second that marks a file; writing into the file changes it."""
    return zlib.crc32(f"{size} {name}".encode()) % _UNITS_PER_SECOND
