"""Which files are published for a picture: never upscaled, and under names that never lie."""

import re
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.imaging import variants as variant
from mkdocs_gemini_images.imaging.variants import MAX_SIDE, shown_first, slots, stem, variants
from mkdocs_gemini_images.models import dimensions
from mkdocs_gemini_images.requests.request import FilePart, PicturePart
from tests.unit.pictures import step

recipes = st.lists(st.integers(16, 8192), max_size=5).map(
    lambda widths: EncodingOptions(widths=tuple(widths))
)
steps = st.builds(
    step, aspect_ratio=st.sampled_from(dimensions.RATIOS), size=st.sampled_from(dimensions.SIZES)
)
pixels = st.tuples(st.integers(1, 12288), st.integers(1, 12288))


@pytest.mark.parametrize(
    ("widths", "asked", "expected"),
    [
        ((480, 960, 1440), {}, (480, 960, 1376)),
        ((480, 960, 1440), {"size": "2K"}, (480, 960, 1440, 2752)),
        ((480, 960, 1440), {"size": "512"}, (480, 688)),
        ((480, 960, 1440), {"aspect_ratio": "1:8"}, (384,)),
        ((), {}, (1376,)),
        ((1376, 2000), {}, (1376,)),
        ((960, 480, 960), {}, (480, 960, 1376)),
    ],
)
def test_slots_are_the_sites_widths_below_the_pictures_own_and_that(
    widths: tuple[int, ...], asked: dict[str, str], expected: tuple[int, ...]
) -> None:
    assert slots(step(**asked).pixels[0], widths) == expected


def test_a_picture_as_promised_fills_its_slots() -> None:
    assert [
        (v.slot, v.width, v.height) for v in variants(step(), EncodingOptions(), (1376, 768))
    ] == [
        (480, 480, 268),
        (960, 960, 536),
        (1376, 1376, 768),
    ]


def test_a_smaller_picture_has_fewer_files_and_keeps_their_names() -> None:
    assert [
        (v.slot, v.width, v.height) for v in variants(step(), EncodingOptions(), (800, 800))
    ] == [
        (480, 480, 480),
        (1376, 800, 800),
    ]


def test_a_larger_picture_is_published_as_it_is_too() -> None:
    assert [(v.slot, v.width) for v in variants(step(), EncodingOptions(), (2000, 1000))] == [
        (480, 480), (960, 960), (1376, 2000),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("size", "widths"),
    [((2000, 1000), [480, 960, 1440, 2000]), ((1440, 900), [480, 960, 1440]),
     ((800, 800), [480, 800]), ((300, 200), [300])],
)  # fmt: skip
def test_an_adopted_picture_has_all_widths_below_its_own_and_its_names_say_them(
    size: tuple[int, int], widths: list[int]
) -> None:
    found = variants(step(), EncodingOptions(), size, adopted=True)
    assert [(each.slot, each.width) for each in found] == [(width, width) for width in widths]


@given(steps, recipes, pixels)
def test_the_name_of_an_adopted_picture_never_lies(
    asked: Any, encoding: EncodingOptions, size: tuple[int, int]
) -> None:
    found = variants(asked, encoding, size, adopted=True)
    assert all(each.slot == each.width <= size[0] for each in found)


@given(steps, recipes, pixels)
def test_nothing_is_upscaled_and_the_pictures_own_width_is_included(
    asked: Any, encoding: EncodingOptions, size: tuple[int, int]
) -> None:
    found = variants(asked, encoding, size)
    widths = [each.width for each in found]
    assert widths == sorted(set(widths))
    assert (found[-1].width, found[-1].height) == size
    assert all(each.height >= 1 for each in found)
    assert all(abs(each.height - size[1] * each.width / size[0]) <= 1 for each in found)
    assert {each.slot for each in found} <= set(slots(asked.pixels[0], encoding.widths))
    assert shown_first(found) in found


@given(steps, recipes)
def test_names_are_the_same_cold_and_warm(asked: Any, encoding: EncodingOptions) -> None:
    promised = variants(asked, encoding, asked.pixels)
    assert tuple(each.slot for each in promised) == slots(asked.pixels[0], encoding.widths)
    assert all(each.slot == each.width for each in promised)


@pytest.mark.parametrize(
    ("size", "first"),
    [((1376, 768), 960), ((700, 700), 700), ((480, 480), 480), ((3000, 100), 960)],
)
def test_src_is_the_file_nearest_to_960(size: tuple[int, int], first: int) -> None:
    assert shown_first(variants(step(), EncodingOptions(), size)).width == first


CHANGES: list[dict[str, Any]] = [
    {"recipe": EncodingOptions(original=True)}, {"recipe": EncodingOptions(quality=81)},
    {"step": step("An owl")}, {"step": step(size="2K")}, {"step": step(take=2)},
    {"step": step(emulated=True)}, {"step": step(after=step())}, {"other": "a" * 64},
    {"other": "b" * 64}, {"step": step(parts=(FilePart("a", "a" * 64),))},
    {"step": step(parts=(PicturePart("keeper"),))}, {"step": step(parts=(PicturePart("lamp"),))},
]  # fmt: skip


def named(id: str = "", **change: Any) -> str:
    given: dict[str, Any] = {"step": step(), "recipe": EncodingOptions()} | change
    return stem(given["step"], given["recipe"], id, other=given.get("other", ""))


def test_other_bytes_never_appear_under_an_old_name() -> None:
    names = [named(), *(named(**change) for change in CHANGES)]
    assert len(set(names)) == len(names)


def test_a_better_encoder_has_names_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = named()
    monkeypatch.setattr(variant, "ENCODER_VERSION", variant.ENCODER_VERSION + 1)
    assert named() != before


def test_where_a_file_lies_and_how_a_size_is_spelled_are_not_in_its_name() -> None:
    moved = step(parts=(FilePart("b", "a" * 64),))
    assert named(step=step(parts=(FilePart("a", "a" * 64),))) == named(step=moved)
    assert named(step=step(size="512", spelled="0.5K")) == named(step=step(size="512"))


@pytest.mark.parametrize(
    ("id", "prefix"),
    [("", ""), ("Lighthouse", "lighthouse-"), ("a_b--c", "a-b-c-"), ("Ä", ""), ("../x", "x-"),
     ("x" * 80, "x" * 60 + "-")],
)  # fmt: skip
def test_a_name_begins_with_the_id_and_is_safe_in_an_address(id: str, prefix: str) -> None:
    assert re.fullmatch(re.escape(prefix) + "[0-9a-f]{12}", named(id))


@given(st.text(max_size=90), st.text(max_size=90))
def test_any_id_makes_a_safe_name(id: str, other: str) -> None:
    assume(id != other)
    assert re.fullmatch(r"([a-z0-9-]+-)?[0-9a-f]{12}", named(id))
    assert named(id)[-12:] == named(other)[-12:]


def test_the_name_of_a_changed_step_changes_with_any_earlier_one() -> None:
    assert named(step=step("b", after=step("a"))) != named(step=step("b", after=step("c")))
    assert named(step=step("b")._replace(after=step("a"))) == named(step=step("b", after=step("a")))


@pytest.mark.parametrize("size", [(20000, 1000), (1000, 20000), (50_000_000, 1), (1, 50_000_000)])
@pytest.mark.parametrize("format", ["webp", "jpeg", "avif", "png"])
def test_no_file_has_longer_sides_than_its_format_takes(size: tuple[int, int], format: str) -> None:
    encoding = EncodingOptions(widths=(480, 960, 16383, 16384))
    found = variants(step("A fox"), encoding, size, format)
    largest = MAX_SIDE.get(format, max(size))
    assert found
    assert all(0 < max(each.width, each.height) <= largest for each in found)
    widths = [each.width for each in found]
    assert sorted(set(widths)) == widths, "no two of one width"
    if max(size) > largest:
        assert max(found[-1].width, found[-1].height) == largest
    else:
        assert (found[-1].width, found[-1].height) == size
