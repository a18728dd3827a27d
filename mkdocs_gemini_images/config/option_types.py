"""Option types that MkDocs does not have, as subclasses of its own.

Each takes a value as YAML or `!ENV` left it and returns it in the form that the rest of the package
uses. Each raises MkDocs' `ValidationError` for anything else. Numbers are taken only as what they
are: text and booleans are no numbers, and a number with a fraction is no whole number. YAML 1.1
reads `16:9` as 969 and `512` as a number; both are undone here.
"""

import sys
from typing import Literal

from mkdocs.config import config_options as c
from mkdocs.config.base import ValidationError

from mkdocs_gemini_images.core.diagnostics import did_you_mean
from mkdocs_gemini_images.models.dimensions import RATIOS, SIZES, canonical_ratio, canonical_size


class Boolean(c.OptionallyRequired[bool]):
    """A boolean, also as 0 or 1: with CI=1, `!ENV [CI, false]` gives a number."""

    def run_validation(self, value: object) -> bool:
        """Return the boolean."""
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise ValidationError(f"expected true or false, got {value!r}: write one of them")


class Number(c.OptionallyRequired[float]):
    """A finite number from `minimum`, with or without a fraction."""

    def __init__(self, default: float | None = None, *, minimum: float = 0.0) -> None:
        super().__init__(default=default)
        self.minimum = minimum

    def run_validation(self, value: object) -> float:
        """Return the number."""
        return float(_finite(value, self.minimum))


class Integer(c.OptionallyRequired[int]):
    """A whole number from `minimum`, written without a decimal point: `2.0` is refused as `2.9` is.

    A float is never rounded, since a limit of 0.5 would become one of 0.
    """

    def __init__(self, default: int | None = None, *, minimum: int = 0) -> None:
        super().__init__(default=default)
        self.minimum = minimum

    def run_validation(self, value: object) -> int:
        """Return the number."""
        number = _finite(value, self.minimum)
        if isinstance(number, int):
            return number
        expected = f"a whole number from {self.minimum}"
        raise ValidationError(f"expected {expected}, got {value!r}: leave out the fraction")


class AspectRatio(c.OptionallyRequired[str]):
    """An aspect ratio of the API, also after YAML 1.1 has read `16:9` as the number 969."""

    def run_validation(self, value: object) -> str:
        """Return the ratio as `width:height`."""
        ratio = canonical_ratio(value)
        if ratio in RATIOS:
            return ratio
        fix = did_you_mean(ratio, RATIOS)
        raise ValidationError(f"expected an aspect ratio, got {value!r}: {fix}")


class ImageSize(c.OptionallyRequired[str]):
    """An image size of the API; `512` may arrive as a number."""

    def run_validation(self, value: object) -> str:
        """Return the size as the author wrote it, in capitals."""
        size = str(value).strip().upper()
        if canonical_size(size) in SIZES:
            return size
        fix = did_you_mean(size, SIZES)
        raise ValidationError(f"expected a size, got {value!r}: {fix}")


class GalleryMode(c.OptionallyRequired[bool | Literal["prompts"]]):
    """Whether the site has a gallery page: `true`, `false`, or `prompts` for one with prompts."""

    def run_validation(self, value: object) -> bool | Literal["prompts"]:
        """Return the boolean, or `prompts`."""
        if value == "prompts":
            return "prompts"
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise ValidationError(f"expected true, false or prompts, got {value!r}: write one of them")


class LocalizedText(c.OptionallyRequired[str | dict[str, str]]):
    """A text for all pages, or one per language by its code."""

    def run_validation(self, value: object) -> str | dict[str, str]:
        """Return the text or the mapping; YAML 1.1 has read Norwegian's code, `no`, as false."""
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and value:
            texts = {"no" if code is False else str(code): text for code, text in value.items()}
            if all(isinstance(text, str) for text in texts.values()):
                return texts
        fix = "write it like { en: AI-generated, fr: Généré par IA }"
        raise ValidationError(f"expected words, or language: words, got {value!r}: {fix}")


def is_finite_number(value: object, minimum: float = 0.0) -> bool:
    """Return whether a value is a number from `minimum` that a float can hold.

    A boolean, a text, NaN and infinity are none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return minimum <= value <= sys.float_info.max


def _finite(value: object, minimum: float) -> int | float:
    if isinstance(value, int | float) and is_finite_number(value, minimum):
        return value
    raise ValidationError(f"expected a number from {minimum:g}, got {value!r}: mend it")
