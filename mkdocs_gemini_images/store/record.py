"""What a sidecar says about its picture, as a value and as JSON.

A sidecar is untrusted: every field is checked when it is read.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.image_format import ImageKind, Picture

SIDECAR_VERSION = 1
STORED_NAMES = {"author_digest": "wish"}
"""The names of fields in JSON files, where they differ from today's."""
_BACKDROP = re.compile(r"[A-Za-z0-9+/=]{0,2000}")
_LFS = b"version https://git-lfs"
_MAX_NUMBER = 1_000_000
"""Pixels of a side, or USD: a larger number is damage."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a sidecar says about its picture."""

    key: str
    sha256: str
    kind: ImageKind
    width: int
    height: int
    author_digest: str
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


def as_json(record: Record) -> bytes:
    """Return a record as the text of its sidecar."""
    fields = {STORED_NAMES.get(name, name): value for name, value in asdict(record).items()}
    value = {"v": SIDECAR_VERSION} | fields
    if not record.alt:
        del value["alt"]
    text = json.dumps(value, indent=1, ensure_ascii=False)
    # A model's words may hold half a surrogate pair: it stays the escape that it came as.
    return f"{text}\n".encode("utf-8", "backslashreplace")


def read_sidecar(name: str, raw: bytes, key: str) -> Record | Diagnostic:
    """Read the text of the sidecar of `key`, which messages call `name`."""
    if raw.startswith(_LFS):
        return Diagnostic(f"a sidecar in {name}", "a Git LFS pointer", "run git lfs pull")
    fix = f"restore it (git checkout -- {name})"
    try:
        value = json.loads(raw)
        if not isinstance(value, dict) or not isinstance(value.get("v"), int):
            return Diagnostic(f"a sidecar in {name}", "something else", fix)
        if value["v"] > SIDECAR_VERSION:
            return Diagnostic(
                f"a sidecar of version {SIDECAR_VERSION} in {name}",
                f"version {value['v']}",
                "it comes from a newer mkdocs-gemini-images; upgrade to read it",
            )
        record = _from_json(value)
    except (ValueError, TypeError, RecursionError) as error:
        return Diagnostic(f"a sidecar in {name}", f"damage ({error})", fix)
    if record.key != key:
        return Diagnostic(f"the sidecar of {key[:12]}… in {name}", "another's", fix)
    if digest(record.request) != key:
        return Diagnostic(f"the request of {key[:12]}… in {name}", "another request", fix)
    return record


def _from_json(value: Mapping[str, Any]) -> Record:
    """Build a record from a sidecar's JSON. Raises `ValueError` or `TypeError` when it is none."""
    known = {
        name: value[stored]
        for name in Record.__dataclass_fields__
        if (stored := STORED_NAMES.get(name, name)) in value
    }
    for name in ("sent", "turn"):
        known[name] = tuple(known.get(name, ()))
    if not isinstance(known.get("alt"), str):
        known.pop("alt", None)  # of no consequence for the picture
    record = Record(**known)
    texts = (
        record.key, record.sha256, record.author_digest, record.id, record.text, record.time,
        record.model_version, record.response_id, record.origin, *record.sent,
    )  # fmt: skip
    numbers = (record.width, record.height)
    mappings = (record.request, record.grounding, record.tokens, *record.turn)
    if _BACKDROP.fullmatch(str(record.backdrop)) is None:
        record = replace(record, backdrop="")  # it goes into pages, and can be done without
    if not (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, int) and 0 < number < _MAX_NUMBER for number in numbers)
        and record.kind in ("png", "jpeg", "webp")
        and all(isinstance(mapping, dict) for mapping in mappings)
        and isinstance(record.price, int | float | None)
        and (record.price is None or 0 <= record.price < _MAX_NUMBER)
    ):
        raise ValueError("a field has the wrong type")
    return record
