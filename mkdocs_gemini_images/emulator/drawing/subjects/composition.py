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
_HELD = {"cup": 0.24, "envelope": 0.4}
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
    reach = [abs(x) for part in FIGURES[name] for x, _ in part.points]
    return 2 * max(reach) / 100


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
    ground = canvas.random("company")
    if lead in _STANDING:
        if subjects.many and lead != "lighthouse":
            draw_figure(canvas, lead, x + size * 0.95, y + size * 0.02, size * 0.72, flip=True)
            draw_figure(canvas, lead, x - size * 0.9, y + size * 0.01, size * 0.6)
        draw_figure(canvas, lead, x, y, size)
        if subjects.character:
            person = size * (0.24 if subjects.lead == "lighthouse" else 0.42)
            aside = x - size * (_width(lead) if lead != "lighthouse" else 0.2) * 0.6 - person * 0.4
            draw_figure(canvas, subjects.character, aside, y + size * 0.01, person)
            if subjects.held:
                draw_figure(canvas, subjects.held, aside, y - person * 0.36, person * 0.4)
        return
    if subjects.beside:
        away = size * (0.0 if subjects.many else _width(lead) * 0.5 + _width(subjects.beside) * 0.3)
        side = 1 if x < canvas.width / 2 else -1
        draw_figure(
            canvas,
            subjects.beside,
            x + side * away,
            y + size * (0.04 if subjects.many else 0.0),
            size * (0.42 if subjects.many else 0.6),
        )
    offsets = (-1.0, 1.0) if subjects.many else (0.0,)
    for turn in offsets:
        aside = turn * size * _width(lead) * (0.68 + 0.1 * ground.random())
        share = size * (1.0 if turn <= 0 else 0.82)
        _sole(canvas, subjects, x + aside, y, share, flip=turn > 0)


def _sole(
    canvas: Canvas, subjects: Subjects, x: float, y: float, size: float, *, flip: bool
) -> None:
    lead = subjects.lead or "tree"
    rise = 0.0
    if subjects.seat:
        rise = size * 0.24
        draw_figure(canvas, subjects.seat, x, y, size * 0.62)
    draw_figure(canvas, lead, x, y - rise, size, flip=flip)
    if subjects.held:
        draw_figure(
            canvas, subjects.held, x, y - rise - size * 0.06, size * _HELD.get(subjects.held, 0.52)
        )
