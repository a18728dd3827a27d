"""Compute the part of a picture that a crop of another shape shows, around a focal point.

In go the picture's size, the crop's size and a focal point in per cent; out come the box to cut and
the published size. The box has the crop's shape and is as large as the picture allows; a picture
that is too small gives a smaller file, not an enlarged one. Pure.
"""

from dataclasses import dataclass

from mkdocs_gemini_images.models.dimensions import Pixels

Box = tuple[int, int, int, int]
"""Left, upper, right and lower edge, in pixels of the picture."""

SOCIAL: Pixels = (1200, 630)
"""The size of a card's image that social networks ask for."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A shape to cut from a picture: its size in pixels, and the point to keep in view."""

    width: int = SOCIAL[0]
    height: int = SOCIAL[1]
    focus: tuple[int, int] = (50, 50)
    """Per cent from the left and from the top."""

    @property
    def name(self) -> str:
        """The part of the file name that differs from other files of the picture."""
        return f"{self.width}x{self.height}-{self.focus[0]}-{self.focus[1]}"

    def box(self, size: Pixels) -> Box:
        """Return the box to cut from a picture of `size`."""
        scale = min(size[0] / self.width, size[1] / self.height)
        cut = (_within(self.width * scale, size[0]), _within(self.height * scale, size[1]))
        left, upper = (
            min(max(0, round(whole * focus / 100 - part / 2)), whole - part)
            for whole, part, focus in zip(size, cut, self.focus, strict=True)
        )
        return left, upper, left + cut[0], upper + cut[1]

    def fitted(self, size: Pixels) -> Pixels:
        """Return the published size of the crop of a picture of `size`."""
        left, upper, right, lower = self.box(size)
        if right - left < self.width or lower - upper < self.height:
            return right - left, lower - upper
        return self.width, self.height


def _within(length: float, limit: int) -> int:
    return min(max(1, round(length)), limit)
