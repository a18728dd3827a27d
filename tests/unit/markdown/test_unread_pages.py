"""A page whose HTML nothing reads is emptied, unless an unread picture may be in it."""

import xml.etree.ElementTree as etree

import pytest

from mkdocs_gemini_images.markdown.recorded_fences import RecordedFence, RecordedHtml
from mkdocs_gemini_images.markdown.unread_pages import empty_unread

PAGE = "<div><h1>A page</h1><p>Words on Gemini <img src='assets/gemini/a.webp' alt=''/></p></div>"


@pytest.mark.parametrize(
    ("html", "stashed"),
    [
        (PAGE, ()),
        (PAGE, ("<b>raw</b>",)),
        (PAGE.replace("</h1>", "</h1><img src='fox.webp'/>"), ()),
    ],
)
def test_a_page_without_a_trace_of_a_directive_is_emptied(
    html: str, stashed: tuple[object, ...]
) -> None:
    root = etree.fromstring(html)
    own = [image for image in root.iter("img") if image.get("alt") == ""]
    empty_unread(root, own, stashed)
    assert etree.tostring(root) == b"<div />"


@pytest.mark.parametrize(
    ("html", "stashed"),
    [
        (PAGE.replace("</h1>", "</h1><img src='GEMINI:' title='A fox'/>"), ()),
        (PAGE.replace("</h1>", "</h1><a href='x' title='gemini: A fox'>A fox</a>"), ()),
        (PAGE, ('<img src="gemini:" title="A fox">',)),
        (PAGE, (etree.Element("div"),)),
    ],
)
def test_a_page_that_may_hold_one_stays(html: str, stashed: tuple[object, ...]) -> None:
    root = etree.fromstring(html)
    own = [image for image in root.iter("img") if image.get("alt") == ""]
    before = etree.tostring(root)
    empty_unread(root, own, stashed)
    assert etree.tostring(root) == before


def test_an_attribute_without_a_value_holds_none() -> None:
    root = etree.fromstring(PAGE)
    root[0].set("hidden", None)  # type: ignore[arg-type]  # as attr_list does for a bare word
    empty_unread(root, list(root.iter("img")), ())
    assert len(root) == 0


def test_a_recorded_fence_holds_none() -> None:
    root = etree.fromstring(PAGE)
    fence = RecordedHtml("<code>gemini: A fox</code>", RecordedFence("A fox"))
    empty_unread(root, list(root.iter("img")), [fence])
    assert len(root) == 0
