"""Compute the part of a picture that a cut of another shape shows, around a focal point.

In go the picture's size, the cut's shape and a focal point in per cent; out come the box to cut and
the size of what is cut. The box has the cut's shape and is as large as the picture allows. Pages,
cards beside links and the first picture of a page are all cut here. Pure.
"""

from typing import Literal, NamedTuple

from mkdocs_gemini_images.models.dimensions import Pixels

Box = tuple[int, int, int, int]
"""Left, upper, right and lower edge, in pixels of the picture."""

Point = tuple[int, int]
"""Per cent from the left and from the top."""

Focus = Point | Literal["auto"]
"""The point to keep in view, or `auto`: it is found in the picture."""

CENTER: Point = (50, 50)

SOCIAL: Pixels = (1200, 630)
"""The size of a card's image that social networks ask for."""

FINDER_VERSION = 1
"""To be raised whenever `auto` finds other points, so that names of files change too."""


class Crop(NamedTuple):
    """A shape to cut from a picture, as a width and a height, and the point to keep in view.

    For a card, width and height are pixels of the file; elsewhere they are a ratio.
    """

    width: int = SOCIAL[0]
    height: int = SOCIAL[1]
    focus: Focus = CENTER

    @property
    def name(self) -> str:
        """The part of the file name that differs from other files of the picture."""
        point = self.focus
        where = f"auto{FINDER_VERSION}" if point == "auto" else f"{point[0]}-{point[1]}"
        return f"{self.width}x{self.height}-{where}"

    def size(self, size: Pixels) -> Pixels:
        """Return the size of the part that is cut from a picture of `size`."""
        scale = min(size[0] / self.width, size[1] / self.height)
        return _within(self.width * scale, size[0]), _within(self.height * scale, size[1])

    def box(self, size: Pixels, found: Point = CENTER) -> Box:
        """Return the box to cut from a picture of `size`; `found` is the point of `auto`."""
        cut = self.size(size)
        left, upper = (
            min(max(0, round(whole * focus / 100 - part / 2)), whole - part)
            for whole, part, focus in zip(size, cut, self.point(found), strict=True)
        )
        return left, upper, left + cut[0], upper + cut[1]

    def point(self, found: Point = CENTER) -> Point:
        """Return the point to keep in view; `found` is the point of `auto`."""
        return found if self.focus == "auto" else self.focus

    def fitted(self, size: Pixels) -> Pixels:
        """Return the size of a card's file; a picture that is too small gives a smaller file."""
        cut = self.size(size)
        if cut[0] < self.width or cut[1] < self.height:
            return cut
        return self.width, self.height


class Ratios(NamedTuple):
    """The shapes that an author asks for: width and height, or None for the whole picture."""

    wide: Pixels | None = None
    narrow: Pixels | None = None
    """On narrow screens."""


class Shapes(NamedTuple):
    """What a page shows of a picture: a crop, or None for the whole of it."""

    wide: Crop | None = None
    narrow: Crop | None = None
    """On narrow screens."""
    focus: Focus = CENTER
    """What matters in the picture."""

    @property
    def crops(self) -> tuple[Crop, ...]:
        """The crops among them, each once."""
        found = (crop for crop in (self.wide, self.narrow) if crop is not None)
        return tuple(dict.fromkeys(found))


def shapes_of(ratios: Ratios | None, focus: Focus | None) -> Shapes:
    """Return what a page shows of a picture, from the options `crop` and `focus`."""
    point = CENTER if focus is None else focus
    if ratios is None:
        return Shapes(focus=point)
    wide, narrow = (
        None if ratio is None else Crop(*ratio, point) for ratio in (ratios.wide, ratios.narrow)
    )
    return Shapes(wide, narrow, point)


def _within(length: float, limit: int) -> int:
    return min(max(1, round(length)), limit)
