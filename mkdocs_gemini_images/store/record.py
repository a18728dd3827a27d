"""The record of one picture: its sidecar as a value and as JSON.

A sidecar's bytes go in and a `Record` comes out, and the reverse. A sidecar is untrusted input:
every field is checked when it is read.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.image_format import ImageKind, Picture

SIDECAR_VERSION = 1
STORED_NAMES = {"author_digest": "wish"}
"""Names of fields in JSON files, where they differ from the attribute's."""
LFS_POINTER = b"version https://git-lfs"
"""How a Git LFS pointer begins, which git leaves in place of a file that was not pulled."""
_BACKDROP = re.compile(r"[A-Za-z0-9+/=]{0,2000}")
_MAX_NUMBER = 1_000_000
"""Pixels of a side, or USD: a larger number means a damaged sidecar."""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is known about one picture; its sidecar has the same fields."""

    key: str
    sha256: str
    kind: ImageKind
    width: int
    height: int
    author_digest: str
    request: Mapping[str, Any]
    """The canonical request that `key` is the digest of."""
    id: str = ""
    """The id, or `file:` and the named file, of the directive it was drawn for."""
    sent: tuple[str, ...] = ()
    """SHA-256 digests of the pictures that were sent with the request."""
    turn: tuple[Mapping[str, Any], ...] = ()
    """The model's turn, with `{"sha256": ...}` in place of picture bytes."""
    text: str = ""
    grounding: Mapping[str, Any] = field(default_factory=dict)
    price: float | None = None
    """USD, as billed or by the price table; None where it is unknown."""
    tokens: Mapping[str, int] = field(default_factory=dict)
    model_version: str = ""
    response_id: str = ""
    time: str = ""
    """When the picture was stored: UTC, ISO 8601, in seconds."""
    backdrop: str = ""
    """A WebP about twenty pixels wide in base64, or empty."""
    origin: str = ""
    """`adopted` or `accepted KEY` for a picture that a command put into stock; else empty."""
    alt: str = ""
    """The text alternative of the directive when the picture was drawn, if it has a name."""

    @property
    def picture(self) -> Picture:
        """The picture's format and size."""
        return Picture(self.kind, self.width, self.height)

    @property
    def file_name(self) -> str:
        """The file name of the picture beside its sidecar."""
        return f"{self.key}{self.picture.suffix}"

    @property
    def model(self) -> str:
        """The model that drew the picture."""
        return str(self.request.get("model", ""))


def utc_now() -> str:
    """Return the current time as sidecars write it: UTC, ISO 8601, in seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sidecar_bytes(record: Record) -> bytes:
    """Return the bytes of the sidecar of a record: JSON in UTF-8."""
    fields = {STORED_NAMES.get(name, name): value for name, value in asdict(record).items()}
    value = {"v": SIDECAR_VERSION} | fields
    if not record.alt:
        del value["alt"]
    text = json.dumps(value, indent=1, ensure_ascii=False)
    # A model's text may hold half a surrogate pair: it stays an escape.
    return f"{text}\n".encode("utf-8", "backslashreplace")


def read_sidecar(name: str, raw: bytes, key: str) -> Record:
    """Return the record in the bytes of the sidecar of `key`, which messages call `name`.

    Raises `DiagnosticError` when the bytes are no sidecar, or the sidecar of another picture.
    """
    if raw.startswith(LFS_POINTER):
        raise _damage(f"a sidecar in {name}", "a Git LFS pointer", "run git lfs pull")
    fix = f"restore it (git checkout -- {name})"
    try:
        value = json.loads(raw)
        if not isinstance(value, dict) or not isinstance(value.get("v"), int):
            raise _damage(f"a sidecar in {name}", "something else", fix)
        if value["v"] > SIDECAR_VERSION:
            expected = f"a sidecar of version {SIDECAR_VERSION} in {name}"
            fix = "it comes from a newer mkdocs-gemini-images; upgrade to read it"
            raise _damage(expected, f"version {value['v']}", fix)
        record = _from_json(value)
    except (ValueError, TypeError, RecursionError) as error:
        raise _damage(f"a sidecar in {name}", f"damage ({error})", fix) from error
    if record.key != key:
        raise _damage(f"the sidecar of {key[:12]}… in {name}", "another's", fix)
    if digest(record.request) != key:
        raise _damage(f"the request of {key[:12]}… in {name}", "another request", fix)
    return record


def _damage(expected: str, got: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(expected, got, fix))


def _from_json(value: Mapping[str, Any]) -> Record:
    """Return the record in a sidecar's JSON. Raises `ValueError` or `TypeError` if it is none."""
    known = {
        name: value[stored]
        for name in Record.__dataclass_fields__
        if (stored := STORED_NAMES.get(name, name)) in value
    }
    for name in ("sent", "turn"):
        known[name] = tuple(known.get(name, ()))
    if not isinstance(known.get("alt"), str):
        known.pop("alt", None)  # the picture can be used without it
    record = Record(**known)
    texts = (
        record.key, record.sha256, record.author_digest, record.id, record.text, record.time,
        record.model_version, record.response_id, record.origin, *record.sent,
    )  # fmt: skip
    numbers = (record.width, record.height)
    mappings = (record.request, record.grounding, record.tokens, *record.turn)
    if _BACKDROP.fullmatch(str(record.backdrop)) is None:
        record = replace(record, backdrop="")  # it goes into pages, which do without it
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
