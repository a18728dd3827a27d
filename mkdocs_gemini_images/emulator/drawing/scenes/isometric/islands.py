"""Draws small islands of blocks in isometric projection.

A canvas and a `SceneDescription` go in, the canvas is painted. It takes as many islands as fit,
painted from back to front; the subjects decide what stands on them.
"""

from __future__ import annotations

from random import Random

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.palette import mix
from mkdocs_gemini_images.emulator.drawing.painting.tones import tone_colour
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription
from mkdocs_gemini_images.emulator.drawing.scenes.isometric.block_island import ISLAND_TILES, Island
from mkdocs_gemini_images.emulator.drawing.scenes.isometric.buildings import (
    add_glasshouse,
    add_house,
    add_raised_bed,
    add_server_rack,
)
from mkdocs_gemini_images.emulator.drawing.subjects.composition import draw_figure


def draw_islands(canvas: Canvas, scene: SceneDescription) -> None:
    """Paint as many islands as fit on the canvas."""
    palette = canvas.palette
    low = palette.sky[2]
    canvas.backdrop(mix(palette.sky[1], low, 0.35), low, mix(low, palette.second, 0.18))
    ratio = canvas.width / canvas.height
    glass = {"server", "plant"} <= set(scene.subjects.things)
    across = max(1, min(6, round(ratio / 1.75)))
    down = max(1, min(7, round(1 / ratio / 0.95)))
    for i in range(across * down):
        x = canvas.width * (i % across + 0.5) / across
        y = canvas.height * (i // across + 0.5) / down
        room = min(canvas.width / across * 0.93, canvas.height / down * (1.08 if glass else 1.2))
        canvas.glow(
            x, y, room * 0.72, mix(palette.pale, palette.light, 0.3), 0.22 if palette.night else 0.6
        )
        tile = room / 2 / ISLAND_TILES
        middle = y + tile * (1.2 if glass else 0.8)
        _build(Island(canvas, x, middle, tile), scene, canvas.random(f"island {i}"))


def _build(island: Island, scene: SceneDescription, rng: Random) -> None:
    canvas, palette, side = island.canvas, island.canvas.palette, float(ISLAND_TILES)
    soil = mix(palette.far, palette.near, 0.35)
    floor = mix(tone_colour(palette, "sprig"), palette.pale, 0.05 if palette.night else 0.4)
    shadow = canvas.shape().polygon(
        [
            island.at(-0.3, side + 0.3, -1.5),
            island.at(side, side, -1.9),
            island.at(side + 0.3, -0.3, -1.5),
            island.at(0, 0, -1.5),
        ]
    )
    canvas.fill(shadow, palette.near, opacity=0.3, blur=island.tile * 0.4)
    island.block((0, 0, -0.8), (side, side, -0.22), soil)
    island.block((0, 0, -0.22), (side, side, 0.0), floor)
    joints = canvas.shape()
    for k in range(2, ISLAND_TILES, 2):
        joints.line([island.at(k, 0), island.at(k, side)], max(0.5, island.tile * 0.04))
        joints.line([island.at(0, k), island.at(side, k)], max(0.5, island.tile * 0.04))
    canvas.fill(joints, mix(floor, palette.near, 0.5), opacity=0.3, outlined=False)
    servers = "server" in scene.subjects.things
    glass = servers and "plant" in scene.subjects.things
    if glass:
        add_glasshouse(island, back=True)
    green = set(rng.sample(range(9), 4 if "plant" in scene.subjects.things else 3))
    for k in sorted(range(9), key=lambda k: k // 3 + k % 3):
        u, v = 0.35 + 1.95 * (k // 3), 0.35 + 1.95 * (k % 3)
        if k in green:
            add_raised_bed(island, rng, u, v)
        elif servers:
            add_server_rack(island, rng, u, v)
        else:
            add_house(island, rng, u, v)
    if scene.subjects.character:
        draw_figure(
            canvas, scene.subjects.character, *island.at(side - 0.7, side - 0.7), island.tile * 2.0
        )
    if glass:
        add_glasshouse(island, back=False)
