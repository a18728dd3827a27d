"""Option types that MkDocs does not have, as subclasses of its own.

Each takes a value as YAML or `!ENV` left it, returns it in the form that the rest of the package
uses, and raises MkDocs' `ValidationError` for anything else. Numbers are never converted: text and
booleans are no numbers, and a number with a fraction is no whole number. YAML 1.1 reads `16:9` as
969 and `512` as a number; both are undone here.
"""

from typing import Literal, TypeGuard, TypeVar

from mkdocs.config import config_options as c
from mkdocs.config.base import ValidationError

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, near, quoted
from mkdocs_gemini_images.core.plain_values import plain_text, shown
from mkdocs_gemini_images.directives.languages import is_code
from mkdocs_gemini_images.models.catalogue import did_you_mean_ratio
from mkdocs_gemini_images.models.dimensions import (
    AUTO,
    RATIOS,
    SIZES,
    canonical_ratio,
    canonical_size,
)

T = TypeVar("T")

ICON = "icon"
"""The label that is a mark on each picture, in place of words below it."""

MAX_NUMBER = 1_000_000_000
"""No option has a use for more; a larger number is a typing error, and overflows timers."""


class Refused(ValidationError):
    """What is wrong with a value, as the words that follow the name of its option."""

    place = ""
    """What follows the name itself, such as `[0]` for the first item of a list."""


def wrong(what: str, value: object, fix: str = "") -> Refused:
    """Return the error for a value that the option must not have."""
    return Refused(str(Diagnostic.sentence(f"must be {what} (you wrote {shown(value)})", fix)))


def worded(option: object, value: object, error: ValidationError) -> ValidationError:
    """Return an error that names a type in words where MkDocs names a class of Python."""
    names = {str: "text", int: "a whole number", dict: "a mapping"}
    if isinstance(option, c.Type) and option._type in names:
        return wrong(names[option._type], value)
    return error


class Boolean(c.OptionallyRequired[bool]):
    """A boolean, also as 0 or 1: with CI=1, `!ENV [CI, false]` gives a number."""

    def run_validation(self, value: object) -> bool:
        """Return the boolean."""
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise wrong("true or false", value)


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
        if is_number(value) and self.minimum <= value <= self.maximum:
            return float(value + 0)  # there is no zero below zero
        raise wrong(f"a number{_limits(value, self.minimum, self.maximum)}", value)


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
        if is_number(value) and self.minimum <= value <= self.maximum and value == int(value):
            return int(value)
        raise wrong(f"a whole number{_limits(value, self.minimum, self.maximum)}", value)


class Choice(c.Choice[T]):
    """One of several words."""

    def run_validation(self, value: object) -> T:
        """Return the word."""
        if isinstance(value, str) and value in self.choices:
            return super().run_validation(value)
        names = [str(each) for each in self.choices]
        nearest = near(plain_text(value), names)
        fix = f"did you mean '{nearest}'?" if nearest else ""
        raise wrong(f"{', '.join(names[:-1])} or {names[-1]}", value, fix)


class AspectRatio(c.OptionallyRequired[str]):
    """An aspect ratio of the API or `auto`, also where YAML 1.1 has read `16:9` as 969."""

    def run_validation(self, value: object) -> str:
        """Return the ratio as `width:height`, or `auto`."""
        ratio = canonical_ratio(value)
        if ratio in (*RATIOS, AUTO):
            return ratio
        if isinstance(value, int) and 0 < value < 6000:
            ratio = value = f"{value // 60}:{value % 60}"  # as its author has typed it
        raise wrong("an aspect ratio", value, did_you_mean_ratio(ratio, (*RATIOS, AUTO)))


class ImageSize(c.OptionallyRequired[str]):
    """An image size of the API; `512` may arrive as a number."""

    def run_validation(self, value: object) -> str:
        """Return the size as the author wrote it, in capitals."""
        size = plain_text(value).strip().upper()
        if canonical_size(size) in SIZES:
            return size
        raise wrong("a size", value, did_you_mean(size, SIZES))


class GalleryMode(c.OptionallyRequired[bool | Literal["prompts"]]):
    """Whether the site has a gallery page: `true`, `false`, or `prompts` for one with prompts."""

    def run_validation(self, value: object) -> bool | Literal["prompts"]:
        """Return the boolean, or `prompts`."""
        if value == "prompts":
            return "prompts"
        if isinstance(value, bool) or value in (0, 1):
            return bool(value)
        raise wrong("true, false or prompts", value)


class LocalizedText(c.OptionallyRequired[str | dict[str, str]]):
    """A text for all pages, or one per language by its code."""

    like = "write it like { de: Translate the words into German }"
    """What to write, for messages."""

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
        raise wrong("words, or words by language", value, self.like)


class Label(LocalizedText):
    """The words below pictures, or `icon`."""

    like = "write it like { en: AI-generated, fr: Généré par IA }, or icon"

    def run_validation(self, value: object) -> str | dict[str, str]:
        """Return the text or the mapping, in which no language has the word `icon`."""
        if isinstance(value, str) and value not in ("", ICON) and near(value, (ICON,)) is not None:
            raise wrong("words, or icon", value, f"did you mean '{ICON}'?")
        if isinstance(value, dict) and ICON in value.values():
            fix = "write label: icon, which has words in each language"
            raise wrong("words, or icon", value, fix)
        label = super().run_validation(value)
        if isinstance(label, dict) and (unknown := [each for each in label if not is_code(each)]):
            said = f"{quoted(unknown[0])} is no code of a language, such as en or pt-BR"
            raise wrong("words, or words by language", value, said)
        return label


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value is a number up to `MAX_NUMBER`: no boolean, text, NaN or infinity."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value <= MAX_NUMBER


def _limits(value: object, minimum: float, maximum: float) -> str:
    """Return the limits of a number in words: the minimum alone where that is enough."""
    is_larger = isinstance(value, int | float) and value > maximum
    if maximum == MAX_NUMBER and not is_larger:
        return f", {minimum:g} or more"
    return f" from {minimum:g} to {maximum:,.15g}"


class Items(c.ListOfItems[T]):
    """A list."""

    def run_validation(self, value: object) -> list[T]:
        """Return the list, or the default for None."""
        written = self.default if value is None else value
        if not isinstance(written, list):
            raise wrong("a list", written)
        items: list[T] = []
        for number, item in enumerate(written):
            try:
                items.append(self.option_type.run_validation(item))
            except ValidationError as error:
                refused = Refused(str(worded(self.option_type, item, error)))
                refused.place = f"[{number}]"
                raise refused from error
        return items
