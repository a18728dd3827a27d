"""What an author reads when something they wrote is not understood.

A complaint is a value: pure rooms return it, the host says it, with page and line in front.
It always has the same three parts: what was expected, what came, what to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong with one directive, and how to put it right."""

    expected: str
    got: str
    fix: str

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.got}: {self.fix}"


class DiagnosticError(Exception):
    """What a function raises when it cannot return its value: one or more diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


def quoted(text: str, *, most: int = 60) -> str:
    """Show an author's text inside a message: on one line, cut when long, in quotes."""
    flat = single_line(text)
    return f"'{flat}'" if len(flat) <= most else f"'{flat[: most - 1]}…'"


def single_line(text: str) -> str:
    """Write text on one line, without what would steer a terminal or turn the line around."""
    flat = " ".join(text.split())
    return "".join(
        each if each.isprintable() or each in "\u200c\u200d" else "\ufffd" for each in flat
    )


def message_of(value: object) -> str:
    """Make a server's words fit for one line of a log: no control characters, not too long."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in str(value or "")).split())
    return flat if len(flat) <= 500 else f"{flat[:499]}…"


def counted(number: int, noun: str) -> str:
    """Write a number of things: `1 picture`, `2 pictures`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def near(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that `word` was most likely meant to be, or None."""
    from difflib import get_close_matches  # only for whoever made a mistake

    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    matches = get_close_matches(folded, list(known), n=1, cutoff=0.74)
    return matches[0] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Say what to do about an unknown word: the nearest known one, or all of them."""
    names = list(known)
    match = near(word, names)
    return f"did you mean '{match}'?" if match else f"known are {', '.join(names)}"
