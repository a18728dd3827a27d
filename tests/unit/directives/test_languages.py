"""A localized picture has its page's language in its prompt, its digest and its name."""

import pytest

from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive, Localized
from mkdocs_gemini_images.directives.languages import canonical_code, localized, read_sentences
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
    wrong = "localized must be true, false or edit (you wrote 'French')"
    fix = "write edit to translate one picture, or true to draw one for each language"
    assert str(caught.value) == f"{wrong}: {fix}"


# localized: edit

GERMAN = "Translate only the words in the picture into German; change nothing else."


def translated(code: str = "de", *, first: str = "en", **options: object) -> ResolvedImage:
    """Resolve a picture with `localized: edit` on a page of a site with a first language."""
    directive = Directive(prompt="A sign", id="sign", localized="edit", **options)  # type: ignore[arg-type]
    site = ImageDefaults(language=first, localized_edit={"fr": "Traduis les mots."})
    return compose_image(apply_defaults(directive, site, code), site, language=code)


def texts(found: ResolvedImage) -> list[list[str]]:
    return [[step.text for step in request.chain()] for request in found.requests]


def test_the_first_languages_picture_is_that_of_localized_true() -> None:
    assert key(translated("en").light.request) == key(wanted("en", localized=True).light.request)
    assert key(translated("de", first="").light.request) == (
        key(wanted("de", localized=True).light.request)
    )


def test_another_languages_picture_is_an_edit_of_the_first_ones() -> None:
    english, german = translated("en").light, translated("de").light
    assert german.request.after == english.request
    assert german.request.text == GERMAN
    assert len({*digests(translated("en")), *digests(translated("de"))}) == 2


def test_the_dark_picture_is_an_edit_of_the_translated_one() -> None:
    light, dark = texts(translated(dark="By night", edits=("Add a fox",)))
    assert light == ["A sign. Write any words in the picture in English.", "Add a fox", GERMAN]
    assert dark == [*light, "By night"]


def test_a_take_on_a_translated_page_is_another_translation_of_the_same_picture() -> None:
    one, other = translated().light.request, translated(take=2).light.request
    assert (other.take, other.after) == (2, one.after)
    assert one.after is not None
    assert one.after.take == 1


@pytest.mark.parametrize(
    ("code", "own", "sentence"),
    [
        ("de", "", GERMAN),
        ("fr", "", "Traduis les mots."),
        ("fr-CA", "", "Traduis les mots."),
        ("de", "Say it in {language}!", "Say it in German!"),
        ("fr", "In {language}", "In French"),
        ("pt-BR", "In {language}", "In Portuguese (pt-BR)"),
    ],
)
def test_the_directives_sentence_stands_before_the_sites(
    code: str, own: str, sentence: str
) -> None:
    assert translated(code, localized_edit=own).light.request.text == sentence


def test_another_sentence_another_take_and_other_words_ask_for_another_translation() -> None:
    found = [translated(), translated(take=2), translated(localized_edit="In {language}"),
             translated(edits=("x",)), translated("fr"), translated(dark="By night")]  # fmt: skip
    all_digests = [each for image in found for each in digests(image)]
    assert len(set(all_digests)) == len(all_digests) == 7


def test_what_localized_was_before_is_among_the_digests() -> None:
    def all_of(localized_now: Localized) -> list[str]:
        # As a preset has it, which is no part of the author's words.
        full = apply_defaults(Directive("A sign"), ImageDefaults(), "de")
        full = full._replace(complete=full.complete._replace(localized=localized_now))
        image = compose_image(full, ImageDefaults(language="en"), language="de")
        return list(image.light.author_digests())

    plain, anew, edit = all_of(None), all_of(True), all_of("edit")
    assert edit[1:] == [anew[0], plain[0]]
    assert {plain[0], edit[0]} <= set(anew)
    assert anew[0] in plain


WRONG = [
    ("localized: edits", "localized must be true, false or edit (you wrote 'edits'): did you mean"),
    ("localized: German", "localized must be true, false or edit (you wrote 'German')"),
    ("localized: edit de", "localized must be true, false or edit (you wrote 'edit de')"),
    ("localised: edit", "expected a known option, got 'localised:': did you mean 'localized'?"),
    ("localized-edit: x", "expected a known option, got 'localized-edit:': did you mean"),
    ("localized_edit: In German", "localized_edit says how words are translated, and the picture"),
    ("localized: true\nlocalized_edit: x", "localized_edit says how words are translated, and"),
    ("localized: false\nlocalized_edit: x", "localized_edit says how words are translated, and"),
    (
        "localized: edit\nlocalized_edit: In {lang}",
        "expected {language} alone, got '{lang}': did you mean '{language}'?",
    ),
    (
        "localized: edit\nlocalized_edit: In {{ language }}",
        "expected {language} alone, got '{{ language }}': did you mean '{language}'?",
    ),
    ("localized: edit\nlocalized_edit: '{Language}'", "expected {language} alone, got '{Language}"),
]


@pytest.mark.parametrize(("written", "said"), WRONG)
def test_a_misuse_in_a_fence_has_its_message(written: str, said: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        apply_defaults(read_fence({}, f"prompt: A sign\n{written}\n"), ImageDefaults(), "de")
    assert str(caught.value.diagnostics[0]).startswith(said)


def test_an_edit_needs_a_language() -> None:
    with pytest.raises(DiagnosticError, match="no language, which localized: edit needs: set"):
        apply_defaults(Directive("A sign", localized="edit"), ImageDefaults())


WRONG_OF_SITE: list[tuple[str | dict[str, str], str]] = [
    ("In {langage}", "expected in localized_edit, {language} alone, got '{langage}'"),
    ({"de": "In {lang}"}, "expected in localized_edit: 'de', {language} alone, got '{lang}'"),
    ({"German!": "x"}, "expected a language code in localized_edit, got 'German!': write it like"),
    ({"de fr": "x"}, "expected a language code in localized_edit, got 'de fr': write it like de"),
    ({"de": "  "}, "localized_edit: 'de' is empty: write the sentence, or leave the language out"),
]


@pytest.mark.parametrize(("written", "said"), WRONG_OF_SITE)
def test_a_misuse_of_the_sites_option_has_its_message(
    written: str | dict[str, str], said: str
) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_sentences(written)
    assert str(caught.value).startswith(said)


KEYS = {
    "en": "d361664a6cfea1b39de362e1f49a0224288ae3917230e22297157aa5b52755e7",
    "de": "5b8512e0ee93f40c534d5a607e520de43c320d73a3bacd56859ae830289ee867",
    "pt-BR": "f3561562d498c3333c2082008bfa82799a1506d0bad90c3d726850238e5506ad",
}
WISHES = {
    "en": "8dc4ae9ecbbd595f6fdaf1396723fa8c072b375a259679d5674466abda6d209c",
    "de": "4b232408933691e9aa7fb84441cf4a63b5ea555205be906949321f3a6aa7a5d0",
    "pt-BR": "afc03e462302b8a178f5f5ff023ace91ceae56ff5bac659718e8fe1dfccdba73",
}


@pytest.mark.parametrize("code", KEYS)
def test_the_keys_and_wishes_of_translated_pictures_never_change(code: str) -> None:
    found = translated(code, dark="By night", take=2).light
    assert (key(found.request), found.author_digest) == (KEYS[code], WISHES[code])
