"""Put a picture that is there already into the stock as the picture of today's request.

In: an image of a finished build, the key and the text of its request, and a file from elsewhere, a
paid answer that lies aside, or a picture that has drifted. Out: the record of a new pair of files
in the stock. A picture that is in stock is never replaced, and nothing is sent.
"""

import base64
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError, identify
from mkdocs_gemini_images.generation.journal.location import journal_folder
from mkdocs_gemini_images.store.lookup import Drifted
from mkdocs_gemini_images.store.pairs import MAX_PICTURE_BYTES, LostSidecarError
from mkdocs_gemini_images.store.record import Record, readable, utc_now
from mkdocs_gemini_images.store.store import Store

_ALREADY_IN_STOCK = Diagnostic.sentence(
    "its picture is in stock already",
    "a key has exactly one picture; write another take: in the directive, and adopt it",
)


def adopt_picture(
    image: SiteImage, key: str, request: Mapping[str, Any], data: bytes, stock: Store
) -> Record:
    """Store `data` as the picture of an image, and return its record.

    A picture in stock that has lost its sidecar gets a new one. Raises `DiagnosticError` when the
    stock has another picture of that key, and when `data` is not a whole PNG, JPEG or WebP of one
    frame. Raises `OSError` when the stock cannot be written. The bytes are stored as they are: the
    record has the size of a photo as it is looked at, and what is published is turned upright.
    """
    from mkdocs_gemini_images.imaging.encoder import backdrop, photo_size  # loads Pillow

    if len(data) > MAX_PICTURE_BYTES:  # the stock would not read it again
        most = MAX_PICTURE_BYTES // 2**20
        said = f"the file has {len(data) / 2**20:.0f} MB, {most} MB at most"
        raise DiagnosticError(Diagnostic.sentence(said, "make it smaller"))
    _check_not_in_stock(key, stock)
    try:
        picture, size = identify(data), photo_size(data)
        tiny = backdrop(data, size)
    except ImageError as error:
        said = f"the file is not a whole PNG, JPEG or WebP ({error})"
        raise DiagnosticError(Diagnostic.sentence(said, "export it again")) from error
    record = Record(
        key=key,
        sha256=sha256(data).hexdigest(),
        kind=picture.kind,
        width=size[0],
        height=size[1],
        backdrop=base64.b64encode(tiny).decode(),
        author_digest=image.authored.author_digest,
        request=request,
        id=image.resolved.name,
        price=0.0,
        time=utc_now(),
        origin="adopted",
        alt=(image.resolved.directive.alt or "") if image.resolved.name else "",
    )
    return _put_first(record, data, stock)


def adopt_answer(
    image: SiteImage,
    key: str,
    request: Mapping[str, Any],
    file: Path,
    keys: Container[str],
    settings: Settings,
    stock: Store,
) -> Record:
    """Store the picture of a raw answer, with its conversation, price and time; return its record.

    `keys` are those of the image and of its other takes; such an answer is removed from where a
    build has put it. The answer to another request gives its picture alone, and stays.

    Raises `DiagnosticError` when the stock has a picture of that key, and when the answer holds
    none. Raises `OSError` when a file cannot be read or written.
    """
    from mkdocs_gemini_images.generation.journal import laid_aside
    from mkdocs_gemini_images.generation.journal.intent import Intent
    from mkdocs_gemini_images.generation.journal.recovery import record_of_answer

    journal = journal_folder(settings)
    sent = laid_aside.intent_of(file, journal, settings.root)
    name = image.resolved.name
    alt = (image.resolved.directive.alt or "") if name else ""
    price, time, digests = (sent.price, sent.time, sent.sent) if sent else (None, utc_now(), ())
    intent = Intent(key, request, image.authored.author_digest, name, price, time, digests, alt)
    if sent:
        intent = replace(intent, at_most=sent.at_most, prices=sent.prices)
    record, data = record_of_answer(intent, file.read_bytes())
    if laid_aside.key_of(file, journal) in keys:
        _check_not_in_stock(key, stock)
        record = _put_first(record, data, stock)
        laid_aside.forget(journal, file)
        return record
    return adopt_picture(image, key, request, data, stock)


def accept_drifted(image: SiteImage, key: str, request: Mapping[str, Any], stock: Store) -> Record:
    """Store the bytes of a drifted picture under the key of today's request; return the record.

    Raises `DiagnosticError` when the picture has not drifted or its bytes are damaged, and
    `OSError` when the stock cannot be written.
    """
    if not isinstance(image.lookup, Drifted):
        raise DiagnosticError(
            Diagnostic.sentence("the picture has not drifted", "there is nothing to accept")
        )
    old = image.lookup.record
    data = stock.read(old)
    # The model's turn answers the old request, so no later conversation may continue from it.
    record = old._replace(
        key=key,
        request=request,
        price=0.0,
        turn=(),
        time=utc_now(),
        origin=old.origin if old.photo_size else f"accepted {old.key}",
    )
    return _put_first(record, data, stock)


def _check_not_in_stock(key: str, stock: Store) -> None:
    """Raise `DiagnosticError` where the stock has a picture of a key."""
    # `image.lookup` does not tell: a file of the author's own hides the picture that is in stock.
    with suppress(LostSidecarError):  # the picture that is there can be taken, and no other
        if stock.find(key) is not None:
            raise DiagnosticError(_ALREADY_IN_STOCK)


def _put_first(record: Record, data: bytes, stock: Store) -> Record:
    """Store a picture, and return its record.

    Raises `DiagnosticError` when another process was first, and `OSError`.
    """
    record = readable(record)
    if stock.put(record, data).sha256 != record.sha256:
        raise DiagnosticError(_ALREADY_IN_STOCK)
    return record
