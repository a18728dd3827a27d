"""The canvas on which a scene is painted, shape by shape, from back to front.

Shapes in pixel coordinates go in and are painted with the technique of the style. A scene gets a
random generator by name, so that one more feature (stars, say) does not move another (the hills).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from mkdocs_gemini_images.emulator.drawing.painting.geometry import PixelBox, Point, smooth_curve
from mkdocs_gemini_images.emulator.drawing.painting.palette import Colour, Palette
from mkdocs_gemini_images.emulator.drawing.painting.seeded_random import random_from
from mkdocs_gemini_images.emulator.drawing.painting.techniques import Fill, Technique


class Shape:
    """A union of primitives, stored as strokes until the canvas asks for its mask.

    The mask is drawn at twice the size for smooth edges, and only within the bounds of the
    primitives, so that a small shape takes little time.
    """

    __slots__ = ("_bounds", "_size", "_strokes")

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._strokes: list[tuple[str, list[Point], float, int]] = []
        self._bounds = (math.inf, math.inf, -math.inf, -math.inf)

    def polygon(self, points: Sequence[Point], *, cut: bool = False) -> Shape:
        """Add a polygon, or cut it out of the shape so far."""
        return self._add("polygon", list(points), 0.0, cut=cut)

    def blob(self, points: Sequence[Point], *, cut: bool = False) -> Shape:
        """Add a closed curve through the points."""
        return self.polygon(smooth_curve(points, closed=True), cut=cut)

    def disc(
        self, x: float, y: float, rx: float, ry: float | None = None, *, cut: bool = False
    ) -> Shape:
        """Add an ellipse around (x, y), or cut it out."""
        ry = rx if ry is None else ry
        return self._add("disc", [(x - rx, y - ry), (x + rx, y + ry)], 0.0, cut=cut)

    def box(self, x0: float, y0: float, x1: float, y1: float, radius: float = 0.0) -> Shape:
        """Add a box, with rounded corners when `radius` is given."""
        corners = [(min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1))]
        return self._add("box", corners, min(radius, abs(x1 - x0) / 2, abs(y1 - y0) / 2))

    def line(self, points: Sequence[Point], width: float) -> Shape:
        """Add a stroke with round ends."""
        return self._add("line", list(points), width)

    def _add(self, kind: str, points: list[Point], weight: float, *, cut: bool = False) -> Shape:
        self._strokes.append((kind, points, weight, 0 if cut else 255))
        low_x, low_y, high_x, high_y = self._bounds
        more = weight if kind == "line" else 0.0
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self._bounds = (
            min(low_x, min(xs) - more),
            min(low_y, min(ys) - more),
            max(high_x, max(xs) + more),
            max(high_y, max(ys) + more),
        )
        return self

    def cropped(self, margin: int) -> tuple[Image.Image, PixelBox] | None:
        """Return the mask, a margin around it, and its box; None outside of the canvas."""
        if not self._strokes:
            return None
        low_x, low_y, high_x, high_y = self._bounds
        x0, y0 = max(0, math.floor(low_x) - margin), max(0, math.floor(low_y) - margin)
        x1 = min(self._size[0], math.ceil(high_x) + margin)
        y1 = min(self._size[1], math.ceil(high_y) + margin)
        if x0 >= x1 or y0 >= y1:
            return None
        mask = Image.new("L", (2 * (x1 - x0), 2 * (y1 - y0)))
        pen = ImageDraw.Draw(mask)
        for kind, points, weight, fill in self._strokes:
            doubled = [(2 * (x - x0), 2 * (y - y0)) for x, y in points]
            if kind == "polygon":
                pen.polygon(doubled, fill=fill)
            elif kind == "disc":
                pen.ellipse(doubled, fill=fill)
            elif kind == "box" and weight < 0.5:
                pen.rectangle(doubled, fill=fill)
            elif kind == "box":
                pen.rounded_rectangle(doubled, 2 * weight, fill=fill)
            else:
                _line(pen, doubled, max(2, round(2 * weight)))
        return mask.reduce(2), (x0, y0, x1, y1)


def _line(pen: ImageDraw.ImageDraw, points: list[Point], thick: int) -> None:
    pen.line(points, fill=255, width=thick, joint="curve" if len(points) > 2 else None)
    if thick > 3:
        half = thick / 2
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - half, y - half, x + half, y + half), fill=255)


class Canvas:
    """An image in progress; `unit` is its shorter side in pixels."""

    def __init__(
        self, size: tuple[int, int], palette: Palette, technique: Technique, seed: str
    ) -> None:
        self.width, self.height = size
        self.unit = float(min(size))
        self.palette = palette
        self.technique = technique
        self.image = Image.new("RGB", size, palette.paper)
        self._seed = seed

    def random(self, name: str) -> Random:
        """Return the random generator of one feature, in its first state on every call."""
        return random_from(self._seed, name)

    def shape(self) -> Shape:
        """Return an empty shape for this canvas."""
        return Shape((self.width, self.height))

    def fill(
        self,
        shape: Shape,
        *stops: Colour,
        opacity: float = 1.0,
        blur: float = 0.0,
        outlined: bool = True,
        vivid: bool = False,
    ) -> None:
        """Paint a shape with one colour or a vertical gradient."""
        cropped = shape.cropped(4 + round(3 * blur))
        if cropped is None:
            return
        mask, box = cropped
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        fill = Fill(stops, opacity, outlined and not blur, vivid)
        self.technique.paint_shape(self.image, mask, box, fill)

    def stroke(self, shape: Shape, colour: Colour, opacity: float = 1.0) -> None:
        """Paint a fine line, which no technique outlines."""
        cropped = shape.cropped(2)
        if cropped is not None:
            fill = Fill((colour,), opacity, outlined=False, vivid=False, fine=True)
            self.technique.paint_shape(self.image, *cropped, fill)

    def backdrop(self, *stops: Colour) -> None:
        """Cover the whole canvas with a vertical gradient."""
        whole = self.shape().box(-9, -9, self.width + 9, self.height + 9)
        self.fill(whole, *stops, outlined=False)

    def veil(self, y: float, half: float, colour: Colour, strength: float) -> None:
        """Paint a band of haze across the canvas, densest at `y`."""
        top, size = round(y - half), max(2, round(2 * half))
        bell = Image.new("L", (1, 65))
        bell.putdata([round(255 * strength * math.sin(math.pi * i / 64) ** 2) for i in range(65)])
        band = bell.resize((self.width, size), Image.Resampling.BICUBIC)
        self.image.paste(colour, (0, top, self.width, top + size), band)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Paint a halo of light that fades with the distance."""
        size = max(2, round(2 * radius))
        halo = Image.radial_gradient("L").resize((size, size))
        fade = halo.point([round(255 * strength * max(0.0, 1 - i / 178) ** 2) for i in range(256)])
        corner = round(x - radius), round(y - radius)
        self.image.paste(colour, (*corner, corner[0] + size, corner[1] + size), fade)

    def beam(
        self, shape: Shape, x: float, y: float, radius: float, colour: Colour, strength: float
    ) -> None:
        """Paint light from (x, y) within a shape, weaker with the distance."""
        cropped = shape.cropped(2)
        if cropped is None:
            return
        mask, (x0, y0, x1, y1) = cropped
        size = max(2, round(2 * radius))
        fade = (
            Image.radial_gradient("L")
            .resize((size, size))
            .point([round(255 * strength * max(0.0, 1 - i / 178)) for i in range(256)])
        )
        light = Image.new("L", mask.size)
        light.paste(fade, (round(x - radius) - x0, round(y - radius) - y0))
        soft = mask.filter(ImageFilter.BoxBlur(1))
        self.image.paste(colour, (x0, y0, x1, y1), ImageChops.multiply(soft, light))
