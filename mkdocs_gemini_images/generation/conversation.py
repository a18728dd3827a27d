"""The turns that lead to a picture: user, model, user ..., from what the stock has kept.

A model's turn is sent again exactly as it was received (all parts, their order, signatures), with
the picture's bytes put back in from the stock. Where the turn was not kept or cannot be made whole,
the conversation begins anew with the previous picture as part of the question: any model
understands that, and needs no signature for it. Pure; bytes come through callables.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.gemini.codec import FileUri, Inline, Turn
from mkdocs_gemini_images.requests.request import FilePart, ImageRequest, PicturePart, UriPart, key
from mkdocs_gemini_images.store.record import Record

MAX_TURN_BYTES = 2**18
"""Characters of a model's turn (without its picture) up to which it is kept."""

LookUpPicture = Callable[[str], tuple[Record, bytes] | Diagnostic]
LoadFile = Callable[[FilePart], Inline]
"""Raises `DiagnosticError`."""


def turns(
    step: ImageRequest, keys: Mapping[str, str], look: LookUpPicture, load: LoadFile
) -> list[Turn] | Diagnostic:
    """Write the conversation up to and with `step`, or say which picture it lacks.

    `look` gives a stocked picture by key, `load` reads a local reference.
    """
    written: list[Turn] = []
    before: ImageRequest | None = None
    for each in step.chain():
        pictures: list[Inline | FileUri] = []
        if before is not None:
            found = look(key(before, keys))
            if isinstance(found, Diagnostic):
                return found
            record, data = found
            if (model := restored(record, data)) is not None:
                written.append(Turn(model=model))
            else:
                written = []
                pictures.append(Inline(record.picture, data))
        for part in each.parts:
            picture = _picture(part, keys, look, load)
            if isinstance(picture, Diagnostic):
                return picture
            pictures.append(picture)
        written.append(Turn(each.text, tuple(pictures)))
        before = each
    return written


def kept(parts: Sequence[Mapping[str, Any]], digest: str) -> tuple[Mapping[str, Any], ...]:
    """Choose what a sidecar keeps of a model's turn: all of it, or nothing.

    `parts` hold pictures by digest, as `wire.by_digest` writes them; `digest` is the one in stock.
    """
    pictures = [inline[1].get("sha256") for part in parts if (inline := _inline(part))]
    if any(each != digest for each in pictures):
        return ()  # a draft beside the picture: its bytes are not kept
    return tuple(parts) if len(canonical_json(parts)) <= MAX_TURN_BYTES else ()


def restored(record: Record, data: bytes) -> tuple[Mapping[str, Any], ...] | None:
    """Put the picture's bytes back into a kept turn, or give None where none was kept."""
    turn = []
    for part in record.turn:
        inline = _inline(part)
        if inline is not None:
            name, blob = inline
            if blob.get("sha256") != record.sha256:
                return None
            whole = {k: v for k, v in blob.items() if k != "sha256"}
            part = {**part, name: whole | {"data": base64.b64encode(data).decode("ascii")}}
        turn.append(part)
    return tuple(turn) or None


def _picture(
    part: FilePart | UriPart | PicturePart,
    keys: Mapping[str, str],
    look: LookUpPicture,
    load: LoadFile,
) -> Inline | FileUri | Diagnostic:
    match part:
        case FilePart():
            try:
                return load(part)
            except DiagnosticError as error:
                return error.diagnostics[0]
        case UriPart():
            return FileUri(part.uri)
        case PicturePart():
            found = look(keys[part.id])
            if isinstance(found, Diagnostic):
                return found
            return Inline(found[0].picture, found[1])


def _inline(part: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    for name in ("inlineData", "inline_data"):
        blob = part.get(name)
        if isinstance(blob, dict):
            return name, blob
    return None
