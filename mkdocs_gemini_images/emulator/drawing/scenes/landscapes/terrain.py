"""Scenes of land: hills and mountains.

A canvas and a brief come in; layers of land are laid from the haze at the
horizon to the dark foreground, and the cast is placed where the eye goes. A
scene decides where things are; their colours come from the palette alone.
"""

from __future__ import annotations

from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas, Shape
from mkdocs_gemini_images.emulator.drawing.painting.geometry import (
    HeightLine,
    Point,
    area_below,
    hill_line,
    peak_line,
)
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, mix
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription, Subjects
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sky import (
    Viewpoint,
    choose_viewpoint,
    draw_mist,
    draw_sky,
)
from mkdocs_gemini_images.emulator.drawing.subjects.composition import (
    BEINGS,
    draw_subjects,
    relative_width,
    tone_colour,
)

_SNOW: Colour = (247, 249, 252)


def ground_colours(canvas: Canvas, scene: SceneDescription, depth: float) -> tuple[Colour, Colour]:
    """Return the two colours of the land at a depth from 0 (far) to 1 (near)."""
    palette = canvas.palette
    colour = mix(palette.far, palette.near, depth)
    if scene.season == "winter":
        white = mix(_SNOW, palette.sky[0], 0.42 if palette.night else 0.06)
        colour = mix(colour, white, 0.68 - 0.12 * depth)
    return mix(colour, palette.sky[2], 0.18 * (1 - depth)), mix(colour, palette.near, 0.32)


def fitting_height(canvas: Canvas, subjects: Subjects, share: float = 0.4) -> float:
    """Return the height of a lead that fits the sheet both ways."""
    most = 0.62 if subjects.lead in BEINGS else 0.92
    return min(
        canvas.height * share, canvas.width * 0.84 / relative_width(subjects), canvas.unit * most
    )


def draw_hills(canvas: Canvas, scene: SceneDescription) -> None:
    """Rolling hills with trees, the subjects on the last but one."""
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


def add_conifer(shape: Shape, rng: Random, x: float, y: float, size: float) -> None:
    """Add a fir to a shape: three tiers, none quite like the other."""
    for tier in range(3):
        wide = size * (0.25 - 0.06 * tier) * rng.uniform(0.88, 1.1)
        low, top = y - size * 0.27 * tier, y - size * (0.5 + 0.25 * tier)
        shape.polygon([(x - wide, low), (x, top), (x + wide, low), (x, low - size * 0.05)])


def draw_mountains(canvas: Canvas, scene: SceneDescription) -> None:
    """Ranges with a lit and a shaded side, firs, and the subjects on a foreground rise."""
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
    white = mix(_SNOW, canvas.palette.sky[1], 0.5 if canvas.palette.night else 0.12)
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
