"""Computes outlines and curves as lists of points.

Numbers and a random generator go in, points or height functions come out. Nothing here knows about
colours or pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random

Point = tuple[float, float]
PixelBox = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""
HeightLine = Callable[[float], float]
"""The y of a line at each x."""


def smooth_curve(points: Sequence[Point], *, closed: bool) -> list[Point]:
    """Return a Catmull-Rom curve through all points of a polygon or polyline."""
    count = len(points)
    if count < 3:
        return list(points)
    curve: list[Point] = []
    for i in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(i + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        for step in range(8):
            t = step / 8
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    if not closed:
        curve.append(points[-1])
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t * t
        + (3 * b - a - 3 * c + d) * t * t * t
    )


def hill_line(rng: Random, base: float, height: float, wave: float) -> HeightLine:
    """Return the height line of soft hills: three sines with random phases."""
    a, b, c = (rng.uniform(0, math.tau) for _ in range(3))
    stretch = rng.uniform(0.85, 1.2)

    def line(x: float) -> float:
        turn = math.tau * x / (wave * stretch)
        rise = 0.62 * math.sin(turn + a) + 0.28 * math.sin(1.9 * turn + b)
        return base - height * (rise + 0.1 * math.sin(4.3 * turn + c))

    return line


def area_below(line: HeightLine, width: float, bottom: float) -> list[Point]:
    """Return the polygon between a height line and the bottom of the canvas."""
    margin, count = 12.0, 180
    step = (width + 2 * margin) / count
    top = [(x, line(x)) for x in (i * step - margin for i in range(count + 1))]
    return [*top, (width + margin, bottom + margin), (-margin, bottom + margin)]


def peak_line(rng: Random, width: float, base: float, height: float, wave: float) -> list[Point]:
    """Return valley, peak, valley, peak, ... across the canvas and beyond its edges."""
    x = -wave * rng.uniform(0.4, 1.0)
    points: list[Point] = [(x, base)]
    while x < width + wave:
        rise = wave * rng.uniform(0.38, 0.62)
        points.append((x + rise, base - height * rng.uniform(0.55, 1.0)))
        x += rise + wave * rng.uniform(0.38, 0.62)
        points.append((x, base - height * rng.uniform(0.0, 0.28)))
    return points


def circle_points(x: float, y: float, radius: float, count: int, turn: float = 0.0) -> list[Point]:
    """Return `count` points at equal distances on a circle."""
    return [
        (
            x + radius * math.cos(turn + math.tau * i / count),
            y + radius * math.sin(turn + math.tau * i / count),
        )
        for i in range(count)
    ]


def leaf_outline(x: float, y: float, length: float, width: float, turn: float) -> list[Point]:
    """Return a pointed leaf that grows from (x, y) in the direction `turn`."""
    cos, sin = math.cos(turn), math.sin(turn)
    half = [(t / 10, math.sin(math.pi * (t / 10) ** 0.85) * width / 2) for t in range(11)]
    outline = [(t * length, w) for t, w in half]
    outline += [(t * length, -w) for t, w in reversed(half)]
    return [(x + cos * a - sin * b, y + sin * a + cos * b) for a, b in outline]


def lens_outline(x: float, y: float, half: float, thick: float) -> list[Point]:
    """Return a flat stroke with pointed ends, such as a reflection on water."""
    return [
        (x - half, y),
        (x - half * 0.4, y - thick),
        (x + half * 0.4, y - thick),
        (x + half, y),
        (x + half * 0.35, y + thick),
        (x - half * 0.45, y + thick),
    ]
