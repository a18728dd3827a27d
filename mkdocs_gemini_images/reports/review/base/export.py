"""Write the files of a commit into a folder, for a build that looks at the site as it was.

In: the tree of a commit and an empty folder. Effect: its files there, without the pictures in
stock, which a dry run does not read. A repository may be a stranger's: nothing is written outside
of the folder, no link is made (a copy of what it leads to stands in its place), and no filter runs.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from posixpath import dirname, join, normpath

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.reports.review.base.committed_stock import PAIR, CommittedFiles
from mkdocs_gemini_images.reports.review.base.git_objects import FILE, LINK, TreeEntry

MAX_FILE_BYTES = 32 * 2**20
"""A larger file is no page: an empty one stands in its place."""
MAX_BYTES = 2**30
_UNSAFE_PART = re.compile(r"\.{0,2}|\.git(~\d+)?|.*[\\:\x00-\x1f].*|.*[ .]", re.I)
"""Names that would lead out of a folder, or that a system reads as others."""
_MAX_LINK = 4096


def export(files: CommittedFiles, folder: Path) -> None:
    """Write the files of a tree. Raises `DiagnosticError` when they are too large, and `OSError`.

    A file that cannot be written under its name is left out.
    """
    written, made = 0, set[Path]()
    for path, source in _files(files):
        if any(_UNSAFE_PART.fullmatch(part) for part in path.split("/")):
            continue
        data = b""
        with suppress(DiagnosticError):
            data = files.read(source, MAX_FILE_BYTES)
        written += len(data)
        if written > MAX_BYTES:
            said = f"the files at that commit have more than {MAX_BYTES // 2**30} GB"
            raise DiagnosticError(Diagnostic.sentence(said))
        with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            target = folder / path
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            with target.open("xb") as file:
                file.write(data)


def _files(files: CommittedFiles) -> Iterator[tuple[str, str]]:
    """Yield each path to be written, and the path in the tree whose bytes it gets."""
    links = []
    for path, entry in files.tree.items():
        if entry.mode.startswith(LINK):
            links.append(path)
        elif entry.mode.startswith(FILE) and not _is_picture(path):
            yield path, path
    for path in links:
        with suppress(DiagnosticError):
            text = os.fsdecode(files.read(path, _MAX_LINK))
            target = normpath(join(dirname(path), text))
            yield from _below(files.tree, path, target)


def _below(tree: Mapping[str, TreeEntry], path: str, target: str) -> Iterator[tuple[str, str]]:
    """Yield what a link at `path` leads to: a file, or the files of a folder."""
    if target in tree:
        if tree[target].mode.startswith(FILE):
            yield path, target
        return
    if f"{path}/".startswith(f"{target}/"):
        return  # a folder cannot be copied into itself
    for other, entry in tree.items():
        if other.startswith(f"{target}/") and entry.mode.startswith(FILE):
            yield f"{path}{other[len(target) :]}", other


def _is_picture(path: str) -> bool:
    found = PAIR.fullmatch(path)
    return found is not None and found[2] != "json"
