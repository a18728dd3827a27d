"""Projects the places of an isometric island, and paints its faces and blocks.

Coordinates in tiles go in, points and painted shapes come out.
"""

from __future__ import annotations

from dataclasses import dataclass

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix

ISLAND_TILES = 6
Corner = tuple[float, float, float]
"""A place on an island: along its two sides and upwards, in tiles."""


@dataclass(frozen=True, slots=True)
class Island:
    """One island: its centre on the canvas and the size of a tile in pixels."""

    canvas: Canvas
    x: float
    y: float
    tile: float

    def at(self, u: float, v: float, z: float = 0.0) -> Point:
        """Return the point on the canvas of a place on the island, `z` tiles high."""
        return (
            self.x + (u - v) * self.tile,
            self.y + (u + v - ISLAND_TILES) * self.tile * 0.5 - z * self.tile,
        )

    def face(self, corners: list[Corner], *colours: Colour, vivid: bool = False) -> None:
        """Paint one flat face."""
        self.canvas.fill(
            self.canvas.shape().polygon([self.at(*c) for c in corners]), *colours, vivid=vivid
        )

    def block(self, start: Corner, end: Corner, colour: Colour, *, vivid: bool = False) -> None:
        """Paint the two near sides and the top of a block between two opposite corners.

        `start` is the far lower corner and `end` the near upper one, in tiles.
        """
        near, light = self.canvas.palette.near, self.canvas.palette.light
        (u, v, low), (a, b, high) = start, end
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
