"""The pictures that a site owns, kept in a folder.

Each is a pair of files (pairs.py). A look-up by key reads one small file; other look-ups use an
index, which reads all sidecars once. A folder that is a link out of the site's folder is never
written to.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import regular_files
from mkdocs_gemini_images.store.file_notes import FileNotes
from mkdocs_gemini_images.store.pair_names import WHOLE
from mkdocs_gemini_images.store.pairs import Pairs
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.record_index import RecordIndex


class FolderStore:
    """A folder of pairs, and of notes about files that were made from them.

    `root` is the folder of `mkdocs.yml` where the stock is named as a folder below it. `digits` is
    how many of its key the name of a new pair has.
    """

    def __init__(self, folder: Path, root: Path | None = None, *, digits: int = WHOLE) -> None:
        self.folder = folder
        self.pairs = Pairs(folder, digits)
        self.notes = FileNotes(folder / "files")
        self.new_file = folder / f"{'0' * digits}.json"
        self._root = root
        self._index: RecordIndex | None = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folder, which has never had another name."""
        return (self.folder,)

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None when there is none.

        Raises `DiagnosticError` when its sidecar is damaged or cannot be read, and
        `LostSidecarError` when the picture is there alone.
        """
        return self.pairs.find(key)

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Return the newest record that was drawn for the same options of the author, or None."""
        return self._indexed().newest_of_author_digest(author_digest)

    def find_named(self, id: str) -> Record | None:
        """Return the newest record that was drawn for a directive's id, or None."""
        return self._indexed().newest_named(id) if id else None

    def remembered(self, id: str) -> list[Record]:
        """Return the records drawn for an id, once another look-up has built the index."""
        return [] if self._index is None else self._index.named(id)

    def path(self, record: Record) -> Path:
        """Return the path of a record's picture."""
        return self.pairs.files(record)[1]

    def read(self, record: Record) -> bytes:
        """Return the bytes of a picture, checked against its digest.

        Raises `DiagnosticError` when the picture is missing or damaged, or cannot be read.
        """
        return self.pairs.read(record)

    def lost(self) -> dict[str, Diagnostic]:
        """Return what is wrong with each picture that has no sidecar, by its file's stem."""
        from mkdocs_gemini_images.store.folder_faults import lost_sidecars

        return lost_sidecars(self.pairs)

    def faults(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with the folder, except with pictures that `read` would check."""
        from mkdocs_gemini_images.store.folder_faults import foreign_entries

        return foreign_entries(self)

    def check_ready(self) -> None:
        """Raise `DiagnosticError` where the folder is a link out of the site's folder.

        Forgets the index: another process may have put pictures since the first look-up.
        """
        self.forget()
        try:
            self.check_place()
        except OSError as error:
            target = os.path.realpath(self.folder)
            raise DiagnosticError(
                Diagnostic.sentence(
                    f"the stock {self.folder} is not read ({error.strerror}: {target})",
                    "a repository may bring such a link; name that folder itself in the option "
                    "stock, or delete the link",
                )
            ) from error

    def forget(self) -> None:
        """Read all sidecars again when a look-up needs the index."""
        self._index = None

    def check_place(self) -> None:
        """Raise `OSError` where the folder is a link out of the site's folder, before a write."""
        if self._root is not None:
            regular_files.check_inside(self._root, self.folder)

    def unsynced(self) -> None:
        """Return None: a folder holds its pictures itself, and its owner commits them."""

    def put(self, record: Record, data: bytes) -> Record:
        """Keep a picture, and return the record that is kept under its key: the first of all.

        Raises `DiagnosticError` when another picture is there without its sidecar, or the sidecar
        is damaged, and `OSError` when the picture cannot be kept.
        """
        self.check_place()
        kept = self.pairs.put(record, data)
        if (index := self._index) is not None:
            index.add(kept)
        return kept

    def sweep(self, key: str) -> None:
        """Remove what killed processes have left of a picture that they put. Raises `OSError`."""
        self.pairs.sweep(key)

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file with these bytes was made from a picture and put among the author's.

        Raises `OSError`.
        """
        self.check_place()
        self.notes.write(data, record.key)

    def knows_file(self, data: bytes) -> bool:
        """Return whether a note says that a file with these bytes was made from a picture.

        A stranger may have written the note.
        """
        return self.notes.has(data)

    def records(self) -> Iterator[Record]:
        """Yield the record of every sidecar that can be read, in the order of their names."""
        return self.pairs.records()

    def _indexed(self) -> RecordIndex:
        if (index := self._index) is None:
            index = self._index = RecordIndex(self.records())
        return index
