"""The limits on what a build, a command or a session of the live preview may buy."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices

MAX_TAKES = 20
"""How many takes of one picture a command draws, and a live preview looks for, at most."""

Prices = Mapping[str, Mapping[str, float]]


class SpendingLimits(NamedTuple):
    """How much may be bought. A `free` build, which the emulator serves, has no limits."""

    max_new: int = 10
    budget: float = 2.0
    """USD."""
    prices: Prices = MappingProxyType({})
    """USD by model, and by size or item, from the options; they replace those of the table."""
    counted: bool = False
    """Whether the option `max_new` is set: then a model without a known price may be used."""
    free: bool = False
    batch: bool = False
    """Whether requests are sent in batch jobs, where everything costs half."""
    sent: int = 0
    """Requests that the same command or session has sent so far."""
    spent: float = 0.0
    """USD that the same command or session has spent so far."""

    def prices_of(self, model: str, size: str) -> "ItemPrices | None":
        """Return the prices of a request, or None if no price of its picture is known.

        A price in the options comes before that of the table of models.
        """
        from mkdocs_gemini_images.models.pricing.item_prices import FREE, item_prices
        from mkdocs_gemini_images.models.pricing.quote import BATCH

        if self.free:
            return FREE
        found = item_prices(model, size, self.prices.get(model, {}))
        return found.times(BATCH) if found is not None and self.batch else found
