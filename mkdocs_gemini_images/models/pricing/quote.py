"""A quote: what requests cost, item by item, as expected and at most. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from mkdocs_gemini_images.models.pricing.amounts import NANOS_PER_USD, Amounts, Item, Nanos, summed

BATCH = Fraction(1, 2)
"""What a request in a batch costs of one that is answered at once (API reference, "Prices")."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What requests cost, in nano-dollars by item: as expected, and at most."""

    items: Amounts = field(default_factory=dict)
    """As expected."""
    most: Amounts = field(default_factory=dict)
    """At most."""

    @property
    def expected(self) -> Nanos:
        """The sum of what is expected."""
        return sum(self.items.values())

    @property
    def at_most(self) -> Nanos:
        """The sum of what each item is at most."""
        return sum(self.most.values())

    @property
    def usd(self) -> float:
        """What is expected, in USD."""
        return sum(self.items.values()) / NANOS_PER_USD

    @property
    def usd_at_most(self) -> float:
        """What it is at most, in USD."""
        return sum(self.most.values()) / NANOS_PER_USD

    def __add__(self, other: "Quote") -> "Quote":
        return Quote(summed((self.items, other.items)), summed((self.most, other.most)))

    def times(self, factor: Fraction) -> "Quote":
        """Return the quote times a factor, such as `BATCH`, each item rounded up."""

        def scaled(amounts: Amounts) -> Mapping[Item, Nanos]:
            return {
                item: -(-amount * factor.numerator // factor.denominator)
                for item, amount in amounts.items()
            }

        return Quote(scaled(self.items), scaled(self.most))


def total(quotes: Iterable[Quote | None]) -> Quote:
    """Return the sum of quotes; an unknown one counts as nothing."""
    known = [each for each in quotes if each is not None]
    return Quote(summed(each.items for each in known), summed(each.most for each in known))
