"""A crop has the requested shape, lies within its picture, and is not enlarged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.directives.crops import SOCIAL, Box, Crop
from mkdocs_gemini_images.imaging.encoder import encode
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.models.dimensions import Pixels
from tests.unit.pictures import opened, png

percent = st.integers(0, 100)
crops = st.tuples(percent, percent).map(lambda focus: Crop(focus=focus))
sizes = st.tuples(st.integers(1, 6000), st.integers(1, 6000))


@pytest.mark.parametrize(
    ("size", "focus", "box", "fitted"),
    [
        ((1376, 768), (50, 50), (0, 23, 1376, 745), (1200, 630)),
        ((1376, 768), (0, 0), (0, 0, 1376, 722), (1200, 630)),
        ((1376, 768), (100, 100), (0, 46, 1376, 768), (1200, 630)),
        ((3000, 630), (30, 60), (300, 0, 1500, 630), (1200, 630)),
        ((1200, 630), (9, 9), (0, 0, 1200, 630), (1200, 630)),
        ((688, 384), (50, 50), (0, 12, 688, 373), (688, 361)),
        ((384, 3072), (50, 25), (0, 667, 384, 869), (384, 202)),
    ],
)
def test_a_crop_is_cut_around_its_focal_point(
    size: Pixels, focus: tuple[int, int], box: Box, fitted: Pixels
) -> None:
    crop = Crop(focus=focus)
    assert (crop.box(size), crop.fitted(size)) == (box, fitted)


@given(crops, sizes)
def test_a_crop_lies_within_its_picture_as_large_as_fits(crop: Crop, size: Pixels) -> None:
    left, upper, right, lower = crop.box(size)
    assert 0 <= left < right <= size[0]
    assert 0 <= upper < lower <= size[1]
    assert right - left == size[0] or lower - upper == size[1]
    width, height = crop.fitted(size)
    assert width <= right - left
    assert height <= lower - upper


@given(crops, st.tuples(st.integers(384, 6000), st.integers(384, 6000)))
def test_a_crop_has_the_requested_shape(crop: Crop, size: Pixels) -> None:
    width, height = crop.fitted(size)
    assert width / height == pytest.approx(SOCIAL[0] / SOCIAL[1], rel=0.01)


def test_the_file_has_the_pixels_around_the_focal_point() -> None:
    crop = Crop(40, 20, focus=(90, 50))
    data, size = png(200, 80), (200, 80)
    wanted = Variant(40, *crop.fitted(size), "jpeg", crop.box(size))
    files = encode(data, [wanted], EncodingOptions(quality=95))
    assert isinstance(files, list)
    made, whole = opened(files[0]), opened(data)
    assert made.size == (40, 20)
    there, here = made.getpixel((20, 10)), whole.getpixel((120, 40))
    assert all(abs(a - b) < 8 for a, b in zip(there, here, strict=True))  # type: ignore[arg-type]
