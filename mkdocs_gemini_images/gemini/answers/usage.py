"""The tokens that an answer reports, and what they cost. Pure."""

from dataclasses import dataclass

from mkdocs_gemini_images.models.catalogue import MODELS


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that an answer reports; the price follows from them and the model's rates."""

    prompt: int = 0
    candidates: int = 0
    thoughts: int = 0
    image: int = 0

    def price(self, model: str) -> float | None:
        """Return USD by the API reference's cost formula, or None where it cannot be computed."""
        return self._by_rates(model) if self.image else None

    def price_without_picture(self, model: str) -> float | None:
        """Return USD for an answer that holds no picture, or None where it cannot be computed.

        An answer without any output is not billed.
        """
        return self._by_rates(model) if self.has_output else 0.0

    @property
    def has_output(self) -> bool:
        """Whether the model has made anything."""
        return any((self.candidates, self.thoughts, self.image))

    def _by_rates(self, model: str) -> float | None:
        known = MODELS.get(model)
        if known is None:
            return None
        text = max(self.candidates - self.image, 0) + self.thoughts
        rates = known.rates
        total = self.image * rates.image + text * rates.text + self.prompt * rates.input
        return total / 1e6
