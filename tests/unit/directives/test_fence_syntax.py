"""The lines of a fence are told apart: opening, closing, near misses of its name."""

import pytest

from mkdocs_gemini_images.directives.fence_syntax import (
    FenceHeader,
    OpeningLine,
    is_closing_line,
    is_near_name,
    line_with_marks,
    lines_like_directives,
    opening_line,
    read_attribute_list,
    unread_opening_line,
    without_prefix,
)


@pytest.mark.parametrize(
    ("line", "opening"),
    [
        ("```gemini-image", OpeningLine("", "```", "gemini-image")),
        ("~~~~ gemini-image \t\r", OpeningLine("", "~~~~", "gemini-image")),
        ("> \t````{ .gemini-image }", OpeningLine("> \t", "````", "{ .gemini-image }")),
        ("```", OpeningLine("", "```", "")),
        ("``x", None),
        ("text ```x", None),
        ("", None),
    ],
)
def test_an_opening_line_has_prefix_marks_and_header(
    line: str, opening: OpeningLine | None
) -> None:
    assert opening_line(line) == opening


@pytest.mark.parametrize(
    ("header", "is_directive", "resembles", "rest"),
    [
        ("gemini-image", True, True, ""),
        (".gemini-image", True, True, ""),
        ("{ .gemini-image }", True, True, ""),
        ('{.gemini-image alt="A"}', True, True, ""),
        ("gemini-image size=2K", False, True, "size=2K"),
        ("gemini-image {size=2K", False, True, "{size=2K"),
        ("gemini-image { .wide }", False, True, ""),
        ("{ gemini-image }", False, True, ""),
        ("{ #fox .gemini-image }", False, False, ""),
        ("gemini-images", False, True, ""),
        ("yaml", False, False, ""),
    ],
)
def test_a_header_is_that_of_a_directive_or_resembles_it(
    header: str, is_directive: bool, resembles: bool, rest: str
) -> None:
    opening = OpeningLine("", "```", header)
    assert (opening.is_directive, opening.resembles_directive) == (is_directive, resembles)
    assert opening.text_behind_language == rest


@pytest.mark.parametrize(
    ("line", "closes"),
    [("```", True), ("  ````  ", True), ("> ```", True), ("``", False), ("~~~", False),
     ("```x", False), ("", False)],
)  # fmt: skip
def test_a_closing_line_has_at_least_the_opening_marks(line: str, closes: bool) -> None:
    assert is_closing_line(line, "```") is closes


def test_an_attribute_list_has_language_options_classes_and_id() -> None:
    assert read_attribute_list('.gemini-image #fox .wide size="2K"') == FenceHeader(
        "gemini-image", {"size": "2K"}, ("wide",), "fox"
    )
    assert read_attribute_list("") == FenceHeader()
    assert read_attribute_list(".gemini-image }") is None


@pytest.mark.parametrize(
    ("language", "near"),
    [("gemini_image", True), ("Gemini-Images", True), ("geminiimg", True),
     ("gemini-imge", True), ("gemini-iamge", True), ("gemni-image", True), ("gemini-inage", True),
     ("geminni-image", True), ("gemini-image-", True), ("jemini-image", True),
     ("egmini-image", True), ("gemini-mage", True), ("gmini-imag", True), ("mini-image", True),
     ("gemini", False), ("gemini-image", False), ("yaml", False), ("image", False),
     ("mermaid", False), ("gemtext", False), ("gemini-prompt", False)],
)  # fmt: skip
def test_a_misspelt_name_is_a_near_one(language: str, near: bool) -> None:
    assert is_near_name(language) is near


def test_a_body_with_marks_names_its_line() -> None:
    assert line_with_marks("A fox\n  ```python\nx") == "  ```python"
    assert line_with_marks("A fox\n> ```\n``") is None


def test_a_line_that_may_be_a_code_span_opens_nothing() -> None:
    assert unread_opening_line("````x````") is None
    assert unread_opening_line("> ```x") is None
    assert unread_opening_line("  ```x") is not None


def test_lines_that_open_a_directive_are_found_in_text() -> None:
    text = "  ```gemini-image a=b\n```yaml\n~~~ { .gemini-image\n````gemini-image````"
    assert lines_like_directives(text) == ["```gemini-image a=b", "~~~ { .gemini-image"]


def test_a_line_has_no_indentation_and_quote_marks() -> None:
    assert without_prefix(" > >\t a > b \r") == "a > b"
