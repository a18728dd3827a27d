"""Make the files that are published from one picture: the window through which Pillow is seen.

In come a picture's bytes, already proven to be PNG, JPEG or WebP and of a sane size, and the XMP
that its files are to carry; out come the encoded files, or a backdrop of some hundred bytes, or the
reason why the pixels cannot be decoded. Never upscales. Safe in threads: Pillow lets go of the
interpreter while it works.
"""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mkdocs_gemini_images.picture import MOST_PIXELS
from mkdocs_gemini_images.variant import Recipe, Variant

# The kind and the number of pixels are proven before; this is the second lock on the same door.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_FORMATS = ("PNG", "JPEG", "WEBP")
_EFFORT = {"webp": {"method": 4}, "avif": {"speed": 8}}
"""WebP's method 4 costs four times the time of 0 and saves a tenth of the bytes."""
_AVIF = 0.72
"""AVIF's quality for one of WebP: at 80, it then looks as good in two thirds of the bytes."""
_TINY = 20
"""Pixels of a backdrop's longer side: a browser that enlarges them blurs them as well."""


def encode(
    data: bytes, variants: Sequence[Variant], recipe: Recipe, xmp: bytes = b""
) -> list[bytes] | str:
    """Encode one file per variant, in their order, or say why the picture cannot be decoded."""
    image = _decoded(data)
    if isinstance(image, str):
        return image
    files: dict[Variant, bytes] = {}
    shapes = {(variant.crop, variant.width, variant.height) for variant in variants}
    for crop, width, height in shapes:  # one at a time: every format of it, and it is let go
        part = image if crop is None else image.crop(crop)
        scaled = part if (width, height) == part.size else _scaled(part, (width, height))
        for variant in variants:
            if (variant.crop, variant.width, variant.height) == (crop, width, height):
                files[variant] = _encoded(scaled, variant.format, recipe.quality, xmp)
    return [files[variant] for variant in variants]


def backdrop(data: bytes) -> bytes | str:
    """Decode all pixels and make a tiny WebP of them, or say why they cannot be decoded.

    It stands behind a picture until that is loaded. One that can be looked through has none.
    """
    image = _decoded(data)
    if isinstance(image, str) or image.mode == "RGBA":
        return image if isinstance(image, str) else b""
    scale = _TINY / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    return _encoded(_scaled(image, (width, height)), "webp", 40, b"")


def plain(image: Image.Image) -> Image.Image:
    """Give an image's pixels as RGB or RGBA, eight bits a channel."""
    if image.mode.startswith("I;16"):  # converted as it is, nearly everything would be white
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


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


def _decoded(data: bytes) -> Image.Image | str:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            image.load()
            return plain(image)
    except Exception as error:  # damaged files make Pillow's readers fail in many ways
        return f"its pixels cannot be decoded ({error})"


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
