"""The options of a directive, each with the function that reads its value.

In goes an option's text as written; out comes a value of the option's type, or a
`DiagnosticError` that says what is expected and how to correct it. Pure.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    near,
    wrong_value,
)
from mkdocs_gemini_images.core.plain_values import folded
from mkdocs_gemini_images.directives.directive import ID, Localized
from mkdocs_gemini_images.directives.languages import read_sentence
from mkdocs_gemini_images.directives.options.crop_options import read_crop, read_focus
from mkdocs_gemini_images.directives.options.reference_items import read_reference
from mkdocs_gemini_images.directives.portable_names import unportable
from mkdocs_gemini_images.models.catalogue import Ground
from mkdocs_gemini_images.models.dimensions import AUTO, canonical_ratio

MAX_EDITS = 50
"""Further turns of one conversation: each is drawn, paid for, and sent again with the next."""


_NUMBER = r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,3})?"


class Option(NamedTuple):
    """The reader of one option.

    `read` returns the option's value and raises `DiagnosticError` for a wrong one. `many` says that
    the option takes a list; `field` is its name in `Directive`, where it differs.
    """

    read: Callable[[Any], Any]
    many: bool = False
    field: str = ""


def _wrong(name: str, what: str, written: str, fix: str = "") -> DiagnosticError:
    return DiagnosticError(wrong_value(name, what, written, fix))


def _text(written: str) -> str:
    return written.strip()


def _matching(name: str, what: str, pattern: str, fix: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def read(written: str) -> str:
        text = written.strip()
        if not compiled.fullmatch(text):
            raise _wrong(name, what, text, fix)
        return text

    return read


def _id(written: str) -> str:
    fix = "use letters, digits, - and _"
    id = _matching("id", "a name that begins with a letter", ID, fix)(written)
    if (wrong := unportable(id, "the id")) is not None:
        raise DiagnosticError(wrong._replace(at="id"))
    return id


def _one_of(name: str, *choices: str) -> Callable[[str], str]:
    def read(written: str) -> str:
        text = written.strip().lower()
        if text in choices:
            return text
        nearest = near(text, choices)
        fix = f"did you mean '{nearest}'?" if nearest else ""
        raise _wrong(name, f"{', '.join(choices[:-1])} or {choices[-1]}", written, fix)

    return read


def _ratio(written: str) -> str:
    text = canonical_ratio(written)
    if text == AUTO or re.fullmatch(r"\d+:\d+", text):
        return text
    raise _wrong("aspect_ratio", "width:height or auto", written, "write it like 16:9")


def _size(written: str) -> str:
    """Return the size in the author's spelling: a gateway receives `0.5K` where it is written."""
    return written.strip().upper()


def _temperature(written: str) -> float:
    text = written.strip()
    if re.fullmatch(_NUMBER, text) and 0 <= (number := float(text)) <= 2:
        return number + 0  # there is no zero below zero
    fix = "leave it out unless you need it"
    raise _wrong("temperature", "a number from 0 to 2", written, fix)


def _take(written: str) -> int:
    if re.fullmatch(r"[1-9]\d{0,3}", written.strip()):
        return int(written)
    fix = "each number is another drawing"
    raise _wrong("take", "a whole number from 1 to 9999", written, fix)


def _switch(name: str) -> Callable[[str], bool]:
    def read(written: str) -> bool:
        text = written.strip().lower()
        if text in ("true", "yes", "on", "1"):
            return True
        if text in ("false", "no", "off", "0"):
            return False
        raise _wrong(name, "true or false", written)

    return read


def _localized(written: str) -> Localized:
    if written.strip().lower() == "edit":
        return "edit"
    try:
        return _switch("localized")(written)
    except DiagnosticError:
        fix = "write edit to translate one picture, or true to draw one for each language"
        if near(written.strip().lower(), ("edit",)):
            fix = "did you mean 'edit'?"
        raise _wrong("localized", "true, false or edit", written, fix) from None


def _grounding(written: str) -> tuple[Ground, ...]:
    words = sorted({word for word in re.split(r"[\s,\[\]]+", written.lower()) if word})
    known: Mapping[str, Ground] = {"web": "web", "image": "image"}
    for word in words:
        if word not in known:
            fix = did_you_mean(word, known)
            raise _wrong("grounding", "web, image or both", written, fix)
    return tuple(known[word] for word in words)


def _classes(written: str) -> tuple[str, ...]:
    names = tuple(name.removeprefix(".") for name in written.split())
    if all(re.fullmatch(r"-?[A-Za-z_][\w-]*", name) for name in names):
        return names
    raise _wrong("class", "names of classes", written, "use letters, digits, - and _")


def _width(written: str) -> str:
    text = written.strip().lower()
    if re.fullmatch(r"\d{1,5}", text):
        return f"{text}px"
    if re.fullmatch(r"\d{1,5}(\.\d{1,3})?(px|%|em|rem|ch|vw)", text):
        return text
    raise _wrong("width", "a CSS length", written, "write it like 300px or 50%")


def _items(written: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(folded(item) for item in written)


def _references(written: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(read_reference(item)) for item in _items(written))


def _edits(written: tuple[str, ...]) -> tuple[str, ...]:
    if len(written) > MAX_EDITS:
        fix = "give the picture an id, and let another refer to it"
        said = f"the picture has {len(written)} edits, {MAX_EDITS} at most"
        raise DiagnosticError(Diagnostic.sentence(said, fix))
    return _items(written)


OPTIONS: Mapping[str, Option] = {
    "prompt": Option(_text),
    "alt": Option(folded),
    "caption": Option(_text),
    "id": Option(_id),
    "model": Option(
        _matching(
            "model",
            "the id of a model",
            r"[A-Za-z0-9][\w.:@-]{0,127}",
            "write it like gemini-nano-banana-2.1",
        )
    ),
    "aspect_ratio": Option(_ratio),
    "size": Option(_size),
    "temperature": Option(_temperature),
    "grounding": Option(_grounding),
    "preset": Option(_text),
    "references": Option(_references, many=True),
    "edits": Option(_edits, many=True),
    "dark": Option(folded),
    "localized": Option(_localized),
    "localized_edit": Option(read_sentence),
    "take": Option(_take),
    "crop": Option(read_crop),
    "focus": Option(read_focus),
    "class": Option(_classes, field="classes"),
    "width": Option(_width),
    "align": Option(_one_of("align", "left", "right", "center")),
    "loading": Option(_one_of("loading", "lazy", "eager")),
    "priority": Option(_switch("priority")),
}
"""The options of a directive, in the order in which the manual lists them."""

LIST_OPTIONS = [name for name, option in OPTIONS.items() if option.many]
"""The options whose values are lists."""
