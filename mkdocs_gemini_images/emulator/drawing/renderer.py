"""Draws the image of an answer: texts in, an encoded image out.

The same texts, size and take always give the same bytes. The first text decides the composition,
later ones change light and colours. Safe to call from several threads. The image shows no words
but the mark "emulated".
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from PIL import Image, ImageDraw, ImageFont, ImageStat

from mkdocs_gemini_images.emulator.drawing.painting.canvas import Canvas
from mkdocs_gemini_images.emulator.drawing.painting.palette import (
    Palette,
    choose_palette,
    from_hex,
    lightness,
)
from mkdocs_gemini_images.emulator.drawing.painting.reference_colours import lean_towards_reference
from mkdocs_gemini_images.emulator.drawing.painting.seeded_random import random_from
from mkdocs_gemini_images.emulator.drawing.painting.techniques import (
    BlueprintTechnique,
    FlatTechnique,
    InkTechnique,
    Technique,
    WatercolourTechnique,
)
from mkdocs_gemini_images.emulator.drawing.painting.textures import Textures
from mkdocs_gemini_images.emulator.drawing.prompt_reading import SceneDescription, read_prompt
from mkdocs_gemini_images.emulator.drawing.scenes.blueprint import draw_blueprint
from mkdocs_gemini_images.emulator.drawing.scenes.flow_diagram import draw_flow_diagram
from mkdocs_gemini_images.emulator.drawing.scenes.isometric.islands import draw_islands
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.city import draw_city
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.desert import draw_desert
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.forest import draw_forest
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.hills import draw_hills
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.mountains import draw_mountains
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.river import draw_river
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sea import draw_sea
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.sky import draw_precipitation
from mkdocs_gemini_images.emulator.drawing.scenes.landscapes.space import draw_space
from mkdocs_gemini_images.emulator.drawing.scenes.still_life import draw_still_life
from mkdocs_gemini_images.emulator.drawing.scenes.tile_pattern import draw_tile_pattern

_SCENES: dict[str, Callable[[Canvas, SceneDescription], None]] = {
    "sea": draw_sea,
    "river": draw_river,
    "mountains": draw_mountains,
    "forest": draw_forest,
    "city": draw_city,
    "desert": draw_desert,
    "space": draw_space,
    "hills": draw_hills,
    "table": draw_still_life,
    "diagram": draw_flow_diagram,
    "pattern": draw_tile_pattern,
    "blueprint": draw_blueprint,
    "isometric": draw_islands,
}
_HANDS: dict[str, Callable[[Palette, Textures], Technique]] = {
    "watercolour": WatercolourTechnique,
    "ink": InkTechnique,
    "blueprint": BlueprintTechnique,
}
_OUTDOORS = ("sea", "river", "mountains", "forest", "city", "desert", "hills")
_MARK = "emulated"
# An image is painted with at most this many pixels and scaled up beyond: it has no finer detail,
# and a 4K image then takes little more time than a 1K one.
_PAINTED = 1_200_000
_BLUEPRINTS = {
    "day": ("1d4f91", "e8f1fa"),
    "night": ("0b1a33", "9fc3ea"),
    "dawn": ("2b5f8f", "f3ede2"),
    "dusk": ("27356f", "f2e3d6"),
}


def draw_image(
    texts: Sequence[str],
    width: int,
    height: int,
    *,
    kind: Literal["png", "jpeg"] = "png",
    take: int = 1,
    references: Sequence[bytes] = (),
) -> bytes:
    """Return an encoded image of exactly this size.

    The first text decides the composition, later ones change light and colours. Another `take`
    gives another composition. The palette is shifted towards the first reference.
    """
    picture = paint_image(texts, _bounded(width, height), take=take, references=references)
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    _mark(picture)
    file = io.BytesIO()
    if kind == "jpeg":
        picture.save(file, "JPEG", quality=90, subsampling=0)
    else:
        # Grain has no repetitions: a search for them takes time and saves no bytes.
        picture.save(file, "PNG", compress_type=zlib.Z_HUFFMAN_ONLY)
    return file.getvalue()


def paint_image(
    texts: Sequence[str], size: tuple[int, int], *, take: int = 1, references: Sequence[bytes] = ()
) -> Image.Image:
    """Return the painted image, without the mark."""
    scene = read_prompt(texts, take)
    palette = choose_palette(scene.hour, scene.season, scene.moods, scene.variant)
    if references:
        palette = lean_towards_reference(palette, references[0])
    if scene.style == "blueprint":
        paper, ink = (from_hex(text) for text in _BLUEPRINTS[scene.hour])
        palette = replace(palette, paper=paper, ink=ink)
    seed = f"{take}/{texts[0] if texts else ''}"
    textures = Textures(size, random_from("grain", seed))
    canvas = Canvas(size, palette, _HANDS.get(scene.style, FlatTechnique)(palette, textures), seed)
    _SCENES[scene.setting](canvas, scene)
    if scene.setting in _OUTDOORS:
        draw_precipitation(canvas, scene)
    return canvas.technique.finish(canvas.image)


def _bounded(width: int, height: int) -> tuple[int, int]:
    scale = min(1.0, math.sqrt(_PAINTED / (width * height)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _mark(picture: Image.Image) -> None:
    """Write "emulated" into the lower right corner, small and legible."""
    width, height = picture.size
    size = max(9.0, min(width, height) / 48)
    if width < 8 * size or height < 4 * size:
        return  # On an image this small, the mark would cover it.
    font = ImageFont.load_default(size)
    inset = max(size * 1.4, min(width, height) * 0.066)
    pen = ImageDraw.Draw(picture)
    spot = (width - inset, height - inset)
    left, top, right, bottom = pen.textbbox(spot, _MARK, font, anchor="rs")
    box = (max(0, int(left)), max(0, int(top)), int(right) + 1, int(bottom) + 1)
    under = picture.crop(box)
    mean = ImageStat.Stat(under).mean
    dark = lightness((round(mean[0]), round(mean[1]), round(mean[2]))) < 0.5
    over = Image.new("RGB", under.size, (255, 255, 255) if dark else (0, 0, 0))
    veil = Image.new("L", under.size)
    ImageDraw.Draw(veil).text((spot[0] - box[0], spot[1] - box[1]), _MARK, 150, font, anchor="rs")
    picture.paste(over, box[:2], veil)
