"""The pictures that a site owns, kept in a folder: one pair of files per picture.

`KEY.png` (or .jpg, .webp) holds the API's bytes, untouched; `KEY.json` beside it is the sidecar.
It is written last and never changed, so a pair is complete once its sidecar is there, and branches
that each add pictures merge without conflict. Bytes are checked against their digest whenever they
are read; damage is an error that names the file, never a reason to buy again.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError, identify
from mkdocs_gemini_images.store.record import (
    LFS_POINTER,
    SIDECAR_VERSION,
    Record,
    read_sidecar,
    sidecar_bytes,
)

_KEY = re.compile(r"[0-9a-f]{64}")


class FolderStore:
    """A folder of pairs. A look-up by key reads one small file; other look-ups use an index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: dict[str, list[Record]] | None = None

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None when there is none.

        Raises `DiagnosticError` when its sidecar is damaged or cannot be read.
        """
        name = f"{key}.json"
        try:
            with open(f"{self.folder}/{name}", "rb") as file:  # noqa: PTH123 (a path costs as much)
                raw = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(name, error) from error
        return read_sidecar(name, raw, key)

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Return the newest record that was drawn for the same options of the author, or None."""
        return self._newest(f"wish:{author_digest}")

    def find_named(self, id: str) -> Record | None:
        """Return the newest record that was drawn for a directive's id, or None."""
        return self._newest(f"id:{id}") if id else None

    def remembered(self, id: str) -> list[Record]:
        """Return the records drawn for an id, once another look-up has built the index."""
        return (self._index or {}).get(f"id:{id}", [])

    def path(self, record: Record) -> Path:
        """Return the path of a record's picture."""
        return self.folder / record.file_name

    def read(self, record: Record) -> bytes:
        """Return the bytes of a picture, checked against its digest.

        Raises `DiagnosticError` when the picture is missing or damaged, or cannot be read.
        """
        path = self.path(record)
        name = f"{self.folder.name}/{path.name}"
        restore = f"restore it (git checkout -- {name})"
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            expected = f"the picture {name} beside its sidecar"
            raise DiagnosticError(Diagnostic(expected, "no such file", restore)) from error
        except OSError as error:
            raise _unreadable(name, error) from error
        if sha256(data).hexdigest() == record.sha256:
            with suppress(ImageError):
                if identify(data) == record.picture:
                    return data
            size = f"{record.kind}, {record.width} x {record.height}"
            restore = f"restore the sidecar (git checkout -- {self.folder.name}/{record.key}.json)"
            expected = f"{name} to be what its sidecar says"
            raise DiagnosticError(Diagnostic(expected, f"no {size}", restore))
        if data.startswith(LFS_POINTER):
            expected = f"a picture in {name}"
            raise DiagnosticError(Diagnostic(expected, "a Git LFS pointer", "run git lfs pull"))
        expected = f"{name} as it was drawn (sha256 {record.sha256[:12]}…)"
        fix = f"{restore}; it is not drawn again by itself"
        raise DiagnosticError(Diagnostic(expected, "other bytes", fix))

    def check_ready(self) -> None:
        """Do nothing: before buying, the generator checks that the folder can be written to."""

    def unsynced(self) -> None:
        """Return None: a folder holds its pictures itself, and its owner commits them."""

    def put(self, record: Record, data: bytes) -> None:
        """Keep a picture; one that is there already stays as it is.

        Raises `OSError` when the picture cannot be kept.
        """
        sidecar = self.folder / f"{record.key}.json"
        if sidecar.exists():
            return
        atomic_files.write(self.path(record), data)
        atomic_files.write(sidecar, sidecar_bytes(record))
        if self._index is not None:
            self._add(self._index, record)

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file with these bytes was made from a picture and put among the author's.

        Raises `OSError`.
        """
        text = json.dumps({"v": SIDECAR_VERSION, "key": record.key})
        atomic_files.write(self._note(data), f"{text}\n".encode())

    def knows_file(self, data: bytes) -> bool:
        """Return whether a file with these bytes was made from a picture, so may be replaced."""
        return self._note(data).exists()

    def _note(self, data: bytes) -> Path:
        return self.folder / "files" / f"{sha256(data).hexdigest()}.json"

    def records(self) -> Iterator[Record]:
        """Yield the record of every sidecar that can be read, in the order of their keys."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("*.json")):
            if _KEY.fullmatch(path.stem):
                record = None
                with suppress(DiagnosticError):
                    record = self.find(path.stem)
                if record is not None:
                    yield record

    def _newest(self, name: str) -> Record | None:
        if self._index is None:
            index: dict[str, list[Record]] = {}
            for record in self.records():
                self._add(index, record)
            self._index = index
        records = self._index.get(name, [])
        return max(records, key=lambda record: (record.time, record.key), default=None)

    @staticmethod
    def _add(index: dict[str, list[Record]], record: Record) -> None:
        if record.author_digest:
            index.setdefault(f"wish:{record.author_digest}", []).append(record)
        if record.id:
            index.setdefault(f"id:{record.id}", []).append(record)


def _unreadable(name: str, error: OSError) -> DiagnosticError:
    fix = "mend its permissions"
    return DiagnosticError(Diagnostic(f"to read {name}", str(error.strerror), fix))
