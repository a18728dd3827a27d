"""Each rule reports the alts that break it, and no description."""

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.alt_rules import (
    MAX_ALT_LENGTH,
    breaches,
    older,
    words,
)
from mkdocs_gemini_images.directives.alt_weights import RULES, read_rules
from mkdocs_gemini_images.directives.directive import Directive


def broken(alt: str | None, language: str = "", prompt: str = "x", **more: str) -> list[str]:
    return [rule for rule, _ in breaches(Directive(prompt, alt, **more), language)]  # type: ignore[arg-type]


def said(alt: str | None, **more: str) -> list[str]:
    return [str(each) for _, each in breaches(Directive(alt=alt, **more))]  # type: ignore[arg-type]


def test_no_alt_is_missing_and_an_empty_one_is_decorative() -> None:
    assert broken(None) == ["missing"]
    assert said(None) == [
        'the alt is missing: describe what the picture tells, or write alt: "" if it is decorative'
    ]
    for empty in ("", "  ", "\n"):
        assert broken(empty, prompt="", caption="", id="x") == []


@pytest.mark.parametrize("alt", ["TODO", "todo: ", "none", "Decorative", "N/A", "...", "image"])
def test_a_text_in_place_of_an_alt_counts_as_missing(alt: str) -> None:
    assert broken(alt) == ["missing"]
    (said,) = [str(wrong) for _, wrong in breaches(Directive("A fox", alt=alt))]
    fix = 'describe what the picture tells, or write alt: "" if it is decorative'
    assert said == f"the alt says nothing, '{alt.strip()}': {fix}"
    assert broken(f"{alt} of a fox") != ["missing"]


@pytest.mark.parametrize(
    ("prompt", "alt", "near"),
    [
        # The same, apart from case, punctuation and spaces.
        ("A fox", "A fox", True),
        ("A fox in snow.", "a FOX, in snow", True),
        ("A  fox\nin snow", "A fox in snow", True),
        ("Ein Füchslein im Schnee", "EIN FÜCHSLEIN IM SCHNEE", True),
        ("一只狐狸在雪地里读报纸", "一只狐狸在雪地里读报纸。", True),
        # A copy with a word more, less or other.
        ("A fox in snow", "A fox in the snow", True),
        ("A red fox asleep in deep snow at dawn, watercolour",
         "A red fox asleep in deep snow at dawn", True),
        ("Two small boats in a harbour at dawn, ink drawing",
         "Two small boats in a harbour at dawn", True),
        ("A red fox asleep in deep snow", "A grey fox asleep in deep snow", True),
        ("一只狐狸在雪地里读报纸,水彩", "一只狐狸在雪地里读报纸", True),
        # A description in words of its own that shares some with the prompt.
        ("A fox in snow", "A fox", False),
        ("A fox in snow", "A fox sleeps in the snow", False),
        ("A fox reading a newspaper, ink drawing", "A fox reading", False),
        ("A fox reading a newspaper, ink drawing", "A fox reading a newspaper", False),
        ("A lighthouse keeper reading a map at dusk: watercolour",
         "A lighthouse keeper bent over a map", False),
        ("A blueprint of a printing press", "Plan of a hand press with its lever and gears", False),
        ("A lighthouse above the sea at sunset", "A lighthouse in the last light", False),
        ("The sea at night, a ship far away, calm", "Far away a ship on a calm sea", False),
        ("一只狐狸在雪地里读报纸,水彩", "雪中的狐狸拿着一份报纸", False),
        ("A fox", "狐", False),
        ("", "A fox", False),
        ("***", "A fox", False),
    ],
)  # fmt: skip
def test_a_copy_of_the_prompt_is_told_from_a_description(prompt: str, alt: str, near: bool) -> None:
    assert broken(alt, prompt=prompt) == (["prompt"] if near else [])


@pytest.mark.parametrize(
    ("caption", "alt", "near"),
    [
        ("*Fig. 1.* The [old](a.md) `light`", "Fig. 1: The old light", True),
        ("The **keeper** <b>bent</b> over a map{ .x }", "The keeper bent over a map", True),
        ("The [keeper][k] at work ![](a.png)", "The keeper at work", True),
        ("What it prints is [kept](keeping.md) for ever.", "A hand press with its gears", False),
        ("", "A fox", False),
    ],
)
def test_a_copy_of_the_caption_is_reported(caption: str, alt: str, near: bool) -> None:
    assert broken(alt, caption=caption) == (["caption"] if near else [])


@pytest.mark.parametrize(
    ("alt", "more", "name"),
    [
        ("fox.png", {}, True), ("images/Fox_2.JPEG", {}, True), ("fox", {"id": "fox"}, True),
        ("Old-Light", {"id": "old-light"}, True), ("fox", {"file": "images/fox.webp"}, True),
        ("A fox", {"id": "fox", "file": "a-fox.webp"}, False), ("old light", {"id": "x"}, False),
        ("The icon of notes.svg, a leaf", {}, False), ("Version 2.0", {}, False),
    ],
)  # fmt: skip
def test_a_name_is_no_description(alt: str, more: dict[str, str], name: bool) -> None:
    assert broken(alt, **more) == (["file"] if name else [])


@pytest.mark.parametrize(
    ("language", "alt", "words"),
    [
        ("", "Image of a fox", "Image of"), ("de", "A picture of a fox", "A picture of"),
        ("en", "The photograph showing a fox", "The photograph showing"),
        ("de", "Ein Bild von einem Fuchs", "Ein Bild von"), ("de-AT", "Foto eines Fuchses",
                                                             "Foto eines"),
        ("fr", "Image d’un renard", "Image d’"), ("fr", "Une photo de renard", "Une photo de"),
        ("es", "Fotografía de un zorro", "Fotografía de"),
        ("it", "Un’immagine di una volpe", "Un’immagine di"),
        ("pt_BR", "Imagem da raposa", "Imagem da"), ("nl", "Afbeelding van een vos",
                                                     "Afbeelding van"),
        ("pl", "Zdjęcie lisa", "Zdjęcie"), ("sv", "En bild av en räv", "En bild av"),
        ("ru", "Фото лисы", "Фото"), ("ja", "雪の中の狐の画像", "の画像"),
        ("zh-Hant", "雪地里狐狸的圖片", "的圖片"), ("ko", "눈 속 여우의 사진", "의 사진"),
        ("", "A fox in the picture of a fox", ""), ("", "Imagery of a fox", ""),
        ("", "Photographers at work", ""), ("en", "Foto eines Fuchses", ""),
        ("de", "Bilderrahmen von hinten", ""), ("zh", "图片编辑器的窗口", ""),
        ("fr", "Images en désordre sur un bureau", ""), ("xx", "Zdjęcie lisa", ""),
    ],
)  # fmt: skip
def test_words_for_a_picture_are_redundant(language: str, alt: str, words: str) -> None:
    found = list(breaches(Directive("x", alt), language))
    assert [rule for rule, _ in found] == (["redundant"] if words else [])
    assert [f"'{words}'" in str(diagnostic) for _, diagnostic in found] == [True] * bool(words)


def test_an_alt_has_a_maximum_length() -> None:
    assert broken("x" * MAX_ALT_LENGTH) == []
    assert broken("y" * (MAX_ALT_LENGTH + 1)) == ["long"]


@pytest.mark.parametrize("piece", ["a b ", "[", "![](", "<", "{"])
def test_a_very_long_text_is_checked(piece: str) -> None:
    """A check in quadratic time would take minutes."""
    text = piece * (80_000 // len(piece))
    assert {"redundant", "long"} <= {*broken("Image of " + text, prompt=text, caption=text)}


def test_a_rule_warns_unless_the_site_sets_it() -> None:
    assert read_rules({}) == dict.fromkeys(RULES, "warn")
    rules = read_rules({"missing": "error", "long": False, "older": "off"})
    assert (rules["missing"], rules["long"], rules["older"]) == ("error", "off", "off")


@pytest.mark.parametrize(
    ("rule", "weight", "message"),
    [
        ("promt", "off", "expected a rule in alt_rules, got 'promt': did you mean 'prompt'?"),
        (7, "off", "expected a rule in alt_rules, got '7': known are missing, prompt, "),
        ("long", "of", "expected alt_rules: long as error, warn, off, got 'of': did you mean"),
        ("long", True, "expected alt_rules: long as error, warn, off, got 'True': known are "),
        ("long", ["off"], "expected alt_rules: long as error, warn, off, got "),
        ("older", "error", "alt_rules: older cannot be error: write warn or off"),
    ],
)
def test_a_mistake_in_the_rules_is_reported(rule: object, weight: object, message: str) -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_rules({rule: weight})
    assert str(caught.value).startswith(message)


def test_all_mistakes_in_the_rules_are_reported() -> None:
    with pytest.raises(DiagnosticError) as caught:
        read_rules({"promt": "off", "long": "of", "file": "off"})
    assert len(caught.value.diagnostics) == 2


def test_an_older_alt_is_equal_apart_from_case_and_punctuation() -> None:
    assert words("A fox.") == words("a fox")
    assert words("A fox") != words("A grey fox")
    assert "prune the earlier picture (0123456789ab…)" in str(older("A fox", "0123456789abcdef"))
