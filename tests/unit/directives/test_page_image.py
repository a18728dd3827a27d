"""The picture of a page as its front matter describes it, and where it stands in the page."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown as rendered

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.page_image import (
    PAGE_IMAGE_CLASS,
    PAGE_IMAGE_MARKER,
    PAGE_IMAGE_SOURCE,
    PageImage,
    read_page_image,
    with_marker,
)


def hero(text: str) -> PageImage:
    page_image = read_page_image(yaml.safe_load(text), "")
    assert page_image is not None
    return page_image


def diagnostics(text: str) -> list[str]:
    with pytest.raises(DiagnosticError) as caught:
        read_page_image(yaml.safe_load(text), "")
    return [str(each) for each in caught.value.diagnostics]


def mine(prompt: str, **options: Any) -> Directive:
    classes = (PAGE_IMAGE_CLASS, *options.pop("classes", ()))
    return Directive(prompt, classes=classes, source=PAGE_IMAGE_SOURCE, **options)


@pytest.mark.parametrize(
    ("written", "directive"),
    [
        ("gemini_image: A fox", mine("A fox")),
        ("gemini_image: {prompt: A fox, alt: }", mine("A fox", alt="")),
        ("gemini_image: {prompt: 1984, aspect_ratio: 16:9}", mine("1984", aspect_ratio="16:9")),
        ("gemini_image: {prompt: A fox, size: 512, take: 2, temperature: 0.5}",
         mine("A fox", size="512", take=2, temperature=0.5)),
        ("gemini_image: {prompt: A fox, width: 300, class: [wide, tall]}",
         mine("A fox", width="300px", classes=("wide", "tall"))),
        ("gemini_image: {prompt: A fox, edits: [Make it night, 2]}",
         mine("A fox", edits=("Make it night", "2"))),
        ("gemini_image: {prompt: A fox, references: '#keeper', id: fox, preset: ink}",
         mine("A fox", references=("#keeper",), id="fox", preset="ink")),
        ("gemini_image: 'option: value ``` {{ 7 }} --8<--'",
         mine("option: value ``` {{ 7 }} --8<--")),
    ],
)  # fmt: skip
def test_front_matter_gives_the_directive_of_an_equal_fence(
    written: str, directive: Directive
) -> None:
    assert hero(written).directive == directive


def test_focus_and_show_are_read_beside_the_options() -> None:
    found = hero("gemini_image: {prompt: A fox, focus: 30%  60%, show: false}")
    assert (found.directive.focus, found.show, found.on_page()) == ((30, 60), False, None)
    usual = hero("gemini_image: A fox")
    assert (usual.directive.focus, usual.show) == (None, True)


def test_the_picture_has_priority_unless_it_sets_loading() -> None:
    for written, first, loading in (("", True, ""), (", loading: lazy", False, "lazy")):
        found = hero(f"gemini_image: {{prompt: A fox{written}}}").on_page()
        assert found is not None
        assert (found.priority, found.loading) == (first, loading)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("gemini_image:", "expected gemini_image: as a prompt or a mapping, got nothing: write "),
        ("gemini_image: [a]", "expected gemini_image: as a prompt or a mapping, got '['a']': "),
        ("gemini_image: ''", "the prompt is missing: say what to draw"),
        ("gemini_image: {alt: A fox}", "the prompt is missing: say what to draw"),
        ("gemini_image: {promt: A fox}",
         "expected a known option in gemini_image:, got 'promt': did you mean 'prompt'?"),
        ("gemini_image: {prompt: A, foucs: x}",
         "expected a known option in gemini_image:, got 'foucs': did you mean 'focus'?"),
        ("gemini_image: {prompt: A, focus: lefft}",
         "focus must be a point in the picture, or auto (you wrote 'lefft'): did you mean 'left'"),
        ("gemini_image: {prompt: A, focus: 30% 160%}", "focus must be a point in the picture"),
        ("gemini_image: {prompt: A, show: maybe}", "show must be true or false (you wrote "
                                                   "'maybe')"),
        ("gemini_image: {prompt: A, alt: no}",
         "expected alt as text in gemini_image:, got false: put it in quotes"),
        ("gemini_image: {prompt: {A fox: dusk}}",
         "expected prompt as text in gemini_image:, got a mapping: put it in quotes"),
        ("gemini_image: {prompt: A, aspect_ratio: wide}", "aspect_ratio must be width:height"),
        ("gemini_images: A fox",
         "expected gemini_image: in the front matter, got 'gemini_images': did you mean "),
        ("gemini-image: A fox", "expected gemini_image: in the front matter, got 'gemini-image'"),
    ],
)  # fmt: skip
def test_a_mistake_in_front_matter_is_reported(written: str, said: str) -> None:
    assert diagnostics(written)[0].startswith(said), diagnostics(written)


def test_all_mistakes_in_front_matter_are_reported_together() -> None:
    assert len(diagnostics("gemini_image: {promt: A, size: 1K, focus: x, show: 2}")) == 3


def test_front_matter_that_yaml_cannot_read_is_reported() -> None:
    page = "---\ntitle: x\ngemini_image: A fox: dusk\n---\n# Home\n"
    with pytest.raises(DiagnosticError) as caught:
        read_page_image({}, page)
    assert str(caught.value).startswith(
        "expected front matter with gemini_image: as YAML, got what "
    )
    for other in ("---\n\nA page about\ngemini_image: x\n", "# Home\n"):
        assert read_page_image({"title": "x"}, other) is None
    assert read_page_image({}, "Text.\n\n---\ngemini_image: x\n---\n") is None


@pytest.mark.parametrize("meta", [{}, {"gemini_image": False}, {"title": "gemini"}])
def test_a_page_without_one_has_none(meta: dict[str, Any]) -> None:
    assert read_page_image(meta, "# Home\n") is None


@pytest.mark.parametrize(
    ("page", "before"),
    [
        ("# Home\n\nText.", "# Home"),
        ("# Home { #top }\nText.", "# Home { #top }"),
        ("\n\n#Home\n", "#Home"),
        ("Home\n====\n\nText.", "Home\n===="),
        ("<!-- a --> <!-- b -->\n# Home\n", "<!-- a --> <!-- b -->\n# Home"),
        ("# Home", "# Home"),
        ("## Home\n", ""),
        ("Text.\n\n# Home\n", ""),
        ("- Text\n====\n", ""),
        ("", ""),
    ],
)
def test_the_marker_stands_behind_the_heading_that_a_page_begins_with(
    page: str, before: str
) -> None:
    head, marker, rest = with_marker(page).partition(PAGE_IMAGE_MARKER)
    assert (head.strip("\n"), marker) == (before, PAGE_IMAGE_MARKER)
    assert (head + rest).split() == page.split()
    assert PAGE_IMAGE_MARKER in rendered(with_marker(page))


@given(st.text(alphabet="<!-># =\n\ta"))
def test_the_marker_has_a_place_in_any_page(page: str) -> None:
    head, _, rest = with_marker(page).partition(PAGE_IMAGE_MARKER)
    assert (head + rest).split() == page.split()


def test_a_page_of_many_comments_is_read_in_linear_time() -> None:
    assert with_marker("<!-- a -->" * 20_000).startswith(PAGE_IMAGE_MARKER)


HUGE = 1 << 40_000


@pytest.mark.parametrize(
    "written",
    [HUGE, [HUGE], {"prompt": HUGE}, {"prompt": "A fox", "focus": HUGE}, {HUGE: 1},
     {"prompt": "A fox", "show": HUGE}, {"prompt": "A fox", "temperature": HUGE},
     {"prompt": "A fox", "aspect_ratio": HUGE}, {"prompt": "A fox", "edits": [HUGE]},
     {"prompt": "A fox", "temperature": 1e308}, {"prompt": "A fox", "take": HUGE}],
    ids=range(11),
)  # fmt: skip
def test_a_number_that_python_does_not_write_is_refused_in_one_line(written: object) -> None:
    with pytest.raises(DiagnosticError) as raised:
        read_page_image({"gemini_image": written, HUGE: 1}, "")  # type: ignore[dict-item]
    for diagnostic in raised.value.diagnostics:
        assert len(str(diagnostic)) < 600
        assert "\n" not in str(diagnostic)
