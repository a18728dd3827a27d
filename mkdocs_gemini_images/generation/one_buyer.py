"""Let one process at a time buy: it holds the lock of the cache, and then the lock of the stock.

In: the folders of the cache and of the stock. Effect: a block that runs while no other does. The
cache's lock (`buy.lock` in it) guards the journal, which configurations may share without sharing a
stock; the stock's lock guards the pictures, which builds with caches of their own may share, such
as a container and its host. Both are taken in this order everywhere, so no two processes wait for
each other.

The stock is committed, so its lock is no file in it: the folder itself is locked, which leaves no
trace and holds wherever the folder is mounted on this machine. Windows cannot lock a folder; there
the lock is a file that is gone afterwards. A stock on a file system without locks lets several buy
the same picture; its pair is still created once (store/folder.py), and the other answers are laid
aside. A cache there lets nothing be bought: a process could take another's requests for its own.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs_gemini_images.core.files import atomic_files

_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
"""What file systems answer that know no locks."""


@contextmanager
def one_buyer(cache: Path, stock: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold both locks while a block runs; the stock's folder is made where there is none.

    Raises `OSError`, also when another process has a lock and this one does not `wait`.
    """
    from filelock import FileLock

    atomic_files.make_folder(stock)
    with FileLock(cache / "buy.lock", timeout=-1 if wait else 0), _locked_folder(stock, wait=wait):
        yield


if sys.platform == "win32":

    @contextmanager
    def _locked_folder(folder: Path, *, wait: bool) -> Iterator[None]:
        """Hold the lock of a folder while a block runs. Raises `OSError`."""
        from filelock import FileLock

        with FileLock(folder / ".buy.lock", timeout=-1 if wait else 0):
            yield

else:
    import fcntl

    @contextmanager
    def _locked_folder(folder: Path, *, wait: bool) -> Iterator[None]:
        """Hold the lock of a folder while a block runs. Raises `OSError`."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except OSError as error:
                if error.errno not in _NO_LOCKS:
                    raise
            yield
        finally:
            os.close(descriptor)
