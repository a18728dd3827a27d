"""Draws a subject as a blueprint, on a grid and between construction lines.

A canvas and a `SceneDescription` go in, the canvas is painted. Dimension lines carry no numbers.
"""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point, circle_points
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.subjects.composition import draw_figure, relative_width


def draw_blueprint(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint the lead on a grid, with construction circles and dimension lines."""
    unit, ink, paper = canvas.unit, canvas.palette.ink, canvas.palette.paper
    canvas.image.paste(paper, (0, 0, canvas.width, canvas.height))
    fine, bold = canvas.shape(), canvas.shape()
    step = unit / 24
    for lines, across in ((canvas.width, canvas.height), (canvas.height, canvas.width)):
        for k in range(math.ceil(lines / step) + 1):
            where = k * step
            ends: list[Point] = [(where, 0.0), (where, float(across))]
            if lines == canvas.height and across == canvas.width:
                ends = [(b, a) for a, b in ends]
            (bold if k % 4 == 0 else fine).line(ends, 0.5)
    for shape, opacity in ((fine, 0.5), (bold, 0.99)):
        canvas.fill(shape, ink, opacity=opacity * 0.99, outlined=False)
    margin = unit * 0.04
    frame = canvas.shape()
    for inset in (margin, margin * 1.3):
        frame.line(
            _rectangle(inset, inset, canvas.width - inset, canvas.height - inset),
            max(0.8, unit * 0.002),
        )
    canvas.stroke(frame, ink)
    lead = scene.subjects.lead or "press"
    subjects = replace(scene.subjects, lead=lead, many=False, seat=None, character=None)
    size = min(canvas.height * 0.58, canvas.width * 0.72 / relative_width(subjects))
    x, base = canvas.width * 0.5, canvas.height * 0.5 + size * 0.5
    _construction(canvas, x, base - size / 2, size)
    half = size * relative_width(subjects) / 2 + size * 0.06
    _details(canvas, canvas.random("details"), x, base, size, half)
    draw_figure(canvas, lead, x, base, size)
    _dimension(canvas, (x - half, base + size * 0.12), (x + half, base + size * 0.12))
    _dimension(canvas, (x - half * 1.1, base), (x - half * 1.1, base - size))


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]


def _construction(canvas: Canvas, x: float, y: float, size: float) -> None:
    shape = canvas.shape()
    thin = max(0.5, canvas.unit * 0.0009)
    for radius in (0.62, 0.8):
        shape.line([*circle_points(x, y, size * radius, 90), (x + size * radius, y)], thin)
    for k in range(0, 40, 2):
        for dx, dy in ((1, 0), (0, 1)):
            a, b = (k - 20) / 20 * size * 0.92, (k - 18.7) / 20 * size * 0.92
            shape.line([(x + a * dx, y + a * dy), (x + b * dx, y + b * dy)], thin)
    canvas.fill(shape, canvas.palette.ink, opacity=0.99, outlined=False)


def _dimension(canvas: Canvas, a: Point, b: Point) -> None:
    shape = canvas.shape()
    tick = canvas.unit * 0.014
    across = a[1] == b[1]
    shape.line([a, b], max(0.6, canvas.unit * 0.0014))
    for (x, y), way in ((a, 1), (b, -1)):
        if across:
            shape.polygon([(x, y), (x + way * tick, y - tick / 3), (x + way * tick, y + tick / 3)])
            shape.line([(x, y - tick), (x, y + tick)], max(0.6, canvas.unit * 0.0014))
        else:
            shape.polygon([(x, y), (x - tick / 3, y - way * tick), (x + tick / 3, y - way * tick)])
            shape.line([(x - tick, y), (x + tick, y)], max(0.6, canvas.unit * 0.0014))
    canvas.stroke(shape, canvas.palette.ink)


def _details(canvas: Canvas, rng: Random, x: float, base: float, size: float, half: float) -> None:
    """Fill the space beside (or above and below) the lead with gears in plan."""
    wide = canvas.width > canvas.height
    taken = half * 1.2 if wide else size * 0.7
    free = (canvas.width if wide else canvas.height) / 2 - taken
    if free < canvas.unit * 0.34:
        return
    radius = min(free * 0.27, canvas.unit * 0.2)
    count = max(1, int(free / (radius * 3.4)))
    for way in (-1, 1):
        for k in range(count):
            away = taken + free * (k + 0.5) / count - radius * 0.15
            centre = (
                (x + way * away, base - size / 2) if wide else (x, base - size / 2 + way * away)
            )
            _gear(canvas, centre, radius * rng.uniform(0.75, 1.05), rng.choice((12, 16, 20)))


def _gear(canvas: Canvas, centre: Point, radius: float, teeth: int) -> None:
    x, y = centre
    outline: list[Point] = []
    for k in range(teeth):
        turn = math.tau * k / teeth
        for share, reach in ((-0.25, 0.86), (-0.16, 1.0), (0.16, 1.0), (0.25, 0.86)):
            angle = turn + share * math.tau / teeth
            outline.append(
                (x + radius * reach * math.cos(angle), y + radius * reach * math.sin(angle))
            )
    wheel = canvas.shape().polygon(outline).disc(x, y, radius * 0.62, cut=True)
    wheel.disc(x, y, radius * 0.24)
    for px, py in circle_points(x, y, radius * 0.66, 6):
        wheel.line([(x, y), (px, py)], radius * 0.09)
    wheel.disc(x, y, radius * 0.09, cut=True)
    canvas.fill(wheel, canvas.palette.second)
    _construction(canvas, x, y, radius * 1.5)
