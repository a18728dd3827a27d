"""What pages say about their images: `image` in their metadata, and JSON-LD in their heads."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.page_image import PAGE_IMAGE_MARKER
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.hosts.mkdocs.page_images import PageImages
from mkdocs_gemini_images.rendering.head_tags import PageSummary
from mkdocs_gemini_images.requests.resolved_image import apply_defaults, compose_image
from mkdocs_gemini_images.store.folder import FolderStore
from tests.unit.pictures import png, record
from tests.unit.progress import SilentProgress

DATA = png(64, 36)
SITE = "https://x.example"
HTML = "<html><head></head><body></body></html>"
ABOUT = PageSummary(SITE, "A page", "", "article")
FOX_META = {"gemini_image": {"prompt": "A fox", "alt": "A red fox"}}


def about() -> PageSummary:
    return ABOUT


Open = Callable[..., tuple[SiteBuild, PageImages]]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Open builds without an API key, whose stock has the pictures of the prompts given."""
    settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", Server())
    builds: list[SiteBuild] = []

    def make(*in_stock: str, site_url: str = SITE) -> tuple[SiteBuild, PageImages]:
        store = FolderStore(settings.stock)
        for prompt in in_stock:
            complete = apply_defaults(Directive(prompt), settings.defaults)
            drawn = compose_image(complete, settings.defaults).light.request
            store.put(record(drawn, DATA), DATA)
        build = SiteBuild(
            settings, store, tmp_path / "site", progress=SilentProgress(), tracker=SpendTracker()
        )
        builds.append(build)
        return build, PageImages(lambda: build, site_url)

    yield make
    for build in builds:
        build.close()


def show(build: SiteBuild, page: str, prompt: str, alt: str = "", dark: str = "") -> None:
    directive = Directive(prompt, alt=alt, dark=dark)
    build.collect(directive, Use(directive, page))


def finish(build: SiteBuild, images: PageImages) -> None:
    build.finish()
    images.finish()


def described(images: PageImages, page: str) -> list[tuple[str, bool]]:
    """List the captions of a page's JSON-LD, and whether each image stands for its page."""
    html = images.head(HTML, page, about)
    if html is None:
        return []
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert script is not None
    graph = json.loads(script[1])["@graph"]
    return [(each.get("caption", ""), "representativeOfPage" in each) for each in graph]


# JSON-LD


def test_each_page_describes_its_pictures_once_in_their_order(opened: Open) -> None:
    build, images = opened("A fox", "An owl")
    show(build, "a.md", "A fox", "First")
    show(build, "b.md", "A fox")
    show(build, "a.md", "A fox", "Second")
    show(build, "b.md", "An owl", "An owl")
    finish(build, images)
    assert described(images, "a.md") == [("First", False)]
    assert described(images, "b.md") == [("", False), ("An owl", False)]
    assert images.head(HTML, "c.md", about) is None


def test_a_picture_that_is_missing_is_not_described(opened: Open) -> None:
    build, images = opened("A fox")
    show(build, "a.md", "A fox")
    show(build, "a.md", "An owl")
    show(build, "b.md", "An owl")
    finish(build, images)
    assert len(described(images, "a.md")) == 1
    assert images.head(HTML, "b.md", about) is None


def test_a_twin_for_dark_pages_is_not_described(opened: Open) -> None:
    build, images = opened("A fox", "At night")
    show(build, "a.md", "A fox", "A fox", dark="At night")
    finish(build, images)
    assert described(images, "a.md") == [("A fox", False)]


# The image of a page


def begin(images: PageImages, page: str, meta: dict[str, Any]) -> str | None:
    return images.begin_page(page, meta, "# Title\n\nText\n", lambda: "")


@pytest.mark.parametrize(
    ("author", "in_stock", "kept"),
    [
        ({}, ("A fox",), None),
        ({"image": ""}, ("A fox",), None),
        ({"image": "mine.png"}, ("A fox",), "mine.png"),
        ({"image": "mine.png"}, (), "mine.png"),
        ({}, (), ""),
    ],
    ids=["nothing", "empty", "author's own", "author's own, missing", "missing"],
)
def test_the_metadata_names_the_crop_unless_the_author_names_an_image(
    opened: Open, author: dict[str, str], in_stock: tuple[str, ...], kept: str | None
) -> None:
    build, images = opened(*in_stock)
    meta = FOX_META | author
    assert begin(images, "a.md", meta) == f"# Title\n\n{PAGE_IMAGE_MARKER}\n\n\nText\n"
    finish(build, images)
    written = str(meta.get("image", ""))
    if kept is None:
        assert written.startswith(f"{SITE}/assets/gemini/")
        assert written.endswith("-1200x630-50-50.jpg")
        assert f'<meta property="og:image" content="{written}">' in str(
            images.head(HTML, "a.md", about)
        )
    else:
        assert written == kept


def test_the_image_of_a_page_represents_it_on_that_page_alone(opened: Open) -> None:
    build, images = opened("A fox")
    begin(images, "a.md", dict(FOX_META))
    show(build, "b.md", "A fox", "A fox")
    finish(build, images)
    assert described(images, "a.md") == [("A red fox", True)]
    assert described(images, "b.md") == [("A fox", False)]


def test_a_site_without_an_address_names_no_images_and_says_so_once(opened: Open) -> None:
    build, images = opened("A fox", site_url="")
    pages = {page: dict(FOX_META) for page in ("a.md", "b.md")}
    for page, meta in pages.items():
        begin(images, page, meta)
    finish(build, images)
    assert all(meta.keys() == FOX_META.keys() for meta in pages.values())
    assert images.head(HTML, "a.md", about) is None
    said = [each.text for each in build.notices if "og:image" in each.text]
    assert len(said) == 1


@pytest.mark.parametrize("meta", [{}, {"image": "x.png"}, {"gemini_image": False}])
def test_a_page_without_an_image_of_its_own_stays_as_it_is(
    opened: Open, meta: dict[str, Any]
) -> None:
    _, images = opened()
    before = dict(meta)
    assert begin(images, "a.md", meta) is None
    assert images.at("a.md", excerpt=False) is None
    assert meta == before


@pytest.mark.parametrize(
    ("options", "excerpt", "shown", "priority"),
    [
        ({}, False, True, True),
        ({}, True, True, False),
        ({"loading": "lazy"}, False, True, False),
        ({"show": False}, False, False, False),
        ({"show": False}, True, True, False),
    ],
)
def test_the_image_of_a_page_is_loaded_first_except_in_an_excerpt(
    opened: Open, options: dict[str, Any], excerpt: bool, shown: bool, priority: bool
) -> None:
    _, images = opened()
    begin(images, "a.md", {"gemini_image": {"prompt": "A fox"} | options})
    directive = images.at("a.md", excerpt=excerpt)
    assert (directive is not None) is shown
    assert (directive is not None and directive.priority) is priority


def test_an_error_in_the_front_matter_is_reported_and_raised_where_the_page_shows_it(
    opened: Open,
) -> None:
    build, images = opened()
    meta = {"gemini_image": {"prompt": "A fox", "alt": "", "sise": "2K"}}
    assert PAGE_IMAGE_MARKER in str(begin(images, "a.md", meta))
    (notice,) = build.notices
    assert (notice.level, notice.page, notice.source) == ("warning", "a.md", "gemini_image:")
    with pytest.raises(DiagnosticError) as raised:
        images.at("a.md", excerpt=False)
    assert str(raised.value) == notice.text


def test_a_misspelt_key_is_reported_and_the_page_stays_as_it_is(opened: Open) -> None:
    build, images = opened()
    assert begin(images, "a.md", {"gemini-imge": {"prompt": "A fox"}}) is None
    (notice,) = build.notices
    assert (notice.source, images.at("a.md", excerpt=False)) == ("gemini-imge:", None)
