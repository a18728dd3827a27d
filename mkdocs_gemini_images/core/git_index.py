"""Tell whether Git tracks a file of a folder, from the list that Git keeps, its index.

A file that Git tracks came with the repository, or goes out with it. Git itself is not run: that
costs as much as a small build, and in a folder which a stranger filled it might obey configuration
that they brought. Split indexes are not followed. All errors mean "not tracked": where Git cannot
read its index either, it brings nothing.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from mkdocs_gemini_images.core.files import regular_files

_LARGEST = 2**30
_HEAD = 12
"""Bytes before the first entry: a signature, the version, and the number of entries."""
_FACTS = 40
"""Bytes of an entry before its hash: times, inode, mode, owner, size."""
_HASHES = (20, 32)
"""Bytes of a hash: SHA-1, or SHA-256."""
_KINDS = {0o04, 0o10, 0o12, 0o16}
"""The upper four bits of an entry's mode: a folder left out, a file, a link, another repository."""
_EXTENDED, _LENGTH = 0x4000, 0x0FFF


def tracked_file(folder: Path) -> Path | None:
    """Return a file in `folder` that a repository around it tracks, or None."""
    for place in filter(has_repository, (folder, *folder.parents)):
        with suppress(OSError, ValueError, IndexError):
            data = _index_of(place)
            name = _first_below(data, place, folder)
            if name:
                return place / os.fsdecode(name)
    return None


def has_repository(folder: Path) -> bool:
    """Return whether a folder is the top of a working tree."""
    return os.path.lexists(f"{folder}/.git")


def _index_of(place: Path) -> bytes:
    """Return the index of the repository whose working tree begins here. Raises `OSError`."""
    folder = place / ".git"
    if folder.is_file():  # of a submodule, or of one of several working trees
        pointer = regular_files.read(folder, 2**16).decode(errors="surrogateescape")
        folder = place / pointer.removeprefix("gitdir:").strip()
    return regular_files.read(folder / "index", _LARGEST)


def _first_below(data: bytes, place: Path, folder: Path) -> bytes | None:
    """Return the name of the first entry in `folder`, or None.

    Raises `ValueError` or `IndexError` when the bytes are no index.
    """
    path = b"" if place == folder else os.fsencode(folder.relative_to(place).as_posix())
    below = path + b"/" if path else b""
    if path and os.path.lexists(place / os.fsdecode(path.swapcase())):
        return _first_in_any_case(data, place, folder, below.lower())
    # Names are whole in these versions, and a search is far quicker than a walk over the entries.
    if int.from_bytes(data[4:8], "big") < 4 and below not in data:
        return None
    for name in _names(data):
        if name >= below:  # entries are in order
            return name if name.startswith(below) else None
    return None


def _first_in_any_case(data: bytes, place: Path, folder: Path, below: bytes) -> bytes | None:
    """Return the first entry whose name leads into `folder`: here `.Cache` may be `.cache`.

    Raises `ValueError` or `IndexError` when the bytes are no index.
    """
    for name in _names(data):
        if name.lower().startswith(below):
            named = place / os.fsdecode(name[: len(below) - 1])
            if named == folder or (named.exists() and named.samefile(folder)):
                return name
    return None


def _names(data: bytes) -> Iterator[bytes]:
    """Yield the names of all entries in order. Raises `ValueError` or `IndexError`."""
    for size in _HASHES:
        with suppress(ValueError, IndexError):
            list(islice(_names_with(data, size), 2))
            return _names_with(data, size)
    raise ValueError("no index")


def _names_with(data: bytes, size: int) -> Iterator[bytes]:
    """Yield the names of all entries, whose hashes have `size` bytes.

    Raises `ValueError` or `IndexError`.
    """
    signature, version, count = struct.unpack_from(">4sII", data.ljust(_HEAD, b"\0"))
    if signature != b"DIRC":
        raise ValueError("no index")
    at, name = _HEAD, b""
    for _ in range(count):
        start = at + _FACTS + size + 2
        flags = data[start - 2] << 8 | data[start - 1]
        if flags & _EXTENDED:
            start += 2
        if version == 4:  # the name is what follows a part of the name before
            cut, start = _number(data, start)
            end = data.index(b"\0", start)
            name, after = name[: len(name) - cut] + data[start:end], end + 1
        else:
            end = data.index(b"\0", start)
            name, after = data[start:end], at + (end - at + 8) // 8 * 8
        if data[at + 24] or data[at + 26] >> 4 not in _KINDS:
            raise ValueError("no entry")
        if min(len(name), _LENGTH) != flags & _LENGTH:
            raise ValueError("no entry")
        at = after
        yield name


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length, and where it ends. Raises `IndexError`."""
    value = data[at] & 0x7F
    while data[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | (data[at] & 0x7F)
    return value, at + 1
