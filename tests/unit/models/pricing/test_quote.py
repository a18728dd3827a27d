"""What one request is quoted with: each item as expected and at most."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.models.catalogue import DEFAULT_MODEL, MODELS
from mkdocs_gemini_images.models.pricing.amounts import Amounts, nanos
from mkdocs_gemini_images.models.pricing.bill import Counts, bill
from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices, item_prices
from mkdocs_gemini_images.models.pricing.quote import (
    BATCH,
    MOST_SEARCHES,
    MOST_TEXT_OUT,
    MOST_TEXT_OUT_HIGH,
    Quote,
    Sending,
    Text,
    quote,
    sent_text,
    total,
)

PLAIN = Sending(DEFAULT_MODEL, sent_text("A fox in the snow"))
FOUND = item_prices(DEFAULT_MODEL, "1K", {})
assert FOUND is not None
PRICES = FOUND


def items(sending: Sending) -> Amounts:
    return quote(sending, PRICES).items


def test_a_plain_request_thinks_for_a_tenth_of_its_picture() -> None:
    found = items(PLAIN)
    assert found["picture"] == nanos(0.0336)
    assert found["text_out"] == pytest.approx(0.1 * nanos(0.0336), rel=0.05)
    assert found.keys() == {"picture", "text_in", "text_out"}


def test_fourteen_references_cost_seven_tenths_of_a_picture() -> None:
    assert items(replace(PLAIN, pictures=14))["input_picture"] == 14 * nanos(0.00168)


def test_a_search_costs_two_fifths_of_a_picture() -> None:
    asked = quote(replace(PLAIN, searches=1), PRICES)
    assert asked.items["search"] == nanos(0.014)
    assert asked.most["search"] == MOST_SEARCHES * nanos(0.014)


def test_each_edit_sends_the_pictures_before_it_again() -> None:
    edits = [items(replace(PLAIN, turns=turns))["resent"] for turns in range(1, 6)]
    assert sum(edits) == pytest.approx(15 * nanos(0.00168), rel=0.05)


@pytest.mark.parametrize(
    ("change", "tokens"),
    [
        ({}, MOST_TEXT_OUT),
        ({"level": "MINIMAL"}, MOST_TEXT_OUT),
        ({"level": "high"}, MOST_TEXT_OUT_HIGH),
        ({"level": "ENORMOUS"}, MOST_TEXT_OUT_HIGH),
        ({"thinking_budget": 9000}, 10_024),
        ({"max_output": 2000}, 2000),
        ({"thinking_budget": 90_000}, 32_768 - 1120),
    ],
)
def test_thinking_is_bounded_by_what_the_request_allows(
    change: dict[str, int], tokens: int
) -> None:
    asked = quote(replace(PLAIN, **change), PRICES)  # type: ignore[arg-type]
    assert asked.most["text_out"] == tokens * 7500


@pytest.mark.parametrize("model", MODELS)
def test_ten_plain_pictures_stay_within_the_default_budget(model: str) -> None:
    prices = item_prices(model, "1K", {})
    assert prices is not None
    assert quote(Sending(model, Text(250, 1000)), prices).times(BATCH * 20).usd_at_most < 2


SENDINGS = st.builds(
    Sending,
    st.sampled_from([*MODELS, "gemini-9-image"]),
    st.builds(sent_text, st.text(max_size=300)),
    pictures=st.integers(0, 14),
    turns=st.integers(0, 9),
    resent_text=st.builds(sent_text, st.text(max_size=300)),
    resent_pictures=st.integers(0, 14),
    searches=st.integers(0, 2),
    level=st.sampled_from(["", "MINIMAL", "HIGH"]),
    thinking_budget=st.integers(0, 40_000),
    max_output=st.none() | st.integers(0, 40_000),
)


def prices_of(sending: Sending) -> ItemPrices:
    return item_prices(sending.model, "1K", {"1K": 0.05}) or ItemPrices(0)


@given(SENDINGS)
def test_nothing_is_expected_to_cost_more_than_at_most(sending: Sending) -> None:
    found = quote(sending, prices_of(sending))
    assert all(amount <= found.most[item] for item, amount in found.items.items())


@given(st.lists(SENDINGS, max_size=5))
def test_a_sum_of_quotes_is_exact(sendings: list[Sending]) -> None:
    quotes = [quote(each, prices_of(each)) for each in sendings]
    assert total(quotes).expected == sum(each.expected for each in quotes)
    assert sum(quotes, Quote()).at_most == sum(each.at_most for each in quotes)


def test_a_batch_is_half_the_price() -> None:
    whole = quote(PLAIN, PRICES)
    half = quote(PLAIN, PRICES.times(BATCH))
    assert half == whole.times(BATCH)
    assert half.expected == pytest.approx(whole.expected / 2, abs=3)


def test_an_answer_is_billed_by_its_tokens_at_the_same_prices() -> None:
    counts = Counts(picture=1120, input_picture=2240, text_in=20, text_out=465, searches=2)
    assert bill(counts, PRICES) == {
        "picture": nanos(0.0336),
        "input_picture": nanos(0.00336),
        "text_in": 30_000,
        "text_out": nanos(0.0034875),
        "search": nanos(0.028),
    }


def test_own_prices_replace_the_items_that_they_name() -> None:
    own = item_prices(DEFAULT_MODEL, "1K", {"1K": 0.05, "input_picture": 0.01, "search": 0})
    assert own is not None
    sending = replace(PLAIN, pictures=2, searches=1)
    assert quote(sending, own).items["picture"] == nanos(0.05)
    assert quote(sending, own).items["input_picture"] == nanos(0.02)
    assert "search" not in quote(sending, own).items
    assert bill(Counts(picture=1120, input_picture=1120), own) == {
        "picture": nanos(0.05),
        "input_picture": nanos(0.01),
    }


def test_a_model_that_is_not_in_the_table_costs_what_its_owner_says() -> None:
    assert item_prices("gemini-9-image", "1K", {"2K": 0.1}) is None
    own = item_prices("gemini-9-image", "1K", {"1K": 0.1})
    assert own is not None
    assert quote(replace(PLAIN, model="gemini-9-image", pictures=3), own).usd_at_most == 0.1
    assert bill(Counts(picture=4000, text_out=900), own) == {"picture": nanos(0.1)}
