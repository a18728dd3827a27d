"""Draws a pattern of square tiles.

A canvas and a `SceneDescription` go in, the canvas is painted. Nothing is written on it.
"""

from __future__ import annotations

import math
from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point, leaf_outline
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.painting.tones import tone_colour
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription

_MOTIFS = ("leaf", "leaf", "quarter", "arcs", "half", "sprig", "dot", "pair")
_LEAFY = ("leaf", "leaf", "sprig", "pair", "pair", "fan", "leaf")


def draw_tile_pattern(canvas: Canvas, scene: SceneDescription) -> None:
    """Fill the canvas with square tiles, one motif each."""
    rng = canvas.random("tiles")
    short = 3 if canvas.unit / max(canvas.width, canvas.height) > 0.4 else 2
    cell = canvas.unit / (short + (0 if short == 2 else rng.choice((0, 1))))
    columns, rows = round(canvas.width / cell), round(canvas.height / cell)
    cell, rise = canvas.width / columns, canvas.height / rows
    palette = canvas.palette
    green, sprig = tone_colour(palette, "leaf"), tone_colour(palette, "sprig")
    cloth: list[Colour] = [
        palette.pale,
        mix(palette.far, palette.pale, 0.3),
        palette.near,
        palette.accent,
        palette.second,
        mix(palette.sky[0], palette.pale, 0.1),
        green,
    ]
    if palette.night:
        cloth[0] = mix(palette.near, palette.far, 0.35)
    canvas.backdrop(cloth[0])
    last = [-1] * columns
    for r in range(rows):
        for c in range(columns):
            ground = rng.choice(
                [k for k in (0, 0, 1, 2, 3, 4, 5, 6) if k not in (last[c], last[c - 1])] or [0]
            )
            last[c] = ground
            x, y = c * cell, r * rise
            tile = canvas.shape().box(x, y, x + cell + 0.5, y + rise + 0.5)
            canvas.fill(tile, cloth[ground], mix(cloth[ground], palette.near, 0.06), outlined=False)
            figure = [
                k
                for k in (0, 2, 3, 4, 6, 5)
                if k != ground
                and not ({k, ground} <= {0, 1, 5} or {k, ground} <= {3, 4} or {k, ground} <= {2, 6})
            ]
            colour, other = cloth[figure[0]], cloth[figure[1 + rng.randrange(len(figure) - 1)]]
            if rng.random() < 0.5:
                colour, other = other, colour
            motif = rng.choice(_LEAFY if _wants_leaves(scene) else _MOTIFS)
            _motif(canvas, rng, motif, (x, y, cell, rise), colour, other or sprig)


def _wants_leaves(scene: SceneDescription) -> bool:
    return scene.leafy


def _motif(
    canvas: Canvas, rng: Random, motif: str, tile: tuple[float, ...], colour: Colour, other: Colour
) -> None:
    x, y, cell, rise = tile
    turn = rng.randrange(4)
    middle = (x + cell / 2, y + rise / 2)

    def at(u: float, v: float) -> Point:
        for _ in range(turn):
            u, v = 1 - v, u
        return x + u * cell, y + v * rise

    shape, top = canvas.shape(), canvas.shape()
    match motif:
        case "leaf":
            arc = [at(math.sin(t), 1 - math.cos(t)) for t in _quarter()]
            back = [at(1 - math.sin(t), math.cos(t)) for t in _quarter()]
            shape.polygon([*arc, *back])
            top.line([at(0.0, 0.0), at(0.82, 0.82)], cell * 0.014)
            for k in range(1, 6):
                u = 0.1 + 0.13 * k
                reach = 0.17 * math.sin(math.pi * (u + 0.06))
                top.line([at(u, u), at(u + reach, u + 0.02)], cell * 0.009)
                top.line([at(u, u), at(u + 0.02, u + reach)], cell * 0.009)
        case "quarter":
            shape.polygon([at(0, 0), *(at(math.sin(t), math.cos(t)) for t in _quarter())])
            top.polygon([at(0, 0), *(at(0.5 * math.sin(t), 0.5 * math.cos(t)) for t in _quarter())])
        case "arcs":
            for k, radius in enumerate((1.0, 0.78, 0.56, 0.34)):
                piece = [
                    at(0, 0),
                    *(at(radius * math.sin(t), radius * math.cos(t)) for t in _quarter()),
                ]
                shape.polygon(piece, cut=bool(k % 2))
            top.disc(*at(0.82, 0.82), cell * 0.09)
        case "half":
            for v, target in ((0.0, shape), (0.5, top)):
                target.polygon(
                    [
                        at(0.5 + 0.5 * math.cos(t), v + 0.5 * math.sin(t))
                        for t in (math.pi * i / 30 for i in range(31))
                    ]
                )
        case "sprig":
            shape.line([at(0.5, 1.0), at(0.5, 0.2)], cell * 0.02)
            base = math.atan2(at(0.5, 0.0)[1] - at(0.5, 1.0)[1], at(0.5, 0.0)[0] - at(0.5, 1.0)[0])
            for k in range(4):
                for way in (-1, 1):
                    px, py = at(0.5, 0.9 - 0.18 * k)
                    (shape if way < 0 else top).polygon(
                        leaf_outline(
                            px, py, cell * (0.42 - 0.05 * k), cell * 0.15, base + way * 0.85
                        )
                    )
            shape.polygon(leaf_outline(*at(0.5, 0.3), cell * 0.26, cell * 0.13, base))
        case "dot":
            shape.disc(*middle, cell * 0.36)
            top.disc(*middle, cell * 0.16)
        case "fan":
            start = at(0.5, 0.97)
            base = math.atan2(at(0.5, 0.0)[1] - start[1], at(0.5, 0.0)[0] - start[0])
            for k in range(5):
                (top if k % 2 else shape).polygon(
                    leaf_outline(
                        *start, cell * (0.9 - 0.12 * abs(k - 2)), cell * 0.25, base + 0.42 * (k - 2)
                    )
                )
        case _:
            for flip, target in ((0.0, shape), (1.0, top)):
                arc = [at(abs(flip - 0.5 * math.sin(t)), 1 - math.cos(t)) for t in _quarter()]
                back = [at(abs(flip - 0.5 + 0.5 * math.sin(t)), math.cos(t)) for t in _quarter()]
                target.polygon([*arc, *back])
    canvas.fill(shape, colour, mix(colour, canvas.palette.near, 0.16))
    canvas.fill(top, other, mix(other, canvas.palette.near, 0.1))


def _quarter() -> list[float]:
    return [math.pi / 2 * i / 24 for i in range(25)]
