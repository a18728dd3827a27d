"""Read the options `crop` and `focus`, which decide what part of a picture a page shows.

In goes an option's text, or what YAML has made of it; out come ratios or a focal point, or a
`DiagnosticError`. Neither option changes what is drawn. Pure.
"""

import re
from collections.abc import Mapping
from math import gcd

from mkdocs_gemini_images.core.diagnostics import DiagnosticError, near, wrong_value
from mkdocs_gemini_images.core.plain_values import is_long, plain_text
from mkdocs_gemini_images.directives.crops import Focus, Ratios
from mkdocs_gemini_images.models.dimensions import Pixels

WHOLE = "none"
"""The word for a picture that is not cut, where a preset cuts others."""

_MOST = 20
"""How many times as wide as high a cut may be, or as high as wide."""
_SCREENS = ("narrow", "wide")
_LENGTH = r"\d{1,4}(?:\.\d{1,3})?"
_RATIO = rf"({_LENGTH}):({_LENGTH})"
_UNSPACED = r"(?<=[\d.])\s*:\s*(?=[\d.])"
_NAMED = r"(?<=[a-z])\s*[:=]\s*"
_LIKE = "write it like 1:1"
_BOTH = "write it like narrow 1:1, wide 21:9"

_X = {"left": 0, "right": 100}
_Y = {"top": 0, "bottom": 100}
_CENTER = {"center": 50}
_WORDS = {**_X, **_Y, **_CENTER}
_OTHER_WORDS = {"middle": "center", "mid": "center", "upper": "top", "lower": "bottom"}
_POINT = "write words like left top, or numbers like 0.3 0.6 from the left and from the top"


def crop_text(written: object) -> str:
    """Return a crop as the text that a fence would have, from what YAML has made of it.

    YAML 1.1 reads an unquoted `4:3` as the base-60 number 243, which is turned back.
    """
    if isinstance(written, Mapping) and len(written) <= len(_SCREENS):
        items = ((plain_text(screen), _scalar_text(each)) for screen, each in written.items())
        return ", ".join(" ".join(item) for item in items)
    if isinstance(written, list) and len(written) <= len(_SCREENS):
        return ", ".join(map(_scalar_text, written))
    return "" if written is None else _scalar_text(written)


def _scalar_text(written: object) -> str:
    if isinstance(written, int | float) and not isinstance(written, bool) and not is_long(written):
        whole, rest = divmod(written, 60)
        if 1 <= whole < 10_000:
            return f"{whole:.0f}:{round(rest, 3):g}"
    return plain_text(written)


def read_crop(written: str) -> Ratios:
    """Return the shapes to cut. Raises `DiagnosticError`."""
    text = re.sub(_UNSPACED, ":", written.strip().removeprefix("{").removesuffix("}").lower())
    words = [word for word in re.split(r"[\s,;]+", re.sub(_NAMED, " ", text)) if word]
    if len(words) == 1 and words[0] not in _SCREENS:
        both = _ratio(words[0], written)
        return Ratios(both, both)
    if not words or len(words) % 2 or len(words) > 4:
        raise _wrong_crop(written, _LIKE if len(words) < 2 else _BOTH)
    found: dict[str, Pixels | None] = {}
    for screen, ratio in zip(words[::2], words[1::2], strict=True):
        if screen not in _SCREENS:
            nearest = near(screen, _SCREENS)
            raise _wrong_crop(written, f"did you mean '{nearest}'?" if nearest else _BOTH)
        if screen in found:
            raise _wrong_crop(written, f"keep one of the shapes for {screen} screens")
        found[screen] = _ratio(ratio, written)
    return Ratios(**found)


def read_focus(written: str) -> Focus:
    """Return the point to keep in view. Raises `DiagnosticError`."""
    words = [word for word in re.split(r"[\s,]+", written.strip().lower()) if word]
    if words == ["auto"]:
        return "auto"
    if not words or len(words) > 2:
        raise _wrong_focus(written)
    if len(words) == 1 and words[0] in _WORDS:
        words.append("center")
    places = {word: _place(word, written) for word in words}
    if len(words) < 2:
        raise _wrong_focus(written)
    first, second = words
    if first in _Y or (second in _X and first not in _X):
        first, second = second, first
        if not (first in _WORDS and second in _WORDS):
            raise _wrong_focus(written, "name the place from the left first")
    if first in _Y or second in _X:
        raise _wrong_focus(written, "name one place from the left and one from the top")
    return places[first], places[second]


def _ratio(word: str, written: str) -> Pixels | None:
    """Return width and height as the smallest whole numbers, or None for the whole picture."""
    if word == WHOLE:
        return None
    match = re.fullmatch(_RATIO, word)
    if match is None:
        lengths = re.fullmatch(rf"({_LENGTH})[/x×]({_LENGTH})", word)
        raise _wrong_crop(written, f"write {lengths[1]}:{lengths[2]}" if lengths else _LIKE)
    width, height = (round(float(length) * 1000) for length in match.groups())
    if not (width and height):
        raise _wrong_crop(written, "each side is more than 0")
    if max(width, height) > _MOST * min(width, height):
        raise _wrong_crop(written, f"one side is at most {_MOST} times the other")
    common = gcd(width, height)
    return width // common, height // common


def _place(word: str, written: str) -> int:
    """Return a word's or a number's place in per cent."""
    if word in _WORDS:
        return _WORDS[word]
    match = re.fullmatch(r"(\d{0,3}(?:\.\d{1,6})?)(%?)", word)
    if match is None or not match[1]:
        fix = "write auto alone, or a point" if word == "auto" else _POINT
        nearest = _OTHER_WORDS.get(word) or near(word, (*_WORDS, "auto"))
        raise _wrong_focus(
            written, f"did you mean '{nearest}'?" if nearest not in (None, word) else fix
        )
    place = float(match[1]) * (1 if match[2] else 100)
    if place > 100:
        raise _wrong_focus(written, "numbers are from 0 to 1, or from 0% to 100%")
    return round(place)


def _wrong_crop(written: str, fix: str) -> DiagnosticError:
    return DiagnosticError(wrong_value("crop", "a shape as width:height, or none", written, fix))


def _wrong_focus(written: str, fix: str = _POINT) -> DiagnosticError:
    return DiagnosticError(wrong_value("focus", "a point in the picture, or auto", written, fix))
