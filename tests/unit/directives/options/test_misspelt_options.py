"""A line that may be meant as an option is found whatever stands around its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.directives.options.misspelt_options import (
    meant_item,
    meant_option,
    with_visible_spaces,
)
from mkdocs_gemini_images.directives.options.option_table import OPTIONS

before = st.sampled_from(
    ["", " ", "\t", "\u00a0", "\ufeff", "- ", "* ", "+ ", "\u2022 ", "1. ", "2) ", "{", '{"', "'",
     '"', "**", "`", "[", "(", "> ", "--", "@", "$", "<", "{ '"]
)  # fmt: skip
after = st.sampled_from(["", " ", "\u00a0", "\u200b", "\u2060", '"', "'", "**", "`", '" ', "'  "])
colon = st.sampled_from(
    [":", "\uff1a", "\ufe55", "\u2236", "\ua789", "=", "\uff1d", " =", "=>", "->", ":="]
)
name = st.sampled_from(["prompt", "Prompt", "PROMPT", "promt", "alt", "caption", "aspect_ratio"])


@given(before, name, after, colon, st.sampled_from(["", " ", "\u00a0"]))
def test_an_option_is_found_in_any_dress(
    before: str, name: str, after: str, colon: str, space: str
) -> None:
    meant = meant_option(f"{before}{name}{after}{colon}{space}A fox", OPTIONS)
    assert meant == {"promt": "prompt"}.get(name.lower(), name.lower())


@pytest.mark.parametrize(
    "line",
    [
        "prompt",
        "prompt - A fox",
        "prompt; A fox",
        "<prompt>A fox</prompt>",
        "--prompt A fox",
        "/imagine prompt: A fox",
        "image prompt: A fox",
        "\uff50\uff52\uff4f\uff4d\uff50\uff54: A fox",
    ],
)
def test_a_prompt_is_found_without_a_colon_and_behind_other_words(line: str) -> None:
    assert meant_option(line, OPTIONS) == "prompt"


@pytest.mark.parametrize(
    "line",
    [
        "A fox reading",
        "Watercolour: a fox",
        "A sign that says: open",
        "A wall of text about how to write a prompt: nothing else",
        "http://example.org/fox as a painting",
        "12:30 on a clock",
        "- a fox",
        "E = mc2 on a board",
        "3 sizes: small, medium, large",
        "Prompt delivery of parcels",
        "Dark - a forest",
        "",
    ],
)
def test_words_of_a_prompt_are_no_option(line: str) -> None:
    assert meant_option(line, OPTIONS) is None


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("* a", "a"),
        ("  -a", "a"),
        ("\u2022 a", "a"),
        ("10) a", "a"),
        ("a", None),
        ("-", None),
        ("3 boats", None),
    ],
)
def test_an_item_of_a_list_is_found_behind_any_marker(line: str, item: str | None) -> None:
    assert meant_item(line) == item


def test_only_spaces_that_are_no_plain_ones_are_named() -> None:
    assert with_visible_spaces(" a b\u00a0c\u200b ") == " a b<U+00A0>c<U+200B>"
