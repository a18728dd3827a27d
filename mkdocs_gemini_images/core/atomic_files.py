"""Files that are whole or not there, whatever happens in between.

A file is written beside its place, forced to disk, and renamed; then its folder is forced to disk.
Whoever reads sees the old file or the new one, never half of either.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole and durable. Raises `OSError`."""
    with writing(path) as file:
        file.write(data)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that appears at `path`, durable, when the block ends well; else leave nothing.

    Raises `OSError`.
    """
    make_folder(path.parent)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, with those above it, durable in the one above. Raises `OSError`."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sweep(folder: Path, name: str = "") -> None:
    """Remove what killed writers left half-written of the files whose names begin with `name`.

    Only for whoever knows that nobody is writing them now. Raises `OSError`.
    """
    for half in folder.glob(f".{name}*.part"):
        half.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk, where the system can (Windows does so by itself)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
