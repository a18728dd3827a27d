"""Draws a river that winds towards the viewer.

A canvas and a `SceneDescription` go in, the canvas is painted. Boats follow the bends of the river
and are larger the nearer they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import (
    area_below,
    hill_line,
    lens_outline,
)
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sky import (
    choose_viewpoint,
    draw_mist,
    draw_sky,
)
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.terrain import (
    add_conifer,
    ground_colours,
)
from mkdocs_gemini_images.emulator.drawing.subjects.composition import (
    BOATS,
    draw_figure,
    draw_subjects,
    fitting_height,
)

# The river at one point of its course: x of its middle, y, half its width.
RiverSection = tuple[float, float, float]
# The section of a river at t, from 0 at the horizon to 1 in the foreground.
Course = Callable[[float], RiverSection]


def draw_river(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint hills and a river that bends from the horizon to the foreground, with boats."""
    view = choose_viewpoint(canvas, 0.4, 0.48)
    draw_sky(canvas, scene, view)
    unit, rng = canvas.unit, canvas.random("river")
    depth = canvas.height - view.horizon
    _banks(canvas, scene, rng, view.horizon)
    swing = min(canvas.width * 0.3, unit * 1.3)
    phase = rng.choice((0.0, math.pi))

    def course(t: float) -> RiverSection:
        bend = math.sin(phase + math.tau * (0.12 + 0.95 * t**0.62)) * swing * (0.3 + 0.7 * t)
        half = min(unit * 0.36, canvas.width * 0.3) * (0.02 + 0.98 * t**1.25)
        return canvas.width / 2 + bend, view.horizon + depth * (0.045 + t), half

    _water(canvas, scene, rng, course)
    if not scene.minimal:
        _groves(canvas, scene, course)
    lead = scene.subjects.lead
    if lead and lead not in BOATS:
        x, y, half = course(0.5)
        height = fitting_height(canvas, scene.subjects, 0.34)
        draw_subjects(canvas, scene.subjects, x + half * 1.9, y, height)
    else:
        _boats(canvas, scene, course)


def _banks(canvas: Canvas, scene: SceneDescription, rng: Random, horizon: float) -> None:
    unit, depth = canvas.unit, canvas.height - horizon
    mist = 0.6 if "fog" in scene.weather else 0.25
    for i in range(7):
        t = i / 6
        line = hill_line(
            rng,
            horizon + depth * 0.62 * t**1.5,
            unit * (0.07 - 0.045 * t),
            unit * (0.8 + 0.5 * t),
        )
        canvas.fill(
            canvas.shape().polygon(area_below(line, canvas.width, canvas.height)),
            *ground_colours(canvas, scene, 0.1 + 0.72 * t),
        )
        if i < 3:
            draw_mist(canvas, horizon + unit * 0.03 * i, mist)


def _water(canvas: Canvas, scene: SceneDescription, rng: Random, course: Course) -> None:
    palette, unit = canvas.palette, canvas.unit
    _, shade = ground_colours(canvas, scene, 0.8)
    sections = [course(i / 60) for i in range(62)]
    for grow, stops in (
        (1.13, (mix(shade, palette.near, 0.25),)),
        (1.0, _stream(palette.water, palette.sky[2], palette.near)),
    ):
        left = [(x - half * grow, y) for x, y, half in sections]
        right = [(x + half * grow, y) for x, y, half in sections]
        canvas.fill(canvas.shape().polygon([*left, *reversed(right)]), *stops)
    reflections = canvas.shape()
    for _ in range(60):
        t = rng.random()
        x, y, half = course(t)
        reflections.polygon(
            lens_outline(
                x + rng.uniform(-0.6, 0.6) * half,
                y,
                half * rng.uniform(0.08, 0.25),
                unit * (0.001 + 0.003 * t),
            )
        )
    canvas.fill(reflections, palette.pale, opacity=0.45, outlined=False)


def _boats(canvas: Canvas, scene: SceneDescription, course: Course) -> None:
    lead = scene.subjects.lead
    several = scene.subjects.many or lead is None
    for k, t in enumerate((0.16, 0.3, 0.47, 0.72) if several else (0.55,)):
        x, y, half = course(t)
        size = half * (0.62 if lead in (None, "paperboat") else 1.2)
        shadow = canvas.shape().polygon(lens_outline(x, y + size * 0.04, half * 0.62, size * 0.13))
        canvas.fill(shadow, canvas.palette.near, opacity=0.35, outlined=False)
        aside = half * (0.12 if k % 2 else -0.12)
        haze = 0.35 * (1 - t) ** 2
        draw_figure(canvas, lead or "paperboat", x + aside, y, size, haze=haze)


def _groves(canvas: Canvas, scene: SceneDescription, course: Course) -> None:
    rng = canvas.random("groves")
    palette = canvas.palette
    for i in range(26):
        t = 0.03 + 0.62 * (i / 26) ** 1.4
        middle, y, half = course(t)
        size = canvas.unit * (0.035 + 0.24 * t)
        light, shade = ground_colours(canvas, scene, 0.35 + 0.7 * t)
        if scene.season == "autumn":
            light = mix(light, rng.choice((palette.accent, palette.second)), 0.55)
        for _ in range(3):
            way = rng.choice((-1, 1))
            x = middle + way * (half * 1.3 + size * 0.4 + rng.random() ** 1.5 * canvas.width * 0.6)
            if not 0 < x < canvas.width or abs(x - middle) < half * 1.3 + size * 0.3:
                continue
            crown = canvas.shape()
            if rng.random() < 0.5:
                add_conifer(crown, rng, x, y, size)
            else:
                crown.blob(
                    [
                        (x, y - size),
                        (x + size * 0.24, y - size * 0.5),
                        (x, y),
                        (x - size * 0.24, y - size * 0.5),
                    ]
                )
            canvas.fill(crown, light, shade)


def _stream(water: Colour, sky_low: Colour, near: Colour) -> tuple[Colour, ...]:
    return mix(sky_low, water, 0.3), water, mix(water, near, 0.25)
