"""Where a crop of another shape is cut from a picture, around the point that matters.

In come the picture's size, the size that is wanted and a focal point in per cent; out come the box
to cut and the size it is published in. The box has the wanted shape and is as large as fits; a
picture that is too small gives a smaller file, never an enlarged one. Pure arithmetic.
"""

from dataclasses import dataclass

from mkdocs_gemini_images.models.dimensions import Pixels

Box = tuple[int, int, int, int]
"""Left, upper, right and lower edge, in pixels of the picture."""

SOCIAL: Pixels = (1200, 630)
"""What networks ask for of the picture beside a link."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A shape to cut from a picture: the size that is wanted, and what is to stay in sight."""

    width: int = SOCIAL[0]
    height: int = SOCIAL[1]
    focus: tuple[int, int] = (50, 50)
    """Per cent from the left and from the top."""

    @property
    def name(self) -> str:
        """What tells its file from other files of the picture."""
        return f"{self.width}x{self.height}-{self.focus[0]}-{self.focus[1]}"

    def box(self, size: Pixels) -> Box:
        """Say what to cut from a picture of `size`."""
        scale = min(size[0] / self.width, size[1] / self.height)
        cut = (_within(self.width * scale, size[0]), _within(self.height * scale, size[1]))
        left, upper = (
            min(max(0, round(whole * focus / 100 - part / 2)), whole - part)
            for whole, part, focus in zip(size, cut, self.focus, strict=True)
        )
        return left, upper, left + cut[0], upper + cut[1]

    def fitted(self, size: Pixels) -> Pixels:
        """Say in which size the crop of a picture of `size` is published."""
        left, upper, right, lower = self.box(size)
        if right - left < self.width or lower - upper < self.height:
            return right - left, lower - upper
        return self.width, self.height


def _within(length: float, most: int) -> int:
    return min(max(1, round(length)), most)
