"""Note which files among the author's were made from pictures, and may be replaced by new ones.

In: the stock's folder, and the bytes of a file. A note lies in `files/` under the digest of those
bytes, and names the picture's key. A stranger may have written one: it alone proves nothing.
"""

import json
import os
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.store.record import DIGEST, SIDECAR_VERSION

_MAX_NOTE_BYTES = 4096


def write_note(folder: Path, data: bytes, key: str) -> None:
    """Note that a file with these bytes was made from the picture of `key`. Raises `OSError`."""
    note = folder / _name(data)
    regular_files.check_folder(folder, note.parent)
    text = json.dumps({"v": SIDECAR_VERSION, "key": key})
    atomic_files.write(note, f"{text}\n".encode())


def has_note(folder: Path, data: bytes) -> bool:
    """Return whether a note says that a file with these bytes was made from a picture."""
    try:
        note = read_json(regular_files.read_below(folder, _name(data), _MAX_NOTE_BYTES))
    except (OSError, ValueError):
        return False
    return isinstance(note, dict) and DIGEST.fullmatch(str(note.get("key"))) is not None


def notes(folder: Path) -> dict[str, Path]:
    """Return the file of each note, by the digest of the bytes that it speaks of."""
    try:
        names = os.listdir(folder / "files")  # noqa: PTH208 (names alone)
    except OSError:
        return {}
    return {
        name.removesuffix(".json"): folder / "files" / name
        for name in names
        if name.endswith(".json") and DIGEST.fullmatch(name.removesuffix(".json"))
    }


def _name(data: bytes) -> str:
    return f"files/{sha256(data).hexdigest()}.json"
