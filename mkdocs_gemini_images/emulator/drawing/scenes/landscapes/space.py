"""Draws a ringed planet and its moons above cratered ground.

A canvas and a `SceneDescription` go in, the canvas is painted. The sky is dark at every hour; the
hour changes its hue alone.
"""

from __future__ import annotations

import math

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point, area_below, hill_line
from mkdocs_gemini_images.emulator.drawing.painting.palette import mix
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sky import choose_viewpoint, draw_stars
from mkdocs_gemini_images.emulator.drawing.subjects.composition import draw_subjects, fitting_height

_VOID = (10, 12, 32)


def draw_space(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint a ringed planet over a cratered foreground."""
    view = choose_viewpoint(canvas, 0.74, 0.8)
    palette, unit, rng = canvas.palette, canvas.unit, canvas.random("space")
    top, middle, low = palette.sky
    canvas.backdrop(mix(top, _VOID, 0.88), mix(middle, _VOID, 0.72), mix(low, _VOID, 0.5))
    draw_stars(canvas, canvas.height * 0.9)
    x = canvas.width - view.focus if scene.subjects.lead else view.focus
    radius = unit * rng.uniform(0.24, 0.29)
    y = canvas.height * 0.42
    canvas.glow(x, y, radius * 2.6, palette.accent, 0.4)
    tilt = rng.uniform(-0.45, -0.2)
    _ring(canvas, x, y, radius, tilt, back=True)
    planet = canvas.shape().disc(x, y, radius)
    canvas.fill(planet, palette.second, palette.accent, vivid=True)
    for _ in range(4):
        v = rng.uniform(-0.8, 0.8)
        half = radius * math.sqrt(1 - v * v)
        band = canvas.shape().polygon(_band(x, y + v * radius, half, radius * 0.05, tilt * 0.4))
        canvas.fill(band, palette.pale, opacity=0.28, outlined=False)
    night = (
        canvas.shape()
        .disc(x, y, radius)
        .disc(x - radius * 0.34, y - radius * 0.26, radius * 1.04, cut=True)
    )
    canvas.fill(night, mix(palette.near, _VOID, 0.6), opacity=0.42, outlined=False)
    _ring(canvas, x, y, radius, tilt, back=False)
    for k in range(2):
        size = unit * rng.uniform(0.018, 0.04)
        mx = x + (1 if k else -1) * radius * rng.uniform(1.5, 2.2)
        my = y - radius * rng.uniform(0.3, 1.0)
        canvas.fill(canvas.shape().disc(mx, my, size), palette.pale, mix(palette.pale, _VOID, 0.4))
    for i in range(3):
        line = hill_line(rng, view.horizon + unit * 0.07 * i, unit * 0.04, unit * (0.9 + 0.2 * i))
        colour = mix(mix(palette.far, palette.accent, 0.25), _VOID, 0.38 + 0.22 * i)
        canvas.fill(
            canvas.shape().polygon(area_below(line, canvas.width, canvas.height)),
            mix(colour, palette.light, 0.14),
            colour,
        )
        if i == 1:
            size = fitting_height(canvas, scene.subjects, 0.46)
            lift = size * 0.55 if scene.subjects.lead == "rocket" else 0.0
            draw_subjects(
                canvas, scene.subjects, view.focus, line(view.focus) - lift + unit * 0.02, size
            )
        craters = canvas.shape()
        for _ in range(round(4 * canvas.width / unit)):
            cx = rng.uniform(0, canvas.width)
            size = unit * rng.uniform(0.01, 0.035)
            craters.disc(cx, line(cx) + unit * 0.05 + size, size, size * 0.3)
        canvas.fill(craters, mix(colour, _VOID, 0.5), opacity=0.6, outlined=False)


def _band(x: float, y: float, half: float, thick: float, tilt: float) -> list[Point]:
    points = [
        (x + half * 0.97 * math.cos(t), y + thick * math.sin(t))
        for t in (math.tau * i / 40 for i in range(40))
    ]
    return [(px, py + (px - x) * tilt * 0.15) for px, py in points]


def _ring(canvas: Canvas, x: float, y: float, radius: float, tilt: float, *, back: bool) -> None:
    start = math.pi if back else 0.0
    shape = canvas.shape()
    turns = [start + math.pi * i / 60 for i in range(61)]

    def at(turn: float, scale: float) -> Point:
        u, v = radius * scale * math.cos(turn), radius * scale * 0.22 * math.sin(turn)
        cos, sin = math.cos(tilt), math.sin(tilt)
        return x + u * cos - v * sin, y + u * sin + v * cos

    for outer, inner in ((1.95, 1.62), (1.56, 1.4)):
        shape.polygon([*(at(t, outer) for t in turns), *(at(t, inner) for t in reversed(turns))])
    canvas.fill(
        shape,
        mix(canvas.palette.pale, canvas.palette.second, 0.35),
        opacity=0.7 if back else 0.92,
        outlined=False,
    )
