"""An island seen isometrically: places on it, faces and blocks.

Places in tiles come in, points and shapes on the sheet go out. What the blocks
are meant to be is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix

ISLAND_TILES = 6


@dataclass(frozen=True, slots=True)
class Island:
    """One island: where it lies and how large one tile of it is."""

    canvas: Canvas
    x: float
    y: float
    tile: float

    def at(self, u: float, v: float, z: float = 0.0) -> Point:
        """Return where a place on the island, `z` tiles high, lies on the sheet."""
        return (
            self.x + (u - v) * self.tile,
            self.y + (u + v - ISLAND_TILES) * self.tile * 0.5 - z * self.tile,
        )

    def face(
        self, corners: list[tuple[float, float, float]], *colours: Colour, vivid: bool = False
    ) -> None:
        """Lay one flat face."""
        self.canvas.fill(
            self.canvas.shape().polygon([self.at(*c) for c in corners]), *colours, vivid=vivid
        )

    def block(
        self,
        u: float,
        v: float,
        wide: float,
        deep: float,
        low: float,
        high: float,
        colour: Colour,
        *,
        vivid: bool = False,
    ) -> None:
        """Lay a block: its two near sides, then its top, in three tones of a colour."""
        near, light = self.canvas.palette.near, self.canvas.palette.light
        a, b = u + wide, v + deep
        self.face(
            [(u, b, low), (a, b, low), (a, b, high), (u, b, high)],
            mix(colour, near, 0.14),
            mix(colour, near, 0.3),
            vivid=vivid,
        )
        self.face(
            [(a, v, low), (a, b, low), (a, b, high), (a, v, high)],
            mix(colour, near, 0.38),
            mix(colour, near, 0.54),
            vivid=vivid,
        )
        self.face(
            [(u, v, high), (a, v, high), (a, b, high), (u, b, high)],
            mix(colour, light, 0.22),
            vivid=vivid,
        )
