"""The cards of a site's gallery, for pictures in every state."""

from mkdocs_gemini_images.reports.contact_sheet import GalleryCard


def of(cards: list[GalleryCard], prompt: str) -> list[GalleryCard]:
    found = [card for card in cards if card.prompt == prompt]
    return sorted(found, key=lambda card: (card.take, card.note))


def test_every_state_of_a_site_is_on_a_card(cards: list[GalleryCard]) -> None:
    assert {card.state for card in cards} == {
        "in stock", "spare", "drifted", "orphaned", "new", "broken"
    }  # fmt: skip


def test_a_picture_of_two_pages_is_one_card_with_both_places(cards: list[GalleryCard]) -> None:
    (fox,) = of(cards, "A fox")
    assert (fox.state, fox.id, fox.alt) == ("in stock", "fox", "A fox in the snow")
    assert fox.places == ("guide/more.md:2", "index.md:2")
    assert (fox.width, fox.height, fox.price) == (1376, 768, 0.0)
    assert fox.thumbnail.startswith(b"RIFF")
    assert fox.original.startswith("stock/")
    assert fox.time


def test_takes_have_one_family_on_a_page_or_not(cards: list[GalleryCard]) -> None:
    herons = of(cards, "A heron")
    assert [(card.take, card.state) for card in herons] == [
        (1, "in stock"), (2, "spare"), (3, "in stock")
    ]  # fmt: skip
    assert len({card.family for card in herons}) == 1
    assert herons[0].family != of(cards, "A fox")[0].family


def test_drifted_orphaned_and_dark_pictures_have_their_notes(cards: list[GalleryCard]) -> None:
    assert [(card.state, card.note) for card in of(cards, "A boat")] == [
        ("drifted", "the preset's words changed")
    ]  # fmt: skip
    assert [card.state for card in of(cards, "A lost teapot")] == ["orphaned"]
    assert [card.note for card in of(cards, "A castle")] == ["", "for dark pages"]
    assert [card.alt for card in of(cards, "A castle")] == ["", ""]


def test_missing_and_broken_pictures_have_cards(cards: list[GalleryCard]) -> None:
    (whale,) = of(cards, "A <b>whale</b>")
    assert (whale.state, whale.alt, whale.thumbnail) == ("new", 'A "whale" & calf', b"")
    (city,) = of(cards, "A city")
    assert (city.state, city.thumbnail) == ("broken", b"")
    assert "has other bytes than were drawn" in city.wrong
    assert any("sise" in card.wrong for card in cards)
