"""Write files atomically and durably, or create them where there are none.

A file is written under a temporary name, synced to disk, and renamed; then its folder is synced. A
reader sees the old file or the new one, never a part. A file that must not replace another gets its
name as a second link instead, which fails where the name is taken. Written here since no maintained
package syncs the folder as well.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from mkdocs_gemini_images.core.files import held_files
from mkdocs_gemini_images.core.files.disk_sync import sync_file, sync_folder

_TEMPORARY = r"\.(.+)\.(?:[0-9a-z]{5}|[0-9a-f]{8})\.part"
"""The names of files that are being written, as `writing` gives them, also in earlier versions."""
_NO_LINKS = (
    errno.EPERM, errno.EACCES, errno.EINVAL, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP,
    errno.EOPNOTSUPP,
)  # fmt: skip
"""What file systems answer that know no second links: FAT, shared folders, mounted buckets."""
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_RANDOM = len(".01234.part")
"""Characters in which the name of a temporary file differs from any other."""
_BEGINNING = 16
"""Bytes of a file's name with which that of its temporary file begins, at most: enough to tell keys
apart. Fewer of a short name, since a path with a temporary name must not be the longest."""


def write(path: Path, data: bytes) -> None:
    """Write `data` to `path`, atomically and durably. Raises `OSError`."""
    with writing(path) as file:
        file.write(data)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that appears at `path` when the block succeeds; otherwise nothing is left.

    Raises `OSError`.
    """
    make_folder(path.parent)
    temporary = _temporary(path)
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            sync_file(file.fileno())
        held_files.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            held_files.remove(temporary)
        raise
    sync_folder(path.parent)


def create(*files: tuple[Path, bytes]) -> None:
    """Create files of one folder in this order, each whole; none replaces a file that is there.

    All bytes are on disk before the first name appears, so a process that dies seldom leaves a part
    of the files. Raises `FileExistsError` at the first name that is taken, also by another process
    at the same moment; the names after it are not created. Raises `OSError`.
    """
    folder = files[0][0].parent
    make_folder(folder)
    parts: list[Path] = []
    try:
        for path, data in files:
            parts.append(_temporary(path))
            with parts[-1].open("xb") as file:
                file.write(data)
                file.flush()
                sync_file(file.fileno())
        for part, (path, _) in zip(parts, files, strict=True):
            _take_name(part, path)
    except BaseException:
        for part in parts:
            with suppress(OSError):
                held_files.remove(part)
        raise
    for part in parts:
        # The files are whole. Where this fails, the answer stays in the journal, and the next
        # build, which takes it in, sweeps what is left.
        held_files.remove(part)
    sync_folder(folder)


def _take_name(part: Path, path: Path) -> None:
    """Give a temporary file its name. Raises `FileExistsError` where it is taken, and `OSError`."""
    try:
        held_files.link(part, path)
    except OSError as error:
        if isinstance(error, FileExistsError) or error.errno not in _NO_LINKS:
            raise
        path.open("xb").close()  # the name is taken now, and no other process writes to it
        try:
            held_files.replace(part, path)
        except OSError:
            with suppress(OSError):
                held_files.remove(path)  # empty
            raise


def _temporary(path: Path) -> Path:
    """Return a new name beside a file's, with its beginning."""
    name = os.fsencode(path.name)
    begun = name[: max(1, min(_BEGINNING, len(name) - _RANDOM - 1))].decode(errors="ignore")
    import secrets  # loaded where something is written

    drawn = "".join(secrets.choice(_LETTERS) for _ in range(5))
    return path.with_name(f".{begun or '_'}.{drawn}.part")


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, and sync each parent. Raises `OSError`."""
    missing = [folder]
    while not missing[-1].is_dir():
        if missing[-1].parent == missing[-1]:
            raise FileNotFoundError(errno.ENOENT, "no such drive", str(missing[-1]))
        missing.append(missing[-1].parent)
    for each in reversed(missing[:-1]):
        each.mkdir(exist_ok=True)
        sync_folder(each.parent)


def check_writable(path: Path) -> None:
    """Make sure that a file of this name could be written, by writing one beside it.

    Permissions do not tell on Windows and on shared folders, nor how long a path may be: the other
    name is as long. The folder must be there. Raises `OSError`.
    """
    temporary = _temporary(path)
    begun, ending = temporary.name[:-_RANDOM], temporary.name[-_RANDOM:]
    longer = temporary.with_name(f"{begun}{'-' * (len(path.name) - len(temporary.name))}{ending}")
    longer.open("xb").close()
    held_files.remove(longer)


def sweep(folder: Path, name: str = "") -> None:
    """Remove what killed processes have left of files whose names begin with `name`.

    Those are temporary files, and names that were taken and whose bytes never followed. The caller
    must know that no process is writing such files now. Raises `OSError`.
    """
    begun = os.fsencode(name)[:_BEGINNING].decode(errors="ignore")
    for part in folder.glob(".*.part"):
        found = re.fullmatch(_TEMPORARY, part.name)
        if found and (found[1].startswith(begun) or name.startswith(found[1])):
            remove(part)
    for path in folder.glob(f"{name}.*") if name else ():
        facts = path.lstat()
        if stat.S_ISREG(facts.st_mode) and not facts.st_size:
            held_files.remove(path)


def remove(file: Path) -> None:
    """Remove a file if it is there; a folder of its name is none of ours. Raises `OSError`."""
    if file.is_symlink() or not file.is_dir():
        held_files.remove(file)
