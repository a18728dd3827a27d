"""The aspect ratios and sizes that the API knows, and the pixels they stand for.

The functions take what an author wrote, also after YAML 1.1 has read it as a number, and return the
one spelling that requests and keys use. The tables come from the API reference, section "Output
pixels and tokens". Pure.
"""

import math
from collections.abc import Mapping

from mkdocs_gemini_images.core.plain_values import plain_text

Pixels = tuple[int, int]
"""Width and height."""

SIZES = ("512", "1K", "2K", "4K")
COMMON_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
"""Those that all models draw."""
AUTO = "auto"
"""No ratio is sent: the picture keeps the shape of what is sent along, and is a square without."""
RATIOS = (*COMMON_RATIOS, "1:4", "4:1", "1:8", "8:1")

PIXELS_AT_1K: Mapping[str, Pixels] = {
    "1:1": (1024, 1024), "2:3": (848, 1264), "3:2": (1264, 848), "3:4": (896, 1200),
    "4:3": (1200, 896), "4:5": (928, 1152), "5:4": (1152, 928), "9:16": (768, 1376),
    "16:9": (1376, 768), "21:9": (1584, 672), "1:4": (512, 2048), "4:1": (2048, 512),
    "1:8": (384, 3072), "8:1": (3072, 384),
}  # fmt: skip
"""Of models since 3.0; 2K and 4K are exact multiples."""
PIXELS_AT_512: Mapping[str, Pixels] = {
    "1:1": (512, 512), "2:3": (424, 632), "3:2": (632, 424), "3:4": (448, 600),
    "4:3": (600, 448), "4:5": (464, 576), "5:4": (576, 464), "9:16": (384, 688),
    "16:9": (688, 384), "21:9": (792, 336), "1:4": (256, 1024), "4:1": (1024, 256),
    "1:8": (192, 1536), "8:1": (1536, 192),
}  # fmt: skip
"""The size 512, which is no exact fraction of 1K."""
PIXELS_OF_2_5: Mapping[str, Pixels] = {
    "1:1": (1024, 1024), "2:3": (832, 1248), "3:2": (1248, 832), "3:4": (864, 1184),
    "4:3": (1184, 864), "4:5": (896, 1152), "5:4": (1152, 896), "9:16": (768, 1344),
    "16:9": (1344, 768), "21:9": (1536, 672),
}  # fmt: skip
"""Of the model 2.5, which draws no other size."""
MULTIPLES_OF_1K = {"1K": 1, "2K": 2, "4K": 4}

_RATIO_BY_NUMBER = {60 * int(a) + int(b): f"{a}:{b}" for a, b in (r.split(":") for r in RATIOS)}


def canonical_size(written: str) -> str:
    """Return a size in its one spelling: `0.5K` and `512` are one size, `2k` is `2K`.

    Text that is no size comes back without surrounding space, for the caller to refuse.
    """
    size = written.strip().upper()
    if size in {"0.5K", "512"}:
        return "512"
    return size if size in SIZES else written.strip()


def canonical_ratio(written: object) -> str:
    """Return an aspect ratio in its one spelling, also after YAML 1.1 has read it as a number.

    YAML 1.1 reads an unquoted `16:9` as the base-60 number 969. The numbers of all fourteen ratios
    differ, so each is turned back. Other text comes back without space, for the caller to refuse.
    """
    if isinstance(written, int):
        return _RATIO_BY_NUMBER.get(written) or plain_text(written)
    text = "".join(plain_text(written).split())
    return AUTO if text.lower() == AUTO else text


def pixels_of_shape(shape: Pixels, size: str) -> Pixels:
    """Return the width and height that a picture of this shape has at a size, as a rule."""
    side = 512 if size == "512" else 1024 * MULTIPLES_OF_1K[size]
    scale = side / math.sqrt(shape[0] * shape[1])
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))
