"""Shifts a palette towards the colours of a reference image.

An encoded image and a palette go in, a palette comes out. Bytes that are no image leave the palette
unchanged.
"""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, Palette, shift_hue


def lean_towards_reference(palette: Palette, reference: bytes) -> Palette:
    """Return a palette shifted towards the dominant colours of a reference image."""
    colours = dominant_colours(reference)
    if not colours:
        return palette
    ground = colours[0]
    accent, second = (sorted(colours, key=_chroma, reverse=True) * 2)[:2]
    top, middle, low = palette.sky
    return replace(
        palette,
        sky=(
            shift_hue(top, ground, 0.5),
            shift_hue(middle, ground, 0.4),
            shift_hue(low, ground, 0.25),
        ),
        far=shift_hue(palette.far, ground, 0.6),
        near=shift_hue(palette.near, ground, 0.6),
        water=shift_hue(palette.water, ground, 0.6),
        accent=shift_hue(palette.accent, accent, 0.75),
        second=shift_hue(palette.second, second, 0.6),
    )


def dominant_colours(reference: bytes) -> list[Colour]:
    """Return up to six colours of an image, the most frequent first; none if unreadable."""
    try:
        with Image.open(io.BytesIO(reference)) as picture:
            # A tiny copy is enough; `draft` avoids decoding a large JPEG in full.
            picture.draft("RGB", (64, 64))
            small = picture.convert("RGB").resize((48, 48), Image.Resampling.BOX)
    except Exception:  # decoders raise many types on bytes that are no image
        return []
    few = small.quantize(6, method=Image.Quantize.MEDIANCUT)
    table = few.getpalette() or []
    counts = few.getcolors() or []
    ranked = sorted(
        ((count, index) for count, index in counts if isinstance(index, int)),
        key=lambda pair: (-pair[0], pair[1]),
    )
    return [(table[3 * i], table[3 * i + 1], table[3 * i + 2]) for _, i in ranked]


def _chroma(colour: Colour) -> int:
    return max(colour) - min(colour)
