"""The cards of a gallery, and the HTML page that shows them."""

import base64
import ntpath
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.imaging.thumbnails import Thumbnails
from mkdocs_gemini_images.reports.contact_sheet import (
    CARD_STATES,
    CardState,
    GalleryCard,
    file_address,
    gallery_cards,
    render_gallery,
)
from mkdocs_gemini_images.reports.survey import Survey, SurveyRow
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record, step
from tests.unit.reports.gallery_page import THUMBNAIL, Element, card, read, words

DATA = png(64, 48)
DAMAGE = Diagnostic("the picture as it was drawn", "other bytes", "restore it")


def facts(element: Element) -> dict[str, str]:
    names, values = element.all("dt"), element.all("dd")
    return {words(name): words(value) for name, value in zip(names, values, strict=True)}


def page_of(*listed: GalleryCard, **options: Any) -> Element:
    return read("".join(render_gallery(listed, title="Pictures", **options)))


def articles(page: Element) -> list[Element]:
    return page.all("article")


def test_a_card_shows_all_facts_of_a_picture() -> None:
    original = "gemini-images/ab.png"
    one = card(id="fox", original=original, places=("index.md:3", "guide/a.md"), note="adopted")
    (article,) = articles(page_of(one))
    assert words(article.all("p", "state")[0]) == "In stock"
    assert words(article.all("p", "prompt")[0]) == "A fox"
    assert words(article.all("p", "note")[0]) == "adopted"
    assert facts(article) == {
        "Used": "index.md:3guide/a.md", "Alt": "An alt", "Name": "fox",
        "Model": "gemini-nano-banana-2.1", "Size": "1K, 1376 × 768", "Price": "$0.034",
        "Drawn": "2026-11-22", "File": "original",
    }  # fmt: skip
    (image,) = article.all("img")
    kind, _, data = image.attributes["src"].partition(",")
    assert kind == "data:image/webp;base64"
    assert base64.b64decode(data) == THUMBNAIL
    assert (image.attributes["width"], image.attributes["height"]) == ("1376", "768")
    assert {link.attributes["href"] for link in article.all("a")} == {original}


@pytest.mark.parametrize("state", CARD_STATES)
def test_every_state_has_a_label_and_a_filter(state: CardState) -> None:
    page = page_of(card(state=state), card(state=state), card(state="in stock"))
    assert words(articles(page)[0].all("p", "state")[0]) == CARD_STATES[state]
    assert articles(page)[0].has(state.replace(" ", "-"))
    (filters,) = page.all("fieldset")
    buttons = {each.attributes["value"]: words(each) for each in filters.all("button")}
    count = 3 if state == "in stock" else 2
    assert buttons[state] == f"{CARD_STATES[state]} {count}"
    assert buttons[""] == "All 3"


@pytest.mark.parametrize(
    ("alt", "said"), [("A fox", "A fox"), ("", "decorative"), (None, "none written")]
)
def test_a_missing_alt_differs_from_a_decorative_one(alt: str | None, said: str) -> None:
    (article,) = articles(page_of(card(alt=alt)))
    assert facts(article)["Alt"] == said
    assert article.all("img")[0].attributes["alt"] == (alt or "")


def test_a_picture_that_is_not_drawn_shows_its_price() -> None:
    new = GalleryCard("new", "A whale", model="m", size="2K", price=0.0504, places=("a.md:1",))
    (article,) = articles(page_of(new))
    assert not article.all("img")
    assert words(article.all("a")[0]) == "Not drawn"
    assert facts(article) == {
        "Used": "a.md:1", "Alt": "none written", "Model": "m", "Size": "2K", "Price": "about $0.050"
    }  # fmt: skip
    (article,) = articles(page_of(replace(new, price=None)))
    assert facts(article)["Price"] == "unknown"


def test_the_header_shows_the_sums() -> None:
    new = GalleryCard("new", price=0.1)
    page = page_of(card(price=1.5), card(price=None), card(state="orphaned", price=0.25), new)
    assert facts(page.all("header")[0]) == {
        "pictures": "3",
        "spent": "$1.75",
        "to draw, about $0.10": "1",
    }
    assert facts(page_of(card(), spent=9.0).all("header")[0]) == {"picture": "1", "spent": "$9.00"}


def test_several_models_have_a_filter() -> None:
    assert not page_of(card(), card()).all("select")
    page = page_of(card(), card(model="gemini-3-pro-image"), GalleryCard("broken"))
    assert [words(option) for option in page.all("option")] == [
        "All models", "gemini-3-pro-image", "gemini-nano-banana-2.1"
    ]  # fmt: skip


def test_many_places_are_collapsed() -> None:
    (article,) = articles(page_of(card(places=tuple(f"page-{n}.md:1" for n in range(9)))))
    assert words(article.all("summary")[0]) == "6 more"
    assert len(article.all("code")) == 9


def test_takes_of_one_request_are_grouped_and_sorted() -> None:
    listed = [card(take=2, family="s"), card("Another"), card(take=1, family="s", state="spare")]
    page = page_of(*listed)
    groups = page.all("ul", "sheet")[0].all("li")
    takes, other = (each for each in groups if each.all("article"))
    assert [words(each.all("p", "state")[0]) for each in takes.all("article")] == [
        "Spare take take 1", "In stock take 2"
    ]  # fmt: skip
    assert takes.has("takes")
    assert words(other.all("p", "state")[0]) == "In stock"


def test_a_page_without_pictures_says_so() -> None:
    page = page_of()
    assert words(page.all("p", "empty")[0]) == "No pictures yet."
    assert "hidden" not in page.all("p", "empty")[0].attributes


def test_the_page_loads_nothing() -> None:
    html = "".join(render_gallery([card(original="gemini-images/ab.png")], title="Pictures"))
    page = read(html)
    assert not page.all("link")
    assert not re.search(r"https?://|@import|url\(", html)
    assert all(each.attributes["src"].startswith("data:") for each in page.all("img"))


def test_the_policy_allows_one_style_and_one_script() -> None:
    page = page_of(card())
    (policy,) = [
        each.attributes["content"] for each in page.all("meta") if "http-equiv" in each.attributes
    ]
    for tag in ("style", "script"):
        (element,) = page.all(tag)
        hashed = base64.b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{hashed}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    everything = page.inside
    assert not [each for each in everything if "style" in each.attributes]
    assert not [name for each in everything for name in each.attributes if name.startswith("on")]


NASTY = "\"><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} ' &amp; \x00"


def test_markup_in_any_field_is_escaped() -> None:
    nasty = card(
        NASTY, alt=NASTY, id=NASTY, model=NASTY, note=NASTY, size=NASTY, time=NASTY,
        places=(NASTY,), original=NASTY,
    )  # fmt: skip
    cards = [nasty, GalleryCard("broken", wrong=NASTY), card(model="m")]
    html = "".join(render_gallery(cards, title=NASTY))
    page = read(html)
    assert len(page.all("script")) == 1
    assert len(page.all("img")) == 2
    assert "49" not in page.all("main")[0].text
    assert NASTY in page.all("h1")[0].text
    assert page.all("img")[0].attributes["alt"] == NASTY


@given(st.text(), st.text())
def test_any_text_leaves_the_html_valid(prompt: str, alt: str) -> None:
    prompt, alt = (text.replace("\r", "") for text in (prompt, alt))
    page = page_of(card(prompt, alt=alt))
    assert len(page.all("article")) == 1
    assert page.all("img")[0].attributes["alt"] == alt


def test_without_prompts_the_page_contains_none() -> None:
    secret = "A secret project"
    listed = [
        card(secret), card(secret, alt=None), GalleryCard("new", secret),
        GalleryCard("broken", wrong=f"expected one picture, got '{secret}'"),
        card(secret, state="broken", wrong=f"'{secret}' is damaged", thumbnail=b""),
    ]  # fmt: skip
    html = "".join(render_gallery(listed, title="AI images on this site", prompts=False))
    assert secret not in html
    assert "An alt" in html
    assert html.count("it cannot be shown; the build says why") >= 2
    assert secret in "".join(render_gallery(listed, title="Mine"))


# From a survey to cards


def cards_of(
    *rows: SurveyRow,
    records: tuple[Record, ...] = (),
    thumbnails: Thumbnails | None = None,
    **more: Any,
) -> list[GalleryCard]:
    made = Thumbnails({each.key: THUMBNAIL for each in records}, {})
    return gallery_cards(Survey(rows), records, thumbnails or made, **more)


def test_the_card_of_a_picture_in_stock_has_the_facts_of_its_record() -> None:
    drawn = record(step(), DATA, price=0.03, id="old")
    row = SurveyRow("in stock", "A fox", ("index.md:3",), "fox", drawn.key, "m", "1K", alt="An alt")
    (one,) = cards_of(row, records=(drawn,), original=lambda _: "../my stock/ab.png")
    expected = GalleryCard(
        "in stock", "A fox", "An alt", "fox", "gemini-nano-banana-2.1", "1K", 64, 48, 0.03,
        drawn.time, places=("index.md:3",), thumbnail=THUMBNAIL, family=one.family,
        original="../my%20stock/ab.png", key=drawn.key,
    )  # fmt: skip
    assert one == expected
    assert cards_of(row, records=(drawn,))[0].original == ""


def test_the_card_of_a_drifted_picture_has_its_own_model_and_the_change() -> None:
    drawn = record(step(), DATA)
    row = SurveyRow("drifted", "A fox", key=drawn.key, model="today", note="model a -> today")
    (one,) = cards_of(row, records=(drawn,))
    assert (one.model, one.note) == ("gemini-nano-banana-2.1", "model a -> today")


def test_the_card_of_a_new_picture_has_todays_facts_and_the_earlier_thumbnail() -> None:
    drawn = record(step(), DATA, price=0.5)
    row = SurveyRow("new", "A cat", key=drawn.key, model="today", price=0.03, requests=1)
    (one,) = cards_of(row, records=(drawn,))
    assert (one.model, one.price, one.time, one.family) == ("today", 0.03, "", "")
    assert one.note == "an earlier picture of this name is shown instead"
    assert one.thumbnail == THUMBNAIL


def test_the_card_of_a_damaged_picture_is_broken_and_keeps_its_prompt() -> None:
    drawn = record(step(), DATA)
    row = SurveyRow("in stock", "A fox", key=drawn.key)
    (one,) = cards_of(
        row,
        records=(drawn,),
        thumbnails=Thumbnails({}, {drawn.key: DAMAGE}),
        original=lambda _: "stock/ab.png",
    )
    assert (one.state, one.prompt, one.thumbnail, one.original) == ("broken", "A fox", b"", "")
    assert one.wrong == str(DAMAGE)


def test_a_directive_in_error_is_a_card_without_a_picture() -> None:
    (one,) = cards_of(SurveyRow("broken", "expected a known option, got 'promt'", ("a.md:1", "")))
    assert (one.wrong, one.prompt, one.places, one.drawn) == (
        "expected a known option, got 'promt'", "", ("a.md:1",), False
    )  # fmt: skip


def test_takes_have_one_family_whether_a_page_shows_them_or_not() -> None:
    first, second, third = (record(step(take=take), DATA) for take in (1, 2, 3))
    takes = (first.key, second.key)
    row = SurveyRow("in stock", "A fox", key=first.key, takes=takes)
    new = SurveyRow("new", "A fox", key="f" * 64, take=4, takes=takes)
    orphan = SurveyRow("orphaned", "A fox", key=third.key)
    found = cards_of(row, new, orphan, records=(first, second, third))
    assert {(one.state, one.take) for one in found} == {
        ("in stock", 1), ("spare", 2), ("new", 4), ("orphaned", 3)
    }  # fmt: skip
    assert len({one.family for one in found}) == 1
    assert found[0].family


def test_different_requests_have_different_families() -> None:
    records = (record(step("a"), DATA), record(step("b"), DATA))
    found = cards_of(
        *(SurveyRow("in stock", "x", key=each.key) for each in records), records=records
    )
    assert len({one.family for one in found}) == 2


def test_one_picture_under_two_names_is_one_card() -> None:
    drawn = record(step(), DATA)
    rows = [SurveyRow("in stock", "A fox", (place,), id, drawn.key)
            for id, place in (("b", "b.md:1"), ("", "a.md:2"), ("a", "b.md:1"))]  # fmt: skip
    (one,) = cards_of(*rows, records=(drawn,))
    assert (one.id, one.places) == ("b, a", ("a.md:2", "b.md:1"))


def test_cards_are_sorted_by_state_page_and_line() -> None:
    rows = [
        SurveyRow("in stock", "late", ("a.md:40",), key="1"),
        SurveyRow("in stock", "dark", ("a.md:8",), key="2", note="for dark pages"),
        SurveyRow("in stock", "soon", ("a.md:8",), key="3"),
        SurveyRow("orphaned", "lost", key="4"),
        SurveyRow("in stock", "elsewhere", ("b.md",), key="5"),
        SurveyRow("broken", "wrong", ("z.md:1",)),
    ]
    assert [one.prompt for one in cards_of(*rows)] == [
        "", "soon", "dark", "late", "elsewhere", "lost"
    ]  # fmt: skip


def test_a_card_has_its_named_file_and_says_adopted() -> None:
    drawn = record(step(), DATA, id="file:images/fox.webp", origin="adopted")
    (one,) = cards_of(SurveyRow("orphaned", "A fox", key=drawn.key), records=(drawn,))
    assert (one.id, one.note) == ("images/fox.webp", "adopted")


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("C:\\site", "gemini-images"),
        ("C:\\site\\out\\deep", "../../gemini-images"),
        ("C:\\Users\\ann", "../../site/gemini-images"),
        ("D:\\out", "file:///C:/site/gemini-images"),
        ("\\\\server\\share\\out", "file:///C:/site/gemini-images"),
    ],
)
def test_the_stock_has_an_address_from_a_page_in_any_folder_of_windows(
    page: str, address: str
) -> None:
    folder = PureWindowsPath("C:\\site\\gemini-images")
    assert file_address(folder, PureWindowsPath(page), path=ntpath) == address


def test_a_stock_on_a_shared_folder_of_windows_has_an_address() -> None:
    folder = PureWindowsPath("\\\\server\\my share\\site\\stock")
    assert file_address(folder, PureWindowsPath("C:\\out"), path=ntpath) == (
        "file://server/my%20share/site/stock"
    )
    page = PureWindowsPath("\\\\server\\my share\\out")
    assert file_address(folder, page, path=ntpath) == "../site/stock"


def test_an_address_on_another_drive_is_a_link_as_it_is() -> None:
    drawn = record(step(), DATA)
    row = SurveyRow("in stock", "A fox", key=drawn.key)
    file = PureWindowsPath("C:\\my stock\\ab.png")
    address = file_address(file, PureWindowsPath("D:\\"), path=ntpath)
    (card,) = cards_of(row, records=(drawn,), original=lambda _: address)
    assert card.original == "file:///C:/my%20stock/ab.png"


def test_the_languages_of_a_picture_are_one_group() -> None:
    cards = cards_of(
        SurveyRow("new", "German", ("a.de.md:1",), key="g", made_from="e"),
        SurveyRow("new", "other", ("b.md:1",), key="o"),
        SurveyRow("new", "English", ("c.md:9",), key="e"),
    )
    html = "".join(render_gallery(cards, title="Pictures"))
    assert html.count('<li class="takes">') == 1
    assert html.index(">English<") < html.index(">German<") < html.index(">other<")


def test_a_picture_in_a_batch_is_neither_drawn_nor_missing() -> None:
    page = page_of(card(state="in batch"), card(state="new", price=0.04))
    states = [words(each.all("p", "state")[0]) for each in articles(page)]
    assert states == ["In batch", "Not drawn"]
    assert facts(page)["to draw, about $0.04"] == "1"
