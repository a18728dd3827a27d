"""Find what earlier drawings have left: named files that no page names, and notes without a file.

In: the stock, the docs folders of the sites that share it, and the named files of today. Out: files
in those folders, and notes in the stock. A file counts where a note knows its bytes and the bytes
prove it; one that a page mentions otherwise, such as after `eject`, is in use. Reads only.
"""

import os
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote

from mkdocs_gemini_images.build.named_files import is_ours
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.directives.directive import FILE_KINDS
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.pairs import MAX_PICTURE_BYTES

_TEXTS = (".md", ".markdown", ".html", ".htm", ".css", ".js", ".yml", ".yaml", ".toml")
"""The files of a site that may mention a picture."""
_MAX_TEXT_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class LeftFiles:
    """What earlier drawings have left."""

    files: tuple[Path, ...] = ()
    """Named files of which no page knows."""
    notes: tuple[Path, ...] = ()
    """Notes of files that are in no docs folder any more."""


def left_files(sites: Iterable[tuple[Settings, Collection[str]]], store: FolderStore) -> LeftFiles:
    """Return what is left in the stock, and in the docs folder of each site.

    A site comes with the named files that its pages name, as paths in the docs folder.
    """
    notes = store.notes.files()
    if not notes:
        return LeftFiles()
    left, present = list[Path](), set[str]()
    for settings, named in sites:
        docs = settings.root / settings.docs
        unnamed: dict[str, Path] = {}
        for file in _pictures(docs, (store.folder, settings.cache)):
            try:
                data = regular_files.read(file, MAX_PICTURE_BYTES)
            except OSError:
                continue  # a link or a device: none of ours
            digest, name = sha256(data).hexdigest(), file.relative_to(docs).as_posix()
            if digest in notes:
                present.add(digest)
                if name not in named and is_ours(data, store):
                    unnamed[name] = file
        left += [unnamed[name] for name in unnamed.keys() - _mentioned(docs, unnamed)]
    gone = sorted(note for digest, note in notes.items() if digest not in present)
    return LeftFiles(tuple(sorted(left)), tuple(gone))


def _pictures(docs: Path, apart: Collection[Path]) -> Iterator[Path]:
    """Yield the files of a docs folder that have the suffix of a picture, except those `apart`."""
    real = {os.path.realpath(folder) for folder in apart}
    for file in docs.rglob("*"):
        if file.suffix.lower() in FILE_KINDS and file.is_file():
            place = os.path.realpath(file.parent)
            if not any(place == each or place.startswith(each + os.sep) for each in real):
                yield file


def _mentioned(docs: Path, names: Mapping[str, Path]) -> set[str]:
    """Return those of `names`, which are paths in the docs folder, that a text in it leads to."""
    if not names:
        return set()
    ends = sorted({each for name in names for each in (_base(name), quote(_base(name)))})
    address = re.compile(rf"[^\s()<>\"'=\[\]{{}}]*?(?:{'|'.join(map(re.escape, ends))})")
    found = set[str]()
    for text in docs.rglob("*"):
        if text.suffix.lower() not in _TEXTS or not text.is_file():
            continue
        try:
            read = regular_files.read(text, _MAX_TEXT_BYTES).decode("utf-8", "replace")
        except OSError:
            continue
        folder = posixpath.dirname(text.relative_to(docs).as_posix())
        for match in address.finditer(read):
            path = unquote(match[0])
            beside = posixpath.normpath(posixpath.join(folder, path))
            found |= {name for name in names if name == beside or path.endswith(f"/{name}")}
    return found


def _base(name: str) -> str:
    return posixpath.basename(name)
