"""Messages about mistakes in what an author or a site's owner wrote.

A `Diagnostic` has three parts: what is expected, what is there, and how to correct it. A function
that cannot return its value raises `DiagnosticError`; the host reports the diagnostics with page
and line. The functions below format text for such messages. `printable` is the door to logs and
terminals: every message passes it once more where it is written, whatever it quotes. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake, and how to correct it."""

    expected: str
    got: str
    fix: str

    def __str__(self) -> str:
        return single_line(f"expected {self.expected}, got {self.got}: {self.fix}")


class DiagnosticError(Exception):
    """Raised by a function that cannot return its value, with one or more diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


def quoted(text: str, *, most: int = 60) -> str:
    """Return an author's text for a message: on one line, in quotes, cut to `most` characters."""
    # White space is folded: a long text is looked at from its beginning alone.
    begun = text.lstrip()
    flat = single_line(begun[: 20 * most])
    if len(flat) <= most and len(begun) <= 20 * most:
        return f"'{flat}'"
    return f"'{flat[: most - 1]}…'"


def single_line(text: str) -> str:
    """Return text on one line that nothing acts upon, as `printable` says, without wide spaces."""
    return printable(" ".join(text.split()))


def printable(text: str) -> str:
    """Return a line that nothing acts upon: no terminal, no reader's eye, no CI runner.

    Line breaks and other characters that control a terminal or the direction of text, that have no
    width, or that no encoder takes become U+FFFD; so do the marks by which a line of a log is a
    command to a runner (`::error`, `##[error]`, `##vso[...]`). Emoji and scripts that need joiners
    keep them.
    """
    if not text.isprintable():
        text = "".join(
            each if each.isprintable() or _joins(text, at) else "\ufffd"
            for at, each in enumerate(text)
        )
    return _RUNNER_COMMAND.sub("\ufffd", text)


_RUNNER_COMMAND = re.compile(r"^ *::|##(?=\w*\[)")


def _joins(text: str, at: int) -> bool:
    """Return whether a joiner or a non-joiner stands between two characters that may need it."""
    if text[at] not in "\u200c\u200d" or not 0 < at < len(text) - 1:
        return False
    return all(ord(each) > 0x2FF and each.isprintable() for each in (text[at - 1], text[at + 1]))


def message_of(value: object) -> str:
    """Return a server's text for one line of a log: printable, at most 500 characters."""
    text = str(value or "").lstrip()[:10_000]
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= 500 else f"{flat[:499]}…"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 picture`, `2 pictures`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


MAX_KNOWN = 100
"""Known words that a wrong one is compared with, and that a message lists."""
_MAX_LENGTH = 100


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` most likely stands for, or None.

    It is compared with the first `MAX_KNOWN` alone: a site may have thousands of ids, and as many
    mistakes.
    """
    from difflib import get_close_matches  # loaded only where there is a mistake

    folded = word[:_MAX_LENGTH].strip().lower().replace("-", "_").replace(" ", "_")
    matches = get_close_matches(folded, list(islice(known, MAX_KNOWN)), n=1, cutoff=0.74)
    return matches[0] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a correction for an unknown word: the nearest known one, or all of them."""
    names = list(islice(known, MAX_KNOWN + 1))
    if match := near(word, names):
        return f"did you mean '{match}'?"
    more = " and others" if len(names) > MAX_KNOWN else ""
    listed = (single_line(name[:_MAX_LENGTH]) for name in names[:MAX_KNOWN])
    return f"known are {', '.join(listed)}{more}"
