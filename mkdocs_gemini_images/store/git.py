"""Ask Git about files of the stock: whether it has them, and whether it ignores them.

In: paths. Out: what Git says; where there is no Git and no repository, it has and ignores nothing.
"""

import os
import stat
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images.core.git_index import has_repository

_DECIDED = {b"set": True, b"input": True, b"unset": False, b"auto": False}
"""Whether a file is text where the attribute `text` has this value; other values decide nothing."""


def is_in_git(file: Path) -> bool:
    """Return whether the last commit has `file` with the bytes that it has now.

    The contents are compared, because what `git status` lists depends on the user's settings and on
    flags of single files, such as `--assume-unchanged`. What is no regular file is not: Git would
    read a pipe or a device without end.
    """
    with suppress(OSError):
        if not stat.S_ISREG(file.lstat().st_mode):
            return False
    folder, top = _working_tree(file.parent)
    if top is None:
        return False
    path = (folder / file.name).relative_to(top).as_posix()
    committed = _git(top, "rev-parse", "--verify", "--quiet", f"HEAD:{path}")
    return bool(committed) and committed == _git(top, "hash-object", "--", path)


def ignored(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return which of the files that `folder` may have one day Git ignores, each with its rule.

    A rule is written as Git writes it, `.gitignore:3:*.json`. The folder need not be there yet.
    """
    folder, top = _working_tree(folder)
    if top is None:
        return {}
    paths = _asked(folder, top, names)
    said = _git(top, "check-ignore", "--no-index", "--verbose", "-z", "--stdin", typed=paths)
    fields = iter(said.split(b"\0"))
    return {
        paths[path]: b":".join((source, line, rule)).decode("utf-8", "surrogateescape")
        for source, line, rule, path in zip(fields, fields, fields, fields, strict=False)
        if not rule.startswith(b"!")
    }


def revision(folder: Path) -> str:
    """Return the commit of the working tree that a folder is in, or empty where there is none."""
    _, top = _working_tree(folder)
    if top is None:
        return ""
    return _git(top, "rev-parse", "--verify", "--quiet", "HEAD").decode("utf-8", "replace")


def with_changed_line_ends(folder: Path, names: Iterable[str]) -> list[str]:
    """Return which of the files that `folder` may have one day Git takes for text by an attribute.

    It changes the ends of their lines, which damages a picture. Where Git decides by the bytes
    (`text=auto`), pictures stay as they are.
    """
    folder, top = _working_tree(folder)
    if top is None:
        return []
    paths = _asked(folder, top, names)
    said = _git(top, "check-attr", "-z", "--stdin", "text", "crlf", "eol", typed=paths)
    fields = iter(said.split(b"\0"))
    found: dict[str, dict[bytes, bytes]] = {}
    for path, attribute, value in zip(fields, fields, fields, strict=False):
        found.setdefault(paths[path], {})[attribute] = value
    return [name for name, values in found.items() if _is_text(values)]


def _is_text(values: Mapping[bytes, bytes]) -> bool:
    """Return whether Git takes a file with these attributes for text (gitattributes(5)).

    `crlf` is the earlier name of `text`, and counts where `text` decides nothing.
    """
    for attribute in (b"text", b"crlf"):
        if (value := values[attribute]) in _DECIDED:
            return _DECIDED[value]
    return values[b"eol"] in (b"lf", b"crlf")


def _asked(folder: Path, top: Path, names: Iterable[str]) -> dict[bytes, str]:
    """Return names by the bytes of their paths from `top`, as Git reads and says them."""
    return {os.fsencode((folder / name).relative_to(top).as_posix()): name for name in names}


def _working_tree(folder: Path) -> tuple[Path, Path | None]:
    """Return a folder's real path, and the top of the working tree it is in, or None.

    Git is run there alone. Below, it would take committed files named `HEAD`, `config`, `objects`
    and `refs` for a repository, and run the programs that such a `config` names.
    """
    real = folder.resolve()
    return real, next((each for each in (real, *real.parents) if has_repository(each)), None)


def _git(top: Path, *arguments: str, typed: Iterable[bytes] = ()) -> bytes:
    """Return what a git command prints at the top of a working tree; empty when it fails.

    `typed` are the paths that the command reads; so they come back as they are, not in quotes.
    """
    command = ["git", "-C", str(top), *arguments]
    try:
        completed = subprocess.run(  # noqa: S603
            command, input=b"\0".join(typed), capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return completed.stdout.strip() if completed.returncode == 0 else b""
