"""Draws a flow diagram: cards joined by curves, along the longer side of the canvas.

A canvas and a `SceneDescription` go in; the subjects' figures become the icons of the cards.
Nothing is written on it.
"""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import (
    Point,
)
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.painting.tones import tone_colour
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.subjects.composition import (
    draw_figure,
)


def draw_flow_diagram(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint cards joined by curves along the longer side of the canvas."""
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
