"""Store the pictures of answers that the journal holds, also of earlier, interrupted builds.

In: entries of the journal. Effects: a picture goes into the store and its entry is removed; an
answer that cannot be read is kept, one without a picture put aside; an entry that is not as the
journal writes it stays where it is, and is in the result. An answer in a temporary folder, where it
lies since the disk was full when it came, is taken into the journal first.
"""

import base64
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.gemini import failure_reasons
from mkdocs_gemini_images.gemini.answers.answer import MAX_ANSWER_BYTES, ReceivedImage, read_answer
from mkdocs_gemini_images.gemini.answers.usage import Usage
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.generation import conversation
from mkdocs_gemini_images.generation.journal import half_answers, names, temporary_answers
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.item_bill import bill_of
from mkdocs_gemini_images.generation.journal.journal import Journal, PendingEntry, RefusedFile
from mkdocs_gemini_images.generation.journal.laid_aside import UnknownOutcome, WaitingAnswer
from mkdocs_gemini_images.generation.journal.unreadable_answers import (
    UnreadableAnswer,
    read_by,
    set_read_by,
)
from mkdocs_gemini_images.imaging.encoder import backdrop
from mkdocs_gemini_images.imaging.kept_pixels import PROVEN
from mkdocs_gemini_images.imaging.large_images import one_large_image_at_a_time
from mkdocs_gemini_images.models.pricing.amounts import dollars
from mkdocs_gemini_images.store.record import Record, readable
from mkdocs_gemini_images.store.store import Store


@dataclass(slots=True)
class Recovery:
    """What became of the entries that earlier builds left."""

    records: list[Record] = field(default_factory=list)
    """The pictures that are stored now."""
    unknown: list[UnknownOutcome] = field(default_factory=list)
    """Requests that may have been billed without an answer; their intents stay until told."""
    waiting: list[WaitingAnswer] = field(default_factory=list)
    """Answers that an error of the disk keeps from being stored."""
    trouble: OSError | None = None
    """The first error of the disk."""
    foreign: list[Record] = field(default_factory=list)
    """Those of `records` whose entries this machine cannot prove to have written."""
    held: dict[str, str] = field(default_factory=dict)
    """Answers that were not taken in for lack of that proof, by the key of their request."""
    refused: list[RefusedFile] = field(default_factory=list)
    """Files that are not as the journal writes them."""


def recover(journal: Journal, store: Store, *, unproven: bool = True) -> Recovery:
    """Store the answers that earlier builds received, and return what became of each entry.

    `unproven` says whether answers are taken in that this machine cannot prove to be its own. An
    error of the disk leaves an entry as it is, and does not keep the others from being recovered.
    Only the holder of the generator's lock may call this.
    """
    recovery = Recovery()
    try:
        atomic_files.sweep(journal.folder)
        for folder in names.folders(journal.folder, names.REFUSED):
            atomic_files.sweep(folder)
        for found in journal.left():
            if isinstance(found, RefusedFile):
                recovery.refused.append(found)
            else:
                _settle(*found, journal, store, recovery, unproven=unproven)
        for kept in journal.unreadable():
            if read_by(kept.folder) != __version__:
                _read_again(kept, store, recovery, unproven=unproven)
                set_read_by(kept.folder, __version__)
    except OSError as error:
        recovery.trouble = recovery.trouble or error
    return recovery


def _settle(
    entry: JournalEntry,
    pending: PendingEntry,
    journal: Journal,
    store: Store,
    recovery: Recovery,
    *,
    unproven: bool,
) -> None:
    """Store the picture of an entry's answer, wherever the answer is, or say why not.

    Raises `OSError`, but none that concerns the answer.
    """
    intent = pending.intent
    temporary = temporary_answers.answer_of(journal.folder, entry.name)
    answer = pending.answer or temporary or _completed(entry)
    if answer is not None:
        entry.discard_part()
    if answer is None:
        outcome = UnknownOutcome(entry.name, intent.key, intent.price or 0.0, intent.time)
        recovery.unknown.append(outcome)
    elif not pending.proven and not unproven:
        recovery.held[intent.key] = answer.name
    else:
        try:
            if answer == temporary:
                atomic_files.write(entry.answer, regular_files.read(answer, MAX_ANSWER_BYTES))
            if temporary is not None:
                temporary_answers.remove(journal.folder, temporary)
            _take_in(entry, pending, store, recovery)
        except OSError as error:
            recovery.trouble = recovery.trouble or error
            kept = entry.answer if entry.answer.exists() else answer
            recovery.waiting.append(WaitingAnswer(kept, intent, str(error.strerror)))


def _completed(entry: JournalEntry) -> Path | None:
    """Return an answer that arrived whole and did not get its name, by that name now, or None.

    Raises `OSError` where it cannot be given its name.
    """
    if not half_answers.has_arrived(entry.part):
        return None
    try:
        _read(entry.part)
    except (OSError, RequestFailed):
        return None  # a half of an answer: it stays with its intent
    return entry.complete()


def _read_again(kept: Journal, store: Store, recovery: Recovery, *, unproven: bool) -> None:
    """Store the pictures of answers that another version could not read. Raises `OSError`."""
    atomic_files.sweep(kept.folder)
    for found in kept.left():
        if isinstance(found, RefusedFile):
            recovery.refused.append(found)
            continue
        entry, pending = found
        if pending.answer is None or not (pending.proven or unproven):
            continue
        with suppress(RequestFailed):  # it stays where it is
            image, preview = _read(entry.answer)
            record, is_kept = _store(entry, pending.intent, image, preview, store)
            recovery.records += [record] if is_kept else []


def _take_in(entry: JournalEntry, pending: PendingEntry, store: Store, recovery: Recovery) -> None:
    """Store the picture of an entry's answer, or say why not. Raises `OSError`."""
    key = pending.intent.key
    try:
        image, preview = _read(entry.answer)
    except OSError as error:
        recovery.refused.append(RefusedFile(entry.answer.name, str(error.strerror)))
    except RequestFailed as error:
        # What a stranger has written is not repeated in messages.
        what = error.failure.what if pending.proven else _NO_PICTURE
        _set_aside(entry, pending.intent, replace(error.failure, what=what))
    else:
        store.sweep(key)
        try:
            record, is_kept = _store(entry, pending.intent, image, preview, store)
        except RequestFailed as error:
            recovery.refused.append(RefusedFile(entry.answer.name, error.failure.what))
            return
        if is_kept:
            recovery.records.append(record)
            recovery.foreign += [] if pending.proven else [record]


_NO_PICTURE = "an answer that waited in the journal holds no picture"


def record_of_answer(intent: Intent, raw: bytes) -> tuple[Record, bytes]:
    """Return the record and the picture of an answer, for a person who takes it into stock.

    A draft will do where there is no picture. Raises `DiagnosticError`.
    """
    try:
        image = read_answer(raw, drafts=True)
        return readable(_record(intent, image, backdrop(image.data))), image.data
    except (RequestFailed, ImageError) as error:
        fix = f"{error}; save the picture from elsewhere, and adopt that file"
        raise DiagnosticError(Diagnostic.sentence("the answer has no picture", fix)) from error


def store_answer(
    entry: JournalEntry, intent: Intent, store: Store, keys: str = "GEMINI_API_KEY"
) -> Record:
    """Store the picture of an answer that has arrived, and return the record that the store keeps.

    `keys` are the places where the key may be defined, for messages.

    Raises `RequestFailed` when the answer holds no usable picture, or when a damaged picture is in
    its place, and the answer stays in the journal. An answer that may hold a picture all the same
    is kept, and named. Raises `OSError`.
    """
    with one_large_image_at_a_time(entry.answer.lstat().st_size):
        try:
            image, preview = _read(entry.answer, keys)
        except RequestFailed as error:
            raise RequestFailed(_set_aside(entry, intent, error.failure)) from error
        record, _ = _store(entry, intent, image, preview, store)
        return record


def _set_aside(entry: JournalEntry, intent: Intent, failure: Failure) -> Failure:
    """Put an answer without a picture aside, and return what is told of it. Raises `OSError`."""
    if not failure.unreadable or not entry.answer.stat().st_size:
        entry.close(intent.key, failure)
        return failure
    kept = UnreadableAnswer(entry.keep(failure.what), intent, failure.what)
    return replace(failure, what=str(kept))


def _store(
    entry: JournalEntry, intent: Intent, image: ReceivedImage, preview: bytes, store: Store
) -> tuple[Record, bool]:
    """Store a picture, and remove its entry, or lay its answer aside where another one was first.

    Return the record that is kept, and whether it is that of this picture. Raises `RequestFailed`
    and `OSError`.
    """
    try:
        record = readable(_record(intent, image, preview))
        stored = store.put(record, image.data)
    except DiagnosticError as error:
        raise RequestFailed(failure_reasons.refused_answer(str(error))) from error
    # Where machines share a store, the picture that arrived first is kept for all of them.
    is_kept = stored.sha256 == record.sha256
    if is_kept:
        entry.forget()
    else:
        entry.lay_aside()
    return stored, is_kept


def _read(answer: Path, keys: str = "GEMINI_API_KEY") -> tuple[ReceivedImage, bytes]:
    """Return an answer's image and its backdrop, whose encoding proves that the image decodes.

    Raises `RequestFailed` and `OSError`.
    """
    with one_large_image_at_a_time(answer.lstat().st_size):
        image = read_answer(regular_files.read(answer, MAX_ANSWER_BYTES), keys=keys)
        try:
            return image, backdrop(image.data, keep=partial(PROVEN.keep, image.sha256))
        except ImageError as error:
            refused = failure_reasons.unreadable_answer(f"the answer's picture is refused: {error}")
            raise RequestFailed(refused) from error


def _record(intent: Intent, image: ReceivedImage, preview: bytes) -> Record:
    billed = bill_of(intent, image)
    return Record(
        key=intent.key,
        sha256=image.sha256,
        kind=image.picture.kind,
        width=image.picture.width,
        height=image.picture.height,
        backdrop=base64.b64encode(preview).decode(),
        author_digest=intent.author_digest,
        request=intent.request,
        id=intent.id,
        sent=tuple(intent.sent),
        turn=conversation.kept_turn(image.parts, image.sha256),
        text=image.text,
        grounding=image.grounding,
        price=intent.price if billed is None else dollars(sum(billed.values())),
        billed={item: dollars(amount) for item, amount in (billed or {}).items()},
        quoted=_quoted(intent),
        tokens=_tokens(image.usage),
        model_version=image.model_version,
        response_id=image.response_id,
        time=intent.time,
        alt=intent.alt,
    )


def _tokens(usage: Usage | None) -> dict[str, int]:
    """Return counts for a sidecar; that of pictures sent along only where there are some."""
    counts = asdict(usage) if usage else {}
    return {name: count for name, count in counts.items() if count or name != "input_image"}


def _quoted(intent: Intent) -> dict[str, float]:
    """Return what a request was quoted with, for its sidecar; nothing for a free one."""
    if intent.price is None or not intent.at_most:
        return {}
    return {"expected": intent.price, "at_most": intent.at_most}
