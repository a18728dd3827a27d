"""`focus: auto` finds what a picture is of: measured on pictures whose subject's place is known."""

import pytest

from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.emulator.drawing.renderer import draw_image
from mkdocs_gemini_images.imaging.saliency import focal_point
from mkdocs_gemini_images.models.dimensions import Pixels
from tests.unit.pictures import png

SIZE = (480, 270)
SUBJECTS = (
    ("A lighthouse on a cliff at dusk", (24, 55, 43, 89)),
    ("A lighthouse above a quiet bay in the afternoon", (55, 12, 79, 57)),
    ("A fox reading a newspaper on a park bench, ink drawing", (51, 37, 78, 77)),
    ("A fox in snow", (22, 50, 51, 92)),
    ("An owl in a forest in autumn", (26, 49, 40, 91)),
    ("A robot painting a picture in the hills, snow", (55, 38, 70, 78)),
    ("A balloon over the desert", (30, 22, 44, 56)),
    ("A rocket in space", (56, 13, 72, 59)),
    ("A hot-air balloon over hills at dawn", (55, 23, 71, 63)),
    ("A robot with a lantern in the desert at night", (58, 43, 71, 77)),
    ("A cat on a bench in the city", (56, 53, 74, 87)),
    ("An observatory in the mountains at dusk", (53, 61, 78, 95)),
    ("A cabin beside a lake in autumn", (39, 42, 55, 76)),
    ("A fox drinking tea, ink drawing", (21, 48, 50, 90)),
    ("An owl at night", (59, 51, 73, 93)),
    ("A robot reading a manual", (57, 42, 73, 82)),
    ("A lighthouse keeper reading a map at dusk: watercolour", (22, 12, 46, 56)),
    ("A cat in the hills, watercolour", (56, 50, 77, 90)),
    ("A tree in the desert", (31, 43, 44, 77)),
    ("A house in the hills at night", (28, 43, 47, 83)),
    ("A person in the forest", (32, 50, 40, 92)),
    ("A rocket over the city at night", (59, 61, 71, 95)),
    ("A fox in the mountains, watercolour", (23, 58, 46, 92)),
    ("A cat beside the sea", (56, 12, 79, 56)),
    ("An owl reading a book, winter", (57, 48, 71, 90)),
    ("A robot in the city in the rain", (59, 61, 73, 95)),
    ("A lighthouse in winter", (19, 13, 45, 62)),
    ("A fox in the desert at dusk", (51, 42, 74, 76)),
    ("A balloon over the sea", (25, -17, 45, 31)),
    ("A person with a cup in the mountains", (63, 56, 70, 90)),
    ("A cat in the snow at night", (27, 46, 47, 86)),
    ("A house in the forest in spring", (26, 51, 45, 93)),
    ("An observatory under the stars", (23, 56, 48, 90)),
    ("A tree in the hills in autumn", (30, 43, 45, 83)),
    ("A robot in space", (25, 38, 43, 84)),
    ("A fox at the sea, ink", (18, 12, 48, 56)),
    ("A cat in the forest at dusk", (25, 49, 47, 91)),
    ("An owl in the mountains in winter", (30, 56, 41, 90)),
    ("A robot beside a lake", (40, 40, 54, 74)),
    ("A house at the sea at dawn", (24, 12, 45, 57)),
)
"""Prompts, and where the emulator puts the subject: left, top, right and bottom in per cent."""


def in_view(point: Pixels, crop: Pixels, box: tuple[int, int, int, int]) -> bool:
    """Whether the middle of a subject stays in view."""
    left, upper, right, lower = Crop(*crop, point).box((1000, 562))
    across, down = (box[0] + box[2]) * 5, (box[1] + box[3]) * 2.81
    return left <= across <= right and upper <= down <= lower


def test_the_subject_of_forty_pictures_stays_in_view() -> None:
    points = [focal_point(draw_image([prompt], *SIZE)) for prompt, _ in SUBJECTS]
    found = {
        crop: sum(
            in_view(point, crop, box) for point, (_, box) in zip(points, SUBJECTS, strict=True)
        )
        for crop in ((1, 1), (1, 2), (3, 1))
    }
    assert len(SUBJECTS) == 40
    assert found[1, 1] >= 39
    assert found[1, 2] >= 33
    assert found[3, 1] >= 36


def test_the_middles_of_the_same_pictures_lose_their_subjects() -> None:
    middle = [in_view((50, 50), (1, 2), box) for _, box in SUBJECTS]
    assert sum(middle) <= 16


def test_the_point_is_the_same_each_time_and_at_each_size() -> None:
    prompt = SUBJECTS[0][0]
    points = [focal_point(draw_image([prompt], *size)) for size in (SIZE, SIZE, (960, 540))]
    assert points[0] == points[1]
    assert all(abs(a - b) <= 3 for a, b in zip(points[0], points[2], strict=True))


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (64, 64)])
def test_a_picture_without_detail_or_room_has_a_point(size: Pixels) -> None:
    across, down = focal_point(png(*size))
    assert 0 <= across <= 100
    assert 0 <= down <= 100


def test_what_is_no_picture_has_none() -> None:
    with pytest.raises(ImageError):
        focal_point(b"no picture")
