"""Paints figures on a canvas, alone or together.

The subjects of a scene and a place go in, the canvas is painted: a character sits on a seat and
holds an object.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas, Shape
from mkdocs_gemini_images.emulator.drawing.painting.geometry import (
    Point,
    circle_points,
    leaf_outline,
    smooth_curve,
)
from mkdocs_gemini_images.emulator.drawing.painting.palette import (
    Colour,
    mix,
    shift_hue,
)
from mkdocs_gemini_images.emulator.drawing.painting.tones import tone_colour
from mkdocs_gemini_images.emulator.drawing.prompt_reading import Subjects
from mkdocs_gemini_images.emulator.drawing.subjects.figures import FIGURES, FigurePart

BEINGS = ("fox", "cat", "owl", "robot", "person")
_HELD_HEIGHTS = {"cup": 0.24, "envelope": 0.4}
_STANDING = ("lighthouse", "house", "observatory", "tree")
BOATS = ("sailboat", "trawler", "paperboat")


def relative_width(subjects: Subjects) -> float:
    """Return the width of all subjects, as a multiple of the height of the lead."""
    if subjects.lead is None:
        return 1.0
    widths = [_width(subjects.lead)]
    if subjects.seat:
        widths.append(_width(subjects.seat) * 0.62)
    if subjects.lead in _STANDING and subjects.character:
        widths.append(0.9)
    if subjects.beside and not subjects.many:
        widths.append(_width(subjects.lead) + _width(subjects.beside) * 1.3)
    return max(widths) * (2.6 if subjects.many else 1.0)


def fitting_height(canvas: Canvas, subjects: Subjects, share: float = 0.4) -> float:
    """Return a height of the lead, in pixels, at which all subjects fit on the canvas."""
    most = 0.62 if subjects.lead in BEINGS else 0.92
    return min(
        canvas.height * share, canvas.width * 0.84 / relative_width(subjects), canvas.unit * most
    )


def _width(name: str) -> float:
    extents = [abs(x) for part in FIGURES[name] for x, _ in part.points]
    return 2 * max(extents) / 100


def draw_figure(
    canvas: Canvas,
    name: str,
    x: float,
    y: float,
    size: float,
    *,
    flip: bool = False,
    haze: float = 0.0,
) -> None:
    """Paint one figure with its base at (x, y), `size` pixels high."""
    sign = -1.0 if flip else 1.0
    scale = size / 100
    horizon = canvas.palette.sky[2]
    for part in FIGURES[name]:
        points = [(x + sign * px * scale, y - py * scale) for px, py in part.points]
        colour = mix(tone_colour(canvas.palette, part.tone), horizon, haze)
        shape = canvas.shape()
        _trace(shape, part, points, scale)
        if part.tone == "veil":
            canvas.fill(shape, colour, opacity=0.17, outlined=False)
            continue
        stroke = part.kind in ("line", "curve")
        vivid = part.tone in (
            "accent",
            "second",
            "light",
            "pale",
            "leaf",
            "sprig",
            "skin",
            "wood",
            "dark",
        )
        fine = stroke and part.weight * scale < 4
        if fine:
            canvas.stroke(shape, colour)
        else:
            shades = (colour,) if min(size, 90) < 90 else (colour, mix(colour, _deep(canvas), 0.16))
            canvas.fill(shape, *shades, vivid=vivid)


def _deep(canvas: Canvas) -> Colour:
    return shift_hue((40, 34, 60), canvas.palette.near, 0.5)


def _trace(shape: Shape, part: FigurePart, points: Sequence[Point], scale: float) -> None:
    x, y = points[0]
    match part.kind:
        case "poly":
            shape.polygon(points)
        case "blob":
            shape.blob(points)
        case "box":
            shape.box(x, y, *points[1], radius=2.2 * scale)
        case "disc":
            rx, ry = (v * scale for v in part.points[1])
            shape.disc(x, y, rx, ry)
        case "half":
            rx, ry = (v * scale for v in part.points[1])
            turns = [math.pi * i / 40 for i in range(41)]
            shape.polygon([(x + rx * math.cos(t), y - ry * math.sin(t)) for t in turns])
        case "loop":
            rx, ry = (v * scale for v in part.points[1])
            turns = [math.tau * i / 40 for i in range(41)]
            shape.line(
                [(x + rx * math.cos(t), y - ry * math.sin(t)) for t in turns], part.weight * scale
            )
        case "ring":
            radius = part.points[1][0] * scale
            shape.line([*circle_points(x, y, radius, 48), (x + radius, y)], max(1.0, 3 * scale))
        case "leaf":
            end = points[1]
            length = math.dist((x, y), end)
            turn = math.atan2(end[1] - y, end[0] - x)
            shape.polygon(leaf_outline(x, y, length, part.weight * scale, turn))
        case "curve":
            shape.line(smooth_curve(points, closed=False), max(0.8, part.weight * scale))
        case _:
            shape.line(points, max(0.8, part.weight * scale))


def draw_subjects(canvas: Canvas, subjects: Subjects, x: float, y: float, size: float) -> None:
    """Paint the subjects around (x, y): the lead, its seat, what it holds, what is beside it."""
    lead = subjects.lead
    if lead is None:
        return
    half = size * relative_width(subjects) * 0.52
    if 2 * half < canvas.width:
        x = min(max(x, half), canvas.width - half)
    if lead == "balloon":
        y -= size * 0.62
    if lead in _STANDING:
        _draw_landmark(canvas, subjects, lead, (x, y), size)
        return
    if subjects.beside:
        _draw_beside(canvas, subjects, lead, (x, y), size)
    rng = canvas.random("company")
    for way in (-1.0, 1.0) if subjects.many else (0.0,):
        aside = way * size * _width(lead) * (0.68 + 0.1 * rng.random())
        share = size * (1.0 if way <= 0 else 0.82)
        _draw_lead(canvas, subjects, (x + aside, y), share, flip=way > 0)


def _draw_landmark(canvas: Canvas, subjects: Subjects, lead: str, base: Point, size: float) -> None:
    x, y = base
    if subjects.many and lead != "lighthouse":
        draw_figure(canvas, lead, x + size * 0.95, y + size * 0.02, size * 0.72, flip=True)
        draw_figure(canvas, lead, x - size * 0.9, y + size * 0.01, size * 0.6)
    draw_figure(canvas, lead, x, y, size)
    if subjects.character:
        height = size * (0.24 if lead == "lighthouse" else 0.42)
        aside = x - size * (_width(lead) if lead != "lighthouse" else 0.2) * 0.6 - height * 0.4
        draw_figure(canvas, subjects.character, aside, y + size * 0.01, height)
        if subjects.held:
            draw_figure(canvas, subjects.held, aside, y - height * 0.36, height * 0.4)


def _draw_beside(canvas: Canvas, subjects: Subjects, lead: str, base: Point, size: float) -> None:
    x, y = base
    name = subjects.beside or ""
    side = 1 if x < canvas.width / 2 else -1
    if subjects.many:
        draw_figure(canvas, name, x, y + size * 0.04, size * 0.42)
        return
    away = size * (_width(lead) * 0.5 + _width(name) * 0.3)
    draw_figure(canvas, name, x + side * away, y, size * 0.6)


def _draw_lead(canvas: Canvas, subjects: Subjects, base: Point, size: float, *, flip: bool) -> None:
    """Paint the lead on its seat, with what it holds."""
    x, y = base
    rise = size * 0.24 if subjects.seat else 0.0
    if subjects.seat:
        draw_figure(canvas, subjects.seat, x, y, size * 0.62)
    draw_figure(canvas, subjects.lead or "tree", x, y - rise, size, flip=flip)
    if subjects.held:
        height = size * _HELD_HEIGHTS.get(subjects.held, 0.52)
        draw_figure(canvas, subjects.held, x, y - rise - size * 0.06, height)
