"""Write values that come from YAML, TOML or the environment as text of bounded length.

A number may have more digits than Python writes, and a few lines of YAML with aliases stand for a
list of millions of items: `str` fails on the one and never ends on the other. Pure.
"""

import math
import reprlib
from collections.abc import Collection
from typing import Any

_MAX_BITS = 10_000
"""Of an integer that is written out; Python refuses to write one of 4,300 digits."""


def plain_text(value: object) -> str:
    """Return a scalar as its author has written it, and anything else as messages show it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return shown(value) if is_long(value) else str(value)


def is_long(value: object) -> bool:
    """Return whether a value has no text of its own: many digits, or items."""
    if isinstance(value, int):
        return value.bit_length() > _MAX_BITS
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def shown(value: object) -> str:
    """Return a value for one line of a message, cut to some sixty characters."""
    return _SHORT.repr(value)


def is_small(value: object, most: int) -> bool:
    """Return whether a value has at most `most` items and characters, with its aliases written out.

    A value that holds itself has more than any number.
    """
    waiting = [value]
    while waiting and most >= len(waiting):
        each = waiting.pop()
        most -= 1
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list | tuple):
            waiting += each
        elif isinstance(each, str | bytes):
            most -= len(each)
    return not waiting and most >= 0


class _Short(reprlib.Repr):
    """Python's own words for a value, with the middle of long ones left out."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxlist, self.maxdict = 2, 4, 4
        self.maxtuple = self.maxset = self.maxfrozenset = self.maxdeque = self.maxarray = 4
        self.maxstring = self.maxother = 60

    def repr_int(self, value: int, level: int) -> str:
        """Return an integer, or how many digits it has."""
        if value.bit_length() <= 64:
            return repr(value)
        return f"a number of about {math.ceil(value.bit_length() * math.log10(2)):,} digits"

    def repr_bool(self, value: bool, level: int) -> str:
        """Return a boolean as YAML writes it."""
        return str(value).lower()

    def repr_bytes(self, value: bytes, level: int) -> str:
        """Return the text that the bytes of `!!binary` stand for."""
        return self.repr1(value[: self.maxstring * 4].decode("utf-8", "replace"), level)

    def repr_dict(self, value: dict[Any, Any], level: int) -> str:
        """Return a mapping without sorting it: its keys may be of any type."""
        if level <= 0 and value:
            return "{...}"
        items = [
            f"{self.repr1(key, level - 1)}: {self.repr1(value[key], level - 1)}"
            for key in list(value)[: self.maxdict]
        ]
        more = ["..."] if len(value) > self.maxdict else []
        return "{" + ", ".join(items + more) + "}"


_SHORT = _Short()


def folded(text: str) -> str:
    """Return a text with each run of white space as one space.

    Text is folded before it is sent to a model and before it is hashed.
    """
    return " ".join(text.split())
