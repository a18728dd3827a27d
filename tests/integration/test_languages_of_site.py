"""A site in several languages, built by static-i18n: words are each page's, pictures are shared.

The plugin builds a site once per language, the others inside the first one's last event.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import Built, fence

LANGUAGES = [
    {"locale": "en", "name": "English", "default": True},
    {"locale": "fr", "name": "Français"},
    {"locale": "de", "name": "Deutsch"},
]
FOX_EN = fence("A fox in snow", id="fox", alt="A fox", caption="The *fox*")
FOX_FR = fence("A fox in snow", id="fox", alt="Un renard", caption="Le *renard*")
SIGN = fence("A sign that says hello", id="sign", localized="true")


def shape(structure: str, pages: dict[str, str]) -> dict[str, str]:
    """Name pages, given as `en/index.md`, as a structure has them."""
    if structure == "folder":
        return pages
    return {
        name if language == "en" else f"{name.removesuffix('.md')}.{language}.md": text
        for (language, name), text in ((uri.split("/", 1), text) for uri, text in pages.items())
    }


def translated(structure: str = "suffix") -> dict[str, Any]:
    """Configure a host for three languages."""
    i18n = {"docs_structure": structure, "languages": LANGUAGES}
    return {"plugins": [{"i18n": i18n}], "theme": {"name": "mkdocs"}}


def shown(built: Built, uri: str) -> list[tuple[str, str]]:
    """Give the file and the text alternative of each picture on a page."""
    return [(image["src"].rsplit("/", 1)[1], image["alt"]) for image in built.images(uri)]


@pytest.mark.parametrize("structure", ["folder", "suffix"])
def test_words_are_each_languages_and_pictures_are_shared(site: MakeSite, structure: str) -> None:
    pages = {"en/index.md": FOX_EN, "fr/index.md": FOX_FR, "en/more.md": fence("A heron")}
    here = site(shape(structure, pages), config=translated(structure))
    cold = here.build()
    assert (cold.error, cold.warnings) == (None, [])
    assert sorted(cold.prompts) == ["A fox in snow", "A heron"]
    (fox, english), (_, french) = *shown(cold, "index.html"), *shown(cold, "fr/index.html")
    assert (english, french) == ("A fox", "Un renard")
    assert "Le <em>renard</em>" in cold.pages["fr/index.html"]
    for uri in ("fr/index.html", "de/index.html"):
        assert (shown(cold, uri)[0][0], cold.images(uri)[0]["src"]) == (
            fox, f"../assets/gemini/{fox}"
        )  # fmt: skip
    assert shown(cold, "de/more/index.html") == shown(cold, "more/index.html")
    closing = [text.split(" in ")[0] for text in cold.infos if "from stock" in text]
    assert closing == ["2 pictures, 2 from stock"] * 2, "those of the first language"
    warm = here.build()
    assert (warm.requests, warm.files, warm.warnings) == ((), cold.files, [])


def test_files_of_one_language_are_left_alone_by_the_next(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site({"index.md": FOX_EN, "index.fr.md": FOX_FR}, config=translated())
    made: list[str] = []
    replace = Path.replace

    def noting(path: Path, target: Path) -> Path:
        if "gemini" in str(target) and "site" in Path(target).parts:
            made.append(Path(target).name)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", noting)
    assert here.build().error is None
    assert len(made) == len(set(made)) == 2, "two widths, written once"


def test_what_a_page_says_is_said_once_for_all_languages_that_show_it(site: MakeSite) -> None:
    page = fence("A fox [emulate: image-safety]") + "```gemini-image\npromt: x\n```\n"
    built = site({"index.md": page}, config=translated()).build()
    lines = ["index.md:2: 'A fox", "index.md:6: the alt is missing", "index.md:7: expected a known"]
    assert all(map(str.startswith, sorted(built.warnings), lines)), built.text
    assert len(built.warnings) == len(lines)
    assert len(built.requests) == 1, "and what was refused is not asked for again"


@pytest.mark.parametrize("structure", ["folder", "suffix"])
def test_a_localized_picture_is_drawn_once_for_each_language(
    site: MakeSite, structure: str
) -> None:
    pages = {"en/index.md": SIGN, "fr/index.md": SIGN, "en/more.md": SIGN}
    here = site(shape(structure, pages), config=translated(structure))
    built = here.build()
    words = "A sign that says hello. Write any words in the picture in {}.".format
    # A page that is not translated keeps its language, and its picture.
    assert sorted(built.prompts) == [words("English"), words("French")]
    assert sorted(each["id"] for each in here.sidecars) == ["sign@en", "sign@fr"]
    (english,), (french,) = shown(built, "index.html"), shown(built, "fr/index.html")
    assert english != french
    assert shown(built, "fr/more/index.html") == shown(built, "de/index.html") == [english]
    assert built.warnings == []


def test_a_missing_picture_is_never_stood_for_by_another_languages(site: MakeSite) -> None:
    here = site({"index.md": SIGN, "index.fr.md": SIGN}, config=translated(), max_new=1)
    built = here.build()
    assert len(built.prompts) == 1
    (english,), (french,) = shown(built, "index.html"), shown(built, "fr/index.html")
    assert english[0].startswith("sign-")
    assert french[0].startswith("placeholder")


@pytest.mark.parametrize(
    ("theme", "language"),
    [
        ({"name": "mkdocs"}, "English"),
        ({"name": "mkdocs", "locale": "pt_BR"}, "Portuguese (pt-BR)"),
        ({"name": "material", "language": "fr"}, "French"),
    ],
)
def test_a_site_in_one_language_has_its_themes(
    site: MakeSite, theme: dict[str, str], language: str
) -> None:
    built = site(SIGN, config={"theme": theme}).build()
    assert [prompt.split(" in ")[-1] for prompt in built.prompts] == [f"{language}."]


def test_localizing_by_a_preset_keeps_what_was_drawn(site: MakeSite) -> None:
    page = fence("A sign", preset="art", dark="By night")
    here = site(page, config={"theme": {"name": "mkdocs", "color_mode": "auto"}})
    assert len(here.build(presets={"art": {}}).requests) == 2
    localized = here.build(presets={"art": {"localized": True}})
    assert (localized.requests, localized.warnings) == ((), [])
    assert "2 drifted" in localized.closing
    asked = here.build(presets={"art": {"localized": True}}, on_drift="draw")
    assert len(asked.requests) == 2
    assert "drifted" not in here.build(presets={"art": {"localized": True}}).text


def test_two_languages_cannot_give_one_named_file_two_pictures(site: MakeSite) -> None:
    named = '![What runs in the snow](images/fox.webp "gemini: {}")\n'.format
    here = site(
        {"index.md": named("A fox"), "index.fr.md": named("Un renard")}, config=translated()
    )
    built = here.build()
    assert built.prompts == ["A fox"]
    (warning,) = built.warnings
    assert warning.startswith(
        "index.fr.md:1: the file 'images/fox.webp' is used for two different pictures"
    )


# localized: edit

EDIT = fence("A sign that says hello", id="sign", localized="edit")
HELLO = "A sign that says hello. Write any words in the picture in English."
INTO = "Translate only the words in the picture into {}; change nothing else.".format


@pytest.mark.parametrize("structure", ["folder", "suffix"])
def test_each_other_language_is_an_edit_of_one_picture(site: MakeSite, structure: str) -> None:
    german = fence("Ein Schild", id="sign", localized="edit", dark="Bei Nacht")
    pages = {"en/index.md": EDIT, "fr/index.md": EDIT, "de/index.md": german, "en/more.md": EDIT}
    dark = {"name": "mkdocs", "color_mode": "auto"}
    here = site(shape(structure, pages), config=translated(structure) | {"theme": dark})
    cold = here.build()
    assert (cold.error, cold.warnings) == (None, [])
    assert cold.prompts == [HELLO, INTO("French"), INTO("German"), "Bei Nacht"]
    said = [len(each.body["contents"]) for each in cold.requests]
    assert said == [1, 3, 3, 5], "each language is a further turn after the first's picture"
    assert sorted(each["id"] for each in here.sidecars) == ["", "sign@de", "sign@en", "sign@fr"]
    names = [shown(cold, f"{uri}index.html")[0][0] for uri in ("", "fr/", "de/", "more/")]
    assert len(set(names)) == 3
    assert shown(cold, "fr/more/index.html") == shown(cold, "more/index.html")
    warm = here.build()
    assert (warm.requests, warm.files, warm.warnings) == ((), cold.files, [])


def test_a_changed_first_picture_asks_for_its_translations_again(site: MakeSite) -> None:
    french = fence("Un panneau", id="sign", localized="edit")
    here = site({"index.md": EDIT, "index.fr.md": french}, config=translated())
    assert here.build().prompts == [HELLO, INTO("French")]
    here.pages["index.md"] = EDIT.replace("hello", "goodbye")
    frozen = here.build(frozen=True)
    assert frozen.requests == ()
    assert [text.split(":")[0] for text in frozen.warnings] == ["index.md", "index.fr.md"]
    assert here.build().prompts == [HELLO.replace("hello", "goodbye"), INTO("French")]


def test_a_translation_is_not_made_of_a_picture_that_has_drifted(site: MakeSite) -> None:
    here = site({"index.md": EDIT}, config=translated())
    assert here.build().prompts == [HELLO]
    here.pages["index.fr.md"] = EDIT
    drifted = here.build(size="1K")
    assert drifted.requests == ()
    assert "it is translated from the picture in English, which has drifted; " in drifted.text
    assert here.build(size="1K", on_drift="draw").prompts == [HELLO, INTO("French")]


def test_what_a_translated_picture_refers_to_is_drawn_once_for_all_languages(
    site: MakeSite,
) -> None:
    logo = fence("A logo that says hi", id="logo", localized="edit")
    sign = fence("A sign with the logo", id="sign", localized="edit", references='"#logo"')
    here = site({"index.md": logo + sign, "index.fr.md": logo + sign}, config=translated())
    built = here.build()
    assert (built.error, built.warnings) == (None, [])
    words = "{}. Write any words in the picture in English.".format
    assert sorted(built.prompts) == sorted(
        [words("A logo that says hi"), words("A sign with the logo"), *[INTO("French")] * 2]
    )
    assert here.build().requests == ()
