"""Which pictures the list of AI images has, what it says of them, and where it is inserted."""

from dataclasses import replace

import pytest

from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.reports.disclosure_page import (
    LIST_MARK,
    PageLink,
    disclosed_images,
    insert_list,
    is_disclosure_page,
    render_list,
)
from mkdocs_gemini_images.store.lookup import Fallback, InStock, LookupResult, Missing, UserFile
from tests.unit.pictures import png, record, step
from tests.unit.site_images import site_image

FOX = record(step("A fox"), png())
PAGES = {"a.md": PageLink("A", "../a/"), "b.md": PageLink("B", "../b/")}


def shown(
    held: LookupResult, *pages: str, id: str = "", light: SiteImage | None = None
) -> SiteImage:
    directive = Directive("A fox", id=id, alt="A red fox", edits=("add snow",), dark="at night")
    image = site_image(directive, held, *pages, light=light)
    return image._replace(shown=RenderedImage("assets/fox.webp", 16, 9))


@pytest.mark.parametrize(
    ("uri", "listed"),
    [
        ("ai-images.md", True),
        ("about/ai-images.md", True),
        ("ai-images.fr.md", True),
        ("ai-images.txt", False),
        ("my-ai-images.md", False),
    ],
)
def test_the_file_name_decides_which_page_gets_the_list(uri: str, listed: bool) -> None:
    assert is_disclosure_page(uri) is listed


@pytest.mark.parametrize(
    ("held", "pages", "places"),
    [
        (InStock(FOX), ["a.md", "b.md"], ["../a/", "../b/"]),
        (InStock(FOX), ["a.md", "draft.md"], ["../a/"]),
        (InStock(FOX), ["draft.md"], None),
        (Missing(), ["a.md"], None),
        (UserFile(9, 9), ["a.md"], None),
    ],
)
def test_pictures_in_stock_are_listed_with_the_published_pages_that_show_them(
    held: LookupResult, pages: list[str], places: list[str] | None
) -> None:
    found = disclosed_images([shown(held, *pages)], PAGES.get, lambda uri: f"../{uri}")
    assert [[place.url for place in each.places] for each in found] == (
        [] if places is None else [places]
    )


def test_an_image_of_the_theme_is_listed_without_a_page() -> None:
    image = shown(InStock(FOX))
    image = image._replace(uses=(Use(image.resolved.directive, "mkdocs.yml", "logo"),))
    (listed,) = disclosed_images([image], PAGES.get, str)
    assert listed.places == ()


def test_one_picture_under_two_names_is_listed_once_with_links_to_its_ids() -> None:
    images = [shown(InStock(FOX), "a.md", id="fox"), shown(InStock(FOX), "b.md")]
    (listed,) = disclosed_images(images, PAGES.get, lambda uri: f"../{uri}")
    assert [place.url for place in listed.places] == ["../a/#fox", "../b/"]
    assert (listed.description, listed.image["src"], listed.image["alt"]) == (
        "A red fox", "../assets/fox.webp", "",
    )  # fmt: skip


def test_a_page_that_shows_a_picture_twice_is_named_once_with_the_id_that_it_has() -> None:
    images = [shown(InStock(FOX), "a.md"), shown(InStock(FOX), "b.md", "a.md", id="fox")]
    (listed,) = disclosed_images(images, PAGES.get, lambda uri: f"../{uri}")
    assert [place.url for place in listed.places] == ["../a/#fox", "../b/#fox"]


@pytest.mark.parametrize(
    ("held", "dark", "prompts"),
    [
        (InStock(FOX), False, ("A fox", "add snow")),
        (InStock(FOX), True, ("A fox", "add snow", "at night")),
        (Fallback(FOX), False, ("A fox",)),
        (InStock(FOX._replace(origin="adopted")), False, ()),
    ],
    ids=["light", "dark", "an earlier picture", "adopted"],
)
def test_prompts_are_listed_on_request_and_only_for_drawn_pictures(
    held: LookupResult, dark: bool, prompts: tuple[str, ...]
) -> None:
    image = shown(held, "a.md", light=shown(held) if dark else None)
    (listed,) = disclosed_images([image], PAGES.get, str, prompts=True)
    assert (listed.prompts, listed.dark) == (prompts, dark)
    (listed,) = disclosed_images([image], PAGES.get, str)
    assert listed.prompts == ()


def test_text_in_the_list_is_escaped() -> None:
    (listed,) = disclosed_images([shown(InStock(FOX), "a.md")], PAGES.get, str)
    html = render_list([replace(listed, description="<b>fox</b>")])
    assert "&lt;b&gt;fox&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("content", "page"),
    [
        ("<p>x</p>", "<p>x</p>\nLIST"),
        (f"<p>x</p>{LIST_MARK}<p>y</p>", "<p>x</p>LIST<p>y</p>"),
    ],
)
def test_the_list_stands_at_the_mark_or_at_the_end(content: str, page: str) -> None:
    assert insert_list(content, "LIST") == page
