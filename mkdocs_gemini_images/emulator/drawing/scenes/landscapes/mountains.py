"""Draws mountain ranges with a lit and a shaded side, above slopes of firs.

A canvas and a `SceneDescription` go in; three ranges and two slopes are painted from the horizon
to the foreground, and the subjects on the nearer slope.
"""

from __future__ import annotations

from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import (
    HeightLine,
    Point,
    area_below,
    hill_line,
    peak_line,
)
from mkdocs_gemini_images.emulator.drawing.painting.palette import mix
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sky import (
    Viewpoint,
    choose_viewpoint,
    draw_mist,
    draw_sky,
)
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.terrain import (
    SNOW,
    add_conifer,
    ground_colours,
)
from mkdocs_gemini_images.emulator.drawing.subjects.composition import (
    draw_subjects,
    fitting_height,
)


def draw_mountains(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint ranges with a lit and a shaded side, and the subjects before them."""
    view = choose_viewpoint(canvas, 0.62, 0.7)
    rng = canvas.random("mountains")
    draw_sky(canvas, scene, view)
    ranges = 3
    for i in range(ranges):
        depth = i / ranges
        base = view.horizon + canvas.unit * 0.1 * i
        tall = canvas.unit * (0.5 - 0.11 * i) * (2.1 if view.tall else 1.0)
        points = peak_line(
            rng,
            canvas.width,
            base,
            min(tall, view.horizon * 0.72),
            canvas.unit * (0.62 - 0.12 * i),
        )
        _range(canvas, scene, rng, points, depth, capped=i < 2)
        draw_mist(canvas, base + canvas.unit * 0.03, 0.8 if "fog" in scene.weather else 0.5)
    for i in range(2):
        base = view.horizon + (canvas.height - view.horizon) * (0.42 + 0.3 * i)
        line = hill_line(rng, base, canvas.unit * 0.045, canvas.unit * 1.5)
        _firs(canvas, scene, rng, line, view, 0.62 + 0.2 * i, keep=i == 1)
        canvas.fill(
            canvas.shape().polygon(area_below(line, canvas.width, canvas.height)),
            *ground_colours(canvas, scene, 0.66 + 0.26 * i),
        )
        if i == 1:
            draw_subjects(
                canvas,
                scene.subjects,
                view.focus,
                line(view.focus) + canvas.unit * 0.015,
                fitting_height(canvas, scene.subjects, 0.34),
            )


def _range(
    canvas: Canvas,
    scene: SceneDescription,
    rng: Random,
    points: list[Point],
    depth: float,
    *,
    capped: bool,
) -> None:
    bottom = canvas.height + 12.0
    light, shade = ground_colours(canvas, scene, depth * 0.75)
    whole = [*points, (points[-1][0], bottom), (points[0][0], bottom)]
    canvas.fill(
        canvas.shape().polygon(whole),
        mix(light, canvas.palette.light, 0.12),
        mix(light, canvas.palette.sky[2], 0.35),
    )
    shadow, cap, dim_cap = canvas.shape(), canvas.shape(), canvas.shape()
    for left, peak, right in zip(points[::2], points[1::2], points[2::2], strict=False):
        drop = right[1] - peak[1]
        spine = [peak]
        for step in range(1, 5):
            t = step / 4
            swing = (0.1 if step % 2 else -0.06) * rng.uniform(0.6, 1.4)
            spine.append((peak[0] + (right[0] - peak[0]) * (swing + 0.08 * t), peak[1] + drop * t))
        shadow.polygon([peak, right, *reversed(spine)])
        if capped:
            part = rng.uniform(0.24, 0.34)
            a = _along(peak, left, part)
            b = _along(peak, right, part)
            middle = _along(peak, (peak[0], right[1]), part)
            jag = canvas.unit * 0.02
            cap.polygon(
                [
                    peak,
                    a,
                    ((a[0] * 2 + peak[0]) / 3, a[1] + jag * 0.4 - jag),
                    ((a[0] + peak[0] * 2) / 3, a[1] + jag),
                    (middle[0], middle[1] - jag),
                ]
            )
            dim_cap.polygon(
                [peak, (middle[0], middle[1] - jag), ((b[0] + peak[0]) / 2, b[1] + jag * 0.6), b]
            )
    canvas.fill(shadow, mix(shade, light, 0.3), mix(light, canvas.palette.sky[2], 0.25))
    white = mix(SNOW, canvas.palette.sky[1], 0.5 if canvas.palette.night else 0.12)
    canvas.fill(cap, white)
    canvas.fill(dim_cap, mix(white, shade, 0.35))


def _along(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _firs(
    canvas: Canvas,
    scene: SceneDescription,
    rng: Random,
    line: HeightLine,
    view: Viewpoint,
    depth: float,
    *,
    keep: bool,
) -> None:
    shape = canvas.shape()
    size = canvas.unit * 0.12 * depth
    for i in range(round(canvas.width / size * 2.4)):
        x = i * size / 2.4 + rng.uniform(-0.3, 0.3) * size
        clump = rng.random() < 0.72
        scale = size * rng.uniform(0.55, 1.15)
        if clump and not (
            keep and abs(x - view.focus) < fitting_height(canvas, scene.subjects, 0.34) * 0.8
        ):
            add_conifer(shape, rng, x, line(x) + size * 0.12, scale)
    light, shade = ground_colours(canvas, scene, depth)
    canvas.fill(shape, mix(light, shade, 0.4), shade)
