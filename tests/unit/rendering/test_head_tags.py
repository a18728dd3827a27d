"""What is put into a page's head is escaped, and stands back behind what is there already."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.imaging.metadata import Origin
from mkdocs_gemini_images.rendering.head_tags import (
    PageCard,
    PageSummary,
    image_object,
    with_head,
)

PAGE = '<html><head><meta name="viewport" content="x"></head><body>Text</body></html>'
ABOUT = PageSummary("https://example.org/a/", "Foxes", "All about foxes.", "article")
CARD = PageCard("https://example.org/a.jpg", 1200, 630, "A fox", ABOUT)


class _Head(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.metas: dict[str, str | None] = {}
        self.scripts: list[str] = []
        self.path: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.path.append(tag)
        found = dict(attrs)
        if tag == "meta":
            self.metas[found.get("property") or found.get("name") or ""] = found.get("content")

    def handle_data(self, data: str) -> None:
        if self.path[-1:] == ["script"]:
            self.scripts.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.path.append(f"/{tag}")


def heard(html: str) -> _Head:
    parser = _Head()
    parser.feed(html)
    return parser


def test_a_card_is_said_to_networks_of_both_kinds() -> None:
    assert heard(with_head(PAGE, CARD, [])).metas == {
        "viewport": "x",
        "og:type": "article",
        "og:title": "Foxes",
        "og:description": "All about foxes.",
        "og:url": "https://example.org/a/",
        "og:image": "https://example.org/a.jpg",
        "og:image:type": "image/jpeg",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "A fox",
        "twitter:card": "summary_large_image",
        "twitter:image": "https://example.org/a.jpg",
        "twitter:image:alt": "A fox",
    }


def test_a_decorative_picture_has_no_words() -> None:
    metas = heard(with_head(PAGE, CARD._replace(alt=""), [])).metas
    assert not {"og:image:alt", "twitter:image:alt"} & metas.keys()


@pytest.mark.parametrize(
    "theirs",
    ['<meta property="og:image" content="t">', "<meta content=t property=og:image>",
     "<META Property='og:image' content='t'/>", '<meta content="1 < 2" property="og:image">'],
)  # fmt: skip
def test_a_page_that_has_its_picture_keeps_it(theirs: str) -> None:
    page = PAGE.replace("</head>", f"{theirs}</head>")
    assert with_head(page, CARD, []) == page


OURS = [name for name in heard(with_head(PAGE, CARD, [])).metas if ":" in name]


@pytest.mark.parametrize("name", [name for name in OURS if name != "og:image"])
@pytest.mark.parametrize("kind", ["property", "name"])
def test_what_is_said_already_is_not_said_again(kind: str, name: str) -> None:
    page = PAGE.replace("</head>", f'<meta {kind}="{name}" content="theirs"></head>')
    found = heard(with_head(page, CARD, []))
    assert found.metas[name] == "theirs"
    assert found.path.count("meta") == 1 + len(OURS)
    assert found.metas["og:image"] == CARD.url


def test_a_page_without_a_description_says_none() -> None:
    card = CARD._replace(page=ABOUT._replace(description=""))
    assert "og:description" not in heard(with_head(PAGE, card, [])).metas


def test_words_in_the_body_are_not_the_head() -> None:
    page = PAGE.replace("Text", '<meta property="og:image">')
    assert with_head(page, CARD, []).count("og:image") > 1


@pytest.mark.parametrize("page", ["", "Text", "<body>Text</body>"])
def test_a_page_without_a_head_stays_as_it_is(page: str) -> None:
    assert with_head(page, CARD, [{"a": 1}]) == page


def test_a_page_of_which_nothing_is_known_stays_as_it_is() -> None:
    assert with_head(PAGE, None, []) == PAGE


@given(st.text(), st.text())
def test_no_text_ends_its_attribute_or_the_script(alt: str, more: str) -> None:
    hostile = f"{alt}</script><!--<script>\"'>{more}]]>"
    objects: list[dict[str, Any]] = [{"caption": hostile}]
    card = CARD._replace(alt=hostile, page=ABOUT._replace(title=hostile, description=hostile))
    parser = heard(with_head(PAGE, card, objects))
    assert parser.path[-4:] == ["/head", "body", "/body", "/html"]
    assert parser.path.count("script") == 1
    assert json.loads("".join(parser.scripts))["@graph"] == objects
    assert (
        "\r" in hostile
        or {parser.metas[name] for name in ("og:title", "og:description", "og:image:alt")}
        == {hostile.replace("\0", "\ufffd")}
        or ("\0" in hostile)
    )


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        ("trainedAlgorithmicMedia", "TrainedAlgorithmicMediaDigitalSource"),
        ("compositeWithTrainedAlgorithmicMedia",
         "CompositeWithTrainedAlgorithmicMediaDigitalSource"),
        ("algorithmicMedia", "AlgorithmicMediaDigitalSource"),
    ],
)  # fmt: skip
def test_a_pictures_origin_is_said_in_the_terms_of_schema_org(kind: str, term: str) -> None:
    said = image_object("https://example.org/a.webp", "A fox", Origin(kind, "Made", "model"))
    assert said == {
        "@type": "ImageObject",
        "contentUrl": "https://example.org/a.webp",
        "caption": "A fox",
        "creditText": "Made",
        "digitalSourceType": f"https://schema.org/{term}",
    }


def test_what_is_not_known_is_left_out() -> None:
    said = image_object("https://example.org/a.webp", "", None, of_page=True)
    assert said.keys() == {"@type", "contentUrl", "representativeOfPage"}


def test_tags_without_an_end_are_one_tag_and_are_scanned_once() -> None:
    assert "og:image" in with_head("<meta " * 20_000 + "</head>", CARD, [])
