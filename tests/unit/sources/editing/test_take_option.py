"""The option `take` is written into a directive of a page, or the edit is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.sources.editing.take_option import with_take

# Each: the page before, the directive's own text, the page after.
WRITTEN = {
    "a fence gets a line": (
        "x\n```gemini-image\nprompt: A fox\nalt: b\n```\ny", "prompt: A fox\nalt: b",
        "x\n```gemini-image\nprompt: A fox\nalt: b\ntake: 2\n```\ny"),
    "a line is changed where it stands": (
        "```gemini-image\nprompt: A fox\ntake:   7\nalt: b\n```",
        "prompt: A fox\ntake:   7\nalt: b",
        "```gemini-image\nprompt: A fox\ntake:   2\nalt: b\n```"),
    "empty lines stay last": (
        "```gemini-image\nprompt: A fox\n\n\n```", "prompt: A fox",
        "```gemini-image\nprompt: A fox\ntake: 2\n\n\n```"),
    "a list ends before it": (
        "~~~ gemini-image\nprompt: |\n  A fox\n  take: 4\nedits:\n- a\n- b\n~~~",
        "prompt: |\n  A fox\n  take: 4\nedits:\n- a\n- b",
        "~~~ gemini-image\nprompt: |\n  A fox\n  take: 4\nedits:\n- a\n- b\ntake: 2\n~~~"),
    "indentation is kept": (
        "- x\n\n    ```gemini-image\n    prompt: A fox\n    ```\n", "prompt: A fox",
        "- x\n\n    ```gemini-image\n    prompt: A fox\n    take: 2\n    ```\n"),
    "tabs and quote marks are kept": (
        "> \t```gemini-image\n> \tprompt: A\tfox\n> \t```\n", "prompt: A   fox",
        "> \t```gemini-image\n> \tprompt: A\tfox\n> \ttake: 2\n> \t```\n"),
    "a body that is the prompt": (
        "```gemini-image\nA fox: dusk\n```", "A fox: dusk",
        '```{ .gemini-image take="2" }\nA fox: dusk\n```'),
    "a header with options": (
        '```{ .gemini-image aspect_ratio="16:9" }\nA fox\n```', "A fox",
        '```{ .gemini-image aspect_ratio="16:9" take="2" }\nA fox\n```'),
    "a header with the option": (
        '```{.gemini-image .big #fox take="1" alt="take=3"}\nA fox\n```', "A fox",
        '```{.gemini-image .big #fox take="2" alt="take=3"}\nA fox\n```'),
    "Windows": (
        "x\r\n```gemini-image\r\nprompt: A fox\r\n```\r\n", "prompt: A fox",
        "x\r\n```gemini-image\r\nprompt: A fox\r\ntake: 2\r\n```\r\n"),
    "an image": (
        '![A fox](gemini: "A fox") and A fox', "A fox",
        '![A fox](gemini: "A fox"){ take=2 } and A fox'),
    "an image with braces": (
        "![A [b] fox](gemini: 'A fox'){ .left take=1 caption=\"take=9\" }", "A fox",
        "![A [b] fox](gemini: 'A fox'){ .left take=2 caption=\"take=9\" }"),
    "tight braces": (
        '![](gemini: "A fox"){.left}', "A fox", '![](gemini: "A fox"){.left take=2}'),
    "braces with a colon": (
        '![](gemini: "A fox"){: .left }', "A fox", '![](gemini: "A fox"){: .left take=2 }'),
    "a prompt over two lines": (
        '![](gemini: "A fox\nin snow")', "A fox in snow",
        '![](gemini: "A fox\nin snow"){ take=2 }'),
    "a named file": (
        '![A fox](img/fox.webp "gemini: A fox")', "A fox",
        '![A fox](img/fox.webp "gemini: A fox"){ take=2 }'),
    "a reference": (
        '![A fox][Fox] x\n\n[fox]: gemini: "A fox"\n', "A fox",
        '![A fox][Fox]{ take=2 } x\n\n[fox]: gemini: "A fox"\n'),
    "a reference by its words": (
        '![A  fox][] x\n\n[a fox]: <gemini:> "A fox"\n', "A fox",
        '![A  fox][]{ take=2 } x\n\n[a fox]: <gemini:> "A fox"\n'),
    "beside an example in a longer fence": (
        '````\n```gemini-image\nA fox\n```\n````\n\n![](gemini: "A fox")', "A fox",
        '````\n```gemini-image\nA fox\n```\n````\n\n![](gemini: "A fox"){ take=2 }'),
    "beside an example in code": (
        '`![](gemini: "A fox")` gives ![](gemini: "A  fox")', "A fox",
        '`![](gemini: "A fox")` gives ![](gemini: "A  fox"){ take=2 }'),
    "in a table": (
        '| a | b |\n|---|---|\n| ![](gemini: "A fox") | x |', "A fox",
        '| a | b |\n|---|---|\n| ![](gemini: "A fox"){ take=2 } | x |'),
}  # fmt: skip

REFUSED = {
    "nothing of it": ("x", "A fox"),
    "twice": ('![](gemini: "A fox")\n\n![](gemini: "A fox")', "A fox"),
    "as a fence and as an image": ('```gemini-image\nA fox\n```\n![](gemini: "A fox")', "A fox"),
    "an example": ("````\n```gemini-image\nA fox\n```\n````", "A fox"),
    "an example in code": ('see `![](gemini: "A fox")`', "A fox"),
    "a comment": ("<!--\n```gemini-image\nA fox\n```\n-->", "A fox"),
    "preformatted": ('<pre>\n![](gemini: "A fox")\n</pre>', "A fox"),
    "another language": ("```yaml\nprompt: A fox\n```", "prompt: A fox"),
    "a fence without an end": ("```gemini-image\nprompt: A fox\n", "prompt: A fox"),
    "an ordinary image": ('![](fox.webp "A fox")', "A fox"),
    "a link": ('[x](gemini: "A fox")', "A fox"),
    "a definition used twice": (
        '![a][f] ![b][f]\n\n[f]: gemini: "A fox"', "A fox"),
    "a macro behind it": ('![](gemini: "A fox"){{ macro }}', "A fox"),
    "an empty prompt": ("x", ""),
}  # fmt: skip


def written_as(source: str) -> Directive:
    """Return a directive that is found by its text alone."""
    return Directive("", model="another", source=source)


@pytest.mark.parametrize(("before", "source", "after"), WRITTEN.values(), ids=WRITTEN)
def test_a_take_is_written(before: str, source: str, after: str) -> None:
    assert with_take(before, written_as(source), 2) == after


@pytest.mark.parametrize(("page", "source"), REFUSED.values(), ids=REFUSED)
def test_an_uncertain_edit_is_refused(page: str, source: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        with_take(page, written_as(source), 12)
    assert "take: 12" in caught.value.diagnostics[0].fix


def test_without_attribute_lists_an_image_is_not_edited() -> None:
    with pytest.raises(DiagnosticError):
        with_take('![](gemini: "A fox")', written_as("A fox"), 2, braces=False)
    fence = "```gemini-image\nprompt: A fox\n```"
    assert "take: 2" in with_take(fence, written_as("prompt: A fox"), 2, braces=False)


def test_front_matter_is_not_edited() -> None:
    page = "---\ngemini_image: A fox\n---\n"
    with pytest.raises(DiagnosticError, match="write take: 2 below gemini_image: there"):
        with_take(page, written_as("gemini_image:"), 2)


def test_the_first_take_needs_no_option() -> None:
    for page, source in (
        ("```gemini-image\nprompt: A fox\n```", "prompt: A fox"),
        ('![](gemini: "A fox")', "A fox"),
    ):
        assert with_take(page, written_as(source), 1) == page


# Text without what could make another directive of it.
around = st.text(
    st.characters(exclude_characters="`~<>![]{}\r", exclude_categories=["Cs"]), max_size=60
)
endings = st.sampled_from(["\n", "\r\n"])
takes = st.integers(2, 9999)


@given(around, around, endings, takes, st.sampled_from(sorted(WRITTEN)))
def test_an_edit_changes_only_the_option(
    above: str, below: str, ending: str, take: int, name: str
) -> None:
    before, source, after = WRITTEN[name]
    above, below = above.replace("\n", ending), below.replace("\n", ending)
    if "\r" not in before:
        before, after = before.replace("\n", ending), after.replace("\n", ending)

    def page(middle: str) -> str:
        return f"{above}{ending * 2}{middle}{ending * 2}{below}"

    written = with_take(page(before), written_as(source), take)
    assert written == page(_with_number(after, before, take))
    # What was picked once can be picked again.
    again = source.replace("take:   7", f"take:   {take}")
    if "prompt:" not in source:
        assert with_take(written, written_as(again), take) == written


def _with_number(after: str, before: str, take: int) -> str:
    """Put the number in where it was written."""
    at = next(
        (n for n, (a, b) in enumerate(zip(after, before, strict=False)) if a != b), len(before)
    )
    at = after.index("2", at)
    return f"{after[:at]}{take}{after[at + 1 :]}"


@given(st.text(max_size=200), st.text(max_size=40), takes)
def test_any_page_gets_the_option_or_is_refused(page: str, source: str, take: int) -> None:
    with suppress(DiagnosticError):
        assert "take" in with_take(page, written_as(source), take)
