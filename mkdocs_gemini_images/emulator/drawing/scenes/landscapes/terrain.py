"""The colours of the ground and the trees that several landscapes share."""

from __future__ import annotations

from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas, Shape
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription

SNOW: Colour = (247, 249, 252)


def ground_colours(canvas: Canvas, scene: SceneDescription, depth: float) -> tuple[Colour, Colour]:
    """Return the two colours of the land at a depth from 0 (far) to 1 (near)."""
    palette = canvas.palette
    colour = mix(palette.far, palette.near, depth)
    if scene.season == "winter":
        white = mix(SNOW, palette.sky[0], 0.42 if palette.night else 0.06)
        colour = mix(colour, white, 0.68 - 0.12 * depth)
    return mix(colour, palette.sky[2], 0.18 * (1 - depth)), mix(colour, palette.near, 0.32)


def add_conifer(shape: Shape, rng: Random, x: float, y: float, size: float) -> None:
    """Add a fir of three uneven tiers to a shape."""
    for tier in range(3):
        wide = size * (0.25 - 0.06 * tier) * rng.uniform(0.88, 1.1)
        low, top = y - size * 0.27 * tier, y - size * (0.5 + 0.25 * tier)
        shape.polygon([(x - wide, low), (x, top), (x + wide, low), (x, low - size * 0.05)])
