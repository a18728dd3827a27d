"""A lightbox's link stands around a whole `<picture>`, so that its sources count."""

import xml.etree.ElementTree as etree

import pytest

from mkdocs_gemini_images.rendering.lightbox_links import around_pictures, move_links_out

INSIDE = (
    '<p><picture><source srcset="n" /><a href="whole"><img alt="A" src="w" /></a></picture>!</p>'
)
OUTSIDE = (
    '<p><a href="whole"><picture><source srcset="n" /><img alt="A" src="w" /></picture></a>!</p>'
)


def test_the_link_goes_around_the_picture() -> None:
    assert around_pictures(INSIDE + INSIDE) == OUTSIDE + OUTSIDE


def test_marks_within_attributes_end_no_tag() -> None:
    inside = INSIDE.replace('"A"', '"a > b, \'c"').replace('"n"', "'x > y'")
    outside = OUTSIDE.replace('"A"', '"a > b, \'c"').replace('"n"', "'x > y'")
    assert around_pictures(inside) == outside


@pytest.mark.parametrize(
    "html",
    [
        OUTSIDE,
        '<a href="whole"><img alt="A" src="w"></a>',
        '<picture><source srcset="n"><img alt="A" src="w"></picture><a href="x">x</a>',
        "<picture><source",
    ],
)
def test_all_else_stays(html: str) -> None:
    assert around_pictures(html) == html


def test_the_link_in_a_tree_goes_around_the_picture() -> None:
    root = etree.fromstring(INSIDE)
    move_links_out(root)
    assert etree.tostring(root, encoding="unicode") == OUTSIDE
    move_links_out(root)
    assert etree.tostring(root, encoding="unicode") == OUTSIDE
