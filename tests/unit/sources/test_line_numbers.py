"""A directive has the line of its only occurrence, or of the first that is not an example."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mkdocs_gemini_images.sources.line_numbers import SourceLines

BODY = "prompt: A fox\nalt: A fox reading\n"


def line_of(page: str, source: str) -> int | None:
    return SourceLines(page).line_of(source)


def fence(body: str = BODY, before: str = "") -> str:
    return "".join(f"{before}{line}\n" for line in ["```gemini-image", *body.splitlines(), "```"])


@pytest.mark.parametrize(
    ("page", "line"),
    [
        (fence(), 1),
        ("# Title\n\n" + fence(), 3),
        ("* item\n\n" + fence(before="    "), 3),
        ("!!! note\n" + fence(before="\t"), 2),
        ("> Said:\n>\n" + fence(before="> "), 3),
        ("> > Said:\n" + fence(before="> > "), 2),
        (fence(before=" >"), 1),
        (fence("prompt: A fox\n\nalt: A fox reading"), None),
        (fence() + fence(), 1),
        ("````\n" + fence() + "````\n" + fence(), 7),
        ("# Title\n", None),
        ("", None),
        ("prompt: A fox\nand more\n" + fence(), 3),
        (fence().replace("\n", "\r\n"), 1),
        (fence(BODY + "size: 2K"), 1),
    ],
    ids=["first", "below a title", "in a list", "in an admonition", "quoted", "quoted twice",
         "quoted closely", "otherwise", "twice", "below an example", "absent",
         "empty page", "begun twice", "windows", "and more"],
)  # fmt: skip
def test_a_fence_begins_on_the_line_that_opens_it(page: str, line: int | None) -> None:
    assert line_of(page, BODY) == line


def test_a_fence_with_a_misspelt_language_is_told_from_one_of_the_same_text() -> None:
    right, wrong = "```gemini-image\nA fox\n```\n", "```gemini-imge\nA fox\n```\n"
    lines = SourceLines(f"{right}\nA fox\n\n{wrong}{wrong}")
    assert [lines.line_of("A fox", "gemini-imge", nth=nth) for nth in (0, 1, 2)] == [7, 10, 10]
    assert lines.line_of("A fox") == 1


def test_blank_lines_are_part_of_a_fence() -> None:
    body = "A fox\n\nreading"
    assert line_of(fence(body, before="> ").replace("> \n", ">\n"), body) == 1


@pytest.mark.parametrize(
    ("page", "line"),
    [
        ('Text\n\n![A fox](gemini: "A fox reading"){ .left }\n', 3),
        ('| a | ![A fox](gemini: "A fox reading") |\n', 1),
        ('![A fox][fox]\n\n[fox]: gemini: "A fox reading"\n', 3),
        ('![a](gemini: "A fox reading")\n![b](gemini: "A fox reading")\n', 1),
        ('Of A fox reading\nand A fox reading\n![a](gemini: "A fox reading")\n', 3),
        ('`![a](gemini: "A fox reading")`:\n![a](gemini: "A fox reading")\n', 2),
        ('![a][a]\n![a][a]\n\n[a]: gemini: "A fox reading"\n\nA fox reading b', 4),
        ("A fox reading b\n\nor A fox reading\n", None),
        ('![a](gemini: "A fox reading") ![b](gemini: "A fox reading")\n', 1),
        ("A fox reading\n\nA fox reading a book\n", 1),
        ("Nothing", None),
    ],
    ids=[
        "alone",
        "in a table",
        "by reference",
        "twice",
        "below the same words",
        "below an example",
        "twice by reference",
        "only words",
        "twice on a line",
        "the whole line",
        "absent",
    ],
)
def test_an_inline_image_is_found_by_its_title(page: str, line: int | None) -> None:
    assert line_of(page, "A fox reading") == line


@pytest.mark.parametrize("source", ["", "\n\n", "   ", ">\n"])
def test_an_empty_text_has_no_line(source: str) -> None:
    assert line_of("a\n\n>\n   \n", source) is None


lines = st.lists(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Z"])), max_size=9)


@given(lines, lines, lines, st.sampled_from(["", "    ", "> ", ">> ", "\t> "]))
def test_a_text_that_occurs_once_is_found(
    before: list[str], source: list[str], after: list[str], quote: str
) -> None:
    source = ["begin", *source, "end"]
    assume("begin" not in (each.strip(" >") for each in before + after + source[1:]))
    page = [*before, *(quote + line for line in source), *after]
    assert line_of("\n".join(page), "\n".join(source)) == len(before) + 1


@given(st.text(), st.text())
def test_any_text_has_a_line_of_the_page_or_none(page: str, source: str) -> None:
    found = line_of(page, source)
    assert found is None or 1 <= found <= len(page.splitlines())


@pytest.mark.parametrize(
    "opener", ["<!-- ", "<pre> ", "```x\n", "> ~~~~x\n", f"```x{' ' * 200_000}y\n"]
)
def test_a_page_of_openings_without_an_end_is_read_in_linear_time(opener: str) -> None:
    page = '![a](gemini: "A fox")\n\n![b](gemini: "A fox")\n\n' + opener * (10**6 // len(opener))
    assert line_of(page, "A fox") == 1
