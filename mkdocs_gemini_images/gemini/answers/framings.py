"""Read the bytes of an answer as JSON, in each framing that servers are known to send.

In: the bytes of an answer. Out: its JSON values in their order: one object as a rule; the chunks of
a stream as server-sent events, as lines of JSON or as a list. Bytes that are not UTF-8 cost only
their own character. Size, number and depth of values are limited. No effects.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from mkdocs_gemini_images.core.diagnostics import message_of

MAX_NESTING = 100
"""Levels of JSON, as many as a protocol buffer may have."""
MAX_JSON_BYTES = 40 * 2**20
"""Bytes of an answer without its long base64 texts."""
MAX_JSON_VALUES = 400_000
"""Values in an answer without its pictures; a typical one has a few dozen."""
_DECODER = json.JSONDecoder(
    # NaN and Infinity are no JSON, and a turn that is kept is sent again.
    parse_constant=lambda name: None,
    strict=False,  # line ends within base64 are not always escaped
)
_BETWEEN = re.compile(r"[\s,;\x1e\0]*")
"""What may stand between the documents of a stream."""


class UnreadableError(ValueError):
    """Bytes are no JSON that is accepted here; the text says why, as a clause of a message."""


def in_utf8(raw: bytes) -> bytes:
    """Return an answer as UTF-8 without a byte order mark."""
    if raw.startswith(codecs.BOM_UTF8):
        return raw[3:]
    encoding = json.detect_encoding(raw[:4])
    if encoding.startswith("utf-8"):
        return raw
    return raw.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8", "replace")


def documents(small: bytes) -> list[Any]:
    """Return the JSON values of an answer whose long texts are set aside.

    Raises `UnreadableError`.
    """
    if len(small) > MAX_JSON_BYTES or sum(small.count(mark) for mark in b"{[,") > MAX_JSON_VALUES:
        raise UnreadableError("the answer has more values than any answer needs")
    return _parsed(small.decode("utf-8", "replace"))


def within(text: str) -> list[Any]:
    """Return the JSON values in a string of an answer; none where it holds no JSON."""
    start = text.lstrip()
    if not start.startswith(("{", "[", "data:{", "data: {", "data: [", "event:")):
        return []
    try:
        return _parsed(text)
    except UnreadableError:
        return []


def _parsed(text: str) -> list[Any]:
    stripped = text.strip()
    if not stripped:
        raise UnreadableError("the answer is empty")
    sources = [stripped]
    if not stripped.startswith(("{", "[", '"')):
        events = list(_events(stripped))
        sources = events or [stripped[_first_bracket(stripped) :]]
    values: list[Any] = []
    error: ValueError | None = None
    for source in sources:
        try:
            values += _sequence(source)
        except ValueError as caught:
            error = error or caught
        except RecursionError:
            raise UnreadableError("the answer is nested too deeply to be read") from None
    if not values:
        raise UnreadableError(f"the answer is no JSON: {message_of(text[:200])}") from error
    if any(_is_deeper(value, MAX_NESTING) for value in values):
        raise UnreadableError("the answer is nested too deeply to be read")
    return values


def _first_bracket(text: str) -> int:
    """Return where JSON begins behind other text, such as a guard against scripts."""
    found = re.search(r"[{\[]\s*[\"{\[\]}]", text[:4096])
    return found.start() if found else 0


def _sequence(text: str) -> Iterator[Any]:
    """Yield the JSON values that follow one another. Raises `ValueError` if there is none."""
    at = _BETWEEN.match(text, 0).end()  # type: ignore[union-attr]
    first = True
    while at < len(text) or first:
        try:
            value, at = _DECODER.raw_decode(text, at)
        except ValueError:
            if first:
                raise
            return  # a mark of the end, or a comment
        first = False
        yield value
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]


def _events(text: str) -> Iterator[str]:
    """Yield the data of server-sent events: the `data:` lines of each, joined."""
    data: list[str] = []
    for line in (*re.split(r"\r\n|\r|\n", text), ""):
        name, colon, rest = line.partition(":")
        if not line.strip():
            if data:
                yield "\n".join(data)
            data = []
        elif colon and name.strip() == "data" and rest.strip() != "[DONE]":
            data.append(rest.removeprefix(" "))


def _is_deeper(value: Any, most: int) -> bool:
    """Return whether JSON is nested more than `most` levels deep."""
    level = [value]
    for _ in range(most):
        inside = [each for each in level if isinstance(each, dict | list)]
        if not inside:
            return False
        level = [
            item for each in inside for item in (each.values() if isinstance(each, dict) else each)
        ]
    return True
