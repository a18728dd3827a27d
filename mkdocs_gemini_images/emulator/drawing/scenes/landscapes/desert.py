"""Draws dunes, each with a lit and a shaded side.

A canvas and a `SceneDescription` go in, the canvas is painted. The subjects stand at the focus;
without any, cacti do.
"""

from __future__ import annotations

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point, peak_line, smooth_curve
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.painting.tones import tone_colour
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sky import (
    Viewpoint,
    choose_viewpoint,
    draw_sky,
)
from mkdocs_gemini_images.emulator.drawing.subjects.composition import draw_subjects, fitting_height


def draw_desert(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint five rows of dunes, and the subjects on the third."""
    view = choose_viewpoint(canvas, 0.56, 0.62)
    rng = canvas.random("desert")
    draw_sky(canvas, scene, view, clouds=False)
    palette = canvas.palette
    sand = mix(palette.second, palette.sky[2], 0.35)
    if palette.night:
        sand = mix(sand, palette.sky[0], 0.62)
    for i in range(5):
        depth = i / 4
        base = view.horizon + (canvas.height * 0.96 - view.horizon) * depth**1.1
        points = peak_line(
            rng,
            canvas.width,
            base,
            canvas.unit * (0.1 + 0.14 * depth),
            canvas.unit * (0.7 + 0.9 * depth),
        )
        light = mix(mix(sand, palette.accent, 0.08 + 0.3 * depth), palette.near, 0.14 * depth)
        _dunes(canvas, points, light)
        if i == 2:
            draw_subjects(
                canvas,
                scene.subjects,
                view.focus,
                base + canvas.unit * 0.01,
                fitting_height(canvas, scene.subjects, 0.34),
            )
            if scene.subjects.lead is None:
                _cacti(canvas, base, view)


def _dunes(canvas: Canvas, points: list[Point], light: Colour) -> None:
    palette, bottom = canvas.palette, canvas.height + 12.0
    crest = smooth_curve(points, closed=False)
    canvas.fill(
        canvas.shape().polygon([*crest, (crest[-1][0], bottom), (crest[0][0], bottom)]),
        mix(light, palette.light, 0.24),
        light,
    )
    shade = canvas.shape()
    for k in range(1, len(points) - 1, 2):
        (px, py), (rx, _) = points[k], points[k + 1]
        wide, deep = rx - px, canvas.unit * 0.3
        spine = smooth_curve(
            [
                (px, py),
                (px + wide * 0.16, py + deep * 0.28),
                (px - wide * 0.02, py + deep * 0.62),
                (px + wide * 0.3, py + deep),
            ],
            closed=False,
        )
        lee = crest[8 * k : 8 * k + 9]
        shade.polygon([*lee, (rx + wide * 0.1, py + deep), *reversed(spine)])
    canvas.fill(
        shade, mix(light, palette.near, 0.34), mix(light, palette.near, 0.06), outlined=False
    )


def _cacti(canvas: Canvas, base: float, view: Viewpoint) -> None:
    for offset, scale in ((0.0, 1.0), (0.26, 0.55), (-0.3, 0.4)):
        x = view.focus + offset * canvas.unit
        size = canvas.unit * 0.2 * scale
        y = base + size * 0.05
        thick = size * 0.17
        shape = canvas.shape().line([(x, y), (x, y - size)], thick)
        shape.line(
            [
                (x, y - size * 0.4),
                (x - size * 0.28, y - size * 0.42),
                (x - size * 0.28, y - size * 0.74),
            ],
            thick * 0.72,
        )
        shape.line(
            [
                (x, y - size * 0.3),
                (x + size * 0.27, y - size * 0.32),
                (x + size * 0.27, y - size * 0.6),
            ],
            thick * 0.72,
        )
        canvas.fill(
            shape,
            tone_colour(canvas.palette, "leaf"),
            mix(tone_colour(canvas.palette, "leaf"), canvas.palette.near, 0.5),
        )
