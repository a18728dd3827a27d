"""Note which files among the author's were made from pictures, and may be replaced by new ones.

In: the bytes of a file. A note is named by the digest of those bytes, and names the picture's key.
In the cache, where paths must be short, names have the first digits alone, and the note has the
whole digest; where another file's note has that name already, a name is whole as well. A stranger
may have written a note: it alone proves nothing.
"""

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.store.pair_names import WHOLE
from mkdocs_gemini_images.store.record import DIGEST, SIDECAR_VERSION

_MAX_NOTE_BYTES = 4096


class FileNotes(NamedTuple):
    """The notes in a folder, which is no link; names of new ones have that many `digits`."""

    folder: Path
    digits: int = WHOLE

    def write(self, data: bytes, key: str) -> None:
        """Note that a file of these bytes was made from the picture of `key`. Raises `OSError`."""
        digest = sha256(data).hexdigest()
        stem = digest[: self.digits]
        if self._of(stem) not in ("", digest):
            stem = digest
        regular_files.check_folder(self.folder.parent, self.folder)
        told = {"v": SIDECAR_VERSION, "key": key}
        told |= {} if stem == digest else {"sha256": digest}
        atomic_files.write(self.folder / f"{stem}.json", f"{json.dumps(told)}\n".encode())

    def has(self, data: bytes) -> bool:
        """Return whether a note says that a file with these bytes was made from a picture."""
        digest = sha256(data).hexdigest()
        return any(self._of(stem) == digest for stem in (digest[: self.digits], digest))

    def files(self) -> dict[str, Path]:
        """Return the file of each note with a whole name, by the digest of what it speaks of."""
        try:
            names = os.listdir(self.folder)  # noqa: PTH208 (names alone)
        except OSError:
            return {}
        return {
            name.removesuffix(".json"): self.folder / name
            for name in names
            if name.endswith(".json") and DIGEST.fullmatch(name.removesuffix(".json"))
        }

    def _of(self, stem: str) -> str:
        """Return the digest of the file that the note of that name speaks of; empty without one."""
        path = f"{self.folder.name}/{stem}.json"
        try:
            note: Any = read_json(
                regular_files.read_below(self.folder.parent, path, _MAX_NOTE_BYTES)
            )
        except (OSError, ValueError):
            return ""
        if not isinstance(note, dict) or not DIGEST.fullmatch(str(note.get("key"))):
            return ""
        return str(note.get("sha256", stem))
