"""The tokens and searches that an answer reports, and what they cost. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_gemini_images.models.pricing.amounts import Amounts, dollars
from mkdocs_gemini_images.models.pricing.bill import Counts, bill
from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices

_MOST_SEARCHES = 1000
"""More searches in one answer are a mistake of the server."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that an answer reports; its bill follows from them and the request's prices."""

    prompt: int = 0
    candidates: int = 0
    thoughts: int = 0
    image: int = 0
    input_image: int = 0
    """Those of `prompt` that stand for pictures."""

    def bill(self, prices: ItemPrices | None, searches: int = 0) -> Amounts | None:
        """Return what an answer with a picture costs, or None where it cannot be computed."""
        if prices is None or not self.image:
            return None
        return bill(self._counts(searches), prices)

    def price_without_picture(
        self, prices: ItemPrices | None, searches: float = 0.0
    ) -> float | None:
        """Return USD for an answer that holds no picture, or None where it cannot be computed.

        An answer without any output is not billed. `searches` are USD for searches, which such an
        answer does not report.
        """
        if not self.has_output:
            return 0.0
        if prices is None:
            return None
        return dollars(sum(bill(self._counts(0), prices).values())) + searches

    @property
    def has_output(self) -> bool:
        """Whether the model has made anything."""
        return any((self.candidates, self.thoughts, self.image))

    @property
    def _text_out(self) -> int:
        """Tokens of thinking and text; a refusal repeats its thoughts as output."""
        if not self.image and self.candidates == self.thoughts:
            return self.thoughts
        return max(self.candidates - self.image, 0) + self.thoughts

    def _counts(self, searches: int) -> Counts:
        input_image = min(self.input_image, self.prompt)
        return Counts(
            picture=self.image,
            input_picture=input_image,
            text_in=self.prompt - input_image,
            text_out=self._text_out,
            searches=searches,
        )


def searches_of(grounding: Mapping[str, Any]) -> int:
    """Return how many queries `groundingMetadata` names: each one is billed."""
    lists = (grounding.get(name) for name in ("webSearchQueries", "imageSearchQueries"))
    return min(sum(len(each) for each in lists if isinstance(each, list)), _MOST_SEARCHES)
