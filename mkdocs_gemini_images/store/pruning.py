"""Delete pictures from a stock in a folder, except those that Git could not bring back.

In: the records that `reachability.orphans` lists, the stock, and whether to delete all of them.
Out: the pairs of files deleted, and two lists of records: the deleted and the kept.
"""

import stat
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record


def delete_orphans(
    orphans: Iterable[Record], stock: FolderStore, *, force: bool, in_git: Callable[[Path], bool]
) -> tuple[list[Record], list[Record]]:
    """Delete the files of orphaned records; return the records deleted and the records kept.

    A record is kept when `in_git` is false for one of its two files, unless `force` is set. Raises
    `OSError` when a file cannot be deleted, or the stock is a link out of the site's folder.
    """
    stock.check_place()
    deleted, kept = [], []
    for record in orphans:
        files = (stock.path(record), stock.folder / f"{record.key}.json")
        if not force and not all(in_git(file) for file in files):
            kept.append(record)
            continue
        for file in files:
            file.unlink(missing_ok=True)
        deleted.append(record)
    return deleted, kept


def is_in_git(file: Path) -> bool:
    """Return whether the last commit has `file` with the bytes that it has now.

    The contents are compared, because what `git status` lists depends on the user's settings and on
    flags of single files, such as `--assume-unchanged`. What is no regular file is not: Git would
    read a pipe or a device without end.
    """
    with suppress(OSError):
        if not stat.S_ISREG(file.lstat().st_mode):
            return False
    committed = _git(file, "rev-parse", "--verify", "--quiet", f"HEAD:./{file.name}")
    return bool(committed) and committed == _git(file, "hash-object", "--", file.name)


def _git(file: Path, *arguments: str) -> str:
    """Return what a git command prints in a file's folder; empty when it fails."""
    command = ["git", "-C", str(file.parent), *arguments]
    try:
        completed = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return completed.stdout.strip() if completed.returncode == 0 else ""
