"""Pictures without a scene: a pattern of tiles, a flow of nodes.

A canvas and a brief come in; tiles or linked nodes fill the sheet evenly,
whatever its shape. All colours come from the palette; nothing is written.
"""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point, leaf_outline
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.subjects.composition import draw_figure, tone_colour

_MOTIFS = ("leaf", "leaf", "quarter", "arcs", "half", "sprig", "dot", "pair")
_LEAFY = ("leaf", "leaf", "sprig", "pair", "pair", "fan", "leaf")


def draw_tile_pattern(canvas: Canvas, scene: SceneDescription) -> None:
    """Fill the sheet with square tiles, one motif each."""
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


def draw_flow_diagram(canvas: Canvas, scene: SceneDescription) -> None:
    """A flow of cards joined by curves, along the long side of the sheet."""
    palette, unit, rng = canvas.palette, canvas.unit, canvas.random("flow")
    paper = mix(palette.near, palette.sky[0], 0.3) if palette.night else palette.pale
    canvas.backdrop(mix(paper, palette.sky[0], 0.2), paper, mix(paper, palette.second, 0.14))
    wide = canvas.width >= canvas.height
    long, short = (canvas.width, canvas.height) if wide else (canvas.height, canvas.width)
    for tint, spread in ((palette.second, 0.62), (palette.far, 0.5), (palette.accent, 0.3)):
        a, b = rng.uniform(0.1, 0.9) * canvas.width, rng.uniform(0.1, 0.9) * canvas.height
        canvas.fill(
            canvas.shape().disc(a, b, unit * spread),
            mix(paper, tint, 0.32),
            mix(paper, tint, 0.12),
            outlined=False,
        )
    steps = max(3, min(9, round(long / short * 2.3)))
    size = min(short * 0.25, long / steps * 0.52)
    ranks: list[list[Point]] = []
    for i in range(steps):
        count = (
            1 if i in (0, steps - 1) else rng.choice((1, 2, 3, 2) if long < 5 * short else (1, 2))
        )
        along = long * (i + 0.5) / steps
        ranks.append([])
        for k in range(count):
            across = short * (0.5 + (k - (count - 1) / 2) * 0.3 + rng.uniform(-0.02, 0.02))
            ranks[-1].append((along, across) if wide else (across, along))
    dots = canvas.shape()
    for k in range(math.ceil(canvas.width / (unit / 22))):
        for m in range(math.ceil(canvas.height / (unit / 22))):
            dots.disc((k + 0.5) * unit / 22, (m + 0.5) * unit / 22, max(0.6, unit * 0.0017))
    canvas.fill(dots, mix(palette.near, palette.far, 0.5), opacity=0.28, outlined=False)
    lines, sparks = canvas.shape(), canvas.shape()
    for before, after in pairwise(ranks):
        for start in before:
            for end in after:
                link = _link(start, end, wide)
                lines.line(link, max(1.4, unit * 0.008))
                for k in (9, 11):
                    sparks.disc(*link[k], max(2.0, unit * 0.011))
    thread = mix(palette.far, palette.pale, 0.3) if palette.night else mix(palette.near, paper, 0.2)
    canvas.stroke(lines, thread)
    canvas.fill(sparks, palette.accent, vivid=True)
    icons = [*scene.subjects.things, "book", "server", "picture", "envelope", "plant", "cup"]
    colours = (
        palette.accent,
        palette.second,
        mix(palette.far, palette.near, 0.45),
        tone_colour(palette, "leaf"),
        mix(palette.sky[0], palette.near, 0.2),
    )
    turn = rng.randrange(len(colours))
    for rank in ranks:
        for x, y in rank:
            turn += 1
            _card(canvas, rng, x, y, size, colours[turn % len(colours)], icons[turn % len(icons)])


def _card(
    canvas: Canvas, rng: Random, x: float, y: float, size: float, colour: Colour, icon: str
) -> None:
    half = size / 2
    shadow = canvas.shape().box(
        x - half, y - half + size * 0.08, x + half, y + half + size * 0.1, size * 0.24
    )
    canvas.fill(shadow, canvas.palette.near, opacity=0.3, blur=size * 0.06)
    body = canvas.shape()
    if rng.random() < 0.3:
        body.disc(x, y, half * 1.08)
    else:
        body.box(x - half, y - half, x + half, y + half, size * 0.24)
    canvas.fill(body, mix(colour, canvas.palette.light, 0.14), colour, vivid=True)
    low, share = (0.15, 0.3) if icon in ("book", "paperboat") else (0.25, 0.5)
    draw_figure(canvas, icon, x, y + size * low, size * share)


def _link(start: Point, end: Point, wide: bool) -> list[Point]:
    (ax, ay), (bx, by) = start, end
    points = []
    for i in range(21):
        t = i / 20
        ease = t * t * (3 - 2 * t)
        points.append(
            (ax + (bx - ax) * t, ay + (by - ay) * ease)
            if wide
            else (ax + (bx - ax) * ease, ay + (by - ay) * t)
        )
    return points
