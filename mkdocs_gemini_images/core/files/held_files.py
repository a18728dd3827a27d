"""Rename, link, remove and write files, also those that another program holds for a moment.

On Windows a virus scanner, an indexer or a sync client opens a file as soon as it is written, and
meanwhile the system refuses to rename it; a shared folder of Windows says so on other systems, too.
Such a refusal is tried again for about two seconds; any other error is raised at once.
"""

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

_HELD = (5, 32, 33, 303, 391, 1224)
"""Windows' errors for a file that is held: access denied, a sharing violation, a locked part, a
file whose removal waits, one that a sync client has, and one that is mapped into memory."""
_BUSY = (errno.EBUSY, errno.ETXTBSY)
"""What other systems answer for a file on a shared folder of Windows that is held there."""
_WINDOWS = os.name == "nt"
_WAITS: tuple[float, ...] = (0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 0.8)
"""Seconds before each further try, two together: most programs let go at once."""

Sleep = Callable[[float], None]


def replace(source: Path, target: Path, *, sleep: Sleep = time.sleep) -> Path:
    """Give a file another name, in place of a file that has it, and return it. Raises `OSError`."""
    try:
        source.replace(target)
    except OSError as error:
        _try_again(error, lambda: source.replace(target), sleep)
    return target


def link(source: Path | str, target: Path | str, *, sleep: Sleep = time.sleep) -> None:
    """Give a file a second name. Raises `FileExistsError` where it is taken, and `OSError`."""
    try:
        os.link(source, target)
    except OSError as error:
        _try_again(error, lambda: os.link(source, target), sleep)


def remove(path: Path, *, sleep: Sleep = time.sleep) -> None:
    """Remove a file if it is there. Raises `OSError`."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        _try_again(error, lambda: path.unlink(missing_ok=True), sleep)


def write(path: Path, data: bytes, *, sleep: Sleep = time.sleep) -> None:
    """Write into a file that can be made again, neither at once nor durably. Raises `OSError`."""
    try:
        path.write_bytes(data)
    except OSError as error:
        _try_again(error, lambda: path.write_bytes(data), sleep)


def is_held(error: OSError) -> bool:
    """Return whether another program holds the file that an error is about."""
    if (winerror := getattr(error, "winerror", None)) is not None:
        return winerror in _HELD
    # To open a file, Python asks Windows through its C library, which has this one error for all.
    return error.errno in _BUSY or (_WINDOWS and error.errno == errno.EACCES)


def _try_again(error: OSError, action: Callable[[], object], sleep: Sleep) -> None:
    """Try an action again while its error is that another program holds the file.

    Raises its last error.
    """
    for wait in _WAITS:
        if not is_held(error):
            raise error
        sleep(wait)
        try:
            action()
        except OSError as found:
            error = found
        else:
            return
    raise error
