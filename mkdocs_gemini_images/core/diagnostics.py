"""Diagnostics: messages for authors about something that they have to correct.

A diagnostic has three parts: what was expected, what was found, and how to correct it. Functions
raise `DiagnosticError` in place of returning a value; the host shows its text after page and line.
Also holds functions that write text for messages. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message: what was expected, what was found (`got`), and how to correct it (`fix`)."""

    expected: str
    got: str
    fix: str

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.got}: {self.fix}"


class DiagnosticError(Exception):
    """Raised by a function that cannot return its value, with one or more diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


def quoted(text: str, *, most: int = 60) -> str:
    """Return text in quotes for a message: on one line, with at most `most` characters."""
    flat = single_line(text)
    return f"'{flat}'" if len(flat) <= most else f"'{flat[: most - 1]}…'"


def single_line(text: str) -> str:
    """Return text on one line, without control characters and marks that change direction."""
    flat = " ".join(text.split())
    return "".join(
        each if each.isprintable() or each in "\u200c\u200d" else "\ufffd" for each in flat
    )


def message_of(value: object) -> str:
    """Return a message of a server on one line, without control characters, cut when long."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in str(value or "")).split())
    return flat if len(flat) <= 500 else f"{flat[:499]}…"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 picture`, `2 pictures`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most similar to `word`, or None."""
    from difflib import get_close_matches  # needed only after a mistake

    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    matches = get_close_matches(folded, list(known), n=1, cutoff=0.74)
    return matches[0] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a fix for an unknown word: the most similar known one, or a list of all."""
    names = list(known)
    match = near(word, names)
    return f"did you mean '{match}'?" if match else f"known are {', '.join(names)}"
