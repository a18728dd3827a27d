"""Read the API's answer: find the generated picture and what comes with it.

In: the bytes of an answer that came with status 200. Out: a `ReceivedImage`, or `RequestFailed`.
The picture is the last one that is not a thought, in the first candidate that has one. Unknown
fields are ignored. The steps are modules of their own: long texts are set aside (`long_texts`), the
rest is parsed (`framings`), the model's turns are found (`envelopes`), and in them the
pictures (`picture_parts`). No effects.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.core.image_format import ImageError, Picture, identify
from mkdocs_gemini_images.gemini import failure_reasons
from mkdocs_gemini_images.gemini.answers import framings, long_texts, picture_parts
from mkdocs_gemini_images.gemini.answers.envelopes import (
    AnswerContent,
    ModelTurn,
    as_object,
    fields_of,
    get,
    listed,
    read_content,
)
from mkdocs_gemini_images.gemini.answers.framings import UnreadableError
from mkdocs_gemini_images.gemini.answers.long_texts import LongTexts
from mkdocs_gemini_images.gemini.answers.picture_parts import Decode
from mkdocs_gemini_images.gemini.answers.usage import Usage
from mkdocs_gemini_images.gemini.endings import CONTENT
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed

MAX_ANSWER_BYTES = 64 * 2**20
"""A 4K PNG in base64 is about 33 MB, and the answer may hold a draft as well."""
MAX_TEXT_CHARACTERS = 20_000
"""How many characters of a model's text are kept."""
CODING_HEADER = b"content-encoding: "
"""How the file of an answer begins that could not be unpacked when it arrived."""


@dataclass(frozen=True, slots=True)
class ReceivedImage:
    """A picture that the API returned, and what the answer says about it."""

    picture: Picture
    data: bytes
    sha256: str
    """The digest of `data`, in hexadecimal."""
    usage: Usage | None
    text: str = ""
    """The model's text beside the picture."""
    parts: tuple[Mapping[str, Any], ...] = ()
    """The model's turn as received, with pictures by digest, for the conversation's next turn."""
    grounding: Mapping[str, Any] = field(default_factory=dict)
    model_version: str = ""
    response_id: str = ""


def read_answer(raw: bytes, *, drafts: bool = False, keys: str = "GEMINI_API_KEY") -> ReceivedImage:
    """Return the picture of an answer that came with status 200.

    With `drafts`, the last draft will do where there is no picture, and a picture in any place;
    `keys` are the places where the key may be defined. Raises `RequestFailed` where there is none.
    """
    if raw.startswith(CODING_HEADER):
        coding = raw[len(CODING_HEADER) : 200].split(b"\r\n")[0].decode("latin-1")
        packed = f"the answer is packed ({message_of(coding)}), which was not asked for"
        raise RequestFailed(failure_reasons.unreadable_answer(packed))
    with suppress(ImageError):
        return ReceivedImage(identify(raw), raw, sha256(raw).hexdigest(), None)  # nothing around it
    long = LongTexts(framings.in_utf8(raw))
    unreadable: UnreadableError | None = None
    try:
        content = read_content(framings.documents(long.small))
    except UnreadableError as error:
        unreadable, content = error, AnswerContent()
    if not content.has_objects and b"{" not in long.small and not _is_page(long):
        text = long.small.decode("utf-8", "replace")
        content.turns["text"] = ModelTurn([{"text": text}], as_sent=False)
    known: dict[str, bytes] = {}

    def decode(text: str) -> bytes:
        """Decode a picture; the first one is the answer's, which is decoded a second time."""
        if text not in known:
            data = long.decoded(text)
            if known:
                return data
            known[text] = data
        return known[text]

    for turn in content.turns.values():
        data = next(picture_parts.pictures(turn.parts, decode), None)
        if data is not None and (not drafts or picture_parts.is_picture(data)):
            return _received(content, turn, data, decode, long)
        draft = picture_parts.last_draft(turn.parts, decode) if drafts else None
        if draft is not None:
            return _received(content, turn, draft, decode, long)
    if drafts:  # a person has looked at the answer, and wants the picture wherever it is
        for data in picture_parts.in_json(long.small.decode("utf-8", "replace"), decode):
            return _received(content, ModelTurn(as_sent=False), data, decode, long)
    if unreadable is not None:
        failure = failure_reasons.unreadable_answer(str(unreadable))
        raise RequestFailed(_judged(failure, long, keys)) from unreadable
    failure = _without_picture(content, long, keys)
    usage = _usage(as_object(content.fields.get("usageMetadata")))
    has_parts = content.has_objects and any(turn.parts for turn in content.turns.values())
    if content.error is None and has_parts:
        raise RequestFailed(replace(failure, usage=usage))
    raise RequestFailed(_judged(failure, long, keys, usage))


def _is_page(long: LongTexts) -> bool:
    return re.match(rb"\s*<(?!\?xml)", long.small) is not None


def by_digest(
    parts: Sequence[Mapping[str, Any]],
    decode: Decode = long_texts.decoded_base64,
    known: tuple[bytes, str] | None = None,
) -> tuple[Mapping[str, Any], ...]:
    """Return a model's turn with the digest of each picture in place of its bytes.

    `known` is a picture whose digest is known.
    """
    written = []
    for part in parts:
        for name in ("inlineData", "inline_data"):
            blob = part.get(name)
            if isinstance(blob, dict):
                text = blob.get("data")
                written_out = text if isinstance(text, str) else ""
                data = picture_parts.picture_bytes(written_out, decode)
                digest = known[1] if known and data is known[0] else sha256(data).hexdigest()
                plain = {field: value for field, value in blob.items() if field != "data"}
                part = {**part, name: plain | {"sha256": digest}}
        written.append(part)
    return tuple(written)


def _received(
    content: AnswerContent, turn: ModelTurn, data: bytes, decode: Decode, long: LongTexts
) -> ReceivedImage:
    try:
        picture = identify(data)
    except ImageError as error:
        refused = f"the answer's picture is refused: {error}"
        raise RequestFailed(failure_reasons.unreadable_answer(refused)) from error
    digest = sha256(data).hexdigest()
    parts = by_digest(turn.parts, decode, (data, digest)) if turn.as_sent else ()
    fields = content.fields
    return ReceivedImage(
        picture,
        data,
        digest,
        _usage(as_object(fields.get("usageMetadata"))),
        text=_text(turn, long)[:MAX_TEXT_CHARACTERS],
        parts=tuple(long.restored(part) for part in parts),
        grounding=as_object(long.restored(turn.grounding)),
        model_version=message_of(fields.get("modelVersion")),
        response_id=message_of(fields.get("responseId")),
    )


def _without_picture(content: AnswerContent, long: LongTexts, keys: str) -> Failure:
    """Return why an answer holds no picture.

    What the model says is its refusal, or a fault. Anything else may hold a picture in a place that
    is not known here, so it can be read again.
    """
    if not content.has_objects:
        return failure_reasons.unreadable_answer("the answer is no JSON object")
    turn = next(iter(content.turns.values()), ModelTurn())
    feedback = as_object(content.fields.get("promptFeedback"))
    if block := get(feedback, "blockReason"):
        message = get(feedback, "blockReasonMessage")
        return failure_reasons.of_reason(
            f"the prompt is blocked, {message_of(block)}", message_of(message)
        )
    reason, text = message_of(turn.finish_reason), _text(turn, long)
    if content.error is not None and not text and not CONTENT.search(reason.upper()):
        return failure_reasons.refused_answer(
            f"the answer is an error: {message_of(content.error)}"
        )
    if any(picture_parts.has_draft(turn.parts) for turn in content.turns.values()):
        drafts = "the answer has only drafts (thoughts) and no picture"
        return failure_reasons.unreadable_answer(drafts)
    for each in content.turns.values():
        if address := next(picture_parts.addresses(each.parts), ""):
            return failure_reasons.picture_elsewhere(address)
    said = message_of(turn.finish_message or text)
    if CONTENT.search(reason.upper()):
        return failure_reasons.of_reason(reason, said)
    small = long.small.decode("utf-8", "replace")
    why = f"{reason or 'no reason given'}: {said}" if said else reason or "no reason given"
    failure = failure_reasons.unreadable_answer(f"the model drew no picture ({why})")
    if long or picture_parts.has_picture(small):
        return failure
    if reason and (reason.upper() != "STOP" or said):
        failure = failure_reasons.of_reason(reason, said)
    elif address := next(picture_parts.addresses_in_json(small), ""):
        return failure_reasons.picture_elsewhere(address)
    return failure_reasons.of_words(text, failure, keys)


def _judged(failure: Failure, long: LongTexts, keys: str, usage: Usage | None = None) -> Failure:
    """Return the failure of an answer that may be an error, or a web page, in its place.

    Where there may be a picture anywhere in its bytes, it is kept instead: only the model's own
    refusal needs no second look.
    """
    if not _is_page(long) and (long or _MAY_BE_PICTURE.search(long.small)):
        return replace(failure, usage=usage, unreadable=not failure.remembered)
    return failure_reasons.of_answer(long.small, failure, usage, keys)


_MAY_BE_PICTURE = re.compile(rb"iVBORw0KGgo|[/_]9j[/_]|UklGR|[A-Za-z0-9+/_-]{1000}")
"""The beginning of a PNG, JPEG or WebP in base64, or as much of it as no error has."""


def _text(turn: ModelTurn, long: LongTexts) -> str:
    """Return the words of a turn, without thoughts and pictures."""
    texts = (
        part["text"]
        for part in turn.parts
        if isinstance(part.get("text"), str) and not picture_parts.is_thought(part)
    )
    words = (word for text in texts for word in picture_parts.without_pictures(text).split())
    return str(long.restored(" ".join(words)))


def _usage(value: Mapping[str, Any]) -> Usage | None:
    if not value:
        return None
    own = fields_of(value)
    return Usage(
        prompt=_count(own.get("promptTokenCount")),
        candidates=_count(own.get("candidatesTokenCount")),
        thoughts=_count(own.get("thoughtsTokenCount")),
        image=_of_pictures(own.get("candidatesTokensDetails")),
        input_image=_of_pictures(own.get("promptTokensDetails")),
    )


def _of_pictures(details: Any) -> int:
    """Return the tokens of pictures in the counts by modality."""
    return sum(
        _count(get(each, "tokenCount"))
        for each in listed(details)
        if each.get("modality") == "IMAGE"
    )


def _count(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}", value):
        value = int(value)
    return value if type(value) is int and 0 <= value < 10**12 else 0
