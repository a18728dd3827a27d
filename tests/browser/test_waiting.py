"""A page that Chromium does not draw is opened anew once, and then fails soon and says why."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error

from tests.browser.waiting import awaited, scrolled_through
from tests.unit.pictures import png

PAGE = '<div style="height: 9000px"></div><img loading="lazy" src="picture.png">'


def not_drawn(page: Any) -> None:
    page.add_init_script("window.requestAnimationFrame = () => 0")


def never_loaded(page: Any) -> None:
    page.route("**/picture.png", lambda route: None)


def opened(browser: Any, *hindrances: Callable[[Any], None]) -> Callable[[], Any]:
    """Return what opens a page, with one hindrance after the other."""
    left = list(hindrances)

    def open_page() -> Any:
        page = browser.new_page()
        page.route("**/", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
        page.route("**/picture.png", lambda route: route.fulfill(body=png(4, 4)))
        if left:
            left.pop(0)(page)
        page.goto("http://a.example/")
        return page

    return open_page


@pytest.mark.parametrize("hindrance", [not_drawn, never_loaded])
def test_a_page_that_stalls_is_opened_anew(browser: Any, hindrance: Callable[[Any], None]) -> None:
    page = scrolled_through(opened(browser, hindrance), seconds=1, together=3)
    assert [each.pages for each in browser.contexts] == [[page]]


def test_a_page_that_stalls_twice_says_that_no_frame_is_drawn(browser: Any) -> None:
    with pytest.raises(Error, match="no frame is drawn at 0 px of a page that is visible"):
        scrolled_through(opened(browser, not_drawn, not_drawn), seconds=0.1)


def test_a_picture_that_is_never_loaded_is_named(browser: Any) -> None:
    with pytest.raises(Error, match=r"picture\.png is not loaded in time"):
        scrolled_through(opened(browser, never_loaded, never_loaded), together=0.5)


def test_a_script_without_an_answer_fails(browser: Any) -> None:
    with pytest.raises(Error, match="no answer of the script after 1 s"):
        awaited(browser.new_page(), "() => new Promise(() => null)", seconds=1)
