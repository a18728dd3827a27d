"""Encode the files that are published from one image, with Pillow.

The functions take the bytes of an image that `image_format.identify` has accepted, and return the
encoded files, or a backdrop of some hundred bytes. They raise `ImageError` when the pixels cannot
be decoded, and never upscale. They may run in several threads: Pillow releases the interpreter
lock while it works. Only one large image is open at a time, which limits the memory of a build.
"""

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.core.image_format import (
    MAX_PIXELS,
    ImageError,
    ImageKind,
    has_markup,
    has_more_frames,
)
from mkdocs_gemini_images.imaging.kept_pixels import PROVEN
from mkdocs_gemini_images.imaging.large_images import (
    GivenUp,
    is_large,
    one_large_image_at_a_time,
)
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.models.dimensions import Pixels

# `identify` has checked the number of pixels already; this makes Pillow check it as well.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
_FORMATS = ("PNG", "JPEG", "WEBP")
_EFFORT: dict[str, dict[str, Any]] = {
    # Method 4 costs four times the time of 0 and saves a tenth of the bytes.
    "webp": {"method": 4},
    # Speed 6 reaches the SSIM of slower speeds in as many bytes; 8 needs a tenth more. CDEF saves
    # two per cent of the bytes; the edge filter costs as many in grainy images, and saves none.
    # One thread and one tile: other cores encode other images, and the file does not depend on
    # the number of cores.
    "avif": {
        "speed": 6,
        "max_threads": 1,
        "autotiling": False,
        "advanced": {
            "tune": "ssim",
            "enable-cdef": "1",
            "enable-intra-edge-filter": "0",
            # Memory for other frames, of which an image has none: the bytes are the same.
            "enable-tpl-model": "0",
        },
    },
}
_QUICK = 1
"""The method of WebP for small copies: a third of the time of 4, and an eighth more bytes."""
_AVIF_QUALITY = 0.64
"""AVIF's quality per WebP's: for 80, an AVIF then looks no worse, in half the bytes."""
_ANEW_QUALITY = 95
"""Of an original that is not published as it is."""
_SIDEWAYS = range(5, 9)
"""The orientations, in EXIF, of an image that lies on its side."""
_BACKDROP_SIDE = 20
"""Pixels of the longer side of a backdrop, which browsers blur as they enlarge it."""


class EncodingError(ImageError):
    """Raised where an image can be decoded, and a format does not take it."""


def encode(
    data: bytes,
    variants: Sequence[Variant],
    encoding: EncodingOptions,
    xmp: bytes = b"",
    photo: Pixels | None = None,
) -> list[bytes]:
    """Return one file per variant, in their order, with `xmp` in each. Raises `ImageError`.

    `photo` is the size of an adopted image as it is looked at: it is turned as its metadata says,
    and its colours become those of sRGB. A drawn image is taken as its bytes have it.
    """
    with decoded_image(data, photo) as image:
        del data  # a large original has as many bytes as an encoder needs for a frame
        return encode_pixels(image, variants, encoding, xmp)


def encode_pixels(
    image: Image.Image, variants: Sequence[Variant], encoding: EncodingOptions, xmp: bytes
) -> list[bytes]:
    """Return what `encode` returns, of an image that `decoded` has given. Raises `ImageError`.

    The image may be used up: the last file of a large one is encoded without its pixels in memory.
    """
    files: dict[Variant, bytes] = {}
    # Every format of one shape, then the next; what takes most memory comes last.
    order = sorted(set(variants), key=_needs)
    scaled, made_for = image, None
    for variant in order:
        if made_for != (shape := (variant.crop, variant.width, variant.height)):
            made_for, size = shape, (variant.width, variant.height)
            part = image if variant.crop is None else image.crop(variant.crop)
            scaled = part if size == part.size else _scaled(part, size)
            del part
        alone = variant is order[-1] and variant.format == "avif" and is_large(image)
        if alone:
            scaled.__class__ = GivenUp
            if scaled is not image:
                image.close()
        with PROVEN.giving_way() if alone else nullcontext():
            files[variant] = _encoded(scaled, variant.format, encoding.quality, xmp)
    return [files[variant] for variant in variants]


def _needs(variant: Variant) -> tuple[bool, int, object, bool]:
    """Return what variants are sorted by: one shape after the other, the largest and AVIF last."""
    shape = (variant.crop or (), variant.width, variant.height)
    return variant.crop is None, variant.width * variant.height, shape, variant.format == "avif"


def original(data: bytes, kind: ImageKind, photo: Pixels | None = None) -> bytes:
    """Return the bytes of an image to be published as they are, once all pixels are decoded.

    An image with markup or further frames in it is encoded anew, in its own format. `photo` is as
    in `encode`. Raises `ImageError`.
    """
    with decoded_image(data, photo) as image:
        if not (has_markup(data) or has_more_frames(data)):
            return data
        image.info.clear()  # Pillow would write comments and colour profiles again
        return _encoded(image, kind, _ANEW_QUALITY, b"")


def backdrop(
    data: bytes,
    photo: Pixels | None = None,
    *,
    keep: Callable[[Image.Image], None] = lambda image: None,
) -> bytes:
    """Return a tiny WebP that a page shows until the image is loaded. `photo` is as in `encode`.

    A transparent image has none: the result is empty. Raises `ImageError`; all pixels are decoded,
    which proves that they can be. `keep` is given them, unless the image is large.
    """
    with decoded_image(data, photo) as image:
        if not is_large(image):
            keep(image)
        if image.mode == "RGBA":
            return b""
        scale = _BACKDROP_SIDE / max(image.size)
        width, height = (max(1, round(side * scale)) for side in image.size)
        return _encoded(_scaled(image, (width, height)), "webp", 40, b"")


def small_copy(
    data: bytes, size: Pixels, quality: int, xmp: bytes = b"", photo: Pixels | None = None
) -> bytes:
    """Return a small WebP of `size`, to look through many pictures: it is made quickly.

    It has an eighth more bytes than `encode` makes of it. `photo` is as in `encode`. Raises
    `ImageError`; all pixels are decoded, those of a JPEG at an eighth of their number and more.
    """
    with decoded_image(data, photo, least=max(size)) as image:
        if image.size != size:
            image = image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)
        return _encoded(image, "webp", quality, xmp, method=_QUICK)


def photo_size(data: bytes) -> Pixels:
    """Return the width and height of an image as it is looked at: upright, as its metadata says.

    Raises `ImageError`, also for an image of several frames, of which one alone would be shown.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            (width, height), frames = image.size, getattr(image, "n_frames", 1)
            orientation = image.getexif().get(ExifTags.Base.Orientation)
    except Exception as error:
        raise _undecodable(error) from error
    if frames > 1:
        raise ImageError(f"it has {frames} frames, of which one would be shown")
    return (height, width) if orientation in _SIDEWAYS else (width, height)


def without_metadata(image: Image.Image) -> Image.Image:
    """Return the pixels of an image as RGB or RGBA, eight bits a channel.

    Raises what Pillow raises where they cannot be decoded.
    """
    if image.mode.startswith("I;16"):  # `convert` would clip it to eight bits, mostly to white
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _encoded(image: Image.Image, format: str, quality: int, xmp: bytes, **effort: int) -> bytes:
    out = io.BytesIO()
    options = _EFFORT.get(format, {}) | effort | _save_options(xmp, format)
    if format == "jpeg":
        image = image.convert("RGB")
    if format == "avif":
        quality = round(quality * _AVIF_QUALITY)
    try:
        image.save(out, format, quality=quality, **options)
    except (OSError, ValueError, RuntimeError, MemoryError) as error:
        size = f"{image.width} x {image.height} pixels"
        raise EncodingError(f"{format} does not take {size} ({error})") from error
    return out.getvalue()


def _save_options(xmp: bytes, format: str) -> dict[str, Any]:
    """Return the options of `Image.save` that put `xmp` into a file."""
    if not xmp:
        return {}
    if format != "png":
        return {"xmp": xmp}
    info = PngInfo()  # for a PNG, Pillow ignores `xmp`
    info.add_itxt("XML:com.adobe.xmp", xmp.decode())
    return {"pnginfo": info}


@contextmanager
def decoded_image(
    data: bytes, photo: Pixels | None = None, *, least: int = 0
) -> Iterator[Image.Image]:
    """Decode an image for the duration of the block. Raises `ImageError`.

    A JPEG may be smaller, where its longer side has `least` pixels all the same.
    """
    file = io.BytesIO(data)
    try:
        image: Image.Image = Image.open(file, formats=_FORMATS)
        if least:
            photo = _reduced(image, least, photo)
    except Exception as error:  # damaged files make Pillow's readers fail in many ways
        raise _undecodable(error) from error
    width, height = image.size
    with one_large_image_at_a_time(width * height):
        try:
            image.load()
            decoded = without_metadata(image if photo is None else _as_photo(image, photo))
            decoded.info.pop("comment", None)  # Pillow would write it again
        except Exception as error:
            raise _undecodable(error) from error
        del data, image
        file.close()  # a PNG holds on to it, and the block may need its memory
        yield decoded


def _reduced(image: Image.Image, least: int, photo: Pixels | None) -> Pixels | None:
    """Let an image be decoded at a part of its size, where its format can; return that of `photo`.

    Only JPEG can: its decoder leaves out the finest detail.
    """
    longer = max(image.size)
    factor = max(1, longer // least)
    image.draft(None, (max(1, image.width // factor), max(1, image.height // factor)))
    part = round(longer / max(image.size))  # the shorter side may have too few pixels to tell
    return photo and (-(-photo[0] // part), -(-photo[1] // part))


def _as_photo(image: Image.Image, size: Pixels) -> Image.Image:
    """Return an image as it is looked at: upright, and in the colours of sRGB.

    A sidecar of an earlier version has the size of the image as it lies: then it stays so.
    """
    turned = ImageOps.exif_transpose(image)
    if turned.size == size:
        image = turned
    profile = image.info.pop("icc_profile", None)
    if not profile:
        return image
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if not ImageCms.getProfileDescription(source).startswith("sRGB"):
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, srgb, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that is damaged, or of other pixels, says nothing of the colours
    image.info.pop("icc_profile", None)
    return image


def _undecodable(error: Exception) -> ImageError:
    return ImageError(f"its pixels cannot be decoded ({error_words_of(error)})")


def error_words_of(error: Exception) -> str:
    """Return the words of an error of Pillow, which may name an object at an address."""
    return re.sub(r" <[^<>]* at 0x[0-9A-Fa-f]+>", "", str(error))


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
