"""Which files are published for one picture, and under which names.

Pure arithmetic and naming. The slots of a picture come from the site's widths and the size that the
model is documented to draw, so that names are known before it is drawn; no two files of one format
have one width, and none is wider than the picture itself. The name holds a digest of the request
and of the encoding recipe: other bytes never appear under an old URL.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mkdocs_gemini_images.config.encoding import EncodingOptions
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.directives.crops import Box
from mkdocs_gemini_images.models import dimensions
from mkdocs_gemini_images.requests.request import ImageRequest, canonical

ENCODER = 1
"""Raised whenever the encoder's output changes, so that names change with it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One published file: its slot (part of its name), true size in pixels, and format.

    The format `original` stands for the picture's own bytes.
    """

    slot: int
    width: int
    height: int
    format: str
    crop: Box | None = None
    """What of the picture is in it; all of it, where nothing is said."""


def slots(step: ImageRequest, encoding: EncodingOptions) -> tuple[int, ...]:
    """Choose the widths to publish for a step: the site's, up to the picture's own, and that."""
    own = step.pixels[0]
    return (*sorted({width for width in encoding.widths if width < own}), own)


def variants(
    step: ImageRequest, encoding: EncodingOptions, size: dimensions.Pixels, format: str = "webp"
) -> tuple[Variant, ...]:
    """List the files of one format for a step whose picture is `size` (width, height) in truth."""
    own_width, own_height = size
    *smaller, own = slots(step, encoding)
    return (
        *(
            Variant(slot, slot, max(1, round(own_height * slot / own_width)), format)
            for slot in smaller
            if slot < own_width  # a smaller picture than promised has fewer files
        ),
        Variant(own, own_width, own_height, format),
    )


def shown_first(found: Sequence[Variant]) -> Variant:
    """Choose the file for `src`: what a browser without `srcset` gets, near 960 pixels wide."""
    return min(found, key=lambda variant: (abs(variant.width - 960), variant.width))


def stem(step: ImageRequest, encoding: EncodingOptions, id: str = "", *, other: str = "") -> str:
    """Name the files of a step's picture. `other` is the key of a picture shown in its place."""
    identity = {
        "request": canonical(step),
        "encoder": ENCODER,
        "quality": encoding.quality,
    }
    if encoding.original:
        identity["original"] = True
    if other:
        identity["other"] = other
    prefix = re.sub(r"[^a-z0-9]+", "-", id.lower()).strip("-")[:60]
    return f"{prefix}-{digest(identity)[:12]}" if prefix else digest(identity)[:12]
