"""Draws rolling hills with groves and flowers.

A canvas and a `SceneDescription` go in; five layers of land are painted from the horizon to the
foreground, and the subjects on the last but one.
"""

from __future__ import annotations

from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import (
    HeightLine,
    area_below,
    hill_line,
)
from mkdocs_gemini_images.emulator.drawing.painting.palette import mix
from mkdocs_gemini_images.emulator.drawing.painting.tones import tone_colour
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sky import (
    Viewpoint,
    choose_viewpoint,
    draw_mist,
    draw_sky,
)
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.terrain import (
    add_conifer,
    ground_colours,
)
from mkdocs_gemini_images.emulator.drawing.subjects.composition import (
    draw_subjects,
    fitting_height,
)


def draw_hills(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint rolling hills with trees, and the subjects on the last but one."""
    view = choose_viewpoint(canvas)
    rng = canvas.random("hills")
    draw_sky(canvas, scene, view)
    count = 5
    for i in range(count):
        depth = i / (count - 1)
        base = view.horizon + (canvas.height * 0.9 - view.horizon) * depth**1.25
        line = hill_line(
            rng, base, canvas.unit * (0.035 + 0.03 * depth), canvas.unit * (0.9 + 0.5 * depth)
        )
        canvas.fill(
            canvas.shape().polygon(area_below(line, canvas.width, canvas.height)),
            *ground_colours(canvas, scene, depth * 0.92),
        )
        if i < 4 and not (scene.minimal and i % 2):
            _grove(canvas, scene, rng, line, view, depth)
        if "fog" in scene.weather and i < 4:
            draw_mist(canvas, base + canvas.unit * 0.04, 0.55)
        if i == 3:
            draw_subjects(
                canvas,
                scene.subjects,
                view.focus,
                line(view.focus) + canvas.unit * 0.02,
                fitting_height(canvas, scene.subjects),
            )
            _borders(canvas, scene, rng, line, view)


def _grove(
    canvas: Canvas,
    scene: SceneDescription,
    rng: Random,
    line: HeightLine,
    view: Viewpoint,
    depth: float,
) -> None:
    size = canvas.unit * (0.04 + 0.2 * depth**1.3)
    colour = mix(ground_colours(canvas, scene, depth)[1], canvas.palette.near, 0.25)
    if scene.season == "autumn":
        colour = mix(colour, rng.choice((canvas.palette.accent, canvas.palette.second)), 0.45)
    for _ in range(max(1, round(canvas.width / canvas.unit * rng.uniform(0.8, 1.6)))):
        centre = rng.uniform(-0.05, 1.05) * canvas.width
        kind = rng.random()
        for _ in range(rng.randint(2, 5)):
            x = centre + rng.gauss(0, 1.1) * size
            scale = size * rng.uniform(0.7, 1.15)
            if depth > 0.4 and abs(x - view.focus) < fitting_height(canvas, scene.subjects) * 0.62:
                continue
            crown, trunk = canvas.shape(), canvas.shape()
            y = line(x) + size * 0.08
            trunk.box(x - scale * 0.035, y - scale * 0.5, x + scale * 0.035, y)
            if kind < 0.4:
                add_conifer(crown, rng, x, y - scale * 0.12, scale * 1.1)
            elif kind < 0.75:
                crown.disc(x, y - scale * 0.68, scale * 0.3, scale * 0.36)
            else:
                crown.blob(
                    [
                        (x, y - scale * 1.35),
                        (x + scale * 0.13, y - scale * 0.7),
                        (x, y - scale * 0.12),
                        (x - scale * 0.13, y - scale * 0.7),
                    ]
                )
            canvas.fill(trunk, mix(colour, canvas.palette.near, 0.5), outlined=False)
            canvas.fill(crown, mix(colour, canvas.palette.light, 0.16), colour)


def _borders(
    canvas: Canvas, scene: SceneDescription, rng: Random, line: HeightLine, view: Viewpoint
) -> None:
    if scene.season == "winter":
        return
    size = canvas.unit * 0.06
    stems, heads = canvas.shape(), canvas.shape()
    tall_heads = canvas.shape()
    for _ in range(min(70, round(16 * canvas.width / canvas.unit))):
        x = rng.uniform(0, canvas.width)
        y = line(x) + size * rng.uniform(0.25, 1.1)
        rise = size * rng.uniform(0.4, 0.95)
        stems.line([(x, y), (x + size * 0.05, y - rise)], max(0.8, size * 0.035))
        (heads if rng.random() < 0.6 else tall_heads).disc(
            x + size * 0.05, y - rise, size * rng.uniform(0.06, 0.12)
        )
    canvas.stroke(
        stems, mix(ground_colours(canvas, scene, 0.7)[1], tone_colour(canvas.palette, "sprig"), 0.5)
    )
    canvas.fill(heads, canvas.palette.second, vivid=True)
    canvas.fill(tall_heads, canvas.palette.accent, vivid=True)
