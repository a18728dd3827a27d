"""A placeholder is a well-formed picture of the right shape, whatever is written into it."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.models import catalogue, dimensions
from mkdocs_gemini_images.rendering.placeholder import TITLE, draw_placeholder, placeholder_name

SVG = "{http://www.w3.org/2000/svg}"
SIZES = sorted(
    {catalogue.pixels("x", ratio, size) for ratio in dimensions.RATIOS for size in dimensions.SIZES}
)


def parsed(size: tuple[int, int], *notes: str) -> ElementTree.Element:
    return ElementTree.fromstring(draw_placeholder(size, notes).encode())


def words(root: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_it_has_the_shape_of_the_picture_and_says_what_it_is(size: tuple[int, int]) -> None:
    root = parsed(size)
    assert (root.get("width"), root.get("height")) == (str(size[0]), str(size[1]))
    assert root.get("viewBox") == f"0 0 {size[0]} {size[1]}"
    assert root.findtext(f"{SVG}title") == TITLE
    assert words(root) == [TITLE]


def test_a_built_site_says_nothing_of_the_prompt() -> None:
    assert "fox" not in draw_placeholder((1376, 768))


def test_notes_are_for_the_author() -> None:
    root = parsed((1376, 768), "A fox reading", "the build is frozen")
    assert words(root) == [TITLE, "A fox reading", "the build is frozen"]


def test_notes_are_text_and_never_markup() -> None:
    note = "</text><script>alert('1')</script> & \"x\" ]]> &amp;"
    root = parsed((1376, 768), note)
    assert " ".join(words(root)[1:]) == note
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "title", "style", "rect", "g", "circle", "polyline", "text", "path",
    }  # fmt: skip


def test_a_long_note_takes_three_lines_at_most() -> None:
    assert len(words(parsed((1376, 768), "word " * 999))) == 4


notes = st.lists(st.text(max_size=60) | st.sampled_from(["\0\x1b\ufffe\ud800", "]]>", "\u2028"]),
                 max_size=3)  # fmt: skip


@given(st.sampled_from(SIZES) | st.tuples(st.integers(1, 9000), st.integers(1, 9000)), notes)
def test_any_notes_give_well_formed_xml(size: tuple[int, int], said: list[str]) -> None:
    assert parsed(size, *said).tag == f"{SVG}svg"
    assert placeholder_name(size, tuple(said)).startswith(f"placeholder-{size[0]}x{size[1]}")


def test_its_name_is_its_shape_and_what_is_written_into_it() -> None:
    assert placeholder_name((1376, 768)) == "placeholder-1376x768.svg"
    named = {
        placeholder_name((1376, 768), notes) for notes in [(), ("a",), ("b",), ("a", "b"), ("ab",)]
    }
    assert len(named) == 5
