"""The pictures a site owns: one pair of files per picture, committed with the site.

`KEY.png` (or .jpg, .webp) holds the API's bytes, untouched; `KEY.json` beside it says what they
are. The sidecar is written last and never changed, so a pair is complete when its sidecar is there,
and branches that each add pictures merge without conflict. Bytes are checked against their digest
whenever they are read; what does not agree is an error with the file's name, never a new purchase.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import Complaint
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.image_format import Kind, Picture, prove

VERSION = 1
_KEY = re.compile(r"[0-9a-f]{64}")
_BACKDROP = re.compile(r"[A-Za-z0-9+/=]{0,2000}")
_LFS = b"version https://git-lfs"
_MOST = 1_000_000
"""Pixels of a side, or USD: what is above is damage, and not to be reckoned with."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a sidecar says about its picture."""

    key: str
    sha256: str
    kind: Kind
    width: int
    height: int
    wish: str
    request: Mapping[str, Any]
    """The canonical chain its key was taken from."""
    id: str = ""
    """The directive's own name for it when it was drawn."""
    sent: tuple[str, ...] = ()
    """Digests of the pictures that were really sent."""
    turn: tuple[Mapping[str, Any], ...] = ()
    """The model's turn, with `{"sha256": ...}` in place of picture bytes."""
    text: str = ""
    grounding: Mapping[str, Any] = field(default_factory=dict)
    price: float | None = None
    """USD, as billed or as the table says."""
    tokens: Mapping[str, int] = field(default_factory=dict)
    model_version: str = ""
    response_id: str = ""
    time: str = ""
    """UTC, ISO 8601, seconds."""
    backdrop: str = ""
    """A WebP of some twenty pixels in base64, or nothing."""
    origin: str = ""
    """`adopted` or `accepted KEY` where no request of ours drew it; empty where one did."""
    alt: str = ""
    """The text alternative that a picture with a name was drawn for."""

    @property
    def picture(self) -> Picture:
        """Its kind and size."""
        return Picture(self.kind, self.width, self.height)

    @property
    def file_name(self) -> str:
        """The name of its picture beside the sidecar."""
        return f"{self.key}{self.picture.suffix}"

    @property
    def model(self) -> str:
        """The model that drew it."""
        return str(self.request.get("model", ""))


def now() -> str:
    """Write the time as sidecars do: UTC, ISO 8601, seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Pictures(Protocol):
    """What a build asks of the pictures a site owns, wherever they are kept."""

    @property
    def folder(self) -> Path:
        """Where there must be room before anything is bought."""

    def find(self, key: str) -> Record | Complaint | None:
        """Find a picture by key: its record, or None, or what is wrong."""

    def find_wished(self, wish: str) -> Record | None:
        """Find the newest picture that was drawn for the same words of an author."""

    def find_named(self, id: str) -> Record | None:
        """Find the newest picture that was drawn for a directive's id."""

    def remembered(self, id: str) -> list[Record]:
        """List the pictures drawn for an id, as far as they are in memory: nothing is read."""

    def path(self, record: Record) -> Path:
        """Say where a record's picture lies."""

    def read(self, record: Record) -> bytes | Complaint:
        """Read a picture and check it against its digest."""

    def put(self, record: Record, data: bytes) -> Record | None:
        """Keep a picture for ever, and give the one that is kept if it may be another's.

        Raises `OSError` when it cannot be kept.
        """

    def records(self) -> Iterator[Record]:
        """Read all sidecars that can be read, in the order of their keys."""

    def ready(self) -> Complaint | None:
        """Say why nothing may be bought now, or nothing. Raises `OSError`."""

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file of these bytes, made from a picture, was put among the author's own.

        Raises `OSError`.
        """

    def knows_file(self, data: bytes) -> bool:
        """Whether a file of these bytes was made from a picture: then it may be replaced."""

    def unsynced(self) -> Complaint | None:
        """Say what is kept on this machine alone, and should be elsewhere as well."""


class Stock:
    """A folder of pairs. Looking up costs one small read; nothing is kept but an index by wish."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: dict[str, list[Record]] | None = None

    def find(self, key: str) -> Record | Complaint | None:
        """Find a picture by key: its record, or None, or what is wrong with its sidecar."""
        name = f"{key}.json"
        try:
            with open(f"{self.folder}/{name}", "rb") as file:  # noqa: PTH123 (a path costs as much)
                raw = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            return Complaint(f"to read {name}", str(error.strerror), "mend its permissions")
        return _read(name, raw, key)

    def find_wished(self, wish: str) -> Record | None:
        """Find the newest picture that was drawn for the same words of an author."""
        return self._newest(f"wish:{wish}")

    def find_named(self, id: str) -> Record | None:
        """Find the newest picture that was drawn for a directive's id."""
        return self._newest(f"id:{id}") if id else None

    def remembered(self, id: str) -> list[Record]:
        """List the pictures drawn for an id, once anything has been looked for in the index."""
        return (self._index or {}).get(f"id:{id}", [])

    def path(self, record: Record) -> Path:
        """Say where a record's picture lies."""
        return self.folder / record.file_name

    def read(self, record: Record) -> bytes | Complaint:
        """Read a picture and check it against its digest."""
        path = self.path(record)
        name = f"{self.folder.name}/{path.name}"
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            fix = f"restore it (git checkout -- {name})"
            return Complaint(f"the picture {name} beside its sidecar", "no such file", fix)
        except OSError as error:
            return Complaint(f"to read {name}", str(error.strerror), "mend its permissions")
        if sha256(data).hexdigest() == record.sha256:
            if prove(data) == record.picture:
                return data
            size = f"{record.kind}, {record.width} x {record.height}"
            fix = f"restore the sidecar (git checkout -- {self.folder.name}/{record.key}.json)"
            return Complaint(f"{name} to be what its sidecar says", f"no {size}", fix)
        if data.startswith(_LFS):
            return Complaint(f"a picture in {name}", "a Git LFS pointer", "run git lfs pull")
        return Complaint(
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
        value = {"v": VERSION} | asdict(record)
        if not record.alt:
            del value["alt"]
        text = json.dumps(value, indent=1, ensure_ascii=False)
        # A model's words may hold half a surrogate pair: it stays the escape that it came as.
        atomic_files.write(sidecar, f"{text}\n".encode("utf-8", "backslashreplace"))
        if self._index is not None:
            self._add(self._index, record)

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file of these bytes, made from a picture, was put among the author's own.

        Raises `OSError`.
        """
        text = json.dumps({"v": VERSION, "key": record.key})
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
        if record.wish:
            index.setdefault(f"wish:{record.wish}", []).append(record)
        if record.id:
            index.setdefault(f"id:{record.id}", []).append(record)


def _read(name: str, raw: bytes, key: str) -> Record | Complaint:
    if raw.startswith(_LFS):
        return Complaint(f"a sidecar in {name}", "a Git LFS pointer", "run git lfs pull")
    fix = f"restore it (git checkout -- {name})"
    try:
        value = json.loads(raw)
        if not isinstance(value, dict) or not isinstance(value.get("v"), int):
            return Complaint(f"a sidecar in {name}", "something else", fix)
        if value["v"] > VERSION:
            return Complaint(
                f"a sidecar of version {VERSION} in {name}",
                f"version {value['v']}",
                "it comes from a newer mkdocs-gemini-images; upgrade to read it",
            )
        record = _record(value)
    except (ValueError, TypeError, RecursionError) as error:
        return Complaint(f"a sidecar in {name}", f"damage ({error})", fix)
    if record.key != key:
        return Complaint(f"the sidecar of {key[:12]}… in {name}", "another's", fix)
    if digest(record.request) != key:
        return Complaint(f"the request of {key[:12]}… in {name}", "another request", fix)
    return record


def _record(value: Mapping[str, Any]) -> Record:
    """Build a record from a sidecar's JSON. Raises `ValueError` or `TypeError` when it is none."""
    known = {name: value[name] for name in Record.__dataclass_fields__ if name in value}
    for name in ("sent", "turn"):
        known[name] = tuple(known.get(name, ()))
    if not isinstance(known.get("alt"), str):
        known.pop("alt", None)  # of no consequence for the picture
    record = Record(**known)
    texts = (
        record.key, record.sha256, record.wish, record.id, record.text, record.time,
        record.model_version, record.response_id, record.origin, *record.sent,
    )  # fmt: skip
    numbers = (record.width, record.height)
    mappings = (record.request, record.grounding, record.tokens, *record.turn)
    if _BACKDROP.fullmatch(str(record.backdrop)) is None:
        record = replace(record, backdrop="")  # it goes into pages, and can be done without
    if not (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int) and 0 < number < _MOST for number in numbers)
        and record.kind in ("png", "jpeg", "webp")
        and all(isinstance(mapping, dict) for mapping in mappings)
        and isinstance(record.price, int | float | None)
        and (record.price is None or 0 <= record.price < _MOST)
    ):
        raise ValueError("a field has the wrong type")
    return record
