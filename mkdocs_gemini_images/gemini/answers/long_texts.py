"""Set long base64 texts aside while the JSON around them is parsed, and decode base64.

A parser would copy a picture of some thirty megabytes several times. In: the bytes of an answer.
Out: the same bytes with a short name in place of each long base64 text, wherever it stands, and the
functions that put the texts back or decode them. No effects.
"""

import binascii
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_to_bytes

LONG = 65536
"""Characters from which a base64 text is set aside."""
_LINE = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
"""Base64, or one line of it."""
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_LINE_END = re.compile(rb"={0,2}(?:\\+[nrt]|[ \t\r\n]){1,4}")
"""What may stand between two lines, escaped once or more often."""
_BY_NUMBER = tuple(
    (b"\\u00%b" % code, character)
    for codes, character in (((b"2b", b"2B"), b"+"), ((b"2f", b"2F"), b"/"), ((b"3d", b"3D"), b"="))
    for code in codes
)
"""Characters of base64 as some writers of JSON escape them, beside the slash with a backslash."""
_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_SPACE = b" \t\r\n\v\f"


class LongTexts:
    """The long texts of one answer: `small` is what is left without them."""

    def __init__(self, raw: bytes) -> None:
        raw = _unescaped(raw)
        tag = sha256(raw[:64]).hexdigest()[:16]
        # A name begins as its text does: the first characters tell what a picture is.
        self._name = re.compile(f"[A-Za-z0-9+/_-]{{12}}longtext([0-9]+)of{tag}")
        self._texts: list[memoryview] = []
        left: list[bytes | memoryview] = []
        view, end = memoryview(raw), 0
        for begin, after in _long_runs(raw):
            left += [view[end : begin + 12], b"longtext%dof%b" % (len(self._texts), tag.encode())]
            self._texts.append(view[begin:after])
            end = after
        self.small = b"".join([*left, view[end:]]) if left else raw

    def __bool__(self) -> bool:
        """Return whether any text was set aside."""
        return bool(self._texts)

    def decoded(self, text: str) -> bytes:
        """Return the bytes of a base64 text; empty where it is none."""
        whole = self._name.fullmatch(text)
        if whole is not None and (piece := self._piece(whole)) is not None:
            return decoded_base64(piece)
        return decoded_base64(self._joined(text) if self._texts else text)

    def restored(self, value: Any) -> Any:
        """Return a value of the answer's JSON with its long texts as they were."""
        has_name = self._texts and self._name.search(json.dumps(value))
        return self._restored(value) if has_name else value

    def _restored(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._name.sub(self._unquoted, value)
        if isinstance(value, dict):
            return {self._restored(name): self._restored(inner) for name, inner in value.items()}
        return [self._restored(inner) for inner in value] if isinstance(value, list) else value

    def _piece(self, found: re.Match[str]) -> memoryview | None:
        number = found[1][:9]
        return self._texts[int(number)] if int(number) < len(self._texts) else None

    def _joined(self, text: str) -> bytes:
        pieces: list[bytes | memoryview] = []
        at = 0
        for found in self._name.finditer(text):
            pieces.append(text[at : found.start()].encode("utf-8", "replace"))
            pieces.append(self._piece(found) or b"")
            at = found.end()
        pieces.append(text[at:].encode("utf-8", "replace"))
        return b"".join(pieces)

    def _unquoted(self, found: re.Match[str]) -> str:
        piece = self._piece(found)
        if piece is None:
            return found[0]
        return str(json.loads(b"".join((b'"', piece, b'"')), strict=False))


def decoded_base64(text: str | bytes | memoryview) -> bytes:
    """Return the bytes of base64 in either alphabet, padded or not, with white space or without.

    The result is empty for other text.
    """
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        pass  # most answers are standard base64, and need no copy
    try:
        plain = text.encode("ascii") if isinstance(text, str) else bytes(text)
        if b"%" in plain:  # a URL may be written like that
            plain = unquote_to_bytes(plain)
        for count in (4, 2, 1) if b"\\" in plain else ():
            for letter in (b"n", b"r", b"t"):
                plain = plain.replace(b"\\" * count + letter, b"")
        plain = plain.translate(_FROM_URL_SAFE, _SPACE).rstrip(b"=")
        return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4), strict_mode=True)
    except (binascii.Error, ValueError):
        return b""


def _long_runs(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each long base64 text begins and ends; a short last line is left over."""
    begin = 0
    while begin + LONG <= len(raw):  # no text has a quotation mark in it
        if (quote := raw.rfind(b'"', begin, begin + LONG)) >= 0:
            begin = quote + 1
            continue
        end = raw.find(b'"', begin + LONG)
        end = len(raw) if end < 0 else end
        text = raw[begin:end].rstrip(b"=")
        if text.translate(None, _BASE64):  # a third of the time of a pattern
            yield from _runs_of_lines(raw, begin, end)
        elif len(text) >= LONG:
            yield begin, begin + len(text)
        begin = end + 1


def _runs_of_lines(raw: bytes, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the long base64 texts from `first` to `last`, which may have several lines."""
    begin = end = 0
    for line in _LINE.finditer(raw, first, last):
        if end and (line.start() - end > 24 or _LINE_END.fullmatch(raw, end, line.start()) is None):
            if end - begin >= LONG:
                yield begin, end
            end = 0
        if not end:
            begin = line.start()
            if raw[begin - 1 : begin] == b"\\":  # the first letters may be those of an escape
                begin += 5 if raw[begin : begin + 1] == b"u" else 1
        end = line.end()
    if end - begin >= LONG:
        yield begin, end


def _unescaped(raw: bytes) -> bytes:
    """Return JSON in which the characters of base64 are written plainly.

    Where backslashes are escaped themselves, such as in JSON within a string, nothing is changed.
    """
    # Each look through an answer of some megabytes takes milliseconds, and most have no escapes.
    if b"\\" not in raw or b"\\\\" in raw:
        return raw
    raw = raw.replace(b"\\/", b"/")
    for written, character in _BY_NUMBER if b"\\u00" in raw else ():
        raw = raw.replace(written, character)
    return raw
