"""Read files that a stranger may have put there: regular files alone, of bounded size.

A link may name any file of this machine, a pipe or a device may have no end. Here a link is an
error, also where a folder of the path is one; a file is opened without waiting and read up to a
limit. All errors are `OSError` with a text that says what was found.
"""

import errno
import os
import stat
from pathlib import Path

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_LINK
# An error that is raised from itself holds the frames of its callers, and the pictures in them,
# until garbage is collected: each other error is raised as it came.
_LEVELS_OF_LINKS = (errno.ELOOP, errno.EMLINK)
"""What systems say of a link that is not followed."""


def read(path: str | Path, limit: int, *, follow: bool = False) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes; its last part is no link.

    `follow` allows a link, for files whose owner may have linked them. Raises `OSError`.
    """
    if not _NO_LINK and not follow and os.path.islink(path):  # noqa: PTH114 (Windows; text or path)
        raise OSError(errno.ELOOP, "a link", str(path))
    try:
        descriptor = os.open(path, _READ & ~_NO_LINK if follow else _READ)
    except OSError as error:
        if error.errno in _LEVELS_OF_LINKS:
            raise OSError(errno.ELOOP, "a link", str(path)) from error
        raise
    return _read_open(descriptor, path, limit)


def read_below(root: Path, path: str, limit: int) -> bytes:
    """Return the bytes of a regular file below `root`; no part of `path` is a link.

    `path` is relative, with `/` between its parts and without `..`. Raises `OSError`.
    """
    return _read_open(_open_below(root, path), path, limit)


def _open_below(root: Path, path: str) -> int:
    """Open a path below `root` part by part without following links. Raises `OSError`."""
    if os.open not in os.supports_dir_fd:  # Windows
        real = (root / path).resolve(strict=True)
        if real != root.resolve() / path:
            raise OSError(errno.ELOOP, "a link", path)
        return os.open(real, _READ)
    *folders, name = path.split("/")
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            below = os.open(folder, _FOLDER, dir_fd=at)
            os.close(at)
            at = below
        return os.open(name, _READ, dir_fd=at)
    except OSError as error:
        if error.errno in _LEVELS_OF_LINKS:
            raise OSError(errno.ELOOP, "a link", str(path)) from error
        raise
    finally:
        os.close(at)


def _read_open(descriptor: int, path: str | Path, limit: int) -> bytes:
    """Return the bytes of an open file, and close it. Raises `OSError`."""
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "no regular file", str(path))
        if facts.st_size > limit:
            raise OSError(errno.EFBIG, f"{facts.st_size / 2**20:.0f} MB", str(path))
        data = os.read(descriptor, facts.st_size + 1)
    finally:
        os.close(descriptor)
    if len(data) > facts.st_size:
        raise OSError(errno.EBUSY, "a file that grows while it is read", str(path))
    return data


def check_folder(root: Path, folder: Path) -> None:
    """Make sure that no part of `folder` below `root` is a link or anything but a folder.

    Parts that are missing are fine. Raises `OSError` that names the part.
    """
    at = root
    for part in folder.relative_to(root).parts:
        at = at / part
        try:
            mode = at.lstat().st_mode
        except FileNotFoundError:
            return
        if stat.S_ISLNK(mode):
            raise OSError(errno.ELOOP, "a link", str(at))
        if not stat.S_ISDIR(mode):
            raise OSError(errno.ENOTDIR, "no folder", str(at))


def check_real(path: str) -> None:
    """Make sure that a path is a regular file, a folder or missing.

    Raises `OSError` that names it.
    """
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "a link", path)
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "no regular file", path)


def check_inside(root: Path, folder: Path) -> None:
    """Make sure that `folder`, where its path is below the site's `root`, is no link out of it.

    Raises `OSError`.
    """
    written = Path(os.path.normpath(folder.absolute()))  # as named, with its links
    if not written.is_relative_to(os.path.normpath(root.absolute())):
        return
    if not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(root)):
        raise OSError(errno.ELOOP, "a link out of the site's folder", str(folder))
