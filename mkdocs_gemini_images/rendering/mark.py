"""The mark on a picture made with AI, as a value: its form, its words, and its corner.

It stands in the corner that is farthest from the point that matters in the picture. Pure.
"""

from typing import Literal, NamedTuple

from mkdocs_gemini_images.directives.crops import CENTER, Box, Point
from mkdocs_gemini_images.models.dimensions import Pixels


class Mark(NamedTuple):
    """The mark of one picture; the template reads these fields by name."""

    form: Literal["generated", "edited"]
    words: str
    """What it says to screen readers, and where no style sheet is."""
    corner: str = "bottom-left"


def farthest_corner(point: Point) -> str:
    """Return the corner farthest from a point, which is in per cent from the left and the top."""
    across, down = point
    return f"{'top' if down > CENTER[1] else 'bottom'}-{'right' if across < CENTER[0] else 'left'}"


def point_within(point: Point, box: Box, size: Pixels) -> Point:
    """Return where a point of a picture lies in a box that is cut from it."""
    left, upper, right, lower = box
    across, down = (whole * part / 100 for whole, part in zip(size, point, strict=True))
    return (
        round(100 * (across - left) / (right - left)),
        round(100 * (down - upper) / (lower - upper)),
    )
