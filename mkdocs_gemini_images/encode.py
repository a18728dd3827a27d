"""Make the files that are published from one picture: the window through which Pillow is seen.

In come a picture's bytes, already proven to be PNG, JPEG or WebP and of a sane size, and the XMP
that its files are to carry; out come the encoded files, or the reason why the pixels cannot be
decoded. Never upscales. Safe in threads: Pillow lets go of the interpreter while it works.
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
_EFFORT = {"webp": {"method": 4}, "avif": {"speed": 6}}
"""WebP's method 4 costs four times the time of 0 and saves a tenth of the bytes."""


def encode(
    data: bytes, variants: Sequence[Variant], recipe: Recipe, xmp: bytes = b""
) -> list[bytes] | str:
    """Encode one file per variant, in their order, or say why the picture cannot be decoded."""
    image = _decoded(data)
    if isinstance(image, str):
        return image
    files = []
    for variant in variants:
        size = (variant.width, variant.height)
        part = image if variant.crop is None else image.crop(variant.crop)
        scaled = part if size == part.size else _scaled(part, size)
        out = io.BytesIO()
        if variant.format == "jpeg":
            scaled = scaled.convert("RGB")
        options = _EFFORT.get(variant.format, {}) | _carrying(xmp, variant.format)
        scaled.save(out, variant.format, quality=recipe.quality, **options)
        files.append(out.getvalue())
    return files


def sound(data: bytes) -> str:
    """Decode all pixels and say what is wrong with them, or nothing."""
    image = _decoded(data)
    return image if isinstance(image, str) else ""


def plain(image: Image.Image) -> Image.Image:
    """Give an image's pixels as RGB or RGBA, eight bits a channel."""
    if image.mode.startswith("I;16"):  # converted as it is, nearly everything would be white
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


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
