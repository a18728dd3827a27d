"""Store the pictures of answers that the journal holds, also of earlier, interrupted builds.

In: entries of the journal. Effects: a picture goes into the store and its entry is removed; an
answer without a picture is put aside as a refusal.
"""

import base64
from contextlib import suppress
from hashlib import sha256

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.gemini import failures
from mkdocs_gemini_images.gemini.answer import ReceivedImage, read_answer
from mkdocs_gemini_images.gemini.failures import RequestFailed
from mkdocs_gemini_images.generation import conversation
from mkdocs_gemini_images.generation.journal import Intent, Journal, JournalEntry
from mkdocs_gemini_images.imaging.encoder import backdrop, one_large_image_at_a_time
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


def recover(journal: Journal, store: Store) -> tuple[list[Record], list[float]]:
    """Store the answers that earlier builds received, and put their other requests aside.

    Return the records of the stored pictures, and the prices, in USD, of the requests that may have
    been billed without an answer. Only the holder of the generator's lock may call this. Raises
    `OSError`.
    """
    recovered: list[Record] = []
    unknown: list[float] = []
    atomic_files.sweep(journal.folder)
    atomic_files.sweep(journal.folder / "refused")
    for entry, pending in journal.left():
        if pending.answer is None and _is_stored(pending.intent, store):
            entry.forget()
        elif pending.answer is None:
            entry.unknown()
            unknown.append(pending.intent.price or 0.0)
        else:
            with suppress(RequestFailed):  # the journal remembers the refusal
                record = store_answer(entry, pending.intent, store)
                recovered.append(record)
                atomic_files.sweep(store.folder, record.key)
    return recovered, unknown


def store_answer(entry: JournalEntry, intent: Intent, store: Store) -> Record:
    """Store the picture of an answer that has arrived, and return the record that the store keeps.

    Raises `RequestFailed` when the answer holds no usable picture, which the journal then
    remembers, and `OSError`.
    """
    try:
        image, preview = _read(entry)
    except RequestFailed as error:
        entry.refuse(intent.key, error.failure.what)
        raise
    record = _record(intent, image, preview)
    # Where machines share a store, the picture that arrived first is kept for all of them.
    stored = store.put(record, image.data) or record
    entry.forget()
    return stored


def _is_stored(intent: Intent, store: Store) -> bool:
    """Return whether the store holds the picture of this very request.

    A build was then interrupted between storing it and removing its entry.
    """
    try:
        record = store.find(intent.key)
    except DiagnosticError:
        return False
    return record is not None and record.time == intent.time


def _read(entry: JournalEntry) -> tuple[ReceivedImage, bytes]:
    """Return an answer's image and its backdrop, whose encoding proves that the image decodes.

    Raises `RequestFailed` and `OSError`.
    """
    with one_large_image_at_a_time(entry.answer.stat().st_size):
        image = read_answer(entry.answer.read_bytes())
        try:
            return image, backdrop(image.data)
        except ImageError as error:
            refused = failures.refused_answer(f"the answer's picture is refused: {error}")
            raise RequestFailed(refused) from error


def _record(intent: Intent, image: ReceivedImage, preview: bytes) -> Record:
    usage = image.usage
    digest = sha256(image.data).hexdigest()
    return Record(
        key=intent.key,
        sha256=digest,
        kind=image.picture.kind,
        width=image.picture.width,
        height=image.picture.height,
        backdrop=base64.b64encode(preview).decode(),
        author_digest=intent.author_digest,
        request=intent.request,
        id=intent.id,
        sent=tuple(intent.sent),
        turn=conversation.kept(image.parts, digest),
        text=image.text,
        grounding=image.grounding,
        price=_price(intent, image),
        tokens={
            "prompt": usage.prompt,
            "candidates": usage.candidates,
            "thoughts": usage.thoughts,
            "image": usage.image,
        }
        if usage
        else {},
        model_version=image.model_version,
        response_id=image.response_id,
        time=intent.time,
        alt=intent.alt,
    )


def _price(intent: Intent, image: ReceivedImage) -> float | None:
    """Return the USD billed for a picture: by its tokens if known, else as expected."""
    if intent.request.get("emulated") is True:
        return 0.0
    billed = image.usage.price(str(intent.request.get("model", ""))) if image.usage else None
    return intent.price if billed is None else round(billed, 6)
