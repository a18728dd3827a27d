"""Draws a still life: objects on a table by a window.

A canvas and a `SceneDescription` go in, the canvas is painted. Hour and weather show in the window
and in the light that falls through it.
"""

from __future__ import annotations

import math

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import Point, hill_line, smooth_curve
from mkdocs_gemini_images.emulator.drawing.painting.palette import mix
from mkdocs_gemini_images.emulator.drawing.painting.tones import tone_colour
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.terrain import (
    add_conifer,
    ground_colours,
)
from mkdocs_gemini_images.emulator.drawing.subjects.composition import draw_figure

# The height of an object as a share of the tallest, and half its width over its height.
_SIZES = {
    "cup": (0.42, 0.72),
    "book": (0.36, 1.05),
    "books": (0.36, 1.0),
    "plant": (1.0, 0.5),
    "lamp": (0.95, 0.34),
    "press": (0.95, 0.95),
    "picture": (0.9, 0.5),
    "envelope": (0.38, 0.75),
    "map": (0.5, 0.8),
    "newspaper": (0.5, 0.74),
    "server": (0.85, 0.3),
}

_BEHIND = ("plant", "lamp", "books")


def draw_still_life(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint the wall, the window, the table and the objects on it."""
    palette, unit, rng = canvas.palette, canvas.unit, canvas.random("room")
    dark = palette.night
    wall = mix(palette.far, palette.near, 0.62) if dark else mix(palette.far, palette.pale, 0.45)
    canvas.backdrop(mix(wall, palette.near, 0.22), wall, mix(wall, palette.pale, 0.1))
    edge = max(canvas.height * 0.72, canvas.height - canvas.width * 0.62)
    side = rng.choice((-1, 1))
    tall = canvas.height > 1.3 * canvas.width
    wide = min(canvas.width * (0.7 if tall else 0.42), unit * 0.78)
    high = min(
        edge * (0.66 if tall else 0.78), wide * (5.0 if canvas.height > 3 * canvas.width else 2.4)
    )
    x = canvas.width * 0.5 + (0.0 if tall else side * min(canvas.width * 0.23, unit * 0.62))
    y = edge * (0.42 if tall else 0.46)
    # A wide canvas has a row of windows.
    span = wide * 2.1
    for k in range(-math.ceil(x / span), math.ceil((canvas.width - x) / span) + 1):
        if k == 0 or canvas.width > 2.6 * canvas.height:
            middle = x + k * span
            _window(
                canvas, scene, (middle - wide / 2, y - high / 2), (middle + wide / 2, y + high / 2)
            )
    slant = -side * unit * 0.5
    patch = canvas.shape().polygon(
        [
            (x - wide * 0.3 + slant, edge - unit * 0.3),
            (x + wide * 0.35 + slant, edge - unit * 0.3),
            (x + wide * 0.7 + slant * 1.5, canvas.height + 12.0),
            (x - wide * 0.1 + slant * 1.5, canvas.height + 12.0),
        ]
    )
    wood = mix(tone_colour(palette, "wood"), palette.second, 0.3)
    wood = mix(wood, palette.near, 0.35) if dark else wood
    canvas.fill(
        canvas.shape().box(-12, edge, canvas.width + 12, canvas.height + 12),
        mix(wood, palette.pale, 0.18),
        mix(wood, palette.near, 0.3),
        outlined=False,
    )
    canvas.fill(
        canvas.shape().box(-12, edge, canvas.width + 12, edge + unit * 0.012),
        mix(wood, palette.light, 0.35),
        outlined=False,
    )
    canvas.fill(patch, palette.light, opacity=0.1 if dark else 0.24, blur=unit * 0.012)
    _things(canvas, scene, edge, side, tall=tall)


def _window(canvas: Canvas, scene: SceneDescription, low: Point, high: Point) -> None:
    palette, unit, rng = canvas.palette, canvas.unit, canvas.random("window")
    (x0, y0), (x1, y1) = low, high
    wide, tall = x1 - x0, y1 - y0
    rim = unit * 0.02
    frame = mix(palette.pale, palette.far, 0.12)
    canvas.fill(canvas.shape().box(x0 - rim, y0 - rim, x1 + rim, y1 + rim, rim * 0.4), frame)
    pane = canvas.shape().box(x0, y0, x1, y1)
    canvas.fill(pane, *palette.sky)
    orb = (x0 + wide * rng.uniform(0.3, 0.7), y0 + tall * rng.uniform(0.26, 0.4))
    canvas.fill(canvas.shape().disc(*orb, min(wide, tall) * 0.13), palette.orb, vivid=True)
    for i in range(3):
        line = hill_line(rng, y0 + tall * (0.66 + 0.1 * i), tall * 0.07, wide * 1.1)
        points = [(x0 + wide * k / 40, min(y1, line(x0 + wide * k / 40))) for k in range(41)]
        canvas.fill(
            canvas.shape().polygon([*points, (x1, y1), (x0, y1)]),
            *ground_colours(canvas, scene, 0.15 + 0.28 * i),
        )
        if i == 1:
            firs = canvas.shape()
            for _ in range(4):
                fx = x0 + wide * rng.uniform(0.1, 0.9)
                add_conifer(firs, rng, fx, line(fx) + tall * 0.02, tall * rng.uniform(0.12, 0.22))
            canvas.fill(firs, ground_colours(canvas, scene, 0.6)[1])
    if palette.night:
        dots = canvas.shape()
        star_rng = canvas.random("window stars")
        for _ in range(40):
            dots.disc(
                x0 + wide * star_rng.random(),
                y0 + tall * 0.55 * star_rng.random(),
                max(0.6, unit * 0.0014),
            )
        canvas.fill(dots, palette.light, outlined=False)
    if "snow" in scene.weather:
        flakes = canvas.shape()
        for _ in range(60):
            flakes.disc(
                x0 + wide * rng.random(),
                y0 + tall * rng.random(),
                max(0.7, unit * rng.uniform(0.0015, 0.0038)),
            )
        canvas.fill(flakes, (250, 251, 253), opacity=0.9, outlined=False)
    bars = canvas.shape().box(x0 + wide / 2 - rim * 0.3, y0, x0 + wide / 2 + rim * 0.3, y1)
    bars.box(x0, y0 + tall * 0.42, x1, y0 + tall * 0.42 + rim * 0.6)
    canvas.fill(bars, frame, outlined=False)
    canvas.fill(
        canvas.shape().box(
            x0 - rim * 2.4, y1 + rim * 0.4, x1 + rim * 2.4, y1 + rim * 1.8, rim * 0.3
        ),
        mix(frame, palette.pale, 0.4),
        mix(frame, palette.near, 0.2),
    )


def _things(canvas: Canvas, scene: SceneDescription, edge: float, side: int, *, tall: bool) -> None:
    named = [name for name in scene.subjects.things if name in _SIZES]
    if scene.subjects.lead and not named:
        named = [scene.subjects.lead]
    front = [name for name in named if name not in _BEHIND][:3]
    front = front or ["cup", "book"][: 1 if named else 2]
    back = [name for name in named if name in _BEHIND][:2]
    if not scene.minimal:
        back += [name for name in _BEHIND if name not in back][: 2 - len(back)]
    unit = canvas.unit
    high = min(
        canvas.height * 0.62, canvas.width * (0.72 if tall else 0.5), (canvas.height - edge) * 2.6
    )
    spans = [_span(name) * high for name in front]
    shrink = min(1.0, canvas.width * 0.8 / (sum(spans) * 1.08))
    total = sum(spans) * 1.08 * shrink
    centre = canvas.width * 0.5 - (0.0 if tall else side * min(canvas.width * 0.1, unit * 0.22))
    centre = min(max(centre, total / 2 + canvas.width * 0.05), canvas.width * 0.95 - total / 2)
    rng = canvas.random("things")
    for k, name in enumerate(back):
        away = (k - (len(back) - 1) / 2) * max(total * 0.62, high * 0.5) * side
        reach = high * shrink * 0.86 * _span(name) * 0.55
        place_x = min(max(centre + away, reach), canvas.width - reach)
        _stand(canvas, name, place_x, edge + (canvas.height - edge) * 0.3, high * shrink * 0.86)
    x = centre - total / 2
    for name, span in sorted(zip(front, spans, strict=True), key=lambda pair: side * len(pair[0])):
        middle = x + span * shrink * 0.54
        base = edge + (canvas.height - edge) * rng.uniform(0.6, 0.74)
        _stand(canvas, name, middle, base, high * shrink)
        x += span * shrink * 1.08


def _span(name: str) -> float:
    share, half = _SIZES.get(name, (0.9, 0.45))
    return 2 * share * half


def _stand(canvas: Canvas, name: str, x: float, base: float, high: float) -> None:
    size = high * _SIZES.get(name, (0.9, 0.45))[0]
    shadow = canvas.shape().disc(
        x + size * 0.06, base, high * _span(name) * 0.48, max(2.0, size * 0.05)
    )
    canvas.fill(
        shadow,
        mix(canvas.palette.near, (20, 14, 20), 0.3),
        opacity=0.34,
        blur=max(1.0, canvas.unit * 0.006),
    )
    if name == "lamp":
        canvas.glow(x, base - size * 0.76, size * 0.9, canvas.palette.light, 0.6)
    draw_figure(canvas, name, x, base, size)
    if name == "cup":
        _steam(canvas, x, base - size * 0.9, size)


def _steam(canvas: Canvas, x: float, y: float, size: float) -> None:
    shape = canvas.shape()
    for offset, rise in ((-0.16, 0.75), (0.04, 1.05), (0.22, 0.7)):
        waves = [
            (x + size * (offset + 0.07 * (1 if k % 2 else -1)), y - size * rise * k / 4)
            for k in range(5)
        ]
        curve = smooth_curve(waves, closed=False)
        shape.polygon(
            [
                *((px - _swell(i, curve) * size, py) for i, (px, py) in enumerate(curve)),
                *(
                    (px + _swell(i, curve) * size, py)
                    for i, (px, py) in reversed(list(enumerate(curve)))
                ),
            ]
        )
    canvas.fill(shape, canvas.palette.pale, opacity=0.55, blur=max(0.8, size * 0.012))


def _swell(i: int, curve: list[Point]) -> float:
    return 0.035 * math.sin(math.pi * i / (len(curve) - 1))
