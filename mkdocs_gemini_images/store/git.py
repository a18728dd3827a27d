"""Ask Git about files of the stock: whether it has them, and whether it ignores them.

In: paths. Out: what Git says; where there is no Git and no repository, it has and ignores nothing.
"""

import stat
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def is_in_git(file: Path) -> bool:
    """Return whether the last commit has `file` with the bytes that it has now.

    The contents are compared, because what `git status` lists depends on the user's settings and on
    flags of single files, such as `--assume-unchanged`. What is no regular file is not: Git would
    read a pipe or a device without end.
    """
    with suppress(OSError):
        if not stat.S_ISREG(file.lstat().st_mode):
            return False
    committed = _git(file.parent, "rev-parse", "--verify", "--quiet", f"HEAD:./{file.name}")
    return bool(committed) and committed == _git(file.parent, "hash-object", "--", file.name)


def ignored(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return which of the files that `folder` may have one day Git ignores, each with its rule.

    A rule is written as Git writes it, `.gitignore:3:*.json`. The folder need not be there yet.
    """
    place = next(each for each in (folder, *folder.parents) if each.is_dir())
    paths = {(folder / name).relative_to(place).as_posix(): name for name in names}
    said = _git(place, "check-ignore", "--no-index", "--verbose", "--", *paths)
    rules = (line.partition("\t") for line in said.splitlines())
    return {paths[path]: rule for rule, _, path in rules if ":!" not in rule}


def _git(folder: Path, *arguments: str) -> str:
    """Return what a git command prints in a folder; empty when it fails."""
    command = ["git", "-C", str(folder), *arguments]
    try:
        completed = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return completed.stdout.strip() if completed.returncode == 0 else ""
