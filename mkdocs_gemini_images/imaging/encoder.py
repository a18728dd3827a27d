"""Make the files that are published from one picture: the window through which Pillow is seen.

In come a picture's bytes, already proven to be PNG, JPEG or WebP and of a sane size, and the XMP
that its files are to carry; out come the encoded files, or a backdrop of some hundred bytes, or the
reason why the pixels cannot be decoded. Never upscales. Safe in threads: Pillow lets go of the
interpreter while it works. One large picture is open at a time, since its pixels fill the memory
that many small ones share; whoever reads a large answer does so `alone` as well.
"""

import ctypes
import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mkdocs_gemini_images.config.encoding import EncodingOptions
from mkdocs_gemini_images.core.image_format import MAX_PIXELS
from mkdocs_gemini_images.imaging.variants import Variant

# The kind and the number of pixels are proven before; this is the second lock on the same door.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
_FORMATS = ("PNG", "JPEG", "WEBP")
_EFFORT: dict[str, dict[str, Any]] = {
    # Method 4 costs four times the time of 0 and saves a tenth of the bytes.
    "webp": {"method": 4},
    # As good by SSIM as the slower encoders of others, in as many bytes; 8 is a tenth heavier.
    # CDEF is worth two per cent of the bytes; the edge filter costs as many where there is grain,
    # and helps nowhere. One thread and one tile, however many cores: they are for other pictures,
    # and the file does not depend on their number.
    "avif": {
        "speed": 6,
        "max_threads": 1,
        "autotiling": False,
        "advanced": {"tune": "ssim", "enable-cdef": "1", "enable-intra-edge-filter": "0"},
    },
}
_AVIF = 0.64
"""AVIF's quality for one of WebP: at 80, it then looks no worse, in half the bytes."""
_TINY = 20
"""Pixels of a backdrop's longer side: a browser that enlarges them blurs them as well."""
_LARGE = 8_000_000
"""Pixels, or bytes, from which a picture is large; one of 4K has twice as many pixels."""
_one_large = threading.RLock()

with suppress(OSError, AttributeError):
    # Where this C library is asked to, it gives the memory of large pictures back when they are
    # closed (M_MMAP_THRESHOLD); elsewhere there is no such function, and nothing is lost.
    ctypes.CDLL(None).mallopt(-3, 1 << 20)


def alone(size: int) -> AbstractContextManager[object]:
    """Wait, if a picture of `size` is large, until no thread has another large one in hand."""
    return _one_large if size >= _LARGE else nullcontext()


def encode(
    data: bytes, variants: Sequence[Variant], encoding: EncodingOptions, xmp: bytes = b""
) -> list[bytes] | str:
    """Encode one file per variant, in their order, or say why the picture cannot be decoded."""
    with _opened(data) as image:
        return image if isinstance(image, str) else _encoded_all(image, variants, encoding, xmp)


def _encoded_all(
    image: Image.Image, variants: Sequence[Variant], encoding: EncodingOptions, xmp: bytes
) -> list[bytes]:
    files: dict[Variant, bytes] = {}
    shapes = {(variant.crop, variant.width, variant.height) for variant in variants}
    for crop, width, height in shapes:  # one at a time: every format of it, and it is let go
        part = image if crop is None else image.crop(crop)
        scaled = part if (width, height) == part.size else _scaled(part, (width, height))
        for variant in variants:
            if (variant.crop, variant.width, variant.height) == (crop, width, height):
                files[variant] = _encoded(scaled, variant.format, encoding.quality, xmp)
    return [files[variant] for variant in variants]


def backdrop(data: bytes) -> bytes | str:
    """Decode all pixels and make a tiny WebP of them, or say why they cannot be decoded.

    It stands behind a picture until that is loaded. One that can be looked through has none.
    """
    with _opened(data) as image:
        if isinstance(image, str) or image.mode == "RGBA":
            return image if isinstance(image, str) else b""
        scale = _TINY / max(image.size)
        width, height = (max(1, round(side * scale)) for side in image.size)
        return _encoded(_scaled(image, (width, height)), "webp", 40, b"")


def without_metadata(image: Image.Image) -> Image.Image:
    """Give an image's pixels as RGB or RGBA, eight bits a channel."""
    if image.mode.startswith("I;16"):  # converted as it is, nearly everything would be white
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _encoded(image: Image.Image, format: str, quality: int, xmp: bytes) -> bytes:
    out = io.BytesIO()
    options = _EFFORT.get(format, {}) | _carrying(xmp, format)
    if format == "jpeg":
        image = image.convert("RGB")
    if format == "avif":
        quality = round(quality * _AVIF)
    image.save(out, format, quality=quality, **options)
    return out.getvalue()


def _carrying(xmp: bytes, format: str) -> dict[str, Any]:
    """Give the options with which a file is saved that carries `xmp`."""
    if not xmp:
        return {}
    if format != "png":
        return {"xmp": xmp}
    info = PngInfo()  # for a PNG, Pillow passes over `xmp` in silence
    info.add_itxt("XML:com.adobe.xmp", xmp.decode())
    return {"pnginfo": info}


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image | str]:
    """Decode a picture for a while, or say why it cannot be decoded."""
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Exception as error:  # damaged files make Pillow's readers fail in many ways
        yield _undecodable(error)
        return
    width, height = image.size
    with alone(width * height):
        try:
            image.load()
            decoded: Image.Image | str = without_metadata(image)
        except Exception as error:
            decoded = _undecodable(error)
        yield decoded


def _undecodable(error: Exception) -> str:
    return f"its pixels cannot be decoded ({error})"


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
