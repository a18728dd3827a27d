"""Take the API key out of everything that a server sent: the one door for a server's texts.

Some servers quote the key that they refuse, and what they say is logged, shown, kept in the cache
and committed. So the client passes every byte of an answer, and every text of an error, through a
`Redactor` before anything else sees it. It knows the key as it is, with escapes of JSON, URLs and
HTML for any of its characters, and inside base64 at any alignment. The base64 data of a picture
passes untouched, and so does a short key whose removal would break JSON: the bill of a paid picture
must not become unreadable because a key is `1` or `text`. No effects.
"""

import base64
import functools
import html
import re
from collections.abc import Iterator
from typing import Protocol

MARK = b"***"
"""What stands in place of the key."""
NUMBER = b"1"
"""What stands in place of a key of digits where JSON may have a number: right anywhere in one."""
SHORT = 8
"""A key of fewer characters may be a word: it is replaced only where it is a word of its own."""

_CONTEXT = 64
"""Bytes before and after a key that decide whether it is replaced."""
_MOST_PER_CHARACTER = 17
"""Bytes of the longest spelling of one character, with zeros behind it."""
_BASE64_RUN = 40
"""As many characters of base64 in one piece are data, in which a short key is an accident."""

_ESCAPES = {b"\\", b"%", b"&"}
"""How a character begins that is not written as it is."""
_PICTURE = re.compile(
    rb'(?:"|data:image\\?/[\w.+-]{1,20};base64,)(?=iVBORw0KGg|\\?/9j\\?/|_9j_|UklGR)'
)
"""What stands before the base64 of a PNG, a JPEG or a WebP."""
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"
_PICTURE_DATA = re.compile(rb"[A-Za-z0-9+/=_-]*+(?:\\/[A-Za-z0-9+/=_-]*+)*+")
_WORD_BEGINS = re.compile(
    rb"(?:\A|[^A-Za-z0-9_]|\\[nrtbf]|\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}|&\w{1,6};)\Z"
)
_BARE = re.compile(rb"[0-9]+|true|false|null")
_BEFORE_BARE = re.compile(rb'(?:":|\[|(?:[0-9]|true|false|null),)\s*[-+.0-9eE]*\Z')


class HasKey(Protocol):
    """A key that is hidden until it is asked for, such as `config.server.Secret`."""

    def reveal(self) -> str:
        """Return the key."""


class Redactor:
    """Replaces one key, however a server spells it."""

    __slots__ = ("_firsts", "_patterns", "_short", "reach")

    def __init__(self, key: HasKey) -> None:
        written = key.reveal()
        texts = tuple(_texts(written.encode())) if written else ()
        self._patterns = tuple(re.compile(b"".join(map(_spelled, text))) for text in texts)
        self._firsts = {bytes([code]) for text in texts for code in text[0]} | _ESCAPES
        longest = max(map(len, texts), default=0)
        self.reach = longest * _MOST_PER_CHARACTER + _CONTEXT if longest else 0
        """How many bytes must be known behind the first byte of a key; 0 without a key."""
        self._short = len(written) < SHORT

    def text(self, text: str) -> str:
        """Return a text without the key."""
        raw = text.encode("utf-8", "surrogatepass")
        return self.whole(raw).decode("utf-8", "surrogatepass")

    def whole(self, data: bytes) -> bytes:
        """Return complete bytes without the key."""
        stream = self.stream()
        return stream.feed(data) + stream.end()

    def stream(self) -> "RedactedStream":
        """Return what redacts one answer while it arrives."""
        return RedactedStream(self)

    def keys_in(self, data: bytes, begin: int, end: int) -> list[tuple[int, int]]:
        """Return where keys to be replaced begin in `data`, from `begin` to `end`, and their ends.

        They are in order and do not overlap.
        """
        window = data[begin:end]
        if not any(first in window for first in self._firsts):
            return []  # a flood of other bytes passes without a further look
        found = sorted(
            each.span()
            for pattern in self._patterns
            for each in pattern.finditer(data, begin, end)
            if not self._stays(data, *each.span())
        )
        apart: list[tuple[int, int]] = []
        for first, last in found:
            if not apart or first >= apart[-1][1]:
                apart.append((first, last))
            else:
                apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        return apart

    def _stays(self, data: bytes, begin: int, end: int) -> bool:
        """Return whether a key stays: it is a part of another word, or holds JSON together."""
        before = data[max(0, begin - _CONTEXT) : begin]
        word, after = data[begin:end], data[end : end + _CONTEXT]
        if self._short:
            inside = re.match(rb"[A-Za-z0-9_]", after) or not _WORD_BEGINS.search(before)
            if inside or _run(before, word, after) >= _BASE64_RUN:
                return True
        is_name = re.fullmatch(rb"[A-Za-z_]+", word) and re.match(rb'"\s*:', after)
        if is_name and before.endswith(b'"'):
            return True
        return self._short and _is_bare(before, word)

    def mark_of(self, data: bytes, begin: int, end: int) -> bytes:
        """Return what stands in place of the key from `begin` to `end` of `data`."""
        before = data[max(0, begin - _CONTEXT) : begin]
        return NUMBER if _is_bare(before, data[begin:end]) else MARK


class RedactedStream:
    """One answer that passes without its key; some of its bytes are held back for a while."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held = b""
        self._at = 0
        """Where the bytes begin that have not been passed on; those before decide about them."""
        self._in_picture = False

    def feed(self, piece: bytes) -> bytes:
        """Take a piece of the answer, and return what may be passed on."""
        if not self._redactor.reach:
            return piece
        self._held += piece
        return self._passed(last=False)

    def end(self) -> bytes:
        """Return the rest, when the answer is complete."""
        return self._passed(last=True) if self._redactor.reach else b""

    def _passed(self, *, last: bool) -> bytes:
        passed: list[bytes] = []
        while True:
            was_picture = self._in_picture
            passed.append(self._picture(last) if was_picture else self._text(last))
            if self._in_picture == was_picture:
                break  # there is no more, or more must arrive to decide
        keep = max(0, self._at - _CONTEXT)
        self._held, self._at = self._held[keep:], self._at - keep
        return b"".join(passed)

    def _picture(self, last: bool) -> bytes:
        """Return the data of a picture, as far as it is known."""
        end = len(self._held)
        if self._held[self._at :].translate(None, _BASE64):  # a third of the time of a pattern
            found = _PICTURE_DATA.match(self._held, self._at)
            end = found.end() if found else self._at
        # A backslash at the end may be half of an escaped slash.
        self._in_picture = not last and end >= len(self._held) - 1 and self._held[end:] in b"\\"
        data, self._at = self._held[self._at : end], end
        return data

    def _text(self, last: bool) -> bytes:
        """Return text without the key, up to the next picture or as far as it is decided."""
        held = self._held
        picture = _PICTURE.search(held, self._at) if b'"' in held or b":" in held else None
        end = picture.end() if picture else len(held)
        decided = end if picture or last else max(self._at, end - self._redactor.reach)
        self._in_picture = picture is not None
        written: list[bytes] = []
        at = self._at
        for first, after in self._redactor.keys_in(held, at, picture.start() if picture else end):
            if first >= decided:
                break
            written += (held[at:first], self._redactor.mark_of(held, first, after))
            at = after
        self._at = max(at, decided)
        return b"".join((*written, held[at : self._at]))


def _is_bare(before: bytes, word: bytes) -> bool:
    """Return whether a word is a number or a constant of JSON, to judge by what stands before."""
    return bool(_BARE.fullmatch(word) and _BEFORE_BARE.search(before))


def _run(before: bytes, word: bytes, after: bytes) -> int:
    """Return the length of the unbroken base64 that a word is a part of."""
    left = re.search(rb"[A-Za-z0-9+/_-]*\Z", before)
    right = re.match(rb"[A-Za-z0-9+/_-]*", after)
    return len(left[0] if left else b"") + len(word) + len(right[0] if right else b"")


def _texts(key: bytes) -> Iterator[list[bytes]]:
    """Yield the key and what base64 makes of it: for each character, those that it may be."""
    yield [bytes([code]) for code in key]
    if len(key) < SHORT:
        yield [bytes([code]) for code in base64.b64encode(key).rstrip(b"=")]
        return
    for shift in range(3):
        # The characters that depend on the key alone, whatever stands before and after it.
        encoded = base64.b64encode(bytes(shift) + key + bytes(3))
        core = encoded[-(-8 * shift // 6) : 8 * (shift + len(key)) // 6]
        yield [{43: b"+-", 47: b"/_"}.get(code, bytes([code])) for code in core]


def _spelled(characters: bytes) -> bytes:
    """Return a pattern for one of these characters, as it is or escaped."""
    return b"(?:" + b"|".join(map(_choices, characters)) + rb")\x00{0,3}"


@functools.cache
def _choices(code: int) -> bytes:
    """Return the spellings of a character; each begins differently, which is fast to search."""
    plain = re.escape(bytes([code]))
    digits = b"".join(
        b"[%c%c]" % (each, each - 32) if each > 57 else b"%c" % each for each in b"%02x" % code
    )
    name = html.escape(chr(code)).removeprefix("&").encode()
    named = b"|" + name if name.endswith(b";") and len(name) > 1 else b""
    # No backslash is given back: a flood of them is read once. The key's own are doubled anyway.
    return b"|".join((
        plain,
        rb"\\\\{0,7}+(?:%b|u00%b|x%b)" % (plain, digits, digits),
        rb"%%(?:25){0,4}%b" % digits,
        rb"&(?:amp;){0,2}(?:#0{0,6}%d;|#[xX]0{0,6}%b;%b)" % (code, digits, named),
    ))  # fmt: skip
