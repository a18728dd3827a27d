"""The pictures in stock at a commit: their records and their bytes, read from Git.

In: the tree of a commit. Out: records, and the bytes of pictures, held against their digests. What
Git LFS keeps elsewhere is read from this clone's own copies, if they are here.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.reports.review.base.git_objects import FILE, Blobs, TreeEntry
from mkdocs_gemini_images.store.pairs import MAX_PICTURE_BYTES
from mkdocs_gemini_images.store.record import (
    LFS_POINTER,
    MAX_SIDECAR_BYTES,
    Record,
    check_picture,
    read_sidecar,
)

PAIR = re.compile(r"(?:.*/)?([0-9a-f]{64})\.(json|png|jpg|webp)")
"""The path of a sidecar or a picture."""
_POINTS_AT = re.compile(rb"^oid sha256:([0-9a-f]{64})$", re.M)
_MAX_POINTER = 1024


class CommittedFiles:
    """The files of a commit's tree."""

    def __init__(self, tree: Mapping[str, TreeEntry], blobs: Blobs, git_folder: Path) -> None:
        self.tree = tree
        self._blobs = blobs
        self._lfs = git_folder / "lfs" / "objects"

    def read(self, path: str, most: int) -> bytes:
        """Return the bytes of a file, or of what Git LFS keeps in its place, if that is here.

        Raises `DiagnosticError`.
        """
        data = self._blobs.read(self.tree[path].blob, path, most)
        if len(data) > _MAX_POINTER or not data.startswith(LFS_POINTER):
            return data
        if (points := _POINTS_AT.search(data)) is not None:
            digest = points[1].decode()
            kept_at = self._lfs / digest[:2] / digest[2:4] / digest
            with suppress(OSError):
                kept = regular_files.read(kept_at, most, follow=True)
                if sha256(kept).hexdigest() == digest:
                    return kept
        return data


class CommittedStock:
    """The stock of one commit. `folder` is its path in the tree, where it is preferred.

    A change may move the stock, so a picture is found in any folder of the tree.
    """

    def __init__(self, files: CommittedFiles, folder: str) -> None:
        self._files = files
        self._folder = folder
        self._paths: dict[str, str] = {}
        for path, entry in files.tree.items():
            if entry.mode.startswith(FILE) and (found := PAIR.fullmatch(path)):
                name = f"{found[1]}.{found[2]}"
                if name not in self._paths or path == f"{folder}/{name}":
                    self._paths[name] = path

    def has(self, key: str) -> bool:
        """Return whether there is a sidecar of a key."""
        return f"{key}.json" in self._paths

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None. Raises `DiagnosticError`."""
        if (path := self._paths.get(f"{key}.json")) is None:
            return None
        return read_sidecar(path, self._files.read(path, MAX_SIDECAR_BYTES), key)

    def read(self, record: Record) -> bytes:
        """Return the bytes of a picture, held against its digest. Raises `DiagnosticError`."""
        path = self.path(record)
        if not path:
            said = f"the picture {record.file_name} was missing beside its sidecar"
            raise DiagnosticError(Diagnostic.sentence(said, "look at the commit"))
        data = self._files.read(path, MAX_PICTURE_BYTES)
        if data.startswith(LFS_POINTER):
            said = f"{path} is a Git LFS pointer at that commit"
            raise DiagnosticError(Diagnostic.sentence(said, "run git lfs fetch --all"))
        if sha256(data).hexdigest() != record.sha256:
            said = f"{path} had other bytes at that commit than were drawn"
            raise DiagnosticError(Diagnostic.sentence(said, "look at the commit"))
        check_picture(data, record, path, "look at the commit")
        return data

    def path(self, record: Record) -> str:
        """Return the path of a picture in the tree; empty where it has none."""
        return self._paths.get(record.file_name, "")

    def records(self) -> Iterator[Record]:
        """Yield the records of the preferred folder that can be read."""
        for name, path in self._paths.items():
            if name.endswith(".json") and path == f"{self._folder}/{name}":
                with suppress(DiagnosticError):
                    if (record := self.find(name.removesuffix(".json"))) is not None:
                        yield record
