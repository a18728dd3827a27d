"""The items of an answer as billed: the tokens that it reports, at the prices of its request.

Counts go in; nano-dollars by item come out (API reference, "Cost formula"). Pure.
"""

from dataclasses import dataclass

from mkdocs_gemini_images.models.pricing.amounts import Item, Nanos, of_tokens, part
from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices


@dataclass(frozen=True, slots=True)
class Counts:
    """What an answer reports: tokens by modality, and how many searches were made for it."""

    picture: int = 0
    """Tokens of pictures in the answer."""
    input_picture: int = 0
    """Tokens of pictures that were sent, those of earlier turns among them."""
    text_in: int = 0
    text_out: int = 0
    """Tokens of thinking and text."""
    searches: int = 0


def bill(counts: Counts, prices: ItemPrices) -> dict[Item, Nanos]:
    """Return what an answer costs, by item; items that cost nothing are left out.

    Where the prices do not say how many tokens a picture has, as for a model that is not in the
    table, one picture is billed.
    """
    picture = prices.picture if counts.picture else 0
    if prices.picture_tokens:
        picture = part(counts.picture * prices.picture, prices.picture_tokens)
    input_picture = of_tokens(counts.input_picture, prices.text_in)
    if prices.input_tokens:
        input_picture = part(counts.input_picture * prices.input_picture, prices.input_tokens)
    items: dict[Item, Nanos] = {
        "picture": picture,
        "input_picture": input_picture,
        "text_in": of_tokens(counts.text_in, prices.text_in),
        "text_out": of_tokens(counts.text_out, prices.text_out),
        "search": counts.searches * prices.search,
    }
    return {item: amount for item, amount in items.items() if amount}
