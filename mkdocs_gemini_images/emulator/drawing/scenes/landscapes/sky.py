"""Chooses the viewpoint of a landscape, and draws its sky and its weather.

A canvas and a `SceneDescription` go in, the canvas is painted. What one hour alone shows (stars)
has a random generator of its own, so that a scene by day and by night has the same composition.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas, Shape
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, lightness, mix
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The horizon, the x of the lead (`focus`), and the sun or moon (`orb`)."""

    horizon: float
    focus: float
    orb_x: float
    orb_y: float
    orb_radius: float
    tall: bool


def choose_viewpoint(canvas: Canvas, low: float = 0.6, high: float = 0.68) -> Viewpoint:
    """Return a viewpoint; the horizon is between shares `low` and `high` of the height."""
    rng = canvas.random("view")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    tall = width < 0.85 * height
    # On a tall canvas the sky takes most of the height: the foreground stays flat.
    horizon = max(height * rng.uniform(low, high), height - 1.7 * width)
    side = rng.choice((-1, 1))
    focus = width * (0.5 + side * (rng.uniform(0.0, 0.08) if tall else rng.uniform(0.12, 0.18)))
    radius = min(unit * rng.uniform(0.11, 0.17), horizon * 0.24)
    behind = rng.random() < 0.45
    orb_x = focus if behind else width - focus - side * width * rng.uniform(-0.02, 0.08)
    orb_y = (
        horizon - radius * rng.uniform(1.2, 1.9) if behind else horizon * (rng.uniform(0.3, 0.5))
    )
    if behind:
        radius *= 1.45
    return Viewpoint(horizon, focus, orb_x, max(orb_y, radius * 1.3), radius, tall)


def draw_sky(
    canvas: Canvas, scene: SceneDescription, view: Viewpoint, *, clouds: bool = True
) -> None:
    """Paint the sky with sun or moon, stars, clouds and birds."""
    palette = canvas.palette
    top, middle, low = palette.sky
    # The sky ends at the horizon, about two thirds down: hence the last stop twice.
    canvas.backdrop(top, middle, low, low)
    if palette.night:
        draw_stars(canvas, view.horizon)
    x, y, radius = view.orb_x, view.orb_y, view.orb_radius
    covered = "rain" in scene.weather
    canvas.glow(x, y, radius * 4.2, palette.orb, 0.3 if covered else 0.55)
    canvas.fill(
        canvas.shape().disc(x, y, radius),
        palette.orb,
        mix(palette.orb, low, 0.22),
        vivid=True,
        opacity=0.4 if covered else 1.0,
    )
    if clouds and not scene.minimal:
        _clouds(canvas, view, mix(low, palette.pale, 0.12 if palette.night else 0.5))
    if not scene.minimal and not palette.night and not covered:
        _birds(canvas, view)


def draw_stars(canvas: Canvas, depth: float) -> None:
    """Paint stars above `depth`, denser towards the top."""
    rng = canvas.random("stars")
    area = canvas.width * depth / canvas.unit**2
    faint, clear = canvas.shape(), canvas.shape()
    for i in range(min(420, 60 + round(90 * area))):
        x, y = rng.uniform(0, canvas.width), depth * rng.random() ** 1.35
        size = canvas.unit * rng.uniform(0.0009, 0.0021)
        (clear if i % 6 == 0 else faint).disc(x, y, max(0.55, size))
    canvas.fill(faint, canvas.palette.pale, opacity=0.6, outlined=False)
    canvas.fill(clear, canvas.palette.light, outlined=False)


def _clouds(canvas: Canvas, view: Viewpoint, colour: Colour) -> None:
    rng = canvas.random("clouds")
    unit = canvas.unit
    count = max(2, min(9, round(2.2 * canvas.width / unit * max(1.0, view.horizon / unit))))
    for i in range(count):
        x = canvas.width * ((i + rng.uniform(0.1, 0.9)) / count)
        y = view.horizon * rng.uniform(0.12, 0.72)
        if abs(x - view.focus) < unit * 0.18 and not view.tall:
            y = view.horizon * 0.14
        size = unit * rng.uniform(0.12, 0.26)
        shape = canvas.shape()
        for k in range(3):
            reach = size * (1 - 0.28 * k) * rng.uniform(0.7, 1.1)
            drift = rng.uniform(-0.4, 0.4) * size
            base = y - k * size * 0.105
            shape.box(
                x + drift - reach, base - size * 0.07, x + drift + reach, base + size * 0.05, size
            )
        canvas.fill(shape, colour, mix(colour, canvas.palette.sky[1], 0.55), opacity=0.62)


def _birds(canvas: Canvas, view: Viewpoint) -> None:
    rng = canvas.random("birds")
    unit = canvas.unit
    x, y = canvas.width - view.focus, view.horizon * rng.uniform(0.3, 0.55)
    shape = canvas.shape()
    for _ in range(rng.randint(3, 5)):
        bx, by = x + unit * rng.uniform(-0.16, 0.16), y + unit * rng.uniform(-0.07, 0.07)
        span = unit * rng.uniform(0.011, 0.019)
        for turn in (-1, 1):
            wing = [
                (
                    bx + turn * span * t / 6,
                    by - span * 0.55 * math.sin(math.pi * min(1.0, t / 6 * 0.8)),
                )
                for t in range(7)
            ]
            shape.line(wing, max(1.0, unit * 0.0026))
    canvas.stroke(shape, mix(canvas.palette.near, canvas.palette.sky[1], 0.25))


def draw_mist(canvas: Canvas, y: float, strength: float, colour: Colour | None = None) -> None:
    """Paint a soft band of haze across the canvas."""
    low = canvas.palette.sky[2] if colour is None else colour
    canvas.veil(y, canvas.unit * 0.14, low, strength)


def draw_precipitation(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint rain or snow in front of the finished scene."""
    unit, width, height = canvas.unit, canvas.width, canvas.height
    area = width * height / unit**2
    if "rain" in scene.weather:
        rng = canvas.random("rain")
        light = lightness(canvas.palette.sky[1]) > 0.55
        colour = canvas.palette.near if light else canvas.palette.pale
        shape = canvas.shape()
        for _ in range(min(900, round(200 * area))):
            x, y = rng.uniform(-0.1 * unit, width), rng.uniform(-0.1 * unit, height)
            length = unit * rng.uniform(0.02, 0.055)
            shape.line([(x, y), (x - length * 0.28, y + length)], max(0.5, unit * 0.0012))
        canvas.stroke(shape, colour, 0.4)
    if "snow" in scene.weather:
        _snow(canvas, area)


def _snow(canvas: Canvas, area: float) -> None:
    rng = canvas.random("snow")
    for size, count in ((0.0022, 110), (0.0042, 40)):
        shape: Shape = canvas.shape()
        for _ in range(min(700, round(count * area))):
            radius = max(0.7, canvas.unit * size * rng.uniform(0.6, 1.3))
            shape.disc(rng.uniform(0, canvas.width), rng.uniform(0, canvas.height), radius)
        canvas.fill(
            shape, mix(canvas.palette.pale, (255, 255, 255), 0.5), opacity=0.8, outlined=False
        )
