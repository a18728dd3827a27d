"""The body of a fence is read literally: options, lists and blocks, or a prompt alone."""

from contextlib import suppress
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.fence_body import (
    Value,
    read_body,
    read_header,
    read_prompt,
    value_start,
)
from mkdocs_gemini_images.directives.options.option_table import OPTIONS

LISTS = ("references", "edits")


def read(body: str) -> dict[str, Value]:
    return read_body(body, OPTIONS, LISTS)


def diagnostics(body: str) -> list[str]:
    with pytest.raises(DiagnosticError) as caught:
        read(body)
    return [str(diagnostic) for diagnostic in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("alt: A fox", "A fox"),
        ("alt:   A fox  ", "A fox"),
        ("alt : A fox", "A fox"),
        ("alt:A fox", "A fox"),
        ("alt: A fox: dusk", "A fox: dusk"),
        ("alt: A fox #1", "A fox #1"),
        ("alt: no", "no"),
        ("alt: 16:9", "16:9"),
        ("alt: 012", "012"),
        ("alt: null", "null"),
        ("alt: ~", "~"),
        ("alt: {a: b}", "{a: b}"),
        ("alt: [a, b]", "[a, b]"),
        ("alt: *Old* light", "*Old* light"),
        ("alt: &anchor", "&anchor"),
        ("alt: !ENV HOME", "!ENV HOME"),
        ("alt: @at", "@at"),
        ("alt: %x", "%x"),
        ('alt: "Save" button', '"Save" button'),
        ("alt: \"Save\" and 'Open'", "\"Save\" and 'Open'"),
        ('alt: "Save" and "Open"', '"Save" and "Open"'),
        ('alt: "A fox"', "A fox"),
        ("alt: 'A fox'", "A fox"),
        ('alt: "A fox\'s"', "A fox's"),
        ('alt: ""', ""),
        ("alt:", ""),
        ('alt: "', '"'),
        ("alt: \"A fox'", "\"A fox'"),
        (r"alt: C:\new\table", r"C:\new\table"),
        ("alt: A fox\n  by the lake", "A fox\nby the lake"),
        ("alt: |\n  A fox\n    and more\n\n  by the lake\n", "A fox\n  and more\n\nby the lake"),
        ("alt: >\n  A fox\n  by the lake", "A fox\nby the lake"),
        ("alt: |-\n  A fox", "A fox"),
        ("alt:\n  A fox\n  by the lake", "A fox\nby the lake"),
        ("alt:\n\tA fox", "A fox"),
        ("alt:\tA fox", "A fox"),
        ("alt: |\n  prompt: A fox", "prompt: A fox"),
        ("alt: |\n  # not a comment", "# not a comment"),
        ("# a comment\nalt: A fox\n# another", "A fox"),
        ("\n\nalt: A fox\n\n", "A fox"),
        ("alt: A\u2028fox\x0bhere", "A\u2028fox\x0bhere"),
    ],
)
def test_an_option_is_the_rest_of_its_line(line: str, value: str) -> None:
    assert read(line) == {"alt": value}


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        ("edits: Make it red", ("Make it red",)),
        ("edits: [a, b]", ("a", "b")),
        ('edits: ["a, b", c]', ("a, b", "c")),
        ("edits: []", ()),
        ("edits:", ()),
        ("edits:\n- a\n- b", ("a", "b")),
        ("edits:\n  - a\n  - b", ("a", "b")),
        ("edits:\n\n  - a\n\n  - b\n", ("a", "b")),
        ("edits:\n  - a: b\n  - 'c'", ("a: b", "c")),
        ("edits:\n  - a\n    and more\n  - b", ("a\nand more", "b")),
        ("edits:\n  a", ("a",)),
        ("edits: a\n  - b", ("a", "b")),
        ("edits:\n- #id\n- #other", ("#id", "#other")),
    ],
)
def test_a_list_has_items(lines: str, items: tuple[str, ...]) -> None:
    assert read(lines) == {"edits": items}


def test_a_body_has_several_options() -> None:
    body = """
        prompt: A lighthouse keeper: watercolour
        # 2K is enough
        size: 2K
        edits:
          - Make it dusk
          - Remove the boat
        caption: |
          The keeper

          of the light
        aspect_ratio: 16:9
    """
    assert read(dedent(body)) == {
        "prompt": "A lighthouse keeper: watercolour",
        "size": "2K",
        "edits": ("Make it dusk", "Remove the boat"),
        "caption": "The keeper\n\nof the light",
        "aspect_ratio": "16:9",
    }


@pytest.mark.parametrize(
    "body",
    [
        "A fox reading",
        "A fox reading\n\non a bench",
        "Watercolour: a fox",
        "A sign that says: open",
        "Note: no text. Mood: calm",
        "http://example.org/fox as a painting",
        "12:30 on a clock",
        "- a fox\n- an owl",
    ],
)
def test_without_options_the_body_is_the_prompt(body: str) -> None:
    assert read(body) == {"prompt": body}


def test_a_prompt_has_no_comments() -> None:
    assert read("# seen from above\nA fox\n#1 of 3") == {"prompt": "A fox"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("promt: A fox", "expected a known option, got 'promt:': did you mean 'prompt'?"),
        ("Promptt: A fox", "did you mean 'prompt'?"),
        ("aspect-ratio: 16:9", "did you mean 'aspect_ratio'?"),
        ("prompt: A fox\nsise: 2K", "got 'sise:': did you mean 'size'?"),
        ("prompt: A fox\ncolour: red", "got 'colour:': known are prompt, alt, caption"),
        (
            "prompt: A fox\nprompt: An owl",
            "prompt is written twice: keep one of them, or take out 'An owl'",
        ),
        (
            "prompt: A fox\nby the lake",
            "expected 'option: value', got 'by the lake': indent a line",
        ),
        (
            "A fox\nalt: A fox",
            "expected 'option: value', got 'A fox': begin the line with 'prompt: ' where options",
        ),
        ("A fox\nprompt: A hen", "expected 'option: value', got 'A fox': indent a line"),
        ("alt: A fox\nA fox", "expected 'option: value', got 'A fox': indent a line"),
        ("prompt: A fox\nhttp://x.y", "expected 'option: value', got 'http://x.y'"),
    ],
)
def test_a_misspelt_option_is_not_a_prompt(body: str, said: str) -> None:
    assert said in "; ".join(diagnostics(body))


@pytest.mark.parametrize(
    "body",
    [
        "prompt\uff1aA fox",
        "prompt\u00a0: A fox",
        "prompt:\u00a0A fox\n alt: A fox",
        "prompt= A fox",
        "- prompt: A fox",
        "1. prompt: A fox",
        '"prompt": "A fox"',
        '{"prompt": "A fox"}',
        " prompt: A fox",
        "Aspect ratio: 16:9",
        "A fox\naspect ratio = 16:9",
        "prompt\nA fox",
    ],
)
def test_what_may_be_meant_as_options_is_never_a_prompt(body: str) -> None:
    assert diagnostics(body)


@pytest.mark.parametrize("space", [" ", "  ", "\t"])
def test_the_message_says_that_white_space_stands_before_an_option(space: str) -> None:
    assert diagnostics(f"{space}prompt: A fox") == [
        "expected an option at the margin, got prompt behind white space: "
        "take out the white space before 'prompt:'"
    ]


def test_the_message_shows_the_character_that_cannot_be_seen() -> None:
    assert diagnostics("prompt\u200b: A fox") == [
        "expected 'prompt: ...', got 'prompt<U+200B>: A fox': begin the line with 'prompt: '"
    ]


@pytest.mark.parametrize(
    "body",
    [
        "prompt: A fox\n alt: A red fox",
        "prompt: A fox\n  on a bench\n  size: 2K",
        "prompt:\n  A fox\n  alt: A red fox",
        "prompt: A fox\nedits:\n  - Make it night\n  alt: A fox",
    ],
)
def test_an_option_indented_by_mistake_does_not_end_in_the_prompt(body: str) -> None:
    (said,) = diagnostics(body)
    assert said.startswith("expected an option at the margin, got ")


def test_below_a_bar_a_line_is_text_whatever_it_looks_like() -> None:
    assert read("prompt: |\n  A form that reads\n  size: 2K") == {
        "prompt": "A form that reads\nsize: 2K"
    }


@pytest.mark.parametrize(
    "lines",
    [
        "edits:\n  * Make it night",
        "edits:\n  -Make it night",
        "edits:\n  + Make it night",
        "edits:\n  \u2013 Make it night",
        "edits:\n  1. Make it night\n  2. Add rain",
        "edits:\n  - Make it night\n  * Add rain",
        "edits: * Make it night",
        "edits: - Make it night",
        "edits: [Make it night, add rain",
        "references:\n  * fox.png",
    ],
)
def test_another_marker_does_not_make_a_list_one_item(lines: str) -> None:
    assert "as '- text' on a line of its own" in diagnostics(lines)[0]


@pytest.mark.parametrize("line", ["* Make it night", "-Make it night"])
def test_an_item_at_the_margin_is_told_how_items_begin(line: str) -> None:
    assert diagnostics(f"edits:\n{line}")[0].endswith("begin each item of a list with '- '")


def test_a_header_has_the_options_so_the_body_has_none() -> None:
    assert read_prompt("A fox:\n  alt: none\n", OPTIONS) == {"prompt": "A fox:\n  alt: none"}
    for body in ("prompt: A fox", " prompt = A fox", "A fox\nalt: none"):
        with pytest.raises(DiagnosticError, match="the prompt alone, since the header has options"):
            read_prompt(body, OPTIONS)


def test_a_list_in_a_header_has_no_markers() -> None:
    with pytest.raises(DiagnosticError, match="an item of edits as '- text'"):
        read_header({"edits": "* Make it night"}, LISTS)


def test_all_mistakes_in_a_body_are_reported() -> None:
    assert len(diagnostics("prompt: A fox\nsise: 2K\ntake: 1\ntake: 2\nand more")) == 3


def test_a_header_has_text_and_lists() -> None:
    header = {"alt": "[A, B]", "edits": "[a, 'b, c']", "references": "a.png"}
    assert read_header(header, LISTS) == {
        "alt": "[A, B]",
        "edits": ("a", "b, c"),
        "references": ("a.png",),
    }


words = st.text("abAZ09:#&*!?.,'-", max_size=8).map("x{}".format)
lines = st.lists(words, min_size=1, max_size=4).map(" ".join)
names = st.sampled_from(sorted(set(OPTIONS) - set(LISTS)))


@given(st.dictionaries(names, lines, min_size=1))
def test_a_value_on_a_line_is_read_as_written(options: dict[str, str]) -> None:
    assert read("\n".join(f"{name}: {text}" for name, text in options.items())) == options


@given(st.dictionaries(names, st.lists(lines, min_size=2, max_size=4).map("\n".join), min_size=1))
def test_a_value_in_a_block_is_read_as_written(options: dict[str, str]) -> None:
    body = "\n".join(
        f"{name}: |\n" + "\n".join(f"  {line}" for line in text.splitlines())
        for name, text in options.items()
    )
    assert read(body) == options


@given(st.lists(lines, min_size=1, max_size=5))
def test_items_are_read_as_written(items: list[str]) -> None:
    assert read("edits:\n" + "\n".join(f"- {item}" for item in items)) == {"edits": tuple(items)}


@given(st.text())
def test_any_body_has_options_or_diagnostics(body: str) -> None:
    with suppress(DiagnosticError):
        assert set(read(body)) <= set(OPTIONS)


@pytest.mark.parametrize(
    ("line", "value"),
    [("take: 3", "3"), ("take:3", "3"), ("take :\t3", "3"), ("take:", ""), ("takes: 3", None),
     (" take: 3", None), ("A take: 3", None)],
)  # fmt: skip
def test_the_value_of_an_option_begins_behind_its_colon(line: str, value: str | None) -> None:
    start = value_start(line, "take")
    assert (None if start is None else line[start:]) == value


@given(st.text(alphabet="ab:-|>[]'\"# \n\tprompteditsl", max_size=60))
def test_no_word_of_a_body_is_lost(body: str) -> None:
    try:
        options = read(body)
    except DiagnosticError:
        return
    kept = " ".join(" ".join(v) if isinstance(v, tuple) else v for v in options.values())
    for line in body.split("\n"):
        if line.startswith("#"):
            continue
        for word in line.replace(":", " ").split():
            bare = word.strip("'\"[],|>-")
            assert bare in kept or bare in options
