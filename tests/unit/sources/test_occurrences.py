"""A directive is found in its page's source, and not where the page shows an example of it."""

import xml.etree.ElementTree as etree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.sources.directive_choice import find_once
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    ImageOccurrence,
    directive_texts,
    fences,
    find_all,
)
from tests.unit.errors import error_of

FOX = "```gemini-image\nA fox\n```"
FOUND = Directive("", source="A fox")
IMAGE = '![A fox](gemini: "A fox")'

# Each: a page, and the text of each occurrence of "A fox" in it.
PAGES = {
    "a fence": (FOX, [FOX]),
    "a fence of tildes": ("~~~ gemini-image\nA fox\n~~~~", ["~~~ gemini-image\nA fox\n~~~~"]),
    "a fence with a dot": ("```.gemini-image\nA fox\n```", ["```.gemini-image\nA fox\n```"]),
    "a fence with braces": (
        "``` {.gemini-image #fox}\nA fox\n```", ["``` {.gemini-image #fox}\nA fox\n```"]),
    "a quoted fence": ("> ```gemini-image\n> A fox\n> ```", ["> ```gemini-image\n> A fox\n> ```"]),
    "an indented fence": (
        "- x\n\n    ```gemini-image\n    A fox\n    ```\n",
        ["    ```gemini-image\n    A fox\n    ```\n"]),
    "Windows": ("```gemini-image\r\nA fox\r\n```\r\n", ["```gemini-image\r\nA fox\r\n```\r\n"]),
    "empty lines around the words": (
        "```gemini-image\n\nA fox\n\n```", ["```gemini-image\n\nA fox\n\n```"]),
    "an image": (f"Text {IMAGE}, more", [IMAGE]),
    "an image with single quotes": ("![](gemini: 'A fox')", ["![](gemini: 'A fox')"]),
    "an image in angle brackets": ('![](<gemini:> "A fox")', ['![](<gemini:> "A fox")']),
    "a named file": ('![](a.webp "gemini: A fox")', ['![](a.webp "gemini: A fox")']),
    "prompt over two lines": ('![](gemini: "A\n  fox")', ['![](gemini: "A\n  fox")']),
    "a reference": ('![A fox][f]\n\n[f]: gemini: "A fox"\n', ["![A fox][f]"]),
    "a reference of any case": (
        '![A fox][F  oo]\n\n[f oO]: gemini: "A fox"\n', ["![A fox][F  oo]"]),
    "a reference by its own words": ('![fox][]\n\n[fox]: gemini: "A fox"', ["![fox][]"]),
    "a reference without a label": ('![fox]\n\n[fox]: gemini: "A fox"', ["![fox]"]),
    "two of them": (f"{IMAGE} {IMAGE}\n\n{FOX}\n", [IMAGE, IMAGE, f"{FOX}\n"]),
    "two uses of a definition": (
        '![a][f] ![b][f]\n\n[f]: gemini: "A fox"\n', ["![a][f]", "![b][f]"]),
    "below an example": (f"````\n{FOX}\n````\n{FOX}", [FOX]),
    "below a fence without an end": (f"```\n\n{IMAGE}", [IMAGE]),
    "below a comment without an end": (f"<!-- x\n\n{IMAGE}", [IMAGE]),
    "behind a code span": (f"`x` {IMAGE}", [IMAGE]),
    "in a longer fence": (f"````md\n{FOX}\n````", []),
    "in a fence of another kind": (f"~~~\n{FOX}\n~~~", []),
    "in a fence of code": (f"```md\n{IMAGE}\n```", []),
    "in a comment": (f"<!--\n{FOX}\n\n{IMAGE} -->", []),
    "in raw HTML": (f"<pre>{IMAGE}</pre> <Script>{IMAGE}</script >", []),
    "in raw HTML below a comment without an end": (f"<!-- x\n<pre>{IMAGE}</pre>", []),
    "in a code span": (f"`{IMAGE}`", []),
    "a definition in code": ('![a][f]\n\n```\n[f]: gemini: "A fox"\n```\n', []),
    "a definition without a use": ('[f]: gemini: "A fox"\n', []),
    "a link": ('[A fox](gemini: "A fox")', []),
    "an ordinary image": ('![A fox](fox.png "A fox")', []),
    "another language": ("```gemini\nA fox\n```", []),
    "a class that is not the first": ("``` {.x .gemini-image}\nA fox\n```", []),
    "other words": ('```gemini-image\nA foxx\n```\n![](gemini: "A  foxx")', []),
    "more words": ("```gemini-image\nA fox\nid: fox\n```", []),
    "nothing": ("", []),
}  # fmt: skip


@pytest.mark.parametrize(("page", "expected"), PAGES.values(), ids=PAGES)
def test_an_occurrence_is_a_directive_that_markdown_renders_as_an_image(
    page: str, expected: list[str]
) -> None:
    assert [page[each.start : each.end] for each in find_all(page, "A fox")] == expected


PROMPTS = {
    r"A \"red\" fox": r"A \"red\" fox",
    'A "red" fox': 'A "red" fox',
    r"A fox\"": r"A fox\"",
    r"A \*red\* fox": "A *red* fox",
    r"A fox \\ a hen": r"A fox \ a hen",
    "A &quot;red&quot; fox": 'A "red" fox',
    "Fish &amp; chips": "Fish & chips",
    "gemini: A fox": "gemini: A fox",
}
"""Prompts as a page writes them, and as Markdown reads them."""


@pytest.mark.parametrize(("written", "read"), PROMPTS.items(), ids=PROMPTS)
def test_a_prompt_is_found_as_markdown_reads_it(written: str, read: str) -> None:
    image, definition = f'![a](gemini: "{written}")', f'![b][f] `x`\n\n[f]: gemini: "{written}"'
    made = Markdown(extensions=["attr_list"]).convert(f"{image} {definition}")
    titles = [each.get("title") for each in etree.fromstring(f"<p>{made}</p>").iter("img")]
    assert titles[0] == read
    page = f"{image} more {definition}"
    for directive, title in zip([image, "![b][f]"], titles, strict=True):
        found = find_all(page, title or "")
        assert directive in [page[each.start : each.end] for each in found]
    assert directive_texts(page) == [image, "![b][f]"]


def test_a_prompt_ends_with_its_paragraph() -> None:
    assert find_all('![a](gemini: "A fox\n\nand more")', "A fox and more") == []
    assert directive_texts('![a](gemini: "A fox\n \n![b](gemini: "A hen")') == [
        '![b](gemini: "A hen")'
    ]


@pytest.mark.parametrize(("page", "expected"), PAGES.values(), ids=PAGES)
def test_one_occurrence_is_returned_and_any_other_number_is_an_error(
    page: str, expected: list[str]
) -> None:
    if len(expected) == 1:
        found = find_once(page, FOUND, "write it yourself")
        assert page[found.start : found.end] == expected[0]
    else:
        lines = ", ".join(str(each.lines_in(page).start) for each in find_all(page, "A fox"))
        many = f"written {len(expected)} times, on lines {lines}"
        written = many if expected else "not written in this page"
        assert error_of(find_once, page, FOUND, "write it yourself") == (
            f"the picture's directive is {written}: write it yourself"
        )


@pytest.mark.parametrize(
    ("page", "alt", "definition"),
    [
        (IMAGE, "A fox", None),
        ('![A [b] `c`](<gemini:> "A fox")', "A [b] `c`", None),
        ('![](img/a.webp "gemini: A fox")', "", None),
        ('![x][f]\n[f]: gemini: "A fox"\nText', "x", '[f]: gemini: "A fox"\n'),
        ('> [f]: a.png "gemini: A fox"\n\n![x][f]', "x", '> [f]: a.png "gemini: A fox"\n'),
    ],
)
def test_an_image_has_its_alt_and_its_definition_as_written(
    page: str, alt: str, definition: str | None
) -> None:
    (found,) = find_all(page, "A fox")
    assert isinstance(found, ImageOccurrence)
    assert found.alt == alt
    assert (found.definition and page[slice(*found.definition)]) == definition


@pytest.mark.parametrize(
    ("page", "listed"),
    [
        (f"{IMAGE}{{ .big }} and\n\n{FOX}\n\n", [f"{IMAGE}{{ .big }}", FOX]),
        (f'![](a.png "gemini: An owl")\n\n{IMAGE}', ['![](a.png "gemini: An owl")', IMAGE]),
        ('![x][f]{: #a}\n\n[f]: gemini: "An owl"', ["![x][f]{: #a}"]),
        (f"````\n{FOX}\n{IMAGE}\n````\n<!-- {IMAGE} -->\n`{IMAGE}`", []),
        ("```python\nx\n```\n![a](b.png 'c')", []),
    ],
)
def test_all_directives_of_a_page_are_listed_as_written(page: str, listed: list[str]) -> None:
    assert directive_texts(page) == listed


# Each: a page, and the prefix, the header and the body of each of its fences.
FENCES = [
    ("", []),
    ("```\na\n```", [("", "", "a")]),
    ("```x y \n```", [("", "x y", "")]),
    ("> ```x\n> a\n>  b\n> ```", [("> ", "x", "a\n b")]),
    ("> ```x\n>a\n> ```", [("> ", "x", "a")]),
    ("```\na\n~~~\n```", [("", "", "a\n~~~")]),
    ("````\n```\n````", [("", "", "```")]),
    ("```\n````", [("", "", "")]),
    ("```a\n```b\n```", [("", "a", "```b")]),
    ("```\na", []),
    ("``\na\n``", []),
    ("```\na\n```\n~~~\nb\n~~~", [("", "", "a"), ("", "", "b")]),
    ("````\n```\na\n```", [("", "", "a")]),
    ("```x\r\na\r\n```\r", [("", "x", "a")]),
]


@pytest.mark.parametrize(("page", "expected"), FENCES)
def test_a_fence_ends_at_the_next_line_with_its_marks(
    page: str, expected: list[tuple[str, str, str]]
) -> None:
    found = list(fences(page.split("\n")))
    assert [(each.opening.prefix, each.opening.header, each.body) for each in found] == expected
    for each in found:
        assert page.split("\n")[each.first_line].startswith(each.opening.prefix)
        assert (
            page[each.start : each.end].rstrip("\n").count("\n") == each.last_line - each.first_line
        )


@pytest.mark.parametrize(
    ("page", "directive"),
    [
        ("```gemini-image\nprompt: A fox\nid: fox\n```",
         Directive("A fox", id="fox", source="prompt: A fox\nid: fox")),
        ("```{.gemini-image .big #fox take=2}\nA fox: dusk\n```",
         Directive("A fox: dusk", id="fox", take=2, classes=("big",), source="A fox: dusk")),
        ("```gemini-image\nprompt: A fox\nsise: 2K\n```", None),
        ("```gemini-image\n```", None),
        ('```{.gemini-image take="0"}\nA fox\n```', None),
    ],
)  # fmt: skip
def test_a_fence_is_read_as_markdown_reads_it(page: str, directive: Directive | None) -> None:
    (found,) = fences(page.split("\n"))
    assert found.opening.is_directive
    assert found.read() == directive


def test_a_quoted_fence_has_the_options_of_its_header() -> None:
    header = '```{ .gemini-image #fox .wide size="2K" }'
    quoted = f"> {header}\n> A fox: dusk\n> ```\n"
    occurrence = find_once(quoted, Directive("", source="A fox: dusk"), "")
    assert isinstance(occurrence, FenceOccurrence)
    assert (occurrence.first_line, occurrence.last_line) == (0, 2)
    directive = Directive(
        "A fox: dusk", id="fox", classes=("wide",), size="2K", source="A fox: dusk"
    )
    assert occurrence.read() == directive


@pytest.mark.parametrize("header", ["{ .gemini-image } }", "{ .gemini-image sise=2K }"])
def test_a_fence_with_a_mistake_has_no_directive(header: str) -> None:
    page = f"```{header}\nprompt: A fox\n```\n"
    assert all(
        each.read() is None
        for each in find_all(page, "prompt: A fox")
        if isinstance(each, FenceOccurrence)
    )


@given(st.text(alphabet="`~>! \n[]()\"'a<-pre:gmin{}", max_size=120), st.text(max_size=9))
def test_the_occurrences_of_any_page_are_in_it_and_in_their_order(page: str, source: str) -> None:
    found = find_all(page, source)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert all(0 <= each.start < each.end <= len(page) + 1 for each in found)
    assert all(text in page for text in directive_texts(page))
