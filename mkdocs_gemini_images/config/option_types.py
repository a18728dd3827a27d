"""Option types that MkDocs does not have, as subclasses of its own.

Each takes a value as YAML or `!ENV` left it, returns it in the form that the rest of the package
uses, and raises MkDocs' `ValidationError` for anything else. Numbers are never converted: text and
booleans are no numbers, and a number with a fraction is no whole number. YAML 1.1 reads `16:9` as
969 and `512` as a number; both are undone here.
"""

import math
from typing import Literal, TypeGuard

from mkdocs.config import config_options as c
from mkdocs.config.base import ValidationError

from mkdocs_gemini_images.core.diagnostics import did_you_mean
from mkdocs_gemini_images.models.dimensions import RATIOS, SIZES, canonical_ratio, canonical_size

MAX_NUMBER = 1_000_000_000
"""No option has a use for more; a larger number is a typing error, and overflows timers."""


class Boolean(c.OptionallyRequired[bool]):
    """A boolean, also as 0 or 1: with CI=1, `!ENV [CI, false]` gives a number."""

    def run_validation(self, value: object) -> bool:
        """Return the boolean."""
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise ValidationError(f"expected true or false, got {value!r}: write one of them")


class Number(c.OptionallyRequired[float]):
    """A finite number from `minimum` to `MAX_NUMBER`, with or without a fraction."""

    def __init__(self, default: float | None = None, *, minimum: float = 0.0) -> None:
        super().__init__(default=default)
        self.minimum = minimum

    def run_validation(self, value: object) -> float:
        """Return the number as a float."""
        return float(_number(value, self.minimum))


class Integer(c.OptionallyRequired[int]):
    """A whole number from `minimum` to `MAX_NUMBER`; `2.0` is one, `2.9` is not.

    A fraction is never cut off, since a limit of 0.5 would become one of 0.
    """

    def __init__(self, default: int | None = None, *, minimum: int = 0) -> None:
        super().__init__(default=default)
        self.minimum = minimum

    def run_validation(self, value: object) -> int:
        """Return the number as an int."""
        number = _number(value, self.minimum)
        if number != int(number):
            expected = f"a whole number from {self.minimum}"
            raise ValidationError(f"expected {expected}, got {value!r}: leave out the fraction")
        return int(number)


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


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value is a number up to `MAX_NUMBER`: no boolean, text, NaN or infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value <= MAX_NUMBER


def _number(value: object, minimum: float) -> int | float:
    """Return `value` if it is a number in its limits; else raise `ValidationError`."""
    if is_number(value) and value >= minimum:
        return value
    if isinstance(value, int | float) and MAX_NUMBER < value < math.inf:
        expected = f"a number up to {MAX_NUMBER:,}"
        # Python does not write integers of thousands of digits.
        raise ValidationError(f"expected {expected}, got a larger one: mend it")
    raise ValidationError(f"expected a number from {minimum:g}, got {value!r}: mend it")
