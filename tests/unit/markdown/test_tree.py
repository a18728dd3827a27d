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


def test_elements_are_inserted_behind_a_text_and_replaced_in_one_go() -> None:
    root = etree.fromstring("<div><p>a<em>b</em>c<i/></p></div>")
    edits = tree.ChildEdits()
    for place in list(tree.texts(root)):
        edits.insert(place, [etree.Element(f"x{place.text}"), etree.Element("y")])
    edits.replace(root[0], root[0][1], etree.Element("z"))
    edits.apply()
    html = etree.tostring(root[0], "unicode")
    assert html == "<p>a<xa /><y /><em>b<xb /><y /></em>c<xc /><y /><z /></p>"


def test_a_child_is_removed() -> None:
    root = etree.fromstring("<div><p/><i/></div>")
    edits = tree.ChildEdits()
    edits.replace(root, root[0], None)
    edits.apply()
    assert [child.tag for child in root] == ["i"]


def test_what_stands_between_raw_tags_is_found() -> None:
    raw = {"0": "<code>", "1": "</code>", "2": "x", "3": "x"}
    root = etree.Element("div")
    numbers = (HTML_PLACEHOLDER % number for number in (0, 2, 1, 3))
    etree.SubElement(root, "p").text = "".join(numbers)
    assert tree.has_raw_tags(raw.values())
    assert not tree.has_raw_tags(["<div>", 7])
    assert tree.between_raw_tags(root, raw.__getitem__) == ({"2"}, set())


BACK = '<a class="footnote-backref"/>'
SPACE = "\u0002qq3936677670287331zz\u0003"


@pytest.mark.parametrize(
    ("xml", "beside"),
    [("<p><img/></p>", ""), ("<p>a<img/></p>", "text beside it"), ("<li><img/><p/></li>", ""),
     ("<td><em/><img/></td>", "text beside it"), ("<a><img/></a>", "a link around it"),
     ("<h2><img/></h2>", "a heading around it"), ("<p><img/><a/></p>", "text beside it"),
     (f"<p><img/>{BACK}{BACK}</p>", ""), (f"<p><img/>a{BACK}</p>", "text beside it")],
)  # fmt: skip
def test_what_stands_beside_an_element_is_named(xml: str, beside: str) -> None:
    parent = etree.fromstring(xml)
    image = parent.find("img")
    assert image is not None
    assert tree.Siblings().beside(parent, image) == beside


@pytest.mark.parametrize(
    ("tag", "left"),
    [("figure", f"<li><figure />\n<p>{BACK[:-2]} /></p></li>"),
     ("img", f"<li><p><img />SPACE{BACK[:-2]} /></p></li>")],
)  # fmt: skip
def test_the_links_at_a_footnotes_end_stay_in_their_paragraph(tag: str, left: str) -> None:
    note = etree.fromstring(f"<li><p>fence{BACK}</p></li>")
    note[0].text = f"fence{SPACE}"
    assert tree.text_before_backlinks(note[0]) == "fence"
    edits = tree.ChildEdits()
    edits.take_place(note, note[0], etree.Element(tag))
    edits.apply()
    html = etree.tostring(note, "unicode").replace("&#2;", "\2").replace("&#3;", "\3")
    assert html.replace(SPACE, "SPACE") == left


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
    edits = tree.ChildEdits()
    edits.take_place(root, root[0], etree.Element(new))
    edits.apply()
    assert etree.tostring(root, "unicode") == html
