"""The mark of a picture made with AI stands where it covers least of what matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.directives.crops import Crop, Point
from mkdocs_gemini_images.rendering.mark import farthest_corner, point_within

percent = st.integers(0, 100)


@pytest.mark.parametrize(
    ("point", "corner"),
    [
        ((50, 50), "bottom-left"),
        ((0, 0), "bottom-right"),
        ((100, 0), "bottom-left"),
        ((0, 100), "top-right"),
        ((100, 100), "top-left"),
        ((51, 51), "top-left"),
    ],
)
def test_a_mark_stands_in_the_corner_farthest_from_a_point(point: Point, corner: str) -> None:
    assert farthest_corner(point) == corner


@given(st.tuples(percent, percent), st.integers(1, 20), st.integers(1, 20))
def test_a_point_to_keep_in_view_is_within_its_cut(point: Point, width: int, height: int) -> None:
    size = (1376, 768)
    across, down = point_within(point, Crop(width, height, point).box(size), size)
    assert 0 <= across <= 100
    assert 0 <= down <= 100
