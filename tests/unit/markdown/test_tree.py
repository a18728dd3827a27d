"""A tree is walked in the order of reading, without code, and parts of it are replaced."""

import xml.etree.ElementTree as etree

import pytest
from markdown.util import HTML_PLACEHOLDER, AtomicString

from mkdocs_gemini_images.markdown import tree


def test_texts_are_read_in_order_without_code() -> None:
    root = etree.fromstring("<div><p>a<em>b</em>c<code>d</code>e</p><pre>f</pre>g</div>")
    assert [place.text for place in tree.texts(root)] == ["a", "b", "c", "e", "g"]
    root[0][0].text = AtomicString("b")
    assert "b" not in [place.text for place in tree.texts(root)]


def test_a_text_knows_where_an_element_behind_it_stands() -> None:
    root = etree.fromstring("<div><p>a<em>b</em>c</p></div>")
    places = {place.text: (place.container.tag, place.child_index) for place in tree.texts(root)}
    assert places == {"a": ("p", 0), "b": ("em", 0), "c": ("p", 1)}


def test_what_stands_between_raw_tags_is_found() -> None:
    raw = {"0": "<code>", "1": "</code>", "2": "x", "3": "x"}
    root = etree.Element("div")
    numbers = (HTML_PLACEHOLDER % number for number in (0, 2, 1, 3))
    etree.SubElement(root, "p").text = "".join(numbers)
    assert tree.has_raw_tags(raw.values())
    assert not tree.has_raw_tags(["<div>", 7])
    assert tree.between_raw_tags(root, raw.__getitem__) == ({"2"}, set())


@pytest.mark.parametrize(
    ("xml", "alone"),
    [("<p><img/></p>", True), ("<p>a<img/></p>", False), ("<li><img/><p/></li>", True),
     ("<td><em/><img/></td>", False), ("<a><img/></a>", False)],
)  # fmt: skip
def test_an_element_is_the_only_content_where_no_text_is_beside_it(xml: str, alone: bool) -> None:
    parent = etree.fromstring(xml)
    image = parent.find("img")
    assert image is not None
    assert tree.is_only_content(parent, image) is alone


@pytest.mark.parametrize(
    ("paragraph", "new", "html"),
    [
        ("<p>x</p>", "figure", "<div><figure /></div>"),
        ("<p>x</p>", "img", "<div><p><img /></p></div>"),
        ('<p id="a">x</p>', "figure", '<div><div id="a"><figure /></div></div>'),
    ],
)
def test_a_block_replaces_a_paragraph_and_an_image_its_content(
    paragraph: str, new: str, html: str
) -> None:
    root = etree.fromstring(f"<div>{paragraph}</div>")
    tree.take_place(root, root[0], etree.Element(new))
    assert etree.tostring(root, "unicode") == html
