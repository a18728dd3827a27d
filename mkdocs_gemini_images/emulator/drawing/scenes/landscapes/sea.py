"""Draws the sea, with boats or a headland.

A canvas and a `SceneDescription` go in, the canvas is painted. The subjects are in boats or on the
headland. What is far takes on the colour of the haze.
"""

from __future__ import annotations

from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.geometry import (
    Point,
    area_below,
    hill_line,
    lens_outline,
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
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.terrain import ground_colours
from mkdocs_gemini_images.emulator.drawing.subjects.composition import (
    BOATS,
    draw_figure,
    draw_subjects,
    fitting_height,
)


def draw_sea(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint water, far islands and boats, and a headland when the lead stands on land."""
    view = choose_viewpoint(canvas, 0.56, 0.64)
    draw_sky(canvas, scene, view)
    palette, unit, rng = canvas.palette, canvas.unit, canvas.random("sea")
    for i in range(2):
        line = hill_line(
            rng,
            view.horizon - unit * (0.012 - 0.014 * i),
            unit * (0.06 - 0.02 * i),
            unit * (0.8 + 0.5 * i),
        )
        canvas.fill(
            canvas.shape().polygon(area_below(line, canvas.width, canvas.height)),
            mix(ground_colours(canvas, scene, 0.12 + 0.14 * i)[0], palette.sky[2], 0.3),
        )
    _water(canvas, view)
    if "fog" in scene.weather:
        for step in (-0.05, 0.02, 0.1):
            draw_mist(canvas, view.horizon + unit * step, 0.75)
    else:
        draw_mist(canvas, view.horizon, 0.35)
    lead = scene.subjects.lead
    afloat = [name for name in scene.subjects.things if name in BOATS] or ["sailboat"]
    landed = lead is not None and lead not in BOATS
    _boats(canvas, scene, view, afloat, main=not landed)
    if landed:
        _headland(canvas, scene, view)
    else:
        _shallows(canvas, scene, view)


def _water(canvas: Canvas, view: Viewpoint) -> None:
    palette, unit, rng = canvas.palette, canvas.unit, canvas.random("water")
    depth = canvas.height - view.horizon
    near = mix(palette.water, palette.near, 0.55)
    canvas.fill(
        canvas.shape().box(-12, view.horizon, canvas.width + 12, canvas.height + 12),
        mix(palette.sky[2], palette.water, 0.35),
        palette.water,
        near,
        outlined=False,
    )
    dark, light = canvas.shape(), canvas.shape()
    for _ in range(min(260, round(60 * canvas.width * depth / unit**2) + 16)):
        t = rng.random() ** 1.4
        y = view.horizon + depth * (0.03 + 0.97 * t)
        x = rng.uniform(-0.1, 1.1) * canvas.width
        long, thick = unit * (0.02 + 0.11 * t) * rng.uniform(0.5, 1.2), unit * (0.0012 + 0.004 * t)
        (dark if rng.random() < 0.55 else light).polygon(lens_outline(x, y, long, thick))
    canvas.fill(dark, mix(palette.water, palette.near, 0.6), opacity=0.32, outlined=False)
    canvas.fill(light, palette.sky[2], opacity=0.42, outlined=False)
    glitter = canvas.shape()
    for i in range(34):
        t = (i + rng.random()) / 34
        y = view.horizon + depth * (0.012 + 0.8 * t**1.35)
        spread = view.orb_radius * (0.5 + 0.9 * t)
        x = view.orb_x + rng.gauss(0, 0.38) * spread
        glitter.polygon(
            lens_outline(
                x,
                y,
                spread * rng.uniform(0.35, 0.95) * (1.05 - 0.6 * t),
                unit * (0.0018 + 0.0042 * t),
            )
        )
    canvas.fill(glitter, mix(palette.orb, palette.sky[2], 0.25), opacity=0.78, outlined=False)


def _boats(
    canvas: Canvas, scene: SceneDescription, view: Viewpoint, names: list[str], *, main: bool
) -> None:
    """Paint the named boats; `main` when the lead is one of them."""
    rng, depth = canvas.random("boats"), canvas.height - view.horizon
    spots = _boat_places(canvas, scene, view, rng, main=main)
    spots = [
        (min(max(x, size * 0.55), canvas.width - size * 0.55), y, size) for x, y, size in spots
    ]
    fog = 0.3 if "fog" in scene.weather else 0.0
    for i, (x, y, size) in sorted(enumerate(spots), key=lambda pair: pair[1][1]):
        far = 1 - (y - view.horizon) / depth
        haze = min(0.6, max(0.0, (far - 0.6) * 1.1 + fog * far))
        name = names[i % len(names)]
        scale = size * (0.62 if name != "sailboat" else 1.0)
        _reflection(canvas, rng, (x, y), size, haze)
        draw_figure(canvas, name, x, y + size * 0.03, scale, flip=rng.random() < 0.5, haze=haze)


def _boat_places(
    canvas: Canvas, scene: SceneDescription, view: Viewpoint, rng: Random, *, main: bool
) -> list[tuple[float, float, float]]:
    """Return x, y and size of each boat."""
    depth = canvas.height - view.horizon
    if not main:
        size = min(canvas.height * 0.15, canvas.width * 0.25)
        return [(canvas.width - view.focus, view.horizon + depth * 0.16, size)]
    size = fitting_height(canvas, scene.subjects, 0.42)
    places = [(view.focus, view.horizon + depth * 0.42, size)]
    if scene.subjects.many or scene.subjects.lead is None:
        away = -1 if view.focus > canvas.width / 2 else 1
        for way, low, high, down, share in (
            (away, 0.95, 1.2, 0.2, 0.5),
            (away, 1.7, 2.1, 0.09, 0.27),
            (-away, 0.8, 1.0, 0.12, 0.33),
        ):
            x = view.focus + way * size * rng.uniform(low, high)
            places.append((x, view.horizon + depth * down, size * share))
    return places


def _reflection(canvas: Canvas, rng: Random, place: Point, size: float, haze: float) -> None:
    x, y = place
    mirror = canvas.shape()
    for k in range(7):
        half = size * (0.4 - 0.045 * k) * rng.uniform(0.8, 1.1)
        mirror.polygon(
            lens_outline(
                x + rng.uniform(-0.05, 0.05) * size,
                y + size * (0.02 + 0.055 * k),
                half,
                size * 0.013,
            )
        )
    canvas.fill(
        mirror,
        mix(canvas.palette.near, canvas.palette.water, 0.3 + 0.6 * haze),
        opacity=0.5,
        outlined=False,
    )


def _headland(canvas: Canvas, scene: SceneDescription, view: Viewpoint) -> None:
    unit, rng = canvas.unit, canvas.random("headland")
    side = -1 if view.focus < canvas.width / 2 else 1
    edge = -14.0 if side < 0 else canvas.width + 14.0
    x, top = view.focus, view.horizon - unit * 0.02
    low = canvas.height + 14.0
    drop = canvas.height - top

    def at(along: float, down: float) -> Point:
        return x - side * along * unit, top + down * drop

    steps = [
        (0.1, 0.01),
        (0.15, 0.07),
        (0.165, 0.2),
        (0.235, 0.25),
        (0.255, 0.4),
        (0.33, 0.46),
        (0.36, 0.58),
        (0.44, 0.66),
        (0.46, 0.8),
        (0.55, 0.86),
        (0.58, 1.06),
    ]
    face = [at(a + rng.uniform(-0.012, 0.012), d) for a, d in steps]
    crest: list[Point] = [(edge, top - unit * 0.05), ((edge + x) / 2, top - unit * 0.02), at(0, 0)]
    light, shade = ground_colours(canvas, scene, 0.72)
    light = mix(light, tone_colour(canvas.palette, "leaf"), 0.25)
    canvas.fill(canvas.shape().polygon([*crest, *face, (edge, low)]), light, shade)
    rock = canvas.shape()
    inner = [
        (px + side * unit * (0.05 + 0.05 * (i % 2)), py + unit * 0.012)
        for i, (px, py) in enumerate(face)
    ]
    rock.polygon([*face, *reversed(inner)])
    canvas.fill(rock, mix(shade, canvas.palette.near, 0.55), canvas.palette.near)
    foam = canvas.shape()
    for px, py in face[-4:]:
        for _ in range(3):
            foam.polygon(
                lens_outline(
                    px - side * unit * rng.uniform(-0.02, 0.06),
                    py + unit * rng.uniform(0.0, 0.03),
                    unit * rng.uniform(0.03, 0.08),
                    unit * 0.0035,
                )
            )
    canvas.fill(foam, canvas.palette.pale, opacity=0.75, outlined=False)
    size = min(fitting_height(canvas, scene.subjects, 0.5), view.horizon * 0.78)
    if scene.subjects.lead == "lighthouse":
        _beam(canvas, x, top - size * 0.79, size, -side)
    draw_subjects(canvas, scene.subjects, x + side * unit * 0.02, top + unit * 0.012, size)


def _beam(canvas: Canvas, x: float, y: float, size: float, way: int) -> None:
    length = max(canvas.width * 0.75, size * 1.6)
    strength = 0.8 if canvas.palette.night else 0.5
    colour = canvas.palette.light
    main = canvas.shape().polygon(
        [
            (x, y - 2),
            (x + way * length, y - length * 0.2),
            (x + way * length, y + length * 0.02),
            (x, y + 2),
        ]
    )
    back = canvas.shape().polygon(
        [
            (x, y - 2),
            (x - way * length, y - length * 0.02),
            (x - way * length, y + length * 0.16),
            (x, y + 2),
        ]
    )
    canvas.beam(main, x, y, length, colour, strength)
    canvas.beam(back, x, y, length * 0.6, colour, strength * 0.7)
    canvas.glow(x, y, size * 0.5, colour, strength)


def _shallows(canvas: Canvas, scene: SceneDescription, view: Viewpoint) -> None:
    """Paint a shore in the foreground."""
    rng = canvas.random("shore")
    line = hill_line(rng, canvas.height * 0.955, canvas.unit * 0.03, canvas.unit * 1.9)
    light, shade = ground_colours(canvas, scene, 0.85)
    canvas.fill(canvas.shape().polygon(area_below(line, canvas.width, canvas.height)), light, shade)
    reeds = canvas.shape()
    corner = 0.0 if view.focus > canvas.width / 2 else float(canvas.width)
    for _ in range(46):
        x = corner + rng.gauss(0, 0.12) * canvas.unit
        y, rise = line(x) + canvas.unit * 0.02, canvas.unit * rng.uniform(0.05, 0.16)
        lean = canvas.unit * rng.uniform(-0.03, 0.03)
        reeds.polygon(
            [(x - canvas.unit * 0.003, y), (x + lean, y - rise), (x + canvas.unit * 0.003, y)]
        )
    canvas.fill(reeds, mix(shade, canvas.palette.near, 0.6), outlined=False)
