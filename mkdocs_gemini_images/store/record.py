"""The record of one picture: its sidecar as a value and as JSON.

A sidecar's bytes go in and a `Record` comes out, and the reverse. A sidecar is untrusted input:
every field is checked when it is read.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.image_format import (
    MAX_PIXELS,
    ImageError,
    ImageKind,
    Picture,
    identify,
)
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.models.dimensions import Pixels

SIDECAR_VERSION = 1
STORED_NAMES = {"author_digest": "wish"}
"""Names of fields in JSON files, where they differ from the attribute's."""
LFS_POINTER = b"version https://git-lfs"
"""How a Git LFS pointer begins, which git leaves in place of a file that was not pulled."""
MAX_SIDECAR_BYTES = 8 * 2**20
"""A sidecar has some kilobytes; what a model says beside its picture may make it larger."""
MAX_PRICE = 1_000_000
"""USD: a higher price, or none, means a damaged file."""
DIGEST = re.compile(r"[0-9a-f]{64}")
"""A key, or the SHA-256 of a file."""
_BACKDROP = re.compile(r"[A-Za-z0-9+/=]{0,2000}")
_MAX_TOKENS = 10**12
_NAME = re.compile(r"[a-z_]{1,40}")


class Record(NamedTuple):
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
    grounding: Mapping[str, Any] = {}
    price: float | None = None
    """USD, as billed or by the price table; None where it is unknown."""
    tokens: Mapping[str, int] = {}
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
    billed: Mapping[str, float] = {}
    """USD by item, as the answer's tokens and searches make it; empty where these are unknown."""
    quoted: Mapping[str, float] = {}
    """USD before the request was sent: `expected` and `at_most`; empty where no price was known."""

    @property
    def picture(self) -> Picture:
        """The picture's format and size."""
        return Picture(self.kind, self.width, self.height)

    @property
    def photo_size(self) -> Pixels | None:
        """The size of an adopted picture, which is shown upright; None for a drawn one."""
        return (self.width, self.height) if self.origin == "adopted" else None

    @property
    def file_name(self) -> str:
        """The file name of the picture beside its sidecar, in a stock."""
        return f"{self.key}{self.picture.suffix}"

    @property
    def model(self) -> str:
        """The model that drew the picture."""
        return str(self.request.get("model", ""))


def utc_now() -> str:
    """Return the current time as sidecars write it: UTC, ISO 8601, in seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sidecar_bytes(record: Record) -> bytes:
    """Return the bytes of the sidecar of a record: JSON in UTF-8.

    Raises `ValueError` or `TypeError` for a record that JSON cannot hold.
    """
    fields = {STORED_NAMES.get(name, name): value for name, value in record._asdict().items()}
    value = {"v": SIDECAR_VERSION} | fields
    for name in _LEFT_OUT:
        if not value[name]:
            del value[name]
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False)
    # A model's text may hold half a surrogate pair: it stays an escape.
    return f"{text}\n".encode("utf-8", "backslashreplace")


def readable(record: Record) -> Record:
    """Return a record as its sidecar can be read again, without what the sidecar cannot hold.

    An answer may hold anything. Raises `DiagnosticError` where even what a picture cannot be used
    without cannot be read.
    """
    if _reads_back(record):
        return record
    kept = record._replace(**_SPARE)
    if not _reads_back(kept):
        expected = f"a picture of {str(record.key)[:12]}… that a sidecar can hold"
        raise _damage(expected, "one that it cannot", "shorten its prompt, or report this")
    for name in _SPARE:
        more = kept._replace(**{name: getattr(record, name)})
        if _reads_back(more):
            kept = more
    return kept


_LEFT_OUT = ("alt", "billed", "quoted")
"""Fields that a sidecar has only where there is something to say: they came later."""
_SPARE: dict[str, Any] = {
    "price": None, "billed": {}, "quoted": {}, "id": "", "alt": "", "sent": (), "tokens": {},
    "backdrop": "", "model_version": "", "response_id": "", "text": "", "turn": (), "grounding": {},
}  # fmt: skip
"""What a picture can be used without, each with its empty value; what is needed most is first."""


def _reads_back(record: Record) -> bool:
    """Return whether the sidecar of a record is read as the same record."""
    try:
        raw = sidecar_bytes(record)
        is_same = sidecar_bytes(read_sidecar("", raw, record.key)) == raw
    except (DiagnosticError, ValueError, TypeError, RecursionError):
        return False
    return is_same and len(raw) <= MAX_SIDECAR_BYTES


def read_sidecar(name: str, raw: bytes, key: str) -> Record:
    """Return the record in the bytes of the sidecar of `key`, which messages call `name`.

    Of the key, its beginning will do. Raises `DiagnosticError` when the bytes are no sidecar, or
    the sidecar of another picture.
    """
    if raw.startswith(LFS_POINTER):
        raise _damage(f"a sidecar in {name}", "a Git LFS pointer", "run git lfs pull")
    fix = f"restore it (git checkout -- {name})"
    try:
        value = read_json(raw)
        if not isinstance(value, dict) or type(value.get("v")) is not int:
            raise _damage(f"a sidecar in {name}", "something else", fix)
        if value["v"] > SIDECAR_VERSION:
            expected = f"a sidecar of version {SIDECAR_VERSION} in {name}"
            fix = "it comes from a newer mkdocs-gemini-images; upgrade to read it"
            raise _damage(expected, f"version {str(value['v'])[:9]}", fix)
        record = _from_json(value)
    except (ValueError, TypeError) as error:
        raise _damage(f"a sidecar in {name}", f"damage ({error})", fix) from error
    if not record.key.startswith(key):
        raise _damage(f"the sidecar of {key[:12]}… in {name}", "another's", fix)
    if digest(record.request) != record.key:
        raise _damage(f"the request of {key[:12]}… in {name}", "another request", fix)
    return record


def is_price(value: object) -> bool:
    """Return whether a value that was read is a price in USD, or None for an unknown one."""
    return value is None or (
        type(value) in (int, float) and 0 <= value < MAX_PRICE  # type: ignore[operator]
    )


def _is_amounts(value: object) -> bool:
    """Return whether a value that was read gives USD by short names."""
    return isinstance(value, dict) and all(
        _NAME.fullmatch(name) and amount is not None and is_price(amount)
        for name, amount in value.items()
    )


def check_picture(data: bytes, record: Record, name: str, fix: str) -> None:
    """Raise `DiagnosticError` unless bytes are a picture as its record describes it.

    A digest proves that the bytes are the sidecar's, and nothing about what they are.
    """
    with suppress(ImageError):
        found = identify(data)
        # A photo may lie on its side in its file, which says so.
        lying = Picture(found.kind, found.height, found.width)
        if record.picture in ((found,) if record.photo_size is None else (found, lying)):
            return
    size = f"{record.kind}, {record.width} x {record.height}"
    raise _damage(f"{name} to be what its sidecar says", f"no {size}", fix)


def _damage(expected: str, got: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(expected, got, fix))


_STORED = {name: STORED_NAMES.get(name, name) for name in Record._fields}


def _from_json(value: Mapping[str, Any]) -> Record:
    """Return the record in a sidecar's JSON. Raises `ValueError` or `TypeError` if it is none."""
    known = {name: value[stored] for name, stored in _STORED.items() if stored in value}
    for name in ("sent", "turn"):
        known[name] = tuple(known.get(name, ()))
    if not isinstance(known.get("alt"), str):
        known.pop("alt", None)  # the picture can be used without it
    for name in ("billed", "quoted"):
        if name in known and not _is_amounts(known[name]):
            del known[name]  # nor does a picture need its bill
    record = Record(**known)
    texts = (
        record.key, record.author_digest, record.id, record.text, record.time,
        record.model_version, record.response_id, record.origin, *record.sent,
    )  # fmt: skip
    sides, counts = (record.width, record.height), record.tokens
    mappings = (record.request, record.grounding, counts, *record.turn)
    if _BACKDROP.fullmatch(str(record.backdrop)) is None:
        record = record._replace(backdrop="")  # it goes into pages, which do without it
    if not (
        {*map(type, texts)} == {str}
        and all(type(side) is int and 0 < side <= MAX_PIXELS for side in sides)
        # It becomes a part of file names in the caches.
        and isinstance(record.sha256, str)
        and DIGEST.fullmatch(record.sha256)
        and record.kind in ("png", "jpeg", "webp")
        and all(isinstance(mapping, dict) for mapping in mappings)
        and all(type(count) is int and 0 <= count < _MAX_TOKENS for count in counts.values())
        and is_price(record.price)
    ):
        raise ValueError("a field has the wrong type")
    return record
