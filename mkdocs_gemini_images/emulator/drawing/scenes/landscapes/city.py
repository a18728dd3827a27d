"""Draws a city of three rows of towers behind a quay.

A canvas and a `SceneDescription` go in, the canvas is painted. When books are among the subjects,
the near towers are bookcases.
"""

from __future__ import annotations

from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas, Shape
from mkdocs_gemini_images.emulator.drawing.painting.geometry import lens_outline
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sky import (
    Viewpoint,
    choose_viewpoint,
    draw_mist,
    draw_sky,
)
from mkdocs_gemini_images.emulator.drawing.subjects.composition import draw_subjects

Tower = tuple[float, float, float]


def draw_city(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint three rows of towers with lit windows or books, and a wet quay in front."""
    view = choose_viewpoint(canvas, 0.82, 0.86)
    palette, unit = canvas.palette, canvas.unit
    draw_sky(canvas, scene, view)
    for i in range(3):
        rng = canvas.random(f"row {i}")
        depth = (0.12, 0.42, 0.82)[i]
        towers = _row(canvas, rng, view, i)
        light = mix(palette.far, palette.near, depth)
        shape = canvas.shape()
        for x0, x1, top in towers:
            _tower(shape, rng, x0, x1, top, view.horizon)
        canvas.fill(shape, light, mix(light, palette.sky[2], 0.38 - 0.3 * depth))
        if i == 2 and scene.shelves:
            _spines(canvas, rng, towers, view.horizon)
        elif i:
            _windows(canvas, rng, towers, view.horizon, depth)
        draw_mist(
            canvas, view.horizon - unit * 0.05, 0.5 if "fog" in scene.weather else 0.28 - 0.1 * i
        )
    _quay(canvas, scene, view)
    if scene.subjects.lead and scene.subjects.lead != "book":
        draw_subjects(
            canvas,
            scene.subjects,
            view.focus,
            canvas.height * 0.955,
            min(canvas.height * 0.34, canvas.width * 0.45),
        )


def _row(canvas: Canvas, rng: Random, view: Viewpoint, row: int) -> list[Tower]:
    unit = canvas.unit
    rise = min(view.horizon * (0.82, 0.7, 0.52)[row], unit * (1.7, 1.4, 1.1)[row])
    wide = unit * (0.075, 0.1, 0.15)[row]
    towers = []
    x = -wide * rng.random()
    while x < canvas.width:
        width = wide * rng.uniform(0.75, 1.4)
        centre = abs((x + width / 2 - view.focus) / canvas.width)
        crown = 1.1 - min(0.5, centre * 1.1)
        height = rise * crown * rng.uniform(0.55, 1.0)
        towers.append((x, x + width, view.horizon - height))
        x += width + (unit * rng.uniform(0.0, 0.035) if row else 0.0)
    return towers


def _tower(shape: Shape, rng: Random, x0: float, x1: float, top: float, base: float) -> None:
    shape.box(x0, top, x1, base + 4)
    width = x1 - x0
    kind = rng.random()
    if kind < 0.2:
        shape.box(x0 + width * 0.2, top - width * 0.3, x1 - width * 0.2, top + 2)
    elif kind < 0.36:
        shape.polygon([(x0, top + 1), ((x0 + x1) / 2, top - width * 0.5), (x1, top + 1)])
    elif kind < 0.5:
        middle = (x0 + x1) / 2
        shape.box(x0 + width * 0.3, top - width * 0.22, x1 - width * 0.3, top + 2)
        shape.line([(middle, top), (middle, top - width * 0.75)], max(1.0, width * 0.02))
    elif kind < 0.6:
        shape.disc((x0 + x1) / 2, top + 1, width * 0.4)


def _windows(canvas: Canvas, rng: Random, towers: list[Tower], base: float, depth: float) -> None:
    lit, dim = canvas.shape(), canvas.shape()
    palette = canvas.palette
    share = 0.62 if palette.night else 0.3
    for x0, x1, top in towers:
        columns = max(2, round((x1 - x0) / (canvas.unit * 0.026)))
        cell = (x1 - x0) / (columns + 0.6)
        tall = cell * rng.choice((1.25, 1.5, 2.0))
        for r in range(int((base - top) / tall) - 1):
            for c in range(columns):
                chance = rng.random()
                wx, wy = x0 + cell * (0.55 + c), top + tall * (0.5 + r)
                if chance < 0.82:
                    (lit if chance < share else dim).box(wx, wy, wx + cell * 0.5, wy + tall * 0.5)
    body = mix(palette.far, palette.near, depth)
    bright = palette.light if palette.night else mix(palette.light, palette.sky[2], 0.3)
    canvas.fill(dim, mix(body, palette.near, 0.4), opacity=0.55, outlined=False)
    canvas.fill(lit, bright, opacity=0.35 + 0.55 * depth, outlined=False)


def _spines(canvas: Canvas, rng: Random, towers: list[Tower], base: float) -> None:
    palette = canvas.palette
    deep = mix(palette.near, (14, 16, 26), 0.35)
    colours = [
        mix(colour, palette.near, 0.1)
        for colour in (
            palette.accent,
            palette.second,
            palette.pale,
            mix(palette.far, palette.pale, 0.3),
            mix(palette.accent, palette.near, 0.45),
            mix(palette.far, palette.near, 0.25),
        )
    ]
    backs, lamps = canvas.shape(), canvas.shape()
    rows: list[Shape] = [canvas.shape() for _ in colours]
    for x0, x1, top in towers:
        shelf = canvas.unit * rng.uniform(0.058, 0.078)
        rim = shelf * 0.1
        y = top + rim * 1.6
        while y + shelf * 0.75 < base:
            backs.box(x0 + rim, y, x1 - rim, y + shelf - rim)
            x = x0 + rim * 1.6
            while True:
                thick = shelf * rng.uniform(0.11, 0.24)
                tall = (shelf - rim) * rng.uniform(0.66, 0.94)
                if x + thick > x1 - rim * 1.6:
                    break
                if rng.random() < 0.9:
                    rows[rng.randrange(len(rows))].box(
                        x, y + shelf - rim - tall, x + thick * 0.88, y + shelf - rim
                    )
                else:
                    lamps.box(x, y + rim, x + thick * 1.5, y + shelf - rim)
                    x += thick
                x += thick
            y += shelf
    canvas.fill(backs, deep, outlined=False)
    for shape, colour in zip(rows, colours, strict=True):
        canvas.fill(shape, colour, outlined=False)
    canvas.fill(lamps, palette.light, outlined=False)


def _quay(canvas: Canvas, scene: SceneDescription, view: Viewpoint) -> None:
    palette, rng = canvas.palette, canvas.random("quay")
    floor: Colour = mix(palette.near, palette.water, 0.35)
    canvas.fill(
        canvas.shape().box(-12, view.horizon, canvas.width + 12, canvas.height + 12),
        mix(floor, palette.sky[2], 0.35),
        floor,
        mix(floor, palette.near, 0.5),
        outlined=False,
    )
    canvas.fill(
        canvas.shape().box(
            -12,
            view.horizon - canvas.unit * 0.004,
            canvas.width + 12,
            view.horizon + canvas.unit * 0.006,
        ),
        palette.near,
        outlined=False,
    )
    warm, cold = canvas.shape(), canvas.shape()
    depth = canvas.height - view.horizon
    for _ in range(min(200, round(60 * canvas.width / canvas.unit))):
        t = rng.random()
        shape = warm if rng.random() < 0.5 else cold
        shape.polygon(
            lens_outline(
                rng.uniform(0, canvas.width),
                view.horizon + depth * (0.06 + 0.9 * t),
                canvas.unit * rng.uniform(0.01, 0.05),
                canvas.unit * 0.0024,
            )
        )
    glint = 0.55 if "rain" in scene.weather or palette.night else 0.3
    canvas.fill(warm, palette.light, opacity=glint, outlined=False)
    canvas.fill(cold, palette.sky[2], opacity=glint * 0.7, outlined=False)
