"""Turns the names of tones in the tables of figures into colours of a palette."""

from __future__ import annotations

from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, Palette, from_hex, mix

_WOOD, _LEAF, _SKIN, _TEA = (from_hex(text) for text in ("9a6a45", "3f8f63", "e3a883", "8a4a2a"))


def tone_colour(palette: Palette, name: str) -> Colour:
    """Return the colour of a tone in a palette."""
    dim = 0.42 if palette.night else 0.0
    shadow = palette.sky[0]
    match name:
        case "shade":
            return mix(palette.near, palette.far, 0.45)
        case "dark" | "veil":
            return mix(palette.near, (16, 18, 30), 0.45)
        case "wood":
            return mix(mix(_WOOD, palette.accent, 0.15), shadow, dim)
        case "leaf":
            return mix(mix(_LEAF, palette.near, 0.35), shadow, dim)
        case "sprig":
            return mix(mix(mix(_LEAF, palette.near, 0.2), palette.second, 0.4), shadow, dim)
        case "skin":
            return mix(_SKIN, shadow, dim)
        case "tea":
            return _TEA
        case "dome":
            return mix(palette.far, palette.pale, 0.45)
        case "gears":
            return palette.second
        case _:
            colour: Colour = getattr(palette, name)
            return colour
