"""Compute which files are published for one image, and their names.

The slots of an image follow from the site's widths and the size that its model is documented to
draw, so that the names are known before it is drawn. No two files of one format have the same
width, and none is wider than the image. A name holds a digest of the request and of the encoding
options, so that a URL never gets other bytes. Pure.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.directives.crops import Box, Crop
from mkdocs_gemini_images.models import dimensions
from mkdocs_gemini_images.requests.request import ImageRequest, canonical

ENCODER_VERSION = 1
"""To be raised whenever the encoder's output changes, so that names change too."""

MAX_SIDE = {"webp": 16383, "jpeg": 65500, "avif": 32768}
"""Pixels of the longest side that a format, or what encodes and shows it, takes."""


class Variant(NamedTuple):
    """One published file: its slot (part of its name), true size in pixels, and format.

    The format `original` stands for the bytes of the original.
    """

    slot: int
    width: int
    height: int
    format: str
    crop: Box | None = None
    """The part of the image that it shows, or None for all of it."""


def slots(own: int, widths: Sequence[int]) -> tuple[int, ...]:
    """Return the widths to publish: those of the site below the image's own, and its own."""
    return (*sorted({width for width in widths if width < own}), own)


def variants(
    step: ImageRequest,
    encoding: EncodingOptions,
    size: dimensions.Pixels,
    format: str = "webp",
    *,
    adopted: bool = False,
    crop: Crop | None = None,
) -> tuple[Variant, ...]:
    """Return the files of one format. `size` is the true width and height of the image.

    `crop` is the part of it that they show; its focus is a point, not `auto`. An image with longer
    sides than the format takes is published smaller. The slots of an `adopted` one follow from its
    own width: it was never promised.
    """
    return _of_size(step.pixels, encoding.widths, size, format, adopted, crop)


@lru_cache(maxsize=512)  # most pictures of a site have one of a few sizes
def _of_size(
    documented: dimensions.Pixels,
    widths: tuple[int, ...],
    size: dimensions.Pixels,
    format: str,
    adopted: bool,
    crop: Crop | None,
) -> tuple[Variant, ...]:
    """Return the files of one format of a picture that is documented to have a size."""
    box = None
    if crop is not None:
        box, documented = crop.box(size), crop.size(documented)
        size = crop.size(size)
    own_width, own_height = size
    largest = MAX_SIDE.get(format, max(size))
    scale = min(1.0, largest / max(size))
    width, height = (max(1, round(side * scale)) for side in size)
    own = width if adopted else documented[0]
    *smaller, own = slots(own, widths)
    heights = {slot: max(1, round(own_height * slot / own_width)) for slot in smaller}
    return (
        *(
            Variant(slot, slot, heights[slot], format, box)
            for slot in smaller
            # An image smaller than documented has fewer files, as has one that a format limits.
            if slot < width and heights[slot] <= largest
        ),
        Variant(own, width, height, format, box),
    )


def fitting(width: int, height: int, most: int) -> dimensions.Pixels:
    """Return the size of a small copy of an image: its longer side has at most `most` pixels."""
    scale = min(1.0, most / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def shown_first(found: Sequence[Variant]) -> Variant:
    """Return the file for `src`, shown by browsers without `srcset`: the nearest to 960 pixels."""
    return min(found, key=lambda variant: (abs(variant.width - 960), variant.width))


def stem(step: ImageRequest, encoding: EncodingOptions, id: str = "", *, other: str = "") -> str:
    """Return the stem of an image's file names.

    `other` is the key of the image that is shown in place of the requested one, if any.
    """
    identity = {
        "request": canonical(step),
        "encoder": ENCODER_VERSION,
        "quality": encoding.quality,
    }
    if encoding.original:
        identity["original"] = True
    if other:
        identity["other"] = other
    prefix = re.sub(r"[^a-z0-9]+", "-", id.lower()).strip("-")[:60] if id else ""
    return f"{prefix}-{digest(identity)[:12]}" if prefix else digest(identity)[:12]
