"""The prices of a request as plain JSON, which a later build reads: it is untrusted."""

from typing import Any

import pytest

from mkdocs_gemini_images.models.catalogue import MODELS
from mkdocs_gemini_images.models.pricing.item_prices import item_prices, read_item_prices


@pytest.mark.parametrize("model", MODELS)
def test_prices_are_read_as_they_were_written(model: str) -> None:
    prices = item_prices(model, "1K", {})
    assert prices is not None
    assert read_item_prices(prices.as_json()) == prices


@pytest.mark.parametrize(
    "value",
    [None, [], {}, {"picture": 0.5}, {"picture": -1}, {"picture": True}, {"picture": 10**24},
     {"picture": 1, "picture_tokens": "9"}, {"picture": 1, "fox": 2}],
)  # fmt: skip
def test_what_is_no_price_list_is_none(value: Any) -> None:
    assert read_item_prices(value) is None
