"""Counts the tokens of an answer, prices them and writes `usageMetadata`.

Counts go in, USD and JSON come out (API reference, "Cost formula" and "Response JSON").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mkdocs_gemini_images.models.catalogue import Rates

INPUT_IMAGE_TOKENS = 560


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """The tokens of one answer."""

    input_text: int
    input_images: int
    output_images: int = 0
    output_text: int = 0
    thoughts: int = 0
    repeats_thoughts: bool = False
    """Whether the thoughts are repeated as output, as the API does in a refusal."""

    @property
    def prompt(self) -> int:
        """All input tokens."""
        return self.input_text + self.input_images

    @property
    def candidates(self) -> int:
        """All output tokens apart from the thoughts."""
        return self.thoughts if self.repeats_thoughts else self.output_images + self.output_text

    @property
    def total(self) -> int:
        """The value of `totalTokenCount`, which counts repeated thoughts once."""
        return self.prompt + self.thoughts + (0 if self.repeats_thoughts else self.candidates)

    def bill(self, rates: Rates) -> Mapping[str, Decimal]:
        """Return the exact price in USD of each kind of token."""
        text = self.thoughts if self.repeats_thoughts else self.output_text + self.thoughts
        million = Decimal(10**6)
        amounts = {
            "picture": self.output_images * _exact(rates.image) / million,
            "input_picture": self.input_images * _exact(rates.input) / million,
            "text_in": self.input_text * _exact(rates.input) / million,
            "text_out": text * _exact(rates.text) / million,
        }
        return {name: usd for name, usd in amounts.items() if usd}

    def as_json(self) -> dict[str, Any]:
        """Return `usageMetadata`."""
        details = [{"modality": "TEXT", "tokenCount": self.input_text}]
        if self.input_images:
            details.append({"modality": "IMAGE", "tokenCount": self.input_images})
        metadata: dict[str, Any] = {"promptTokenCount": self.prompt}
        if self.candidates:
            metadata["candidatesTokenCount"] = self.candidates
        metadata |= {"totalTokenCount": self.total, "promptTokensDetails": details}
        if self.output_images:
            metadata["candidatesTokensDetails"] = [
                {"modality": "IMAGE", "tokenCount": self.output_images}
            ]
        if self.thoughts:
            metadata["thoughtsTokenCount"] = self.thoughts
        return metadata


def _exact(rate: float) -> Decimal:
    return Decimal(str(rate))


def estimate_tokens(text: str) -> int:
    """Return the tokens of a text, estimated at four characters each."""
    return -(-len(text) // 4)
