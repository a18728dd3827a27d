"""The page "AI images on this site": all that readers see, on one page, and nothing else."""

import json
import posixpath
import re
from typing import Any

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import DARK, FOX, Built, fence
from tests.unit.reports.gallery_page import Element, read, words

PAGES = {
    "index.md": "# Home & <b>more</b>\n\n" + FOX,
    "guide/deep page.md": FOX + fence("A heron", id="heron", alt="A <heron> & reeds"),
}


def listed(built: Built, uri: str = "ai-images/index.html") -> list[Element]:
    html = built.pages[uri]
    found = re.search(r'<div class="gemini-gallery">.*?</figure>\n</div>', html, re.DOTALL)
    return read(found[0]).all("figure") if found else []


def links(figure: Element) -> list[tuple[str, str]]:
    return [(each.text, each.attributes["href"]) for each in figure.all("a")]


@pytest.mark.parametrize(
    ("directory_urls", "nav"),
    [(True, None), (False, ["index.md", "guide/deep page.md", "ai-images.md"])],
)
def test_every_picture_is_there_once_with_the_pages_it_is_on(
    site: MakeSite, directory_urls: bool, nav: list[str] | None
) -> None:
    config: dict[str, Any] = {"use_directory_urls": directory_urls, "strict": True}
    config |= {"plugins": ["search"], "validation": {"nav": {"omitted_files": "warn"}}}
    here = site(PAGES, config=config | ({"nav": nav} if nav else {}), gallery=True)
    for built in (here.build(), here.build()):
        assert built.error is None
        uri = "ai-images/index.html" if directory_urls else "ai-images.html"
        fox, heron = listed(built, uri)
        pages = [posixpath.join(posixpath.dirname(uri), url) for _, url in links(fox)]
        assert [title for title, _ in links(fox)] == ["Home & more", "Deep page"]
        assert [posixpath.normpath(page) for page in pages] == (
            [".", "guide/deep%20page"]
            if directory_urls
            else ["index.html", "guide/deep%20page.html"]
        )
        assert links(heron)[0][1].endswith("#heron")
        assert words(heron).startswith(
            "A <heron> & reeds On Deep page Made with Google AI · gemini-"
        )
        assert re.search(r" · \d{4}-\d\d-\d\d$", words(heron))
        index = json.loads((here.root / "site/search/search_index.json").read_text())
        assert any("reeds" in entry["text"] for entry in index["docs"])
        assert "AI images on this site</a>" in built.page, "it is in the navigation"


def test_nothing_is_told_that_was_not_public(site: MakeSite) -> None:
    pages = {**PAGES, "draft.md": fence("A draft", alt="Unseen"), "gone.md": fence("An old one")}
    here = site(pages, config={"draft_docs": "draft.md"}, gallery=True, on_missing="info")
    here.build()
    (here.root / "docs" / "gone.md").unlink()
    del here.pages["gone.md"]
    here.pages["index.md"] += fence("A whale [emulate: no-image]")
    for built in (here.build(), here.build(serving=True)):
        assert len(listed(built)) == 2
        html = built.pages["ai-images/index.html"]
        for hidden in ("in snow", "whale", "draft", "Unseen", "old one", "$", ".md", ".svg"):
            assert hidden not in html, hidden
        assert str(here.root) not in html


def test_prompts_are_told_if_asked_for_turn_by_turn(site: MakeSite) -> None:
    page = FOX + fence("A <b>heron</b>", edits="[make it blue]", dark="at night")
    here = site(page, gallery="prompts")
    asked = [[q.text for q in figure.all("q")] for figure in listed(here.build())]
    heron = ["A <b>heron</b>", "make it blue"]
    assert sorted(asked) == sorted([["A fox in snow"], heron])


def test_a_dark_twin_is_told_from_its_light_one(site: MakeSite) -> None:
    page = fence("A heron", dark="at night")
    built = site(page, config=DARK, gallery="prompts").build()
    light, dark = listed(built)
    assert "for dark pages" in words(dark)
    assert "for dark pages" not in words(light)
    assert [q.text for q in dark.all("q")] == ["A heron", "at night"]


def test_an_earlier_picture_is_told_in_its_own_words(site: MakeSite) -> None:
    here = site(fence("A heron", id="bird"), gallery="prompts", on_missing="info")
    here.build()
    here.pages["index.md"] = fence("A crane", id="bird")
    (figure,) = listed(here.build(frozen=True))
    assert [q.text for q in figure.all("q")] == ["A heron"]


def test_an_adopted_picture_has_no_credit(site: MakeSite) -> None:
    here = site(FOX, gallery="prompts")
    here.build()
    (sidecar,) = here.stock.glob("*.json")
    sidecar.write_text(json.dumps(json.loads(sidecar.read_text()) | {"origin": "adopted"}))
    (figure,) = listed(here.build())
    assert words(figure) == "A fox On Home Origin not recorded"


@pytest.mark.parametrize("uri", ["ai-images.md", "about/ai-images.md", "ai-images.fr.md"])
def test_an_author_s_own_page_has_the_list_where_it_is_marked(site: MakeSite, uri: str) -> None:
    own = "# Images de l’IA\n\n`<!-- ai-images -->`\n\n<!-- ai-images -->\n\nAfter all.\n"
    built = site({"index.md": FOX, uri: own}, gallery=True).build()
    (page,) = [page for page in built.pages if "ai-images" in page]
    assert len(listed(built, page)) == 1
    before, after = built.pages[page].split('<div class="gemini-gallery">')
    assert "Images de l’IA</h1>" in before
    assert "&lt;!-- ai-images --&gt;" in before, "an example stays one"
    assert "After all." in after


def test_without_a_mark_the_list_ends_the_page(site: MakeSite) -> None:
    built = site({"index.md": FOX, "ai-images.md": "# Ours\n\nWords."}, gallery=True).build()
    assert 'Words.</p>\n<div class="gemini-gallery">' in built.pages["ai-images/index.html"]


def test_a_theme_s_own_template_has_other_words(site: MakeSite) -> None:
    here = site(FOX, config={"theme": {"name": "mkdocs", "custom_dir": "theme"}}, gallery=True)
    template = here.root / "theme/partials/gemini-gallery.html"
    template.parent.mkdir(parents=True)
    template.write_text("{% for each in pictures %}[{{ each.description }}]{% endfor %}")
    assert "[A fox]" in here.build().pages["ai-images/index.html"]


def test_a_site_without_pictures_says_so(site: MakeSite) -> None:
    here = site("# No picture", config={"strict": True}, gallery=True)
    built = here.build()
    assert (built.error, built.said) == (None, ())
    assert "There are none yet." in built.pages["ai-images/index.html"]
    assert not here.stock.exists()


def test_without_the_option_there_is_no_such_page(site: MakeSite) -> None:
    built = site({"index.md": FOX, "about/ai-images.md": "<!-- ai-images -->"}).build()
    assert "ai-images/index.html" not in built.pages
    assert "gemini-gallery" not in "".join(built.pages.values())


def test_a_dirty_build_keeps_the_list_of_all_pages(site: MakeSite) -> None:
    here = site(PAGES, gallery=True)
    here.build()
    (here.root / "docs/index.md").unlink()
    assert len(listed(here.build(dirty=True))) == 2


def test_a_picture_of_the_theme_is_there_though_no_page_has_it_in_its_text(site: MakeSite) -> None:
    pictures = {"lost": {"prompt": "A robot in the desert", "alt": "A robot, lost"}}
    here = site(PAGES, gallery=True, base_url="emulator", pictures=pictures)
    robot = listed(here.build())[-1]
    assert links(robot) == []
    assert words(robot).startswith("A robot, lost Part of this site's design Emulated by")


HISTORY = """
from pathlib import Path

def on_files(files, config):
    for file in files.documentation_pages():
        assert file.generated_by or Path(file.abs_src_path).exists()

def on_page_markdown(markdown, page, **rest):
    assert Path(page.file.abs_src_path).exists()
    assert bool(page.file.generated_by) is page.file.src_uri.rpartition("/")[2].startswith("ai-")
"""
"""Looks at the source of each page, as git-revision-date-localized does."""


@pytest.mark.parametrize("structure", ["folder", "suffix"])
def test_a_site_in_several_languages_has_the_page_in_each(site: MakeSite, structure: str) -> None:
    languages = [
        {"locale": "en", "name": "English", "default": True},
        {"locale": "de", "name": "Deutsch"},
    ]
    i18n = {"docs_structure": structure, "languages": languages}
    sign = fence("A sign that says hello", id="sign", localized="edit")
    german = fence("Ein Schild", id="sign", localized="edit")
    names = ("en/index.md", "de/index.md") if structure == "folder" else ("index.md", "index.de.md")
    config = {"plugins": [{"i18n": i18n}, "search"], "strict": True, "hooks": ["history.py"]}
    here = site(dict(zip(names, (sign, german), strict=True)), config=config, gallery=True)
    (here.root / "history.py").write_text(HISTORY)
    built = here.build()
    assert (built.error, built.warnings) == (None, [])
    (english,), (other,) = listed(built), listed(built, "de/ai-images/index.html")
    sources = [each.all("img")[0].attributes["src"] for each in (english, other)]
    assert len(set(sources)) == 2, "each language has its own picture"
