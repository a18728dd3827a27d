"""Option types that MkDocs does not have, as subclasses of its own.

Each takes a value as YAML or `!ENV` left it, returns it in the form that the rest of the package
uses, and raises MkDocs' `ValidationError` for anything else. Numbers are never converted: text and
booleans are no numbers, and a number with a fraction is no whole number. YAML 1.1 reads `16:9` as
969 and `512` as a number; both are undone here.
"""

import math
from typing import Literal, TypeGuard, TypeVar

from mkdocs.config import config_options as c
from mkdocs.config.base import ValidationError

from mkdocs_gemini_images.core.diagnostics import did_you_mean
from mkdocs_gemini_images.core.plain_values import plain_text, shown
from mkdocs_gemini_images.models.dimensions import (
    AUTO,
    RATIOS,
    SIZES,
    canonical_ratio,
    canonical_size,
)

T = TypeVar("T")

MAX_NUMBER = 1_000_000_000
"""No option has a use for more; a larger number is a typing error, and overflows timers."""


class Boolean(c.OptionallyRequired[bool]):
    """A boolean, also as 0 or 1: with CI=1, `!ENV [CI, false]` gives a number."""

    def run_validation(self, value: object) -> bool:
        """Return the boolean."""
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise ValidationError(f"expected true or false, got {shown(value)}: write one of them")


class Number(c.OptionallyRequired[float]):
    """A finite number from `minimum` to `maximum`, with or without a fraction."""

    def __init__(
        self, default: float | None = None, *, minimum: float = 0.0, maximum: float = MAX_NUMBER
    ) -> None:
        super().__init__(default=default)
        self.minimum = minimum
        self.maximum = maximum

    def run_validation(self, value: object) -> float:
        """Return the number as a float."""
        return float(_number(value, self.minimum, self.maximum))


class Integer(c.OptionallyRequired[int]):
    """A whole number from `minimum` to `maximum`; `2.0` is one, `2.9` is not.

    A fraction is never cut off, since a limit of 0.5 would become one of 0.
    """

    def __init__(
        self, default: int | None = None, *, minimum: int = 0, maximum: int = MAX_NUMBER
    ) -> None:
        super().__init__(default=default)
        self.minimum = minimum
        self.maximum = maximum

    def run_validation(self, value: object) -> int:
        """Return the number as an int."""
        number = _number(value, self.minimum, self.maximum)
        if number != int(number):
            expected = f"a whole number from {self.minimum}"
            raise ValidationError(
                f"expected {expected}, got {shown(value)}: leave out the fraction"
            )
        return int(number)


class Choice(c.Choice[T]):
    """One of several words."""

    def run_validation(self, value: object) -> T:
        """Return the word."""
        if isinstance(value, str) and value in self.choices:
            return super().run_validation(value)
        raise ValidationError(f"Expected one of: {self.choices} but received: {shown(value)}")


class AspectRatio(c.OptionallyRequired[str]):
    """An aspect ratio of the API or `auto`, also where YAML 1.1 has read `16:9` as 969."""

    def run_validation(self, value: object) -> str:
        """Return the ratio as `width:height`, or `auto`."""
        ratio = canonical_ratio(value)
        if ratio in (*RATIOS, AUTO):
            return ratio
        fix = did_you_mean(ratio, (*RATIOS, AUTO))
        raise ValidationError(f"expected an aspect ratio, got {shown(value)}: {fix}")


class ImageSize(c.OptionallyRequired[str]):
    """An image size of the API; `512` may arrive as a number."""

    def run_validation(self, value: object) -> str:
        """Return the size as the author wrote it, in capitals."""
        size = plain_text(value).strip().upper()
        if canonical_size(size) in SIZES:
            return size
        fix = did_you_mean(size, SIZES)
        raise ValidationError(f"expected a size, got {shown(value)}: {fix}")


class GalleryMode(c.OptionallyRequired[bool | Literal["prompts"]]):
    """Whether the site has a gallery page: `true`, `false`, or `prompts` for one with prompts."""

    def run_validation(self, value: object) -> bool | Literal["prompts"]:
        """Return the boolean, or `prompts`."""
        if value == "prompts":
            return "prompts"
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise ValidationError(
            f"expected true, false or prompts, got {shown(value)}: write one of them"
        )


class LocalizedText(c.OptionallyRequired[str | dict[str, str]]):
    """A text for all pages, or one per language by its code."""

    def run_validation(self, value: object) -> str | dict[str, str]:
        """Return the text or the mapping; YAML 1.1 has read Norwegian's code, `no`, as false."""
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and value:
            texts = {
                "no" if code is False else plain_text(code): text for code, text in value.items()
            }
            if all(isinstance(text, str) for text in texts.values()):
                return texts
        fix = "write it like { en: AI-generated, fr: Généré par IA }"
        raise ValidationError(f"expected words, or language: words, got {shown(value)}: {fix}")


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value is a number up to `MAX_NUMBER`: no boolean, text, NaN or infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value <= MAX_NUMBER


def _number(value: object, minimum: float, maximum: float) -> int | float:
    """Return `value` if it is a number in its limits; else raise `ValidationError`."""
    if is_number(value) and minimum <= value <= maximum:
        return value + 0  # there is no zero below zero
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and maximum < value < math.inf
    ):
        expected = f"a number up to {maximum:,}"
        raise ValidationError(f"expected {expected}, got {shown(value)}: mend it")
    raise ValidationError(f"expected a number from {minimum:g}, got {shown(value)}: mend it")
