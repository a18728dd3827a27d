"""Draws a clearing in a forest.

A canvas and a `SceneDescription` go in, the canvas is painted. Rows of firs are paler the farther
they are, with a gap where the subjects stand.
"""

from __future__ import annotations

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import area_below, hill_line
from mkdocs_gemini_images.emulator.drawing.painting.palette import mix
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
from mkdocs_gemini_images.emulator.drawing.subjects.composition import draw_subjects, fitting_height


def draw_forest(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint a clearing among firs, paler with every row towards the sun or moon."""
    view = choose_viewpoint(canvas, 0.66, 0.72)
    rng = canvas.random("forest")
    palette = canvas.palette
    draw_sky(canvas, scene, view, clouds=False)
    rows = 4
    for i in range(rows):
        depth = (i + 0.3) / rows
        base = view.horizon + (canvas.height * 0.92 - view.horizon) * (i / rows) ** 1.2
        line = hill_line(rng, base, canvas.unit * 0.03, canvas.unit * 1.2)
        shape = canvas.shape()
        size = (0.24 + 0.15 * i) * min(view.horizon, canvas.unit * 1.5)
        gap = canvas.unit * (0.1 + 0.1 * i)
        wide = fitting_height(canvas, scene.subjects) * (0.25 + 0.22 * i)
        for k in range(round(canvas.width / gap * 1.7) + 2):
            x = k * gap / 1.7 + rng.uniform(-0.4, 0.4) * gap
            scale = size * rng.uniform(0.7, 1.25)
            if abs(x - view.focus) > wide:
                add_conifer(shape, rng, x, line(x) + size * 0.06, scale)
        light, shade = ground_colours(canvas, scene, depth * 0.95)
        autumn = scene.season == "autumn"
        turned = mix(light, (palette.second, palette.accent)[i % 2], 0.55 if autumn else 0.0)
        canvas.fill(shape, mix(turned, palette.sky[1], 0.2), turned, vivid=autumn)
        canvas.fill(
            canvas.shape().polygon(area_below(line, canvas.width, canvas.height)), light, shade
        )
        draw_mist(
            canvas,
            base + canvas.unit * 0.02,
            (0.6 if "fog" in scene.weather else 0.3) * (1 - 0.6 * depth),
        )
    floor = hill_line(rng, canvas.height * 0.9, canvas.unit * 0.02, canvas.unit * 1.6)
    draw_subjects(
        canvas,
        scene.subjects,
        view.focus,
        floor(view.focus) + canvas.unit * 0.02,
        fitting_height(canvas, scene.subjects, 0.42),
    )
    canvas.fill(
        canvas.shape().polygon(area_below(floor, canvas.width, canvas.height)),
        *ground_colours(canvas, scene, 1.0),
    )
