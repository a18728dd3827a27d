"""A new fence in a page: where it goes, how its options are written, and what is refused."""

from collections.abc import Callable

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.sources.editing.new_directive import (
    NewFence,
    below_heading,
    below_line,
    new_fence,
)
from mkdocs_gemini_images.sources.occurrences import fences

FENCE = new_fence({"prompt": "A fox"})
ONE = "```gemini-image\nprompt: A fox\n```\n"


@pytest.mark.parametrize(
    ("page", "line", "expected"),
    [
        ("", 0, ONE),
        ("a", 0, f"{ONE}\na"),
        ("a", 1, f"a\n\n{ONE}"),
        ("a\n", 1, f"a\n\n{ONE}"),
        ("a\nb\n", 1, f"a\n\n{ONE}\nb\n"),
        ("a\n\nb\n", 1, f"a\n\n{ONE}\nb\n"),
        ("a\n\nb\n", 2, f"a\n\n{ONE}\nb\n"),
        ("---\na: 1\n---\nb\n", 3, f"---\na: 1\n---\n\n{ONE}\nb\n"),
        ("\ufeffa\n", 0, f"\ufeff{ONE}\na\n"),
        ("a\r\nb\r\n", 1, f"a\n\n{ONE}\nb\n".replace("\n", "\r\n")),
        ("a\r\nb", 2, f"a\nb\n\n{ONE}".replace("\n", "\r\n")),
    ],
)
def test_a_fence_goes_below_a_line_and_changes_no_other(
    page: str, line: int, expected: str
) -> None:
    assert below_line(page, line, FENCE) == expected


@pytest.mark.parametrize(
    ("page", "heading", "at"),
    [
        ("# One\n\n## Two\ntext\n", "Two", 3),
        ("# One\n\nTwo\n---\ntext\n", "Two", 4),
        ("---\ntitle: Two\n---\n\n## Two ## {#two}\n", "## Two", 5),
        ("```sh\n# Two\n```\n\n# Two\r\n", "Two", 5),
        ("<!--\n# Two\n-->\n# Two\n", "  Two ", 4),
        ("\ufeff# Two\n", "Two", 1),
    ],
)
def test_a_heading_is_one_of_the_page_and_not_of_its_examples(
    page: str, heading: str, at: int
) -> None:
    assert below_heading(page, heading, FENCE) == below_line(page, at, FENCE)


@pytest.mark.parametrize(
    ("insert", "words"),
    [
        (lambda: below_line("a\n", 2, FENCE), "no line 2: name one from 0 to 1"),
        (lambda: below_line("a\n", -1, FENCE), "no line -1"),
        (lambda: below_line("---\na: 1\n---\nb\n", 0, FENCE), "front matter: name one from 3 to 4"),
        (lambda: below_line("---\na: 1\n---\nb\n", 2, FENCE), "line 2 is in the page's front"),
        (lambda: below_heading("# One\n", "Onee", FENCE), "known are One"),
        (lambda: below_heading("text\n", "One", FENCE), "name a line"),
        (lambda: below_heading("# A\n\n# A\n", "A", FENCE), "a heading of lines 1, 3"),
    ],
)
def test_a_place_that_is_not_one_is_refused(insert: Callable[[], str], words: str) -> None:
    with pytest.raises(DiagnosticError, match=words):
        insert()


@pytest.mark.parametrize(
    "value", ["A fox", '"Save"', "'a'", '"a" and "b"', "|", "# no comment", "16:9", "[a, b]", "```"]
)
def test_each_value_reads_back_as_it_was_given(value: str) -> None:
    written = new_fence({"prompt": "A fox", "alt": value, "caption": value})
    (found,) = fences([*written.lines, ""])
    read = found.read()
    assert read is not None
    assert (read.prompt, read.alt, read.caption) == ("A fox", value, value)


def test_an_empty_alt_is_written_out() -> None:
    assert new_fence({"prompt": "A fox", "alt": ""}) == NewFence(
        ("```gemini-image", "prompt: A fox", 'alt: ""', "```")
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"prompt": "{{ config }}"}, "which a page acts upon"),
        ({"prompt": '{% include "/etc/passwd" %}'}, "which a page acts upon"),
        ({"prompt": "{!secret.md!}"}, "which a page acts upon"),
        ({"prompt": "A fox", "alt": '--8<-- "secret.md"'}, "which a page acts upon"),
        ({"prompt": "A fox", "caption": "<img onerror=x>"}, "which a page acts upon"),
        ({"prompt": "A\x1bfox"}, "a character that is not shown"),
        ({"prompt": " "}, "the prompt is missing"),
        ({"prompt": "A fox", "id": "../x"}, "id must be a name"),
        ({"prompt": "A fox", "nonsense": "x"}, "nonsense"),
    ],
)
def test_what_a_page_acts_upon_and_wrong_options_are_refused(
    options: dict[str, str], words: str
) -> None:
    with pytest.raises(DiagnosticError, match=words):
        new_fence(options)
