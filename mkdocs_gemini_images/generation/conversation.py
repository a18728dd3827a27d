"""Write the turns of the conversation that leads to a picture, from what is in stock.

A model's turn is sent again as it was received (all parts, their order, signatures), with the
picture's bytes put back in from the stock, and their true type. Where a turn was not kept, has no
signature or cannot be restored, the conversation starts with the previous picture as part of the
user's turn instead: every model accepts that, without a signature. Pure, apart from the functions
that are passed in to read bytes.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.core.image_format import MIME
from mkdocs_gemini_images.directives.options.reference_items import mime_type_of
from mkdocs_gemini_images.gemini.redaction import MARK
from mkdocs_gemini_images.gemini.request_body import FileUri, Inline, Turn
from mkdocs_gemini_images.requests.request import FilePart, ImageRequest, PicturePart, UriPart, key
from mkdocs_gemini_images.store.record import Record

MAX_TURN_BYTES = 2**18
"""A model's turn is kept up to this size, as canonical JSON without its picture."""

ReadPicture = Callable[[str], tuple[Record, bytes]]
"""Returns a stored picture by key. Raises `DiagnosticError`."""
LoadFile = Callable[[FilePart], Inline]
"""Returns a local reference as it is sent. Raises `DiagnosticError`."""


def turns(
    request: ImageRequest,
    keys: Mapping[str, str],
    read: ReadPicture,
    load: LoadFile,
    *,
    history: bool = True,
) -> list[Turn]:
    """Return the conversation up to and including a request.

    `keys` gives the key of each id. Without `history`, the request's own turn is all of it, with
    the picture before it. Raises `DiagnosticError` where a picture cannot be read.
    """
    written: list[Turn] = []
    previous: ImageRequest | None = None
    for each in request.chain():
        pictures: list[Inline | FileUri] = []
        if previous is not None:
            record, data = read(key(previous, keys))
            model = restored(record, data) if history else None
            if model is not None:
                written.append(Turn(model=model))
            else:
                written = []
                pictures.append(Inline(record.picture, data, "the picture before it"))
        pictures += [_picture(part, keys, read, load) for part in each.parts]
        written.append(Turn(each.text, tuple(pictures)))
        previous = each
    return written


def kept_turn(parts: Sequence[Mapping[str, Any]], digest: str) -> tuple[Mapping[str, Any], ...]:
    """Return what a sidecar keeps of a model's turn: all of it, or nothing.

    `parts` hold pictures by digest, as `answer.by_digest` writes them; `digest` is the one of the
    picture in stock.
    """
    if any(MARK.decode() in _signature(part, "") for part in parts):
        return ()  # it held the key: a signature that was changed is refused
    pictures = [inline[1].get("sha256") for part in parts if (inline := _inline(part))]
    if any(each != digest for each in pictures):
        return ()  # the bytes of a draft beside the picture are not kept
    return tuple(parts) if len(canonical_json(parts)) <= MAX_TURN_BYTES else ()


def restored(record: Record, data: bytes) -> tuple[Mapping[str, Any], ...] | None:
    """Return a kept turn with the bytes of its picture, or None where none can be sent again.

    Servers check the signatures of pictures; a turn without them is refused.
    """
    turn = []
    has_picture = False
    for part in record.turn:
        inline = _inline(part)
        is_answer = inline is not None and part.get("thought") is not True
        if _signature(part, "" if is_answer else "none is needed").strip() == "":
            return None
        if inline is not None:
            name, blob = inline
            if blob.get("sha256") != record.sha256:
                return None
            has_picture = has_picture or is_answer
            part = {**part, name: _whole(blob, name, record, data)}
        turn.append(part)
    return tuple(turn) if has_picture else None


def _whole(blob: Mapping[str, Any], name: str, record: Record, data: bytes) -> dict[str, Any]:
    """Return a kept picture with its bytes, and with their own type: some servers declare others.

    `image/jpg`, for one, is no type that a request may have.
    """
    declared = "mimeType" if name == "inlineData" else "mime_type"
    types = ("mimeType", "mime_type")
    kept = {field: value for field, value in blob.items() if field not in ("sha256", *types)}
    encoded = base64.b64encode(data).decode("ascii")
    return {declared: MIME[record.kind]} | kept | {"data": encoded}


def _signature(part: Mapping[str, Any], missing: str) -> str:
    """Return a part's signature, and `missing` where it has none."""
    found = part.get("thoughtSignature", part.get("thought_signature", missing))
    return found if isinstance(found, str) else ""


def _picture(
    part: FilePart | UriPart | PicturePart,
    keys: Mapping[str, str],
    read: ReadPicture,
    load: LoadFile,
) -> Inline | FileUri:
    match part:
        case FilePart():
            return load(part)
        case UriPart():
            return FileUri(part.uri, part.mime_type or _mime_type_of(part.uri))
        case PicturePart():
            record, data = read(keys[part.id])
            return Inline(record.picture, data, f"#{part.id}")


def _mime_type_of(uri: str) -> str:
    """Return the type of the picture at an address. Raises `DiagnosticError`."""
    if found := mime_type_of(uri):
        return found
    fix = f"write it behind the address: {uri} type image/png"
    said = f"the type of the picture at {quoted(uri)} is not known"
    raise DiagnosticError(Diagnostic.sentence(said, fix, at="references"))


def _inline(part: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    for name in ("inlineData", "inline_data"):
        blob = part.get(name)
        if isinstance(blob, dict):
            return name, blob
    return None
