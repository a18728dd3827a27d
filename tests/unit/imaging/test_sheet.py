"""One PNG with many pictures, before and after."""

from collections.abc import Iterator

import pytest

from mkdocs_gemini_images.imaging.sheet import SheetCell, draw_sheet, in_letters_of_the_font
from tests.unit.pictures import opened, webp


def cells(count: int, words: str = "A fox") -> Iterator[SheetCell]:
    small = webp(320, 180)
    for _ in range(count):
        yield SheetCell(small, "not drawn yet", f"new {words}", words * 100)


def test_a_sheet_grows_by_rows() -> None:
    one, two, three = (opened(draw_sheet(cells(n), n, "Pictures")) for n in (1, 2, 3))
    assert one.height == two.height < three.height
    assert two.width == three.width


def test_a_picture_is_where_its_cell_is_and_the_other_place_is_bare() -> None:
    sheet = opened(draw_sheet(cells(1), 1, "Pictures")).convert("RGB")
    middle = 100 + 100
    assert sheet.getpixel((40 + 150, middle)) != sheet.getpixel((40 + 4 + 300 + 290, middle))


def test_no_text_of_others_breaks_a_sheet() -> None:
    for words in ("", "\u0000", "漢字 🦊", "\u202e", "x" * 10_000, "\n\n"):
        assert opened(draw_sheet(cells(1, words), 1, words, words)).format == "PNG"


def test_a_sheet_of_nothing_has_a_title() -> None:
    assert opened(draw_sheet([], 0, "No picture has changed")).width >= 900


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a/index.md:2 “fox” …", "a/index.md:2 “fox” …"),
        ("Füchse — größer × 2", "Fuchse - grosser x 2"),
        ("\uff46\uff4f\uff58", "fox"),
        ("狐.md:3", "\\u72d0.md:3"),
        ("Лис 🦊", "\\u041b\\u0438\\u0441 \\U0001f98a"),
    ],
)
def test_letters_that_the_font_lacks_are_no_boxes(text: str, expected: str) -> None:
    assert in_letters_of_the_font(text) == expected
