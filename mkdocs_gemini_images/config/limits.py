"""How much a build may spend, as the site's owner decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mkdocs_gemini_images.models import catalogue

MAX_TAKES = 20
"""How many takes of one picture a command draws, and a live preview looks for, at most."""

Prices = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class SpendingLimits:
    """How much one build may buy; `free` builds (the emulator's) have no walls."""

    max_new: int = 10
    budget: float = 2.0
    """USD."""
    prices: Prices = field(default_factory=dict)
    """USD by model and size, where the owner knows better than the table."""
    counted: bool = False
    """Whether the owner wrote `max_new`: then a model without a price may draw."""
    free: bool = False
    sent: int = 0
    """Requests that the same command has sent before."""
    spent: float = 0.0
    """USD that the same command has spent before."""

    def price(self, model: str, size: str) -> float | None:
        """Return the price of one picture in USD, or None where no price is known.

        The owner's figure comes before the table's.
        """
        if self.free:
            return 0.0
        own = self.prices.get(model, {}).get(size)
        return catalogue.price(model, size) if own is None else own
