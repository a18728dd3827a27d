"""Bytes with a proven kind and size.

A server's word for what it sends has been wrong, so only the bytes count: PNG, JPEG or WebP, whole
from the first byte to the last, with nothing behind the end and no more pixels than a picture of
the largest size has. Everything else is a reason, in words, why it is refused. Nothing is decoded
here; whether the pixels themselves are sound is for the decoder to say.
"""

import zlib
from dataclasses import dataclass
from typing import Literal

ImageKind = Literal["png", "jpeg", "webp"]
MAX_PIXELS = 50_000_000
"""Two and a half times the largest picture a model draws (12288 x 1536)."""

MIME = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture's bytes prove: kind, and width and height in pixels."""

    kind: ImageKind
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """The ending of its file's name."""
        return ".jpg" if self.kind == "jpeg" else f".{self.kind}"


def identify(data: bytes) -> Picture | str:
    """Say what picture `data` is, or why it is none."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = _png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        found = _jpeg(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = _webp(data)
    else:
        return f"it is no PNG, JPEG or WebP (it begins with {data[:12]!r})"
    if isinstance(found, str):
        return found
    if not found.width or not found.height:
        return f"the {found.kind.upper()} has no pixels"
    if found.width * found.height > MAX_PIXELS:
        return f"{found.width} x {found.height} pixels are more than any model draws"
    return found


def _png(data: bytes) -> Picture | str:
    at, size = 8, (0, 0)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            return "the PNG is cut short"
        if zlib.crc32(memoryview(data)[at + 4 : end - 4]) != int.from_bytes(
            data[end - 4 : end], "big"
        ):
            return "the PNG is damaged (a checksum is wrong)"
        if at == 8:
            if name != b"IHDR" or length != 13:
                return "the PNG does not begin with its header"
            size = (
                int.from_bytes(data[16:20], "big"),
                int.from_bytes(data[20:24], "big"),
            )
        if name == b"IEND":
            return Picture("png", *size) if end == len(data) else _trailing("PNG", data, end)
        at = end
    return "the PNG is cut short"


def _jpeg(data: bytes) -> Picture | str:
    at, size = 2, (0, 0)
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 2 > len(data):
            return "the JPEG is cut short"
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker == 0x00 or 0xD0 <= marker <= 0xD7:  # inside a scan: a stuffed byte or a restart
            at += 2
        elif marker == 0xD9:
            if size == (0, 0):
                return "the JPEG has no frame"
            at += 2
            return Picture("jpeg", *size) if at == len(data) else _trailing("JPEG", data, at)
        else:
            length = int.from_bytes(data[at + 2 : at + 4], "big")
            if length < 2 or at + 2 + length > len(data):
                return "the JPEG is cut short"
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                size = (
                    int.from_bytes(data[at + 7 : at + 9], "big"),
                    int.from_bytes(data[at + 5 : at + 7], "big"),
                )
            at += 2 + length


def _webp(data: bytes) -> Picture | str:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        return "the WebP is cut short"
    if end != len(data):
        return _trailing("WebP", data, end)
    chunk = data[12:16]
    if chunk == b"VP8X" and len(data) >= 30:
        width = 1 + int.from_bytes(data[24:27], "little")
        height = 1 + int.from_bytes(data[27:30], "little")
    elif chunk == b"VP8L" and len(data) >= 25 and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    elif chunk == b"VP8 " and len(data) >= 30 and data[23:26] == b"\x9d\x01\x2a":
        width = int.from_bytes(data[26:28], "little") & 0x3FFF
        height = int.from_bytes(data[28:30], "little") & 0x3FFF
    else:
        return "the WebP has no frame"
    return Picture("webp", width, height)


def _trailing(kind: str, data: bytes, end: int) -> str:
    return f"{len(data) - end} bytes follow the end of the {kind}"
