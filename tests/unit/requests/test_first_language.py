"""A picture in another language is made from the first language's of the same id or words."""

from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.requests.dependencies import resolve_references
from mkdocs_gemini_images.requests.first_language import FirstLanguage
from mkdocs_gemini_images.requests.request import FilePart, PicturePart, RequestPart, key
from mkdocs_gemini_images.requests.resolved_image import (
    ResolvedImage,
    apply_defaults,
    compose_image,
)

SITE = ImageDefaults(language="en")
SIGN = Directive("A sign", localized="edit")


def image(
    directive: Directive,
    language: str = "en",
    first: FirstLanguage | None = None,
    parts: tuple[RequestPart, ...] = (),
) -> ResolvedImage:
    base_of = (first or FirstLanguage()).base
    full = apply_defaults(directive, SITE, language)
    return compose_image(full, SITE, parts, language=language, base_of=base_of)


def knowing(*images: ResolvedImage) -> FirstLanguage:
    first = FirstLanguage()
    for each in images:
        first.add(each)
    return first


def test_the_picture_of_the_same_id_is_translated_whatever_the_words() -> None:
    english = image(SIGN._replace(id="sign", edits=("Add a fox",), take=3))
    first = knowing(image(SIGN._replace(id="other")), english)
    german = image(Directive("Ein Schild", id="sign", localized="edit"), "de", first)
    assert german.light.request.after == english.light.request
    assert german.light.request.take == 1


def test_without_an_id_the_picture_of_the_same_words_in_any_take_is_translated() -> None:
    english = image(SIGN._replace(take=2), parts=(FilePart("docs/a.png", "ab" * 32),))
    moved = (FilePart("docs/de/a.png", "ab" * 32),)
    assert image(SIGN, "de", knowing(english), moved).light.request.after == english.light.request


def test_a_picture_that_the_first_language_does_not_have_is_its_own_base() -> None:
    first = knowing(image(Directive("A fox", localized="edit")), image(SIGN._replace(id="fox")))
    german = image(Directive("Ein Schild", localized="edit", take=2), "de", first)
    assert (
        german.light.request.after == image(Directive("Ein Schild", localized="edit")).light.request
    )


def test_other_words_in_the_first_language_ask_for_its_translations_again() -> None:
    german = Directive("Ein Schild", id="sign", localized="edit")
    one, other = (
        image(german, "de", knowing(image(Directive(words, id="sign", localized="edit"))))
        for words in ("A sign", "A large sign")
    )
    assert key(one.light.request) != key(other.light.request)
    assert one.light.author_digest != other.light.author_digest


def test_what_the_first_languages_picture_refers_to_is_the_first_languages() -> None:
    logo = image(SIGN._replace(id="logo"))
    between = image(Directive("A door", id="door"), parts=(PicturePart("logo"),))
    english = image(SIGN._replace(id="sign"), parts=(PicturePart("door"),))
    first = knowing(logo, between, english)
    here = {id: image(SIGN._replace(id=id), "de", first) for id in ("logo", "sign")}
    here |= dict(first.directives(here["sign"].light.request))
    assert set(here) == {"logo", "sign", "door@first", "logo@first"}
    named = {id: each.light.request for id, each in here.items()}
    keys, errors = resolve_references(named)
    abroad, _ = resolve_references(
        {id: each.light.request for id, each in (("logo", logo), ("door", between))}
    )
    assert errors == {}
    base = here["sign"].light.base
    assert base is not None
    assert key(base.request, keys) == key(english.light.request, abroad)
    assert keys["logo"] != keys["logo@first"] == abroad["logo"]
