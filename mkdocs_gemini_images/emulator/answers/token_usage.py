"""Counts the tokens of an answer, prices them and writes `usageMetadata`.

Counts go in, USD and JSON come out (API reference, "Cost formula" and "Response JSON"). How much a
model thinks and writes varies from request to request, around the figures that were measured; the
same request always has the same counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mkdocs_gemini_images.models.catalogue import Rates

_TEXT_BESIDE_PICTURE = 88
_TEXT_AFTER_THINKING = 32
_OF_PRO = (225, 359)
"""Tokens of thinking (50 to 400) and of text beside a picture (88 to 630) of 3 Pro, on average."""
_THOUGHTS = {"HIGH": 889, "XHIGH": 889}
_USUAL_THOUGHTS = 424
"""Tokens of thinking of a plain request to Nano Banana 2.1."""
_FLASH_THOUGHTS = 750
"""Of a request to 3.1 Flash with thinkingLevel HIGH: 700 to 800."""


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """The tokens of one answer."""

    input_text: int
    input_images: int
    output_images: int = 0
    output_text: int = 0
    thoughts: int = 0
    searches: int = 0
    """Queries of Google Search."""
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
        """Return the exact price in USD of each kind of token, and of the searches."""
        text = self.thoughts if self.repeats_thoughts else self.output_text + self.thoughts
        million = Decimal(10**6)
        amounts = {
            "picture": self.output_images * _exact(rates.image) / million,
            "input_picture": self.input_images * _exact(rates.input) / million,
            "text_in": self.input_text * _exact(rates.input) / million,
            "text_out": text * _exact(rates.text) / million,
            "search": self.searches * _exact(rates.search),
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
            made = [{"modality": "IMAGE", "tokenCount": self.output_images}]
            if self.output_text:
                made.append({"modality": "TEXT", "tokenCount": self.output_text})
            metadata["candidatesTokensDetails"] = made
        if self.thoughts:
            metadata["thoughtsTokenCount"] = self.thoughts
        return metadata


def _exact(rate: float) -> Decimal:
    return Decimal(str(rate))


def estimate_tokens(text: str) -> int:
    """Return the tokens of a text, estimated at four characters each, two of other alphabets."""
    plain = sum(character.isascii() for character in text)
    return -(-plain // 4) + -(-(len(text) - plain) // 2)


def thought_tokens(model: str, level: str, digest: str) -> int:
    """Return the tokens of thinking of one request; `digest` is that of the request, in hex."""
    if "3-pro" in model:
        usual = _OF_PRO[0]
    elif "3.1-flash" in model:
        usual = _FLASH_THOUGHTS
    else:
        usual = _THOUGHTS.get(level, _USUAL_THOUGHTS)
    return _varied(usual, digest[:8])


def text_beside_picture(model: str, thinks: bool, digest: str) -> int:
    """Return the tokens of text that are counted beside a picture and its words."""
    if "3-pro" in model:
        return _varied(_OF_PRO[1], digest[8:16])
    return _TEXT_AFTER_THINKING if thinks else _TEXT_BESIDE_PICTURE


def _varied(usual: int, digits: str) -> int:
    """Return a number from half of the usual one to one and a half of it."""
    return usual // 2 + int(digits, 16) % (usual + 1)
