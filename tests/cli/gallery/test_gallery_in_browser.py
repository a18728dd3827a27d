"""The gallery in a browser: keyboard, filters and dialog, in the light and the dark scheme."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.reports.contact_sheet import GalleryCard, render_gallery
from tests.browser.axe import contrasts, violations
from tests.browser.contexts import page_of
from tests.browser.waiting import awaited

SHOWN = "() => [...document.querySelectorAll('.card')].filter(c => c.offsetParent).length"
FOCUSED = "() => document.activeElement.getAttribute('aria-label')"


@pytest.fixture(scope="module")
def file(cards: list[GalleryCard], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of the gallery."""
    file = tmp_path_factory.mktemp("gallery") / "gallery.html"
    file.write_text("".join(render_gallery(cards, title="Pictures of a site")), encoding="utf-8")
    return file


@pytest.fixture
def open_page(browser: Any, by_day: Any, by_night: Any, file: Path) -> Iterator[Any]:
    """Return a function that opens the page; assert that no page has an error or a request."""
    heard: list[str] = []
    pages = []
    listeners = {
        "console": lambda message: heard.append(message.text),
        "pageerror": lambda error: heard.append(str(error)),
        "request": lambda request: heard.append(request.url),
    }

    def opened(*, dark: bool = False, width: int = 1280, scripts: bool = True) -> Any:
        context = by_night if dark else by_day
        if not scripts:
            context = browser.new_context(java_script_enabled=False)
        page = page_of(context, width=width, height=900)
        for event, listener in listeners.items():
            page.on(event, listener)
        page.goto(file.as_uri())
        pages.append(page)
        return page

    yield opened
    for page in pages:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
    assert [each for each in heard if not each.startswith("data:")] == [file.as_uri()] * len(pages)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_the_page_fits_its_width_and_has_enough_contrast(
    open_page: Any, width: int, scheme: str
) -> None:
    page = open_page(dark=scheme == "dark", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    for selector in ("h1", ".sums dt", ".states button[aria-pressed=false]", ".state", ".prompt",
                     ".facts dt", ".facts dd", ".note", ".bare", "footer"):  # fmt: skip
        for contrast in contrasts(page, selector):
            assert contrast >= 4.5, (selector, contrast)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(open_page: Any, scheme: str) -> None:
    page = open_page(dark=scheme == "dark")
    assert violations(page) == []
    page.click(".in-stock .well")
    # Not by asking again and again, which its policy forbids.
    awaited(page, "() => Promise.all(document.getAnimations().map(each => each.finished))")
    assert violations(page, within=["dialog"]) == []


def test_the_search_finds_prompt_alt_name_and_page(
    open_page: Any, cards: list[GalleryCard]
) -> None:
    page = open_page()
    assert page.evaluate(SHOWN) == len(cards)
    for words, count in {"heron": 3, "CALF": 1, "fox snow": 1, "guide/more": 1, "zebra": 0}.items():
        page.fill("input", words)
        assert page.evaluate(SHOWN) == count, words
        assert page.is_visible(".empty") == (count == 0)
        assert page.inner_text(".told") == f"{count} of {len(cards)} shown"
    page.press("input", "Escape")
    assert page.evaluate(SHOWN) == len(cards)


def test_the_filters_for_state_and_model_combine(open_page: Any) -> None:
    page = open_page()
    page.click("button[value=drifted]")
    assert page.evaluate(SHOWN) == 1
    assert page.get_attribute("button[value=drifted]", "aria-pressed") == "true"
    page.click("button[value=broken]")
    assert page.evaluate(SHOWN) == 2
    page.select_option("select", "gemini-3.1-flash-image")
    assert page.evaluate(SHOWN) == 1
    page.click("button[value='']")
    assert page.evaluate(SHOWN) == 1


def test_the_keyboard_searches_moves_opens_and_closes(open_page: Any) -> None:
    page = open_page()
    page.keyboard.press("/")
    page.keyboard.type("heron")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "A heron"
    places = "() => [...document.querySelectorAll('.well')].indexOf(document.activeElement)"
    first = page.evaluate(places)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(places) == first + 2, "there are three"
    page.keyboard.press("Home")
    assert page.evaluate(places) == first
    page.keyboard.press("Enter")
    assert page.inner_text("dialog .state span") == "take 1"
    assert page.is_visible("dialog img")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("dialog .state span") == "take 3"
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog")
    assert page.evaluate(places) == first + 2, "where one was looking"


def test_arrow_keys_go_to_the_card_above_or_below(open_page: Any) -> None:
    page = open_page()
    box = "() => { const b = document.activeElement.getBoundingClientRect(); return [b.x, b.y] }"
    page.keyboard.press("ArrowDown")
    x, y = page.evaluate(box)
    page.keyboard.press("ArrowDown")
    page.evaluate("window.scrollTo(0, 0)")
    assert page.evaluate(box)[0] == x
    assert page.evaluate(box)[1] > y
    page.keyboard.press("ArrowUp")
    page.evaluate("window.scrollTo(0, 0)")
    assert page.evaluate(box) == [x, y]


def test_a_click_opens_the_dialog_and_a_click_outside_closes_it(open_page: Any) -> None:
    page = open_page()
    page.click(".in-stock .well")
    assert page.is_visible("dialog img")
    assert page.evaluate("document.querySelector('dialog img').clientWidth") > 400
    page.mouse.click(5, 5)
    assert not page.is_visible("dialog")


def test_takes_are_in_one_row(open_page: Any) -> None:
    page = open_page()
    tops = page.evaluate(
        "[...document.querySelectorAll('.takes .well')].map(w => w.getBoundingClientRect().top)"
    )
    assert len(tops) == 3
    assert len(set(tops)) == 1


def test_without_a_script_the_page_is_a_plain_list(
    open_page: Any, cards: list[GalleryCard]
) -> None:
    page = open_page(scripts=False)
    assert page.locator(".card").count() == len(cards)
    assert not page.is_visible(".bar")
    assert page.locator(".takes .prompt").last.is_visible()
    assert page.locator(".in-stock .well").first.get_attribute("href").startswith("stock/")


def test_the_policy_blocks_other_scripts(browser: Any, file: Path, tmp_path: Path) -> None:
    attacked = tmp_path / "attacked.html"
    html = file.read_text().replace("</h1>", "</h1><script>window.ran = 1</script>")
    attacked.write_text(html.replace("<main>", '<main><img src="x" onerror="window.ran = 1">'))
    page = browser.new_page()
    page.goto(attacked.as_uri())
    assert page.evaluate("window.ran") is None
