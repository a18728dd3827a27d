"""Prepare one planned request: the body that is sent, and the intent for the journal.

In: a planned request, and functions that read what it builds on. Out: a `PreparedRequest`, or
`RequestFailed` where the request cannot be sent. No effects but those of the functions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.hashing import canonical_json
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.gemini.request_body import Inline, Turn, write_body
from mkdocs_gemini_images.generation import conversation
from mkdocs_gemini_images.generation.conversation import LoadFile, ReadPicture
from mkdocs_gemini_images.generation.journal.intent import MAX_REQUEST_CHARACTERS, Intent
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.requests.request import canonical
from mkdocs_gemini_images.store.record import Record, utc_now
from mkdocs_gemini_images.store.store import Store

MAX_REQUEST_BYTES = 20 * 2**20
"""Bytes of a request (API reference, "Files API and input limits")."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What requests are written from."""

    keys: Mapping[str, str]
    """The key of each id."""
    load: LoadFile
    google: bool
    """Whether the server is one of Google's, or behaves like it."""


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """A planned request with what is written into the journal and what is sent."""

    need: PlannedRequest
    intent: Intent
    body: bytes
    has_history: bool
    """Whether it repeats turns of the model."""


def prepare(
    need: PlannedRequest, sources: Sources, read: ReadPicture, *, history: bool = True
) -> PreparedRequest:
    """Write the body of a request and its intent; without `history`, it repeats no turn of a model.

    Raises `RequestFailed`.
    """
    if need.request.temperature is not None and not sources.google:
        _check_temperature(need.request.temperature)
    keys = sources.keys
    try:
        turns = conversation.turns(need.request, keys, read, sources.load, history=history)
    except DiagnosticError as error:
        raise RequestFailed(Failure(str(error))) from error
    body = write_body(need.request, turns, google=sources.google)
    has_history = any(turn.model for turn in turns)
    if len(body) > MAX_REQUEST_BYTES and has_history:
        return prepare(need, sources, read, history=False)
    if len(body) > MAX_REQUEST_BYTES:
        raise RequestFailed(Failure(_too_large(len(body), turns)))
    intent = Intent(
        key=need.key,
        request=canonical(need.request, keys),
        author_digest=need.author_digest,
        id=need.id,
        price=need.price,
        at_most=None if need.quote is None else need.at_most,
        prices={} if need.prices is None else need.prices.as_json(),
        time=utc_now(),
        sent=_digests(turns),
        alt=need.alt,
    )
    if len(canonical_json(intent.request)) > MAX_REQUEST_CHARACTERS:
        raise RequestFailed(Failure("the prompt is longer than a million characters"))
    return PreparedRequest(need, intent, body, has_history)


def read_picture(store: Store, key: str) -> tuple[Record, bytes]:
    """Return a stored picture that a request is made from. Raises `DiagnosticError`."""
    record = store.find(key)
    if record is None:
        said = "the picture that it builds on is not in stock"
        raise DiagnosticError(Diagnostic.sentence(said, "draw that one first"))
    return record, store.read(record)


def _check_temperature(temperature: float) -> None:
    """Raise `RequestFailed` for a temperature that Google's API takes and gateways refuse."""
    if temperature > 1:
        said = "temperature must be from 0 to 1 for this server, which is not Google's"
        fix = "write a lower one, or leave it out"
        wrong = Diagnostic.sentence(f"{said} (you wrote {temperature:g})", fix)
        raise RequestFailed(Failure(str(wrong)))


def _too_large(size: int, turns: list[Turn]) -> str:
    """Return the message for a request of `size` bytes: which picture to make smaller."""
    inline = [each for turn in turns for each in turn.pictures if isinstance(each, Inline)]
    sizes = [(len(each.data), each.name) for each in inline]
    sent = ", ".join(f"{name} with {size / 2**20:.1f} MB" for size, name in sorted(sizes)[:-4:-1])
    parts = f" ({sent})" if sent else ""
    said = f"the request has {size / 2**20:.1f} MB, 20 MB at most{parts}"
    return str(Diagnostic.sentence(said, "refer to fewer or smaller pictures"))


def _digests(turns: list[Turn]) -> tuple[str, ...]:
    """Return the digests of the pictures whose bytes a conversation sends."""
    return tuple(
        sha256(picture.data).hexdigest()
        for turn in turns
        for picture in turn.pictures
        if isinstance(picture, Inline)
    )
