"""The pictures a site owns: one pair of files per picture, committed with the site.

`KEY.png` (or .jpg, .webp) holds the API's bytes, untouched; `KEY.json` beside it says what they
are. The sidecar is written last and never changed, so a pair is complete when its sidecar is there,
and branches that each add pictures merge without conflict. Bytes are checked against their digest
whenever they are read; what does not agree is an error with the file's name, never a new purchase.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.core.image_format import identify
from mkdocs_gemini_images.store.record import SIDECAR_VERSION, Record, as_json, read_sidecar

_KEY = re.compile(r"[0-9a-f]{64}")
_LFS = b"version https://git-lfs"


class FolderStore:
    """A folder of pairs. Looking up costs one small read; nothing is kept but an index by wish."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: dict[str, list[Record]] | None = None

    def find(self, key: str) -> Record | Diagnostic | None:
        """Find a picture by key: its record, or None, or what is wrong with its sidecar."""
        name = f"{key}.json"
        try:
            with open(f"{self.folder}/{name}", "rb") as file:  # noqa: PTH123 (a path costs as much)
                raw = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            return Diagnostic(f"to read {name}", str(error.strerror), "mend its permissions")
        return read_sidecar(name, raw, key)

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Find the newest picture that was drawn for the same words of an author."""
        return self._newest(f"wish:{author_digest}")

    def find_named(self, id: str) -> Record | None:
        """Find the newest picture that was drawn for a directive's id."""
        return self._newest(f"id:{id}") if id else None

    def remembered(self, id: str) -> list[Record]:
        """List the pictures drawn for an id, once anything has been looked for in the index."""
        return (self._index or {}).get(f"id:{id}", [])

    def path(self, record: Record) -> Path:
        """Say where a record's picture lies."""
        return self.folder / record.file_name

    def read(self, record: Record) -> bytes | Diagnostic:
        """Read a picture and check it against its digest."""
        path = self.path(record)
        name = f"{self.folder.name}/{path.name}"
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            fix = f"restore it (git checkout -- {name})"
            return Diagnostic(f"the picture {name} beside its sidecar", "no such file", fix)
        except OSError as error:
            return Diagnostic(f"to read {name}", str(error.strerror), "mend its permissions")
        if sha256(data).hexdigest() == record.sha256:
            if identify(data) == record.picture:
                return data
            size = f"{record.kind}, {record.width} x {record.height}"
            fix = f"restore the sidecar (git checkout -- {self.folder.name}/{record.key}.json)"
            return Diagnostic(f"{name} to be what its sidecar says", f"no {size}", fix)
        if data.startswith(_LFS):
            return Diagnostic(f"a picture in {name}", "a Git LFS pointer", "run git lfs pull")
        return Diagnostic(
            f"{name} as it was drawn (sha256 {record.sha256[:12]}…)",
            "other bytes",
            f"restore it (git checkout -- {name}); it is not drawn again by itself",
        )

    def ready(self) -> None:
        """A folder is ready when it can be written to, which the buyer finds out."""

    def unsynced(self) -> None:
        """What is in a folder is where it belongs; committing it is its owner's business."""

    def put(self, record: Record, data: bytes) -> None:
        """Keep a picture for ever; one that is there already stays as it is.

        Raises `OSError` when it cannot be kept.
        """
        sidecar = self.folder / f"{record.key}.json"
        if sidecar.exists():
            return
        atomic_files.write(self.path(record), data)
        atomic_files.write(sidecar, as_json(record))
        if self._index is not None:
            self._add(self._index, record)

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file of these bytes, made from a picture, was put among the author's own.

        Raises `OSError`.
        """
        text = json.dumps({"v": SIDECAR_VERSION, "key": record.key})
        atomic_files.write(self._note(data), f"{text}\n".encode())

    def knows_file(self, data: bytes) -> bool:
        """Whether a file of these bytes was made here: then it may be replaced."""
        return self._note(data).exists()

    def _note(self, data: bytes) -> Path:
        return self.folder / "files" / f"{sha256(data).hexdigest()}.json"

    def records(self) -> Iterator[Record]:
        """Read all sidecars that can be read, in the order of their keys."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("*.json")):
            if _KEY.fullmatch(path.stem):
                record = self.find(path.stem)
                if isinstance(record, Record):
                    yield record

    def _newest(self, name: str) -> Record | None:
        if self._index is None:
            index: dict[str, list[Record]] = {}
            for record in self.records():
                self._add(index, record)
            self._index = index
        found = self._index.get(name, [])
        return max(found, key=lambda record: (record.time, record.key), default=None)

    @staticmethod
    def _add(index: dict[str, list[Record]], record: Record) -> None:
        if record.author_digest:
            index.setdefault(f"wish:{record.author_digest}", []).append(record)
        if record.id:
            index.setdefault(f"id:{record.id}", []).append(record)
