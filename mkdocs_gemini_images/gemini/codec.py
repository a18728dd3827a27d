"""Between a request and JSON, and between JSON and a picture.

Out goes the body of `generateContent` (API reference, "Request JSON"); in comes whatever a server
answers with status 200, and becomes a `Drawn` or a `Failure`. The picture is found by its shape:
the last image part that is no thought and whose bytes prove to be a picture. Names are read in
camelCase and snake_case, base64 in both alphabets; unknown fields are ignored. Never any I/O.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.core.image_format import MIME, ImageError, Picture, identify
from mkdocs_gemini_images.gemini import failures
from mkdocs_gemini_images.gemini.failures import Failure
from mkdocs_gemini_images.models.catalogue import MODELS
from mkdocs_gemini_images.requests.request import ImageRequest

MAX_TEXT_CHARACTERS = 20_000
"""Characters of a model's words that are kept."""
MAX_NESTING = 100
"""Levels of JSON, as many as a protocol buffer may have."""


MAX_JSON_BYTES = 40 * 2**20
"""Bytes of an answer beside pictures in fields of their own; a gateway may put one into text."""
MAX_JSON_VALUES = 400_000
"""Values in an answer beside its pictures; a real one has a few dozen."""

_Decode = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Inline:
    """A picture that is sent inside the request."""

    picture: Picture
    data: bytes


@dataclass(frozen=True, slots=True)
class FileUri:
    """A picture that the server fetches."""

    uri: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation: what the user said, or the model's own parts as they came."""

    text: str = ""
    pictures: tuple[Inline | FileUri, ...] = ()
    model: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that an answer says it took; the price follows from them and the model's rates."""

    prompt: int = 0
    candidates: int = 0
    thoughts: int = 0
    image: int = 0

    def price(self, model: str) -> float | None:
        """USD after the API reference's cost formula, or None when it cannot be told."""
        known = MODELS.get(model)
        if known is None or not self.image:
            return None
        text = max(self.candidates - self.image, 0) + self.thoughts
        rates = known.rates
        total = self.image * rates.image + text * rates.text + self.prompt * rates.input
        return total / 1e6


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that arrived, with all that came with it."""

    picture: Picture
    data: bytes
    usage: Usage | None
    text: str = ""
    """The model's own words beside the picture."""
    parts: tuple[Mapping[str, Any], ...] = ()
    """The model's turn as received, pictures by digest, for the next turn of the conversation."""
    grounding: Mapping[str, Any] = field(default_factory=dict)
    model_version: str = ""
    response_id: str = ""


def body(step: ImageRequest, turns: Sequence[Turn], *, google: bool) -> bytes:
    """Write the JSON body that asks for a step's picture.

    `turns` is the conversation up to and with this step. Google's hosts know a size by its
    canonical name; gateways get the author's spelling.
    """
    known = MODELS.get(step.model)
    image: dict[str, str] = {"aspectRatio": step.aspect_ratio}
    if known.sized if known else step.size != "1K":
        image["imageSize"] = step.size if google else step.spelled or step.size
    # With search, a model that may not speak has been seen to fail: text is always allowed.
    config: dict[str, Any] = {"responseModalities": ["TEXT", "IMAGE"], "imageConfig": image}
    if step.temperature is not None:
        config["temperature"] = step.temperature
    value: dict[str, Any] = {
        "contents": [_content(turn) for turn in turns],
        "generationConfig": config,
    }
    if step.grounding:
        value["tools"] = [_search(step.grounding)]
    if step.request:
        value = merged(value, json.loads(step.request))
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")  # half a surrogate pair stays an escape


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one JSON object over another: objects are merged, everything else is replaced."""
    result = dict(base)
    for name, value in over.items():
        below = result.get(name)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        result[name] = merged(below, value) if both else value  # type: ignore[arg-type]
    return result


def read(raw: bytes) -> Drawn | Failure:
    """Read an answer that came with status 200."""
    small, long = _set_aside(raw)
    if len(small) > MAX_JSON_BYTES or sum(small.count(mark) for mark in b"{[,") > MAX_JSON_VALUES:
        return failures.refused_answer("the answer has more values than any answer needs")
    try:
        # NaN and Infinity are Python's idea of JSON; what is kept and sent again is everybody's.
        value = json.loads(small, parse_constant=lambda name: None)
        deep = _deeper(value, MAX_NESTING)
    except RecursionError:
        deep = True
    except ValueError:
        words = message_of(small[:200].decode("utf-8", "replace"))
        return failures.refused_answer(f"the answer is no JSON: {words}")
    if deep:
        return failures.refused_answer("the answer is nested too deeply to be read")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return failures.refused_answer("the answer is no JSON object")
    if "error" in value and not _get(value, "candidates"):
        return failures.refused_answer(f"the answer is an error: {message_of(value['error'])}")
    answer: dict[str, bytes] = {}

    def decode(text: str) -> bytes:
        """Decode a picture; the first one is the answer's, which will be asked for again."""
        if text in answer:
            return answer[text]
        data = _decoded(long.get(text, text))
        if not answer:
            answer[text] = data
        return data

    return _read(value, decode)


def by_digest(
    parts: Sequence[Mapping[str, Any]], decode: "_Decode | None" = None
) -> tuple[Mapping[str, Any], ...]:
    """Write a model's turn with the digest of each picture in place of its bytes."""
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
    """Take long base64 texts out of JSON: a name stands for each, so that no parser copies it."""
    long: dict[str, memoryview] = {}

    def name(found: re.Match[bytes]) -> bytes:
        mark = f"picture {len(long)} of {sha256(raw[:64]).hexdigest()[:16]}"
        long[mark] = memoryview(raw)[found.start(1) : found.end(1)]
        return f'"{mark}"'.encode()

    return _LONG.sub(name, raw), long


_LONG = re.compile(rb'"([A-Za-z0-9+/_-]{65536,}={0,2})"')


def _read(value: Mapping[str, Any], decode: _Decode) -> Drawn | Failure:
    feedback = _mapping(_get(value, "promptFeedback"))
    candidate = next(iter(_list(_get(value, "candidates"))), {})
    parts = tuple(_list(_get(_mapping(_get(candidate, "content")), "parts")))
    words = " ".join(_words(parts))
    # The last image is the answer; an earlier draft is not.
    data = next(_images(parts, decode), None)
    if data is not None:
        try:
            picture = identify(data)
        except ImageError as error:
            return failures.refused_answer(f"the answer's picture is refused: {error}")
        return Drawn(
            picture,
            data,
            _usage(_mapping(_get(value, "usageMetadata"))),
            text=words[:MAX_TEXT_CHARACTERS],
            parts=by_digest(parts, decode),
            grounding=_mapping(_get(candidate, "groundingMetadata")),
            model_version=message_of(_get(value, "modelVersion")),
            response_id=message_of(_get(value, "responseId")),
        )
    if any(_is_thought(part) and _inline(part) for part in parts):
        return failures.refused_answer("the answer holds drafts (thoughts) only, and no picture")
    block = _get(feedback, "blockReason")
    if block:
        message = _get(feedback, "blockReasonMessage")
        return failures.of_reason(
            f"the prompt is blocked, {message_of(block)}", message_of(message)
        )
    reason = message_of(_get(candidate, "finishReason")) or "no reason given"
    return failures.of_reason(reason, message_of(_get(candidate, "finishMessage") or words))


def _content(turn: Turn) -> dict[str, Any]:
    if turn.model:
        return {"role": "model", "parts": list(turn.model)}
    parts: list[dict[str, Any]] = [_sent(picture) for picture in turn.pictures]
    return {"role": "user", "parts": [*parts, {"text": turn.text}]}


def _sent(picture: Inline | FileUri) -> dict[str, Any]:
    if isinstance(picture, FileUri):
        return {"fileData": {"fileUri": picture.uri}}
    data = base64.b64encode(picture.data).decode("ascii")
    return {"inlineData": {"mimeType": MIME[picture.picture.kind], "data": data}}


def _search(grounding: Sequence[str]) -> dict[str, Any]:
    """Ask for Google Search: web alone is the API's default and needs no search types."""
    if tuple(grounding) == ("web",):
        return {"googleSearch": {}}
    return {"googleSearch": {"searchTypes": {f"{ground}Search": {} for ground in grounding}}}


def _images(parts: Sequence[Mapping[str, Any]], decode: _Decode) -> Iterator[bytes]:
    """Yield the bytes of the pictures in the answer, the last one first."""
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
    """Decode base64 in either alphabet, padded or not; what is neither decodes to nothing."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        pass  # most answers are as they should be, and need no copy
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
    """Whether JSON is nested more than `most` levels deep."""
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
    """Look a field up under its camelCase name, or under its snake_case one."""
    if name in value:
        return value[name]
    return value.get(re.sub(r"[A-Z]", lambda c: f"_{c[0].lower()}", name))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
