"""`label: icon` marks each picture made with AI, in its corner or beside its caption."""

import re
import xml.etree.ElementTree as etree

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence
from tests.unit.pictures import png

MARK = re.compile(r'<span class="gemini-image__mark gemini-image__mark--(\w+) [\w-]*--([\w-]+)">')
WORDS = re.compile(r'gemini-image__words">([^<]*)<')


def marks(page: str) -> list[tuple[str, str]]:
    return MARK.findall(page)


def with_reference(site: MakeSite, page: str, **options: object) -> Site:
    here = site(page, label="icon", **options)
    (here.root / "docs").mkdir()
    (here.root / "docs/own.png").write_bytes(png(64, 64))
    return here


def test_a_mark_says_what_was_done_in_the_corner_or_beside_the_caption(site: MakeSite) -> None:
    page = (
        fence("A fox")
        + fence("An owl", caption="An *owl*")
        + fence("A heron", references="own.png")
        + '\nText ![A picture](gemini: "A duck") amid text.\n'
    )
    here = with_reference(site, page)
    built = here.build()
    assert marks(built.page) == [
        ("generated", "bottom-left"),
        ("generated", "caption"),
        ("edited", "bottom-left"),
        ("generated", "bottom-left"),
    ]
    generated, edited = "AI-generated image", "Image edited with AI"
    words = [generated, generated, edited, generated]
    assert WORDS.findall(built.page) == words
    assert re.search(r"<figcaption>An <em>owl</em> <span class=\"gemini-image__mark", built.page)
    assert re.search(r'<p>Text <span class="gemini-image [^>]*><img[^>]*/><span', built.page)
    assert "gemini-image__label" not in built.page
    assert built.loud == ()


@pytest.mark.parametrize(
    ("focus", "corner"),
    [
        ("left top", "bottom-right"),
        ("right top", "bottom-left"),
        ("left bottom", "top-right"),
        ("right bottom", "top-left"),
    ],
)
def test_the_corner_is_the_farthest_from_what_matters(
    site: MakeSite, focus: str, corner: str
) -> None:
    built = site(
        fence("A fox", focus=focus) + fence("A fox", crop="1:1", focus=focus), label="icon"
    )
    assert marks(built.build().page) == [("generated", corner)] * 2


def test_the_corner_is_right_in_the_build_that_finds_the_point_and_in_the_next(
    site: MakeSite,
) -> None:
    here = site(fence("An owl at night", crop="1:2", focus="auto"), label="icon")
    cold, warm = here.build(), here.build()
    assert cold.page.partition("Build Date")[0] == warm.page.partition("Build Date")[0]
    assert "data-gemini" not in cold.page
    assert len(marks(cold.page)) == 1


def test_the_words_are_in_the_language_of_the_page_and_the_mark_is_well_formed(
    site: MakeSite,
) -> None:
    config = {"theme": {"name": "mkdocs", "locale": "fr"}}
    built = site(fence("A fox"), label="icon", config=config).build()
    assert WORDS.findall(built.page) == ["Image générée par IA"]
    whole = '<span class="gemini-image gemini-image--marked">.*?</span></span></span>'
    (found,) = re.findall(whole, built.page)
    tree = etree.fromstring(found)
    assert "".join(tree.itertext()).strip() == "Image générée par IA"
    assert {each.tag for each in tree.iter()} == {"span", "img", "svg", "rect", "path"}


def test_a_decorative_picture_has_a_mark_that_says_what_it_marks(site: MakeSite) -> None:
    built = site('![](gemini: "A fox")\n', label="icon").build()
    (image,) = built.images()
    assert image["alt"] == ""
    assert WORDS.findall(built.page) == ["AI-generated image"]


def test_a_missing_picture_has_no_mark(site: MakeSite) -> None:
    built = site(fence("A fox"), label="icon", frozen=True, on_missing="info").build()
    assert marks(built.page) == []


def test_a_picture_that_could_not_be_drawn_has_no_mark_in_this_build_and_the_next(
    site: MakeSite,
) -> None:
    failing = "A hen [emulate: image-safety]"
    page = fence(failing, caption="A hen") + fence(failing) + fence(failing, crop="1:1")
    here = site(page + fence("A fox"), label="icon")
    cold, warm = here.build(), here.build()
    assert marks(cold.page) == marks(warm.page) == [("generated", "bottom-left")]
    assert cold.page.count("gemini-image--marked") == 1
    assert cold.page.partition("Build Date")[0] == warm.page.partition("Build Date")[0]


def test_an_echo_above_its_picture_has_the_mark_of_the_picture(site: MakeSite) -> None:
    echo = '\n![A picture](gemini: "#heron")\n'
    page = echo + fence("A heron", id="heron", references="own.png") + echo
    built = with_reference(site, page).build()
    assert marks(built.page) == [("edited", "bottom-left")] * 3
    assert WORDS.findall(built.page) == ["Image edited with AI"] * 3


def test_the_page_of_ai_images_explains_the_marks(site: MakeSite) -> None:
    built = site(fence("A fox"), label="icon", gallery=True).build()
    page = built.pages["ai-images/index.html"]
    assert marks(page) == [("generated", "caption"), ("edited", "caption")]
    assert "marks a picture that was generated" in page


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Icon", "did you mean 'icon'?"),
        ("icons", "did you mean 'icon'?"),
        ({"en": "icon"}, "write label: icon, which has words in each language"),
        (3, "write it like { en: AI-generated, fr: Généré par IA }, or icon"),
        (True, "write it like { en: AI-generated, fr: Généré par IA }, or icon"),
        (["icon"], "write it like { en: AI-generated, fr: Généré par IA }, or icon"),
    ],
)
def test_a_label_that_is_nearly_an_icon_is_told(site: MakeSite, label: object, said: str) -> None:
    built = site(fence("A fox"), label=label).build()
    assert any(said in text for text in built.loud)
