"""Write files atomically and durably.

A file is written under a temporary name, synced to disk, and renamed; then its folder is synced. A
reader sees the old file or the new one, never a part. Written here since no maintained package
syncs the folder as well.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{8}\.part")
"""The names of files that are being written, as `writing` gives them."""


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
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, and sync each parent. Raises `OSError`."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sweep(folder: Path, name: str = "") -> None:
    """Remove temporary files that killed processes have left, of files whose names begin so.

    The caller must know that no process is writing such files now. Raises `OSError`.
    """
    for part in folder.glob(f".{name}*.part"):
        if _TEMPORARY.fullmatch(part.name):
            remove(part)


def remove(file: Path) -> None:
    """Remove a file if it is there; a folder of its name is none of ours. Raises `OSError`."""
    if file.is_symlink() or not file.is_dir():
        file.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Sync the entries of a folder to disk; on Windows the system does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
