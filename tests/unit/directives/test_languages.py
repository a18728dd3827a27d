"""A localized picture has its page's language in its prompt, its digest and its name."""

import pytest

from mkdocs_gemini_images.config.defaults import ImageDefaults
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.languages import canonical_code, localized
from mkdocs_gemini_images.directives.readers import read_fence
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.requests.resolved_image import (
    ResolvedImage,
    apply_defaults,
    compose_image,
)


def wanted(language: str, **options: object) -> ResolvedImage:
    directive = Directive(prompt="A sign", id="sign", **options)  # type: ignore[arg-type]
    full = apply_defaults(directive, ImageDefaults(), language)
    return compose_image(full, ImageDefaults(), language=language)


def digests(found: ResolvedImage) -> list[str]:
    authored = [each for each in (found.light, found.dark) if each is not None]
    return [each.author_digest for each in authored]


@pytest.mark.parametrize(
    ("written", "code"),
    [("fr", "fr"), ("pt_BR", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), (" en ", "en"), ("", "")],
)
def test_a_code_has_one_canonical_spelling(written: str, code: str) -> None:
    assert canonical_code(written) == canonical_code(code) == code


@pytest.mark.parametrize(
    ("code", "words"),
    [("fr", "French"), ("pt-BR", "Portuguese (pt-BR)"), ("tlh", "tlh"), ("x-y", "x-y")],
)
def test_a_language_is_named_in_english(code: str, words: str) -> None:
    assert localized("A sign", code) == f"A sign. Write any words in the picture in {words}."


def test_a_prompt_with_punctuation_at_its_end_gets_no_full_stop() -> None:
    assert localized("Write “Hi”!", "fr") == "Write “Hi”! Write any words in the picture in French."


def test_each_language_has_its_own_request_digest_and_name() -> None:
    english, french = wanted("en", localized=True), wanted("fr", localized=True)
    assert english.light.request.text == "A sign. Write any words in the picture in English."
    for one, other in (
        (key(english.light.request), key(french.light.request)),
        (digests(english), digests(french)),
        (english.name, french.name),
    ):  # fmt: skip
        assert one != other


@pytest.mark.parametrize("said", [None, False])
def test_what_is_not_localized_is_one_picture_in_all_languages(said: bool | None) -> None:
    other = wanted("de", localized=said)
    for code in ("", "en", "fr"):
        found = wanted(code, localized=said)
        assert (found.requests, found.name, digests(found)) == (
            other.requests, "sign", digests(other)
        )  # fmt: skip
        assert found.light.request.text == "A sign"


def test_only_the_first_turn_names_the_language() -> None:
    found = wanted("fr", localized=True, edits=("Add a fox",), dark="By night")
    assert [step.text.count("French") for step in found.requests[1].chain()] == [1, 0, 0]


def test_localized_needs_a_language() -> None:
    with pytest.raises(DiagnosticError) as caught:
        apply_defaults(Directive(prompt="A sign", localized=True), ImageDefaults())
    (diagnostic,) = caught.value.diagnostics
    assert str(diagnostic) == (
        "the page has no language, which localized: true needs: set theme.language or theme.locale"
    )


@pytest.mark.parametrize("written", ["true", "Yes", "on", "1"])
def test_localized_may_be_switched_on_in_several_words(written: str) -> None:
    read = read_fence({}, f"prompt: A sign\nalt: x\nlocalized: {written}\n")
    assert read.localized is True


def test_localized_takes_no_language() -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_fence({}, "prompt: A sign\nalt: x\nlocalized: French\n")
    assert str(caught.value) == ("localized must be true or false (you wrote 'French')")
