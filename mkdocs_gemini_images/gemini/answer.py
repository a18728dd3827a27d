"""Read the API's answer: find the generated picture and what comes with it.

In: the bytes of an answer that came with status 200. Out: a `ReceivedImage`, or `RequestFailed`.
The picture is the last image part that is not a thought. Field names are read in camelCase and
snake_case, base64 in both alphabets; unknown fields are ignored. No effects.
"""

import binascii
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.core.image_format import ImageError, Picture, identify
from mkdocs_gemini_images.gemini import failures
from mkdocs_gemini_images.gemini.failures import Failure, RequestFailed
from mkdocs_gemini_images.models.catalogue import MODELS

MAX_ANSWER_BYTES = 64 * 2**20
"""A 4K PNG in base64 is about 33 MB, and the answer may hold a draft as well."""
MAX_TEXT_CHARACTERS = 20_000
"""How many characters of a model's text are kept."""
MAX_NESTING = 100
"""Levels of JSON, as many as a protocol buffer may have."""
MAX_JSON_BYTES = 40 * 2**20
"""Bytes of an answer without the pictures in fields; a gateway may put a picture into text."""
MAX_JSON_VALUES = 400_000
"""Values in an answer without its pictures; a typical one has a few dozen."""

_Decode = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that an answer reports; the price follows from them and the model's rates."""

    prompt: int = 0
    candidates: int = 0
    thoughts: int = 0
    image: int = 0

    def price(self, model: str) -> float | None:
        """Return USD by the API reference's cost formula, or None where it cannot be computed."""
        known = MODELS.get(model)
        if known is None or not self.image:
            return None
        text = max(self.candidates - self.image, 0) + self.thoughts
        rates = known.rates
        total = self.image * rates.image + text * rates.text + self.prompt * rates.input
        return total / 1e6


@dataclass(frozen=True, slots=True)
class ReceivedImage:
    """A picture that the API returned, and what the answer says about it."""

    picture: Picture
    data: bytes
    usage: Usage | None
    text: str = ""
    """The model's text beside the picture."""
    parts: tuple[Mapping[str, Any], ...] = ()
    """The model's turn as received, with pictures by digest, for the conversation's next turn."""
    grounding: Mapping[str, Any] = field(default_factory=dict)
    model_version: str = ""
    response_id: str = ""


def read_answer(raw: bytes) -> ReceivedImage:
    """Return the picture of an answer that came with status 200.

    Raises `RequestFailed` where there is none.
    """
    small, long = _set_aside(raw)
    value = _parse(small)
    first: dict[str, bytes] = {}

    def decode(text: str) -> bytes:
        """Decode a picture; the first one is the answer's, which is decoded a second time."""
        if text in first:
            return first[text]
        data = _decoded(long.get(text, text))
        if not first:
            first[text] = data
        return data

    return _received(value, decode)


def by_digest(
    parts: Sequence[Mapping[str, Any]], decode: _Decode | None = None
) -> tuple[Mapping[str, Any], ...]:
    """Return a model's turn with the digest of each picture in place of its bytes."""
    written = []
    for part in parts:
        for name in ("inlineData", "inline_data"):
            blob = part.get(name)
            if isinstance(blob, dict):
                digest = sha256((decode or _decoded)(_text(blob.get("data")))).hexdigest()
                plain = {field: value for field, value in blob.items() if field != "data"}
                part = {**part, name: plain | {"sha256": digest}}
        written.append(part)
    return tuple(written)


def _set_aside(raw: bytes) -> tuple[bytes, dict[str, memoryview]]:
    """Return JSON with names in place of long base64 texts, and the texts by name.

    The parser then does not copy them.
    """
    long: dict[str, memoryview] = {}

    def name(found: re.Match[bytes]) -> bytes:
        mark = f"picture {len(long)} of {sha256(raw[:64]).hexdigest()[:16]}"
        long[mark] = memoryview(raw)[found.start(1) : found.end(1)]
        return f'"{mark}"'.encode()

    return _LONG.sub(name, raw), long


_LONG = re.compile(rb'"([A-Za-z0-9+/_-]{65536,}={0,2})"')


def _parse(small: bytes) -> Mapping[str, Any]:
    """Return an answer's JSON object. Raises `RequestFailed`."""
    if len(small) > MAX_JSON_BYTES or sum(small.count(mark) for mark in b"{[,") > MAX_JSON_VALUES:
        raise _refused("the answer has more values than any answer needs")
    try:
        # NaN and Infinity are no JSON, and a turn that is kept is sent again.
        value = json.loads(small, parse_constant=lambda name: None)
        deep = _deeper(value, MAX_NESTING)
    except RecursionError:
        deep = True
    except ValueError as error:
        words = message_of(small[:200].decode("utf-8", "replace"))
        raise _refused(f"the answer is no JSON: {words}") from error
    if deep:
        raise _refused("the answer is nested too deeply to be read")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise _refused("the answer is no JSON object")
    if "error" in value and not _get(value, "candidates"):
        raise _refused(f"the answer is an error: {message_of(value['error'])}")
    return value


def _received(value: Mapping[str, Any], decode: _Decode) -> ReceivedImage:
    candidate = next(iter(_list(_get(value, "candidates"))), {})
    parts = tuple(_list(_get(_mapping(_get(candidate, "content")), "parts")))
    text = " ".join(_words(parts))
    # The last image is the answer; an earlier draft is not.
    data = next(_images(parts, decode), None)
    if data is None:
        raise RequestFailed(_without_picture(value, candidate, parts, text))
    try:
        picture = identify(data)
    except ImageError as error:
        raise _refused(f"the answer's picture is refused: {error}") from error
    return ReceivedImage(
        picture,
        data,
        _usage(_mapping(_get(value, "usageMetadata"))),
        text=text[:MAX_TEXT_CHARACTERS],
        parts=by_digest(parts, decode),
        grounding=_mapping(_get(candidate, "groundingMetadata")),
        model_version=message_of(_get(value, "modelVersion")),
        response_id=message_of(_get(value, "responseId")),
    )


def _without_picture(
    value: Mapping[str, Any],
    candidate: Mapping[str, Any],
    parts: Sequence[Mapping[str, Any]],
    text: str,
) -> Failure:
    """Return why an answer holds no picture."""
    if any(_is_thought(part) and _inline(part) for part in parts):
        return failures.refused_answer("the answer holds drafts (thoughts) only, and no picture")
    feedback = _mapping(_get(value, "promptFeedback"))
    block = _get(feedback, "blockReason")
    if block:
        message = _get(feedback, "blockReasonMessage")
        return failures.of_reason(
            f"the prompt is blocked, {message_of(block)}", message_of(message)
        )
    reason = message_of(_get(candidate, "finishReason")) or "no reason given"
    return failures.of_reason(reason, message_of(_get(candidate, "finishMessage") or text))


def _refused(reason: str) -> RequestFailed:
    return RequestFailed(failures.refused_answer(reason))


def _images(parts: Sequence[Mapping[str, Any]], decode: _Decode) -> Iterator[bytes]:
    """Yield the bytes of the pictures in an answer, the last one first."""
    for part in reversed(parts):
        if _is_thought(part):
            continue
        if data := _inline(part):
            yield decode(data)
        else:
            # Some gateways put the picture into the text, as a Markdown image with a data: URL.
            for found in reversed(_DATA_URL.findall(str(_get(part, "text") or ""))):
                yield _decoded(found)


_DATA_URL = re.compile(r"data:image/[\w.+-]{1,20};base64,([A-Za-z0-9+/_=-]+)")


def _inline(part: Mapping[str, Any]) -> str:
    return _text(_get(_mapping(_get(part, "inlineData")), "data"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _decoded(text: str | memoryview) -> bytes:
    """Return the bytes of base64 in either alphabet, padded or not; empty for other text."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        pass  # most answers are standard base64, and need no copy
    try:
        plain = text.encode("ascii") if isinstance(text, str) else bytes(text)
        plain = plain.translate(_FROM_URL_SAFE, b"\r\n ").rstrip(b"=")
        return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4), strict_mode=True)
    except (binascii.Error, ValueError):
        return b""


_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def _words(parts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for part in parts:
        text = _get(part, "text")
        if isinstance(text, str) and not _is_thought(part):
            yield " ".join(_DATA_URL.sub("", text).split())


def _usage(value: Mapping[str, Any]) -> Usage | None:
    if not value:
        return None
    details = _list(_get(value, "candidatesTokensDetails"))
    image = sum(_count(_get(d, "tokenCount")) for d in details if _get(d, "modality") == "IMAGE")
    return Usage(
        prompt=_count(_get(value, "promptTokenCount")),
        candidates=_count(_get(value, "candidatesTokenCount")),
        thoughts=_count(_get(value, "thoughtsTokenCount")),
        image=image,
    )


def _count(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"\d{1,12}", value):
        value = int(value)
    return value if type(value) is int and 0 <= value < 10**12 else 0


def _is_thought(part: Mapping[str, Any]) -> bool:
    return _get(part, "thought") is True


def _deeper(value: Any, most: int) -> bool:
    """Return whether JSON is nested more than `most` levels deep."""
    level = [value]
    for _ in range(most):
        inside = [each for each in level if isinstance(each, dict | list)]
        if not inside:
            return False
        level = [item for each in inside for item in _items(each)]
    return True


def _items(value: Any) -> Collection[Any]:
    return value.values() if isinstance(value, dict) else value


def _get(value: Mapping[str, Any], name: str) -> Any:
    """Return a field by its camelCase name, or by its snake_case one."""
    if name in value:
        return value[name]
    return value.get(re.sub(r"[A-Z]", lambda c: f"_{c[0].lower()}", name))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
