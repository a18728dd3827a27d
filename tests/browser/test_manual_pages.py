"""The manual in a real browser: its pictures are there, still, and fit the page."""

import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from PIL import Image

from mkdocs_gemini_images.cli import main
from mkdocs_gemini_images.config.options import GeminiImagesConfig
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from tests.browser.axe import violations
from tests.browser.contexts import page_of
from tests.browser.manual import (
    CACHE,
    ROOT,
    WATCH_SHIFTS,
    build,
    pages,
    serve,
    turned_to,
)
from tests.browser.waiting import scrolled_through
from tests.integration.conftest import set_environment
from tests.integration.site import Site

PICTURES = """() => [...document.querySelectorAll('img[src*="/gemini/"]')].map(image => {
  const sources = image.closest('picture')?.querySelectorAll('source') ?? [];
  const fits = source => !source.media || matchMedia(source.media).matches;
  const chosen = [...sources].find(fits) ?? image;
  return {
    src: image.src,
    shown: image.offsetParent !== null,
    decoded: image.complete && image.naturalWidth > 0,
    alt: image.getAttribute('alt'),
    box: image.getBoundingClientRect().width,
    ratio: image.getBoundingClientRect().width / image.getBoundingClientRect().height,
    promised: chosen.getAttribute('width') / chosen.getAttribute('height'),
    inParagraphFigure: !!image.closest('p figure'),
  };
})"""


CHOSEN = """() => [...document.querySelectorAll('img[src*="/gemini/"]')]
  .filter(image => image.offsetParent !== null)
  .map(image => {
    const name = image.currentSrc, sets = [image, ...image.parentElement.querySelectorAll('source')]
      .map(each => each.srcset).filter(set => set.includes(name.split('/').pop()));
    return {
      url: name,
      loading: image.loading,
      hurry: image.fetchPriority,
      needed: image.getBoundingClientRect().width * devicePixelRatio,
      widths: (sets[0] || '').split(',').map(part => parseInt(part.trim().split(' ')[1])),
      width: parseInt((sets[0] || '').split(',').find(part => part.includes(name.split('/').pop()))
        ?.trim().split(' ')[1]),
    };
  })"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the manual into a folder."""
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    return folder


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[str]:
    """Serve the built manual on this machine."""
    yield from serve(built)


@pytest.fixture(scope="module")
def unchanged(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the manual's home page with the pictures as they were drawn, and serve it."""
    home = (ROOT / "example_site/docs/index.md").read_text("utf-8")
    options = {"base_url": "emulator", "cache_dir": str(CACHE), "publish": "original"}
    config = {"markdown_extensions": ["attr_list", "md_in_html", "pymdownx.superfences"]}
    here = Site(tmp_path_factory.mktemp("unchanged"), {"index.md": home}, options, config)
    with pytest.MonkeyPatch.context() as patch:
        set_environment(patch)
        closing = here.build().closing
    assert re.fullmatch(r"(\d+) pictures, \1 from the emulator's cache", closing)
    yield from serve(here.root / "site")


@pytest.fixture(scope="module")
def watched(by_day: Any) -> Any:
    """Give the context for light pages, in which each page watches what moves."""
    by_day.add_init_script(WATCH_SHIFTS)
    return by_day


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", pages())
def test_every_picture_is_there_has_an_alt_and_moves_nothing(
    browser: Any, watched: Any, site: str, name: str, width: int
) -> None:
    page = turned_to(watched, site, name, width=width)
    pictures = page.evaluate(PICTURES)
    for picture in pictures:
        assert picture["alt"] is not None, picture
        assert not picture["inParagraphFigure"], picture
        if picture["shown"]:
            assert picture["decoded"], picture
            assert picture["ratio"] == pytest.approx(picture["promised"], rel=0.02), picture
            assert picture["box"] <= width, picture
    # Material's script wraps tables after the page is there; pictures add nothing to that. How far
    # a page of tables alone moves is the theme's own matter.
    tables = page.evaluate("document.querySelectorAll('.md-typeset__table').length")
    if pictures or not tables:
        assert page.evaluate("window.shifts") <= (0.01 if tables else 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_one_picture_is_shown_in_three_languages_side_by_side(built: Path) -> None:
    directives = (built / "directives.html").read_text()
    names = re.findall(r'src="(languages/harbour-\w\w\.webp)" alt="[^"]+" ([^>]*)', directives)
    pictures = [(built / name).read_bytes() for name, _ in names]
    english, *others = pictures
    assert len(others) == 2
    assert english not in others
    for data, (_, said) in zip(pictures, names, strict=True):
        with Image.open(io.BytesIO(data)) as picture:
            assert said.startswith('width="{}" height="{}"'.format(*picture.size))
    for language in ("", "de/", "ja/"):
        page = (built / "languages" / language / "index.html").read_text()
        assert len(re.findall('<img[^>]*class="gemini-image"', page)) == 1


@pytest.mark.parametrize("name", ["index", "blog/index"])
def test_words_typed_into_the_search_are_found_in_pages_opened_from_the_disk(
    browser: Any, built: Path, name: str
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((built / f"{name}.html").as_uri())
    page.click(".md-search__input")
    page.keyboard.type("max_new")
    first = page.locator(".md-search-result__link").first
    first.wait_for(timeout=20_000)
    found = Path(first.get_attribute("href").removeprefix("file://").partition("?")[0])
    assert found.is_relative_to(built)
    assert found.is_file()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


def test_every_option_has_an_anchor_of_its_own(built: Path) -> None:
    anchors: Counter[str] = Counter()
    for name in ("options", "command-line"):
        anchors.update(re.findall(r'id="([^"]+)"', (built / f"{name}.html").read_text("utf-8")))
    expected = {f"opt-{name}" for name, _ in GeminiImagesConfig._schema}
    expected |= {f"directive-{name}" for name in OPTIONS}
    for command in main.main.commands.values():
        for option in command.params:
            if isinstance(option, click.Option) and "--config-file" not in option.opts:
                expected.add(f"{command.name}-{option.opts[-1].strip('-')}")
    assert {anchors[name] for name in expected} == {1}
    shown = {name for name in anchors if name.startswith(("opt-", "directive-"))}
    assert shown <= expected


def test_language_models_get_every_page_of_the_navigation_with_its_description(built: Path) -> None:
    short, full = ((built / name).read_text("utf-8") for name in ("llms.txt", "llms-full.txt"))
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    listed = re.findall(r"^- \[[^]]+\]\((\S+)\)(?:: (.+))?$", short, re.MULTILINE)
    places = [address.removeprefix(urls["Documentation"]) for address, _ in listed]
    assert {f"{name}.html" for name in pages()} <= {*places}
    assert [place for place in places if not (built / place).is_file()] == []
    without = [place for place, (_, said) in zip(places, listed, strict=True) if not said]
    assert without == ["ai-images.html"]  # the plugin writes that page
    assert all(f"<!-- {address} -->" in full for address, _ in listed)


def test_the_manual_shows_the_changelog_itself(built: Path) -> None:
    page = (built / "changelog.html").read_text("utf-8")
    titles = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert titles
    assert all(f">{title}<a" in page for title in titles)


# Material's own: the colours of highlighted code, the buttons on it, the line at the foot, and a
# dialog for searching without a name.
THEIRS = [".highlight", ".md-code__nav", ".md-footer", ".md-search"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "directives", "options"])
def test_axe_has_nothing_to_complain_about(
    browser: Any, by_day: Any, by_night: Any, site: str, name: str, scheme: str
) -> None:
    page = page_of(by_day if scheme == "light" else by_night)
    page.goto(f"{site}/{name}.html")
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")
    assert violations(page, without=THEIRS) == []


def test_a_pair_shows_one_picture_by_day_and_the_other_by_night(
    browser: Any, by_day: Any, by_night: Any, site: str
) -> None:
    seen = {}
    for scheme, context in (("light", by_day), ("dark", by_night)):
        pictures = turned_to(context, site, "directives", width=1280).evaluate(PICTURES)
        seen[scheme] = {p["src"] for p in pictures if p["shown"] and "#only-" in p["src"]}
    assert seen["light"]
    assert all(src.endswith("#only-light") for src in seen["light"])
    assert seen["dark"]
    assert all(src.endswith("#only-dark") for src in seen["dark"])


@pytest.mark.parametrize(("width", "density"), [(1280, 1), (1280, 2), (390, 3)])
def test_no_picture_is_larger_than_its_slot_needs_by_more_than_one_step(
    browser: Any, by_day: Any, site: str, width: int, density: int
) -> None:
    context = by_day if density == 1 else browser.new_context(device_scale_factor=density)
    for name in ("index", "directives"):
        chosen = turned_to(context, site, name, width=width).evaluate(CHOSEN)
        assert len(chosen) > 5
        for each in chosen:
            if each["url"].endswith(".svg"):
                continue
            assert each["url"].endswith(".avif"), each
            enough = [i for i, wide in enumerate(each["widths"]) if wide >= each["needed"] - 1]
            needed = enough[0] if enough else len(each["widths"]) - 1
            assert each["widths"].index(each["width"]) <= needed + 1, each
        first, *others = chosen
        assert (first["loading"], first["hurry"]) == ("eager", "high")
        assert all((each["loading"], each["hurry"]) == ("lazy", "auto") for each in others)


def test_a_page_has_a_tenth_of_the_bytes_of_the_pictures_as_they_were_drawn(
    browser: Any, by_day: Any, site: str, unchanged: str
) -> None:
    ours, drawn = (picture_bytes(by_day, url) for url in (site, unchanged))
    assert ours * 10 <= drawn, (ours, drawn)


def picture_bytes(context: Any, url: str) -> int:
    """Count the bytes of our pictures that the home page loads."""
    sizes: dict[str, int] = {}

    def heard(answer: Any) -> None:
        if "/gemini/" in answer.url:
            sizes[answer.url] = len(answer.body())

    def opened() -> Any:
        page = page_of(context, height=900)
        page.on("response", heard)
        page.goto(f"{url}/index.html")
        return page

    page = scrolled_through(opened)
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", heard)
    assert len(sizes) > 5
    return sum(sizes.values())
