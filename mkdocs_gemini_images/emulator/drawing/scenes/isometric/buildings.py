"""Paints what stands on an island: raised beds, server racks, houses and a glasshouse.

An island and a place on it go in; a random generator decides heights and lit windows. The
glasshouse is painted in two halves, one before and one after everything else.
"""

from __future__ import annotations

import math
from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.geometry import leaf_outline
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.painting.tones import tone_colour
from mkdocs_gemini_images.emulator.drawing.scenes.isometric.block_island import ISLAND_TILES, Island


def add_raised_bed(island: Island, rng: Random, u: float, v: float) -> None:
    """Paint a raised bed with plants."""
    canvas, palette, tile = island.canvas, island.canvas.palette, island.tile
    island.block((u, v, 0.0), (u + 1.3, v + 1.3, 0.28), tone_colour(palette, "wood"))
    island.face(
        [
            (u + 0.12, v + 0.12, 0.28),
            (u + 1.18, v + 0.12, 0.28),
            (u + 1.18, v + 1.18, 0.28),
            (u + 0.12, v + 1.18, 0.28),
        ],
        mix(palette.near, tone_colour(palette, "wood"), 0.35),
    )
    tall = rng.random() < 0.4
    for row in range(3):
        for column in range(3):
            x, y = island.at(u + 0.3 + 0.35 * row, v + 0.3 + 0.35 * column, 0.28)
            leaves, bright = canvas.shape(), canvas.shape()
            size = tile * rng.uniform(0.55, 0.8) * (1.5 if tall else 1.0)
            for k in range(5):
                turn = -math.pi / 2 + (k - 2) * 0.52 + rng.uniform(-0.1, 0.1)
                (bright if k % 2 else leaves).polygon(
                    leaf_outline(x, y, size * rng.uniform(0.8, 1.05), size * 0.34, turn)
                )
            green = tone_colour(palette, "leaf")
            canvas.fill(leaves, green, vivid=True)
            canvas.fill(bright, tone_colour(palette, "sprig"), vivid=True)
            if rng.random() < 0.3:
                canvas.fill(
                    canvas.shape().disc(x, y - size * 0.9, tile * 0.12),
                    rng.choice((palette.accent, palette.second)),
                    vivid=True,
                )


def add_server_rack(island: Island, rng: Random, u: float, v: float) -> None:
    """Paint a rack of servers, half of them overgrown."""
    palette, tall = island.canvas.palette, rng.uniform(2.0, 3.1)
    body = mix(palette.near, palette.far, 0.3)
    a, b = u + 1.3, v + 1.15
    island.block((u, v, 0.0), (a, b, tall), body)
    panel = mix(palette.near, (16, 18, 34), 0.4)
    lamps, dots, slots = (island.canvas.shape() for _ in range(3))
    z = 0.22
    while z < tall - 0.35:
        island_panel = [
            (u + 0.12, b, z),
            (a - 0.12, b, z),
            (a - 0.12, b, z + 0.3),
            (u + 0.12, b, z + 0.3),
        ]
        slots.polygon([island.at(*c) for c in island_panel])
        for k in range(2):
            x, y = island.at(u + 0.28 + 0.2 * k, b, z + 0.15)
            (lamps if rng.random() < 0.7 else dots).disc(x, y, max(0.8, island.tile * 0.07))
        lamps.polygon(
            [
                island.at(u + 0.7, b, z + 0.12),
                island.at(a - 0.24, b, z + 0.12),
                island.at(a - 0.24, b, z + 0.18),
                island.at(u + 0.7, b, z + 0.18),
            ]
        )
        z += 0.42
    island.canvas.fill(slots, panel, outlined=False)
    island.canvas.fill(lamps, palette.light, outlined=False)
    island.canvas.fill(dots, palette.accent, outlined=False)
    if rng.random() < 0.5:
        vine = island.canvas.shape()
        for _ in range(9):
            x, y = island.at(u + rng.uniform(0.1, 1.2), v + rng.uniform(0.2, 1.1), tall)
            vine.polygon(
                leaf_outline(x, y, island.tile * 0.5, island.tile * 0.22, rng.uniform(-2.6, -0.5))
            )
        island.canvas.fill(vine, tone_colour(palette, "leaf"), vivid=True)


def add_house(island: Island, rng: Random, u: float, v: float) -> None:
    """Paint a house or a small tower."""
    palette = island.canvas.palette
    tall = rng.choice((0.9, 1.3, 1.8, 2.5))
    grey = mix(palette.far, palette.pale, 0.4)
    colour = rng.choice((palette.pale, palette.pale, palette.accent, palette.second, grey))
    island.block((u, v, 0.0), (u + 1.3, v + 1.3, tall), colour, vivid=True)
    _house_windows(island, rng, u, v, tall)
    if tall < 1.5:
        _roof(island, u, v, tall, colour)
    elif rng.random() < 0.6:
        start, end = (u + 0.35, v + 0.35, tall), (u + 0.35 + 0.55, v + 0.35 + 0.55, tall + 0.3)
        island.block(start, end, mix(colour, palette.far, 0.4))


def _house_windows(island: Island, rng: Random, u: float, v: float, tall: float) -> None:
    palette, a, b = island.canvas.palette, u + 1.3, v + 1.3
    lit, dim = island.canvas.shape(), island.canvas.shape()
    z = 0.28
    while z < tall - 0.3:
        top = z + 0.28
        for k in range(3):
            w = u + 0.18 + 0.36 * k
            left = [(w, b, z), (w + 0.22, b, z), (w + 0.22, b, top), (w, b, top)]
            w = v + 0.18 + 0.36 * k
            right = [(a, w, z), (a, w + 0.22, z), (a, w + 0.22, top), (a, w, top)]
            for corners in (left, right):
                shape = lit if rng.random() < 0.5 else dim
                shape.polygon([island.at(*corner) for corner in corners])
        z += 0.5
    island.canvas.fill(dim, mix(palette.near, palette.far, 0.25), opacity=0.8, outlined=False)
    island.canvas.fill(lit, palette.light, outlined=False)


def _roof(island: Island, u: float, v: float, tall: float, colour: Colour) -> None:
    palette, a, b = island.canvas.palette, u + 1.3, v + 1.3
    roof = palette.accent if colour != palette.accent else palette.near
    middle, peak, over = v + 0.65, tall + 0.62, 0.1
    ridge = [(a + over, middle, peak), (u - over, middle, peak)]
    far_side = [(u - over, v - over, tall), (a + over, v - over, tall), *ridge]
    near_side = [(u - over, b + over, tall - 0.05), (a + over, b + over, tall - 0.05), *ridge]
    gable = [(a, v, tall), (a, b, tall), (a, middle, peak)]
    island.face(far_side, mix(roof, palette.light, 0.3), vivid=True)
    island.face(gable, mix(colour, palette.near, 0.46), vivid=True)
    island.face(near_side, roof, mix(roof, palette.near, 0.14), vivid=True)


def add_glasshouse(island: Island, *, back: bool) -> None:
    """Paint the back or the front half of a glasshouse around the whole island."""
    canvas, side, wall, peak = island.canvas, float(ISLAND_TILES), 3.1, 4.5
    colour = mix(canvas.palette.pale, (255, 255, 255), 0.4)
    glass, bars = canvas.shape(), canvas.shape()
    middle, thick = side / 2, max(0.8, island.tile * 0.06)
    if back:
        walls = [
            [(0.0, 0.0, 0.0), (side, 0.0, 0.0), (side, 0.0, wall), (0.0, 0.0, wall)],
            [
                (0.0, 0.0, 0.0),
                (0.0, side, 0.0),
                (0.0, side, wall),
                (0.0, middle, peak),
                (0.0, 0.0, wall),
            ],
        ]
    else:
        walls = [
            [(0.0, side, 0.0), (side, side, 0.0), (side, side, wall), (0.0, side, wall)],
            [
                (side, 0.0, 0.0),
                (side, side, 0.0),
                (side, side, wall),
                (side, middle, peak),
                (side, 0.0, wall),
            ],
            [(0.0, side, wall), (side, side, wall), (side, middle, peak), (0.0, middle, peak)],
        ]
    for wall_corners in walls:
        corners = [island.at(*c) for c in wall_corners]
        glass.polygon(corners)
        bars.line([*corners, corners[0]], thick)
    for k in range(1, 4):
        w = side * k / 4
        if back:
            bars.line([island.at(w, 0, 0), island.at(w, 0, wall)], thick * 0.6)
            bars.line([island.at(0, w, 0), island.at(0, w, wall)], thick * 0.6)
        else:
            bars.line(
                [island.at(w, side, 0), island.at(w, side, wall), island.at(w, middle, peak)],
                thick * 0.6,
            )
            bars.line([island.at(side, w, 0), island.at(side, w, wall)], thick * 0.6)
    canvas.fill(glass, colour, opacity=0.14 if back else 0.1, outlined=False)
    canvas.fill(bars, colour, opacity=0.75, outlined=False)
