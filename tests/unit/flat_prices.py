"""Prices of a gateway that bills by the picture: nothing else is counted."""

from mkdocs_gemini_images.models.pricing.amounts import nanos
from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices


def flat(usd: float | None) -> ItemPrices | None:
    """Return prices with which a request costs so many USD, expected and at most."""
    return None if usd is None else ItemPrices(nanos(usd))
