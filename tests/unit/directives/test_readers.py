"""Fences and images become directives with checked options, or raise all their mistakes."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.crops import Ratios
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from mkdocs_gemini_images.directives.readers import read_fence, read_image

GOOD: list[tuple[str, str, Any]] = [
    ("alt", "A  fox\n reading", "A fox reading"),
    ("alt", '""', ""),
    ("caption", "The *old* light", "The *old* light"),
    ("id", "light-house_2", "light-house_2"),
    ("model", "gemini-nano-banana-2.1", "gemini-nano-banana-2.1"),
    ("model", "projects.a:b@1", "projects.a:b@1"),
    ("aspect_ratio", "16:9", "16:9"),
    ("aspect_ratio", " 16 : 9 ", "16:9"),
    ("size", "2K", "2K"),
    ("size", "2k", "2K"),
    ("size", "512", "512"),
    ("temperature", "0", 0.0),
    ("temperature", "1.5", 1.5),
    ("temperature", "2", 2.0),
    ("grounding", "web", ("web",)),
    ("grounding", "image, web", ("image", "web")),
    ("grounding", "[web, image]", ("image", "web")),
    ("preset", "comic", "comic"),
    ("dark", "the same\nby night", "the same by night"),
    ("take", "1", 1),
    ("take", "12", 12),
    ("width", "300", "300px"),
    ("width", "300px", "300px"),
    ("width", "50%", "50%"),
    ("width", "12.5EM", "12.5em"),
    ("align", "left", "left"),
    ("align", "Center", "center"),
    ("loading", "eager", "eager"),
    ("priority", "true", True),
    ("priority", "off", False),
    ("localized", "Yes", True),
    ("localized", "false", False),
    ("localized", " Edit", "edit"),
    ("localized_edit", "Say it\nin {language}", "Say it in {language}"),
    ("crop", "1:1", Ratios((1, 1), (1, 1))),
    ("crop", "none", Ratios()),
    ("focus", "left top", (0, 0)),
    ("focus", "auto", "auto"),
    ("references", "a.png", ("a.png",)),
    ("references", "[a.png, '#fox']", ("a.png", "#fox")),
    ("edits", "[Make it red, Make it blue]", ("Make it red", "Make it blue")),
]

BAD = [
    ("id", "1st", "id must be a name that begins with a letter (you wrote '1st')"),
    ("id", "a b", "use letters, digits, - and _"),
    ("id", "../a", "id must be"),
    ("id", "a" * 81, "id must be"),
    ("model", "../../v1", "model must be the id of a model"),
    ("model", "a b", "model must be the id of a model"),
    (
        "aspect_ratio",
        "wide",
        "aspect_ratio must be width:height or auto (you wrote 'wide'): write it like 16:9",
    ),
    ("aspect_ratio", "16/9", "write it like 16:9"),
    ("aspect_ratio", "", "write it like 16:9"),
    ("edits", f"[{', '.join('a' * 51)}]", "the picture has 51 edits, 50 at most"),
    ("temperature", "warm", "temperature must be a number from 0 to 2 (you wrote 'warm')"),
    ("temperature", "2.1", "temperature must be a number from 0 to 2"),
    ("temperature", "-1", "temperature must be a number from 0 to 2"),
    ("temperature", "nan", "temperature must be a number from 0 to 2"),
    ("temperature", "inf", "temperature must be a number from 0 to 2"),
    ("grounding", "webb", "did you mean 'web'?"),
    ("grounding", "books", "known are web, image"),
    ("take", "0", "take must be a whole number from 1 to 9999 (you wrote '0')"),
    ("take", "-1", "each number is another drawing"),
    ("take", "two", "take must be"),
    ("take", "1.5", "take must be"),
    ("take", "99999", "take must be"),
    ("class", "1st", "class must be names of classes"),
    ("class", '"><b>', "class must be names of classes"),
    ("width", "wide", "width must be a CSS length (you wrote 'wide'): write it like 300px or 50%"),
    ("width", "1px; color: red", "width must be a CSS length"),
    (
        "align",
        "lefty",
        "align must be left, right or center (you wrote 'lefty'): did you mean 'left'?",
    ),
    ("loading", "later", "loading must be lazy or eager"),
    ("priority", "first", "priority must be true or false (you wrote 'first')"),
    ("localized", "fr", "localized must be true, false or edit (you wrote 'fr')"),
    ("crop", "square", "crop must be a shape as width:height, or none (you wrote 'square')"),
    ("focus", "lefft", "focus must be a point in the picture, or auto (you wrote 'lefft'): did"),
    ("colour", "red", "expected a known option, got 'colour"),
]


def mistakes(read: Callable[[], Directive]) -> str:
    with pytest.raises(DiagnosticError) as caught:
        read()
    return str(caught.value)


def fence_mistakes(body: str, header: Mapping[str, str] | None = None) -> str:
    return mistakes(lambda: read_fence(header or {}, body))


def image_mistakes(attributes: Mapping[str, str]) -> str:
    return mistakes(lambda: read_image("A", "A fox", attributes))


@pytest.mark.parametrize(("name", "written", "value"), GOOD)
def test_an_option_gets_its_type(name: str, written: str, value: object) -> None:
    field = OPTIONS[name].field or name
    body = f"prompt: A fox\n{name}: " + written.replace("\n", "\n  ")
    assert getattr(read_fence({}, body), field) == value
    if name != "alt":
        image = read_image("A", "A fox", {name: written})
        assert getattr(image, field) == value
    if written != '""':
        assert getattr(read_fence({name: written}, "A fox"), field) == value


@pytest.mark.parametrize(("name", "written", "diagnostic"), BAD)
def test_a_wrong_option_makes_the_directive_wrong(name: str, written: str, diagnostic: str) -> None:
    assert diagnostic in fence_mistakes(f"prompt: A fox\n{name}: {written}")
    assert diagnostic in fence_mistakes("A fox", {name: written})
    assert diagnostic in image_mistakes({name: written})


def test_the_tables_above_have_every_option() -> None:
    tried = {name for name, *_ in GOOD} | {name for name, *_ in BAD}
    assert set(OPTIONS) - tried == {"prompt"}


def test_all_mistakes_of_a_directive_are_reported_together() -> None:
    text = fence_mistakes("take: 0\nwidth: wide\nsise: 2K")
    assert "sise" in text
    text = fence_mistakes("take: 0\nwidth: wide")
    assert all(word in text for word in ("take", "width", "the prompt is missing"))


def test_a_header_makes_the_body_the_prompt() -> None:
    read = read_fence({"alt": "A fox"}, "A fox:\n  alt: none\n")
    assert (read.alt, read.prompt) == ("A fox", "A fox:\n  alt: none")
    assert read_fence({}, "A fox", classes=("wide",)).classes == ("wide",)
    assert read_fence({}, "A fox", id="fox").id == "fox"


def test_classes_of_header_and_option_are_joined() -> None:
    read = read_fence({"class": ".tall dark"}, "A fox", classes=("wide",))
    assert read.classes == ("wide", "tall", "dark")


def test_a_prompt_and_an_alt_are_refused_in_a_second_place() -> None:
    assert "expected the prompt in the fence's body" in fence_mistakes("A fox", {"prompt": "A"})
    assert "expected the prompt in the title" in image_mistakes({"prompt": "A"})
    assert "expected the alt in the brackets" in image_mistakes({"alt": "A"})


def test_no_alt_is_not_an_empty_one() -> None:
    assert read_fence({}, "A fox").alt is None
    assert read_image("", "A fox", {}).alt == ""


def test_the_source_of_a_directive_is_the_text_it_was_read_from() -> None:
    assert read_fence({}, "prompt: A fox\nsize: 2K").source == "prompt: A fox\nsize: 2K"
    assert read_image("A", "A fox", {}).source == "A fox"


def test_the_digest_has_the_options_that_decide_what_is_drawn() -> None:
    fox = read_fence({}, "prompt: A fox\nsize: 2K")
    seen: dict[str, Any] = {
        "alt": "B", "caption": "B", "id": "b", "classes": ("b",), "width": "1px", "align": "left",
        "loading": "eager", "priority": True, "source": "B", "file": "b.png",
        "data": (("data-a", "b"),), "prompt": " A   fox\n", "crop": Ratios((1, 1)), "focus": "auto",
        "unread": frozenset({"model"}),
    }  # fmt: skip
    drawn: dict[str, Any] = {
        "prompt": "An owl", "model": "m", "aspect_ratio": "1:1", "size": "1K", "temperature": 0.0,
        "grounding": ("web",), "preset": "p", "references": ("r",), "edits": ("e",), "dark": "d",
        "take": 2, "localized": True, "localized_edit": "Say it in {language}",
    }  # fmt: skip
    assert {fox._replace(**{name: value}).author_digest for name, value in seen.items()} == {
        fox.author_digest
    }
    author_digests = {fox._replace(**{name: value}).author_digest for name, value in drawn.items()}
    assert len(author_digests | {fox.author_digest}) == len(drawn) + 1
    assert set(seen) | set(drawn) == set(Directive._fields)


@given(
    st.dictionaries(st.sampled_from(sorted(set(OPTIONS) - {"prompt", "alt"})), st.text()), st.text()
)
def test_any_text_is_a_directive_or_has_mistakes(header: dict[str, str], text: str) -> None:
    with suppress(DiagnosticError):
        assert read_fence(header, text).source == text
    with suppress(DiagnosticError):
        assert read_image(text, text, header).source == text
    with suppress(DiagnosticError):
        assert read_fence({}, text).source == text


@pytest.mark.parametrize(
    "directive",
    [
        read_image("A fox", "A fox", {"data-gallery": "foxes", "data-title": "A <b> fox"}),
        read_fence({"data-gallery": "foxes", "data-title": "A <b> fox"}, "A fox"),
    ],
)
def test_data_attributes_pass_through_and_decide_nothing(directive: Directive) -> None:
    assert directive.data == (("data-gallery", "foxes"), ("data-title", "A <b> fox"))
    assert directive.author_digest == read_image("A fox", "A fox", {}).author_digest


@pytest.mark.parametrize("name", ["data-gemini-images", "data-", "data-1", "data-X", "datax"])
def test_other_names_of_attributes_are_options(name: str) -> None:
    with pytest.raises(DiagnosticError, match="expected a known option"):
        read_image("A fox", "A fox", {name: "a"})
