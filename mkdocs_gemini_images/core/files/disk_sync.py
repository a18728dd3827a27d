"""Force files, and the names in folders, to the drive.

On macOS `fsync` leaves a file in the memory of the drive itself, and a call of its own empties that
(man page fsync(2)). Some mounts, such as shared folders and FUSE, cannot sync a folder; a file in
one has all the safety that there is once it is synced itself. Windows syncs folders by itself.
"""

import errno
import os
import sys
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_CANNOT = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.ENOTTY, errno.EOPNOTSUPP)
"""What systems answer that know no such call; the drive itself is in order."""
_NOT_A_FOLDER = (*_CANNOT, errno.EACCES, errno.EBADF, errno.EISDIR, errno.EPERM)
"""What they answer that open or sync files alone, and no folders."""


def sync_file(descriptor: int) -> None:
    """Force the bytes of an open file to the drive. Raises `OSError`."""
    if sys.platform != "win32" and (full := getattr(fcntl, "F_FULLFSYNC", None)) is not None:
        try:
            fcntl.fcntl(descriptor, full)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
        else:
            return
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the drive, where its file system can. Raises `OSError`."""
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _NOT_A_FOLDER:
            raise
