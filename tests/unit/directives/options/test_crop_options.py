"""`crop` and `focus` are read as authors write them, in fences and in YAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.crops import Focus, Ratios, shapes_of
from mkdocs_gemini_images.directives.options.crop_options import crop_text, read_crop, read_focus
from mkdocs_gemini_images.directives.options.mapping import read_mapping
from mkdocs_gemini_images.directives.readers import read_fence
from mkdocs_gemini_images.models.dimensions import Pixels

BOTH = Ratios(wide=(7, 3), narrow=(1, 1))


@pytest.mark.parametrize(
    ("written", "ratio"),
    [
        ("1:1", (1, 1)),
        (" 4 : 3 ", (4, 3)),
        ("16:9", (16, 9)),
        ("8:6", (4, 3)),
        ("1.91:1", (191, 100)),
        ("1:20", (1, 20)),
        ("none", None),
        ("None", None),
    ],
)
def test_a_shape_is_read_in_its_smallest_whole_numbers(written: str, ratio: Pixels | None) -> None:
    assert read_crop(written) == Ratios(ratio, ratio)


@pytest.mark.parametrize(
    "written",
    [
        "narrow 1:1, wide 21:9",
        "wide 21:9; narrow 1:1",
        "narrow: 1:1\nwide: 21:9",
        "{ narrow: 1:1, wide: 21:9 }",
        "narrow=1:1 wide=21:9",
        "narrow:1:1 wide:21:9",
    ],
)
def test_narrow_and_wide_screens_have_shapes_of_their_own(written: str) -> None:
    assert read_crop(written) == BOTH


def test_a_screen_without_a_shape_shows_the_whole_picture() -> None:
    assert read_crop("narrow 1:1") == read_crop("narrow 1:1, wide none") == Ratios(None, (1, 1))


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("", "write it like 1:1"),
        ("square", "write it like 1:1"),
        ("1", "write it like 1:1"),
        ("16/9", "write 16:9"),
        ("16x9", "write 16:9"),
        ("0:1", "each side is more than 0"),
        ("1:21", "one side is at most 20 times the other"),
        ("-1:1", "write it like 1:1"),
        ("1:1:1", "write it like 1:1"),
        ("auto", "write it like 1:1"),
        ("narow 1:1", "did you mean 'narrow'?"),
        ("narrow", "write it like 1:1"),
        ("narrow 1:1, narrow 4:3", "keep one of the shapes for narrow screens"),
        ("narrow 1:1, wide", "write it like narrow 1:1, wide 21:9"),
        ("1:1, 4:3", "write it like narrow 1:1, wide 21:9"),
        ("4:3 left", "write it like narrow 1:1, wide 21:9"),
    ],
)
def test_a_wrong_crop_is_told_with_how_to_write_it(written: str, fix: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_crop(written)
    said = str(caught.value)
    assert said.startswith("crop must be a shape as width:height, or none (you wrote ")
    assert said.endswith(f": {fix}")


@pytest.mark.parametrize(
    ("written", "focus"),
    [
        ("auto", "auto"),
        ("left top", (0, 0)),
        ("top left", (0, 0)),
        ("right", (100, 50)),
        ("bottom", (50, 100)),
        ("center", (50, 50)),
        ("center top", (50, 0)),
        ("bottom center", (50, 100)),
        ("0.3 0.6", (30, 60)),
        (".333 1", (33, 100)),
        ("0.3, 0.6", (30, 60)),
        ("30%  60%", (30, 60)),
        ("30% 0.6", (30, 60)),
        ("left 60%", (0, 60)),
        ("30% top", (30, 0)),
    ],
)
def test_a_point_is_read_from_words_and_numbers(written: str, focus: Focus) -> None:
    assert read_focus(written) == focus


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("", "write words like left top"),
        ("0.3", "write words like left top"),
        ("1 2 3", "write words like left top"),
        ("1.2 0.5", "numbers are from 0 to 1, or from 0% to 100%"),
        ("30 60", "numbers are from 0 to 1, or from 0% to 100%"),
        ("30% 160%", "numbers are from 0 to 1, or from 0% to 100%"),
        ("lefft", "did you mean 'left'?"),
        ("auto left", "write auto alone, or a point"),
        ("left right", "name one place from the left and one from the top"),
        ("top bottom", "name one place from the left and one from the top"),
        ("top 0.3", "name the place from the left first"),
        ("0.3 left", "name the place from the left first"),
        ("50px 20px", "write words like left top"),
        ("-1 0", "write words like left top"),
    ],
)
def test_a_wrong_focus_is_told_with_how_to_write_it(written: str, fix: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_focus(written)
    said = str(caught.value)
    assert said.startswith("focus must be a point in the picture, or auto (you wrote ")
    assert f": {fix}" in said


@pytest.mark.parametrize(
    ("written", "ratios"),
    [
        ("4:3", Ratios((4, 3), (4, 3))),
        ("1:1", Ratios((1, 1), (1, 1))),
        ("'16:9'", Ratios((16, 9), (16, 9))),
        ("1.91:1", Ratios((191, 100), (191, 100))),
        ("1:1.91", Ratios((100, 191), (100, 191))),
        ("{ narrow: 1:1, wide: 21:9 }", BOTH),
        ("narrow 1:1, wide 21:9", BOTH),
        ("none", Ratios()),
    ],
)
def test_yaml_gives_what_a_fence_gives(written: str, ratios: Ratios) -> None:
    options = yaml.safe_load(f"prompt: A fox\ncrop: {written}")
    assert read_mapping(options, "x", "x").crop == ratios
    assert read_fence({}, f"prompt: A fox\ncrop: {written}").crop == ratios


def test_a_list_of_numbers_in_yaml_is_a_point() -> None:
    assert read_mapping({"prompt": "A fox", "focus": [0.3, 0.6]}, "x", "x").focus == (30, 60)


@pytest.mark.parametrize(
    "written",
    [10**5000, {"narrow": [61]}, [{}], float("nan"), True, {}, []],
    ids=range(7),
)
def test_what_yaml_makes_of_nonsense_is_refused_in_one_line(written: object) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_mapping({"prompt": "A fox", "crop": written}, "x", "x")
    assert len(str(caught.value)) < 300


@given(st.integers(1, 99), st.integers(0, 59))
def test_yaml_s_number_of_a_ratio_is_turned_back(width: int, height: int) -> None:
    assert crop_text(60 * width + height) == f"{width}:{height}"


def test_without_a_crop_the_whole_picture_is_shown_whatever_the_focus() -> None:
    assert shapes_of(None, "auto").crops == shapes_of(Ratios(), (1, 2)).crops == ()
    assert len(shapes_of(Ratios((1, 1), (1, 1)), None).crops) == 1
    assert len(shapes_of(BOTH, None).crops) == 2
