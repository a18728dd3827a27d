"""The four painting techniques: flat print, watercolour, ink and blueprint.

A mask, its box and a `Fill` go in; the image is changed in place. All techniques paint the same
shapes, so that every scene can be drawn in every style.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from mkdocs_gemini_images.emulator.drawing.painting.geometry import PixelBox
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, Palette, lightness, mix
from mkdocs_gemini_images.emulator.drawing.painting.textures import (
    Textures,
    scale_contrast,
    tone_curve,
)


@dataclass(frozen=True, slots=True)
class Fill:
    """The colours of one shape and how they are applied."""

    stops: tuple[Colour, ...]
    opacity: float
    outlined: bool
    vivid: bool
    fine: bool = False


class Technique(Protocol):
    """A way to paint shapes and to finish an image."""

    def paint_shape(self, image: Image.Image, mask: Image.Image, box: PixelBox, fill: Fill) -> None:
        """Paint the masked part of the image."""
        ...

    def finish(self, image: Image.Image) -> Image.Image:
        """Return the image with the effects of the whole canvas: grain, paper, frame."""
        ...


@lru_cache(maxsize=8)
def _places(spans: int) -> list[tuple[int, float]]:
    return [
        (min(i * spans // 255, spans - 1), i / 255 * spans - min(i * spans // 255, spans - 1))
        for i in range(256)
    ]


def _faded(mask: Image.Image, opacity: float) -> Image.Image:
    return mask if opacity >= 1 else mask.point(tone_curve(round(opacity, 3), 0.0, 0.0))


_PEAK = [min(255, max(0, round(255 * (1.9 - abs(i - 128) / 44)))) for i in range(256)]


def _edge(mask: Image.Image, width: float) -> Image.Image:
    """Return the outline of a mask as a mask."""
    return mask.filter(ImageFilter.GaussianBlur(width)).point(_PEAK)


def _ramp(size: tuple[int, int]) -> Image.Image:
    column = Image.linear_gradient("L").resize((1, size[1]), Image.Resampling.BILINEAR)
    return column.resize(size, Image.Resampling.NEAREST)


@lru_cache(maxsize=256)
def _colours(stops: tuple[Colour, ...]) -> bytes:
    """Return the colour of each tone of grey: black is the first stop, white the last."""
    places, found = _places(len(stops) - 1), bytearray(3 * 256)
    for c in range(3):
        tones = [stop[c] for stop in stops]
        mixed = [round(tones[k] + (tones[k + 1] - tones[k]) * t) for k, t in places]
        found[c::3] = bytes(mixed)
    return bytes(found)


def _mapped(ramp: Image.Image, stops: tuple[Colour, ...]) -> Image.Image:
    """Return a grey ramp in colours: black becomes the first stop, white the last.

    The ramp is used up.
    """
    ramp.putpalette(_colours(stops))
    return ramp.convert("RGB")


class FlatTechnique:
    """A flat print whose shades dissolve into grain."""

    def __init__(self, palette: Palette, textures: Textures) -> None:
        self._palette, self._textures = palette, textures
        # Grain is one pixel wide at any size, so a small canvas gets less of it.
        self._grainy = 0.26 * min(1.0, max(0.3, min(textures.grain.size) / 700))

    def paint_shape(self, image: Image.Image, mask: Image.Image, box: PixelBox, fill: Fill) -> None:
        """Paint the masked part of the image."""
        mask = _faded(mask, fill.opacity)
        if len(fill.stops) == 1:
            image.paste(fill.stops[0], box, mask)
            return
        grain = scale_contrast(self._textures.grain, box, self._grainy)
        ramp = ImageChops.add(_ramp(mask.size), grain, 1, -128)
        image.paste(_mapped(ramp, fill.stops), box, mask)

    def finish(self, image: Image.Image) -> Image.Image:
        """Return the image with the grain of the whole canvas."""
        whole = (0, 0, *image.size)
        grain = Image.merge("RGB", [scale_contrast(self._textures.grain, whole, 0.045)] * 3)
        return ImageChops.add(image, grain, 1, -128)


class WatercolourTechnique:
    """Pools of pigment with ragged, darker edges on rough white paper."""

    def __init__(self, palette: Palette, textures: Textures) -> None:
        self._palette, self._textures = palette, textures
        self._sheet = mix(palette.paper, palette.pale, 0.1 if palette.night else 0.5)
        unit = min(textures.grain.size)
        self._ragged = scale_contrast(textures.blots(max(5.0, unit / 70), 1.5), None, 0.5)
        width, height = textures.grain.size
        self._blots = scale_contrast(textures.blots(math.sqrt(width * height) / 5, 1.9), None, 0.3)

    def paint_shape(self, image: Image.Image, mask: Image.Image, box: PixelBox, fill: Fill) -> None:
        """Paint the masked part of the image."""
        small = min(mask.size) < 40
        if small:
            image.paste(fill.stops[-1], box, _faded(mask, fill.opacity))
            return
        if fill.outlined:
            ragged = self._ragged.crop(box)
            soft = mask.filter(ImageFilter.BoxBlur(2))
            mask = ImageChops.add(soft, ragged, 1, -128).point(tone_curve(2.6))
        stops = fill.stops if len(fill.stops) > 1 else fill.stops * 2
        blots = scale_contrast(self._blots, box, 1.0 if fill.outlined else 0.45)
        ramp = ImageChops.add(_ramp(mask.size), blots, 1, -128)
        paint = _mapped(ramp, stops)
        thin = mix(stops[len(stops) // 2], self._sheet, 0.75)
        paint.paste(thin, (0, 0), blots.point(tone_curve(1.5, 124.0, 0.0)))
        image.paste(paint, box, _faded(mask, fill.opacity * 0.94))
        if fill.outlined:
            inner = mask.reduce(3).filter(ImageFilter.GaussianBlur(2)).resize(mask.size)
            rim = ImageChops.multiply(mask, ImageChops.invert(inner))
            image.paste(mix(stops[-1], (20, 22, 48), 0.42), box, _faded(rim, fill.opacity * 0.62))

    def finish(self, image: Image.Image) -> Image.Image:
        """Return the image with the grain of the whole canvas."""
        width, height = image.size
        edge = round(min(width, height) * 0.035)
        frame = Image.new("L", image.size, 0)
        ImageDraw.Draw(frame).rectangle((edge, edge, width - edge - 1, height - edge - 1), fill=255)
        frame = frame.filter(ImageFilter.BoxBlur(max(2, edge // 3)))
        frame = ImageChops.add(frame, self._ragged, 1, -128).point(tone_curve(3.0))
        sheet = Image.new("RGB", image.size, self._sheet)
        sheet.paste(image, (0, 0), frame)
        tooth = self._textures.grain.filter(ImageFilter.BoxBlur(1))
        rough = Image.merge("RGB", [scale_contrast(tooth, (0, 0, width, height), 0.16)] * 3)
        return ImageChops.add(sheet, rough, 1, -128)


class InkTechnique:
    """Pen lines and hatching over thin washes; vivid shapes keep their colour."""

    def __init__(self, palette: Palette, textures: Textures) -> None:
        self._palette, self._textures = palette, textures
        size = textures.grain.size
        gap = max(5, min(size) // 110)
        gaps = textures.blots(min(size) / 5, 1.9).point(tone_curve(3.0, 90.0, 150.0))
        self._hatch = ImageChops.multiply(_hatching(size, gap), gaps)
        self._cross = ImageOps.mirror(self._hatch)
        self._pen = max(0.9, min(size) / 620)

    def paint_shape(self, image: Image.Image, mask: Image.Image, box: PixelBox, fill: Fill) -> None:
        """Paint the masked part of the image."""
        palette = self._palette
        if fill.fine:
            image.paste(palette.ink, box, _faded(mask, fill.opacity))
            return
        strength = 0.86 if fill.vivid else 0.24 if fill.outlined else 0.3
        stops = tuple(mix(palette.paper, colour, strength) for colour in fill.stops)
        paint = _mapped(_ramp(mask.size), stops if len(stops) > 1 else stops * 2)
        opacity = fill.opacity if fill.outlined else fill.opacity * 0.8
        image.paste(paint, box, _faded(mask, opacity))
        if not fill.outlined or fill.opacity < 0.5:
            return
        tone = abs(lightness(fill.stops[-1]) - lightness(palette.paper))
        if not fill.vivid and min(mask.size) > 8 * self._pen:
            for hatch, threshold in ((self._hatch, 0.36), (self._cross, 0.62)):
                if tone > threshold:
                    lines = ImageChops.multiply(mask, hatch.crop(box))
                    image.paste(palette.ink, box, _faded(lines, 0.5))
        image.paste(palette.ink, box, _faded(_edge(mask, self._pen), 0.88))

    def finish(self, image: Image.Image) -> Image.Image:
        """Return the image with the grain of the whole canvas."""
        whole = (0, 0, *image.size)
        grain = Image.merge("RGB", [scale_contrast(self._textures.grain, whole, 0.05)] * 3)
        return ImageChops.add(image, grain, 1, -128)


def _hatching(size: tuple[int, int], gap: int) -> Image.Image:
    """Return slanted lines over the whole canvas, as tiles of a few lines each."""
    side = gap * 24
    tile = Image.new("L", (side * 2, side * 2))
    pen = ImageDraw.Draw(tile)
    for x in range(-side, side + gap, gap):
        pen.line((2 * x, 0, 2 * (x + side), 2 * side), fill=255, width=2)
    lines, sheet = tile.reduce(2), Image.new("L", size)
    for x in range(0, size[0], side):
        for y in range(0, size[1], side):
            sheet.paste(lines, (x, y))
    return sheet


class BlueprintTechnique:
    """Fine pale lines on blue paper, with faint fills."""

    def __init__(self, palette: Palette, textures: Textures) -> None:
        self._palette, self._textures = palette, textures
        self._pen = max(0.8, min(textures.grain.size) / 760)

    def paint_shape(self, image: Image.Image, mask: Image.Image, box: PixelBox, fill: Fill) -> None:
        """Paint the masked part of the image."""
        palette = self._palette
        if fill.fine:
            image.paste(palette.ink, box, _faded(mask, 0.8 * fill.opacity))
            return
        if not fill.outlined:
            if fill.opacity < 1:
                image.paste(palette.ink, box, _faded(mask, fill.opacity * 0.25))
            return
        tone = mix(palette.paper, palette.ink, 0.05 + 0.16 * lightness(fill.stops[0]))
        tone = mix(tone, fill.stops[0], 0.3) if fill.vivid else tone
        image.paste(tone, box, _faded(mask, fill.opacity * 0.92))
        image.paste(palette.ink, box, _faded(_edge(mask, self._pen), 0.8))

    def finish(self, image: Image.Image) -> Image.Image:
        """Return the image with the grain of the whole canvas."""
        whole = (0, 0, *image.size)
        blots = self._textures.blots(min(image.size) / 3, 0.025)
        both = ImageChops.add(scale_contrast(self._textures.grain, whole, 0.05), blots, 1, -128)
        return ImageChops.add(image, Image.merge("RGB", [both] * 3), 1, -128)
