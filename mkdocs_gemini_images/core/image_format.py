"""Recognize an image by its bytes.

The media types that servers send have been wrong, so only the bytes count. `identify` accepts PNG,
JPEG and WebP that are complete, have nothing after their end, and have no more pixels than the
largest image of a model; it returns format, width and height. It does not decode pixels: whether
those are intact, only a decoder knows. Pure.
"""

import re
import zlib
from typing import Literal, NamedTuple

ImageKind = Literal["png", "jpeg", "webp"]
MAX_PIXELS = 50_000_000
"""Two and a half times the largest image that a model draws (12288 x 1536)."""

_MOST_PARTS = 100_000
"""Chunks of a PNG, or segments of a JPEG: decoders take microseconds for each."""
_MOST_SCANS = 64
"""Scans of a JPEG. An encoder writes a dozen; each may be thirty bytes, and takes a decoder as long
as a whole image."""

MIME = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}


class ImageError(ValueError):
    """Bytes are no image that is accepted here; the text says why, as a clause of a message."""


class TooManyParts(ImageError):
    """An image that keeps a decoder busy for long: it has more parts than any encoder writes."""


class Picture(NamedTuple):
    """The format of an image, and its width and height in pixels, as its bytes have them."""

    kind: ImageKind
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """The suffix of its file name."""
        return ".jpg" if self.kind == "jpeg" else f".{self.kind}"


def identify(data: bytes) -> Picture:
    """Return format and size of an image. Raises `ImageError`."""
    picture, end = measure(data)
    if end != len(data):
        name = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP"}[picture.kind]
        raise ImageError(f"{len(data) - end} bytes follow the end of the {name}")
    return picture


def without_trailing_space(data: bytes) -> bytes:
    """Return an image without white space after its end, which some servers add.

    Anything else after the end stays, for `identify` to refuse.
    """
    if not data[-1:].isspace():
        return data
    try:
        _, end = measure(data)
    except ImageError:
        return data
    return data[:end] if data[end:].isspace() else data


def measure(data: bytes) -> tuple[Picture, int]:
    """Return format and size of an image, and where it ends. Raises `ImageError`."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        picture, end = _png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        picture, end = _jpeg(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        picture, end = _webp(data)
    else:
        raise ImageError(f"it is no PNG, JPEG or WebP (it begins with {data[:12]!r})")
    if not picture.width or not picture.height:
        raise ImageError(f"the {picture.kind.upper()} has no pixels")
    if picture.width * picture.height > MAX_PIXELS:
        size = f"{picture.width} x {picture.height}"
        raise ImageError(f"{size} pixels are more than any model draws")
    return picture, end


def has_markup(data: bytes) -> bool:
    """Return whether a browser that took an image for a page would find elements in it.

    Comments and unknown chunks of an image may hold any bytes.
    """
    return re.search(_MARKUP, data, re.IGNORECASE) is not None


# No compressed pixels look like these but by rare chance, after which nothing bad follows.
_MARKUP = (
    rb"<(?:!doctype|html|body|script|svg|iframe|object|embed|style|foreignobject)[\s/>]"
    rb"|<\?xml-stylesheet"
)


_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker, as `measure` looks for it: no stuffed byte, no restart and no fill byte."""


def has_more_frames(data: bytes) -> bool:
    """Return whether an image is an animation, of which decoders here read the first frame."""
    if data.startswith(b"\x89PNG"):
        return data.find(b"acTL", 0, data.find(b"IDAT")) >= 0
    return data[12:16] == b"VP8X" and data[20] & 2 != 0


def _png(data: bytes) -> tuple[Picture, int]:
    at, size = 8, (0, 0)
    for _ in range(_MOST_PARTS):
        if at + 12 > len(data):
            raise ImageError("the PNG is cut short")
        length = int.from_bytes(data[at : at + 4], "big")
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise ImageError("the PNG is cut short")
        if zlib.crc32(memoryview(data)[at + 4 : end - 4]) != int.from_bytes(
            data[end - 4 : end], "big"
        ):
            raise ImageError("the PNG is damaged (a checksum is wrong)")
        if at == 8:
            if name != b"IHDR" or length != 13:
                raise ImageError("the PNG does not begin with its header")
            size = (
                int.from_bytes(data[16:20], "big"),
                int.from_bytes(data[20:24], "big"),
            )
        if name == b"IEND":
            return Picture("png", *size), end
        at = end
    raise TooManyParts("the PNG has more parts than any encoder writes")


def _jpeg(data: bytes) -> tuple[Picture, int]:
    at, size = 2, (0, 0)
    parts = scans = 0
    while (found := _JPEG_MARKER.search(data, at)) is not None:
        # Fill bytes before the first scan count as well: a decoder reads them one at a time.
        parts += 1 if scans else 1 + found.start() - at
        at, marker = found.start(), data[found.start() + 1]
        if marker == 0xD9:
            if size == (0, 0):
                raise ImageError("the JPEG has no frame")
            return Picture("jpeg", *size), at + 2
        scans += marker == 0xDA
        if parts > _MOST_PARTS or scans > _MOST_SCANS:
            raise TooManyParts("the JPEG has more parts than any encoder writes")
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(data):
            raise ImageError("the JPEG is cut short")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            size = (
                int.from_bytes(data[at + 7 : at + 9], "big"),
                int.from_bytes(data[at + 5 : at + 7], "big"),
            )
        at += 2 + length
    raise ImageError("the JPEG is cut short")


def _webp(data: bytes) -> tuple[Picture, int]:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise ImageError("the WebP is cut short")
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
        raise ImageError("the WebP has no frame")
    return Picture("webp", width, height), end
