"""Find the pictures among the parts of a model's turn, and the addresses that stand in for them.

A picture is base64 in one of the known fields or in text, with or without the head of a `data:`
URL. In: parts. Out: the bytes of pictures, the last one first, or addresses. Nothing is fetched. No
effects.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from mkdocs_gemini_images.core.image_format import ImageError, identify, without_trailing_space
from mkdocs_gemini_images.gemini.answers.envelopes import Part, fields_of

Decode = Callable[[str], bytes]
"""Returns the bytes of a base64 text, empty where it is none."""

_FIELDS = ("inlineData", "fileData", "imageUrl", "image", "images", "source", "b64Json",
           "bytesBase64Encoded", "imageBytes", "base64", "b64", "imageBase64", "data", "result",
           "fileUri", "url", "uri")  # fmt: skip
"""Where a part has its picture, or an object with such a field."""
_MAX_DEPTH = 4
_DATA_HEAD = re.compile(r"\s*data:[^,]{0,200},", re.IGNORECASE)
_DATA_URL = re.compile(
    r"data:image/[\w.+-]{1,40}(?:;[\w.+=-]{1,60}){0,3};base64,([A-Za-z0-9+/_=%\s-]+)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(?<![A-Za-z0-9+/_=-])(?:iVBORw0KGgo|/9j/|_9j_|UklGR)[A-Za-z0-9+/_=-]{20,}"
    r"(?:\s+[A-Za-z0-9+/_=-]+)*"
)
"""A PNG, JPEG or WebP in base64 without such a head."""
_ESCAPE = re.compile(r"\\+([nrt/])")
"""White space or a slash, escaped once or more often."""
_IMAGE_LINK = re.compile(r"!\[[^\]]{0,500}\]\(\s*<?(https?://[^\s)>\"]{1,2000})")
_LINK = re.compile(r"\b((?:https?|gs)://[^\s<>\"')\]]{1,2000})")
_ADDRESS_FIELD = re.compile(
    r'"(?:image|file|picture)?_?(?:url|uri|link)"\s*:\s*"(https?://[^\s"\\]{1,2000})"',
    re.IGNORECASE,
)
_IMAGE_SUFFIX = re.compile(r"\.(?:png|jpe?g|webp|avif|gif)(?:[?#]|$)", re.IGNORECASE)


def is_thought(part: Part) -> bool:
    """Return whether a part is a thought; a picture in it is a draft."""
    return part.get("thought") is True


def pictures(parts: Sequence[Part], decode: Decode) -> Iterator[bytes]:
    """Yield the bytes of the pictures that are no thoughts, the last one first.

    Bytes that are no picture are yielded as well: `identify` says what is wrong with them.
    """
    texts: list[str] = []
    for part in reversed([part for part in parts if not is_thought(part)]):
        found = [text for text in _values(part) if not _is_address(text)]
        text = part.get("text")
        if not found and isinstance(text, str):
            texts.insert(0, text)
            continue
        yield from _in_texts(texts, decode)
        texts = [text] if isinstance(text, str) else []
        for each in reversed(found):
            yield picture_bytes(each, decode)
    yield from _in_texts(texts, decode)


def has_draft(parts: Sequence[Part]) -> bool:
    """Return whether a thought holds a picture."""
    return any(is_thought(part) and any(_values(part)) for part in parts)


def last_draft(parts: Sequence[Part], decode: Decode) -> bytes | None:
    """Return the bytes of the last picture in a thought, or None."""
    found = [text for part in parts if is_thought(part) for text in _values(part)]
    return picture_bytes(found[-1], decode) if found else None


def addresses(parts: Sequence[Part]) -> Iterator[str]:
    """Yield the addresses that stand in the place of a picture."""
    for part in parts:
        yield from (text.strip() for text in _values(part) if _is_address(text))
        text = part.get("text")
        if not isinstance(text, str) or is_thought(part):
            continue
        yield from _IMAGE_LINK.findall(text)
        for link in _LINK.findall(text):
            if _IMAGE_SUFFIX.search(link) or link == text.strip():
                yield link


def addresses_in_json(text: str) -> Iterator[str]:
    """Yield the addresses in the text of JSON that a picture may have, wherever they stand."""
    yield from _ADDRESS_FIELD.findall(text)
    yield from (link for link in _LINK.findall(text) if _IMAGE_SUFFIX.search(link))


def without_pictures(text: str) -> str:
    """Return a text without the pictures in it."""
    return _PLAIN.sub("", _DATA_URL.sub("", text))


def picture_bytes(text: str, decode: Decode) -> bytes:
    """Return the bytes of a picture in base64, also behind the head of a `data:` URL."""
    head = _DATA_HEAD.match(text)
    data = decode(text[head.end() :] if head else text)
    if not data and (found := _PLAIN.search(text)):  # behind or before something else
        data = decode(found[0])
    return without_trailing_space(data)


def has_picture(text: str) -> bool:
    """Return whether a text may hold a picture."""
    return _DATA_URL.search(text) is not None or _PLAIN.search(text) is not None


def in_json(text: str, decode: Decode) -> Iterator[bytes]:
    """Yield the whole pictures in the text of JSON, wherever they stand, the last one first."""
    plain = _ESCAPE.sub(lambda found: "/" if found[1] == "/" else " ", text)
    yield from filter(is_picture, _in_text(plain, decode))


def _values(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the texts in a part that are pictures or addresses of pictures."""
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return
    own = fields_of(value)
    for name in _FIELDS:
        inner = own.get(name)
        if isinstance(inner, str) and inner.strip():
            yield inner
        elif isinstance(inner, dict):
            yield from _values(inner, depth + 1)


def _is_address(text: str) -> bool:
    return text.lstrip()[:8].lower().startswith(("https://", "http://", "gs://", "files/"))


def _in_texts(texts: Sequence[str], decode: Decode) -> Iterator[bytes]:
    """Yield the pictures in texts that follow one another, the last one first.

    A stream may cut a `data:` URL into several texts.
    """
    whole = [data for text in reversed(texts) for data in _in_text(text, decode)]
    joined = list(_in_text("".join(texts), decode)) if len(texts) > 1 else []
    yield from whole if any(map(is_picture, whole)) or not joined else joined


def _in_text(text: str, decode: Decode) -> Iterator[bytes]:
    for found in reversed(_DATA_URL.findall(text) or _PLAIN.findall(text)):
        data = without_trailing_space(decode(found))
        if not is_picture(data) and len(found.split()) > 1:
            # Words follow the URL, where a line end could also be one within the base64.
            first = without_trailing_space(decode(found.split()[0]))
            data = first if is_picture(first) else data
        yield data


def is_picture(data: bytes) -> bool:
    """Return whether bytes are a whole picture."""
    with suppress(ImageError):
        identify(data)
        return True
    return False
