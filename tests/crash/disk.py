"""A disk of its own that fills up and is emptied at random, while builders work on it."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

SIZE = 96 * 2**20
"""Bytes; more than a build wants to see free before it buys."""


class Disk:
    """A mounted disk. `fills` counts how often it was full."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder = folder
        self.fills = 0
        self._random = random
        self._until = 0.0
        self._ballast = folder / "ballast"

    def change(self, *, buying: bool) -> None:
        """Fill it now and then while a builder is buying, and make room again after a while."""
        now = time.monotonic()
        if self._until:
            if now > self._until:
                self.make_room()
        elif buying and self._random.random() < 0.02:
            self._fill()
            self.fills += 1
            self._until = now + self._random.expovariate(1 / 0.15)

    def make_room(self) -> None:
        """Take the ballast off."""
        self._until = 0.0
        self._ballast.unlink(missing_ok=True)

    def _fill(self) -> None:
        """Take all room that is left, or leave a few pages of it."""
        leave = self._random.choice([0, 0, 1, 3, 9]) * 4096
        file = os.open(self._ballast, os.O_WRONLY | os.O_CREAT)
        try:
            facts, end = os.statvfs(self.folder), 0
            step = facts.f_bavail * facts.f_frsize - leave
            while step >= 4096:
                with suppress(OSError):
                    os.posix_fallocate(file, end, step)
                    end += step
                    continue
                step //= 2
        finally:
            os.close(file)


def unusable(root: Path) -> str:
    """Say why no disk can be mounted here, or nothing."""
    try:
        with mounted(root / "tried", Random(0)):
            return ""
    except (OSError, subprocess.CalledProcessError) as error:
        return f"it needs the right to mount ({error})"


@contextmanager
def mounted(folder: Path, random: Random) -> Iterator[Disk]:
    """Mount such a disk. Raises `OSError` and `subprocess.CalledProcessError` where it may not."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield Disk(folder, random)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
