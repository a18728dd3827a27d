"""Messages about mistakes in what an author or a site's owner wrote.

A `Diagnostic` about syntax has three parts: what is expected, what is there, and how to correct
it. One about a state, such as an id of two pictures, is a sentence and how to correct it. A
function that cannot return its value raises `DiagnosticError`; the host reports the diagnostics
with page and line. The functions below format text for such messages. `printable` is the door to
logs and terminals: every message passes it once more where it is written, whatever it quotes. Pure.
"""

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class _DiagnosticFields(NamedTuple):
    expected: str
    """What is expected; empty where `got` is a sentence."""
    got: str
    fix: str
    """How to correct it; may be empty where a sentence says that."""
    at: str = ""
    """The option that it is about, or a line of the directive: messages find its line by it."""
    file: str = ""
    """The file that has the mistake, and its line, where that is not the directive's page."""
    other: tuple[str, str] = ("", "")
    """The page and source of another directive to correct first: a message ends with its place."""


class Diagnostic(_DiagnosticFields):
    """One mistake, and how to correct it. Two are equal if they say the same, wherever it is."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Diagnostic) and self[:3] == other[:3]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:3])

    @classmethod
    def sentence(cls, said: str, fix: str = "", *, at: str = "", file: str = "") -> "Diagnostic":
        """Return a diagnostic that says in a sentence what is so and must not be so."""
        return Diagnostic("", said, fix, at=at, file=file)

    def within(self, where: str) -> "Diagnostic":
        """Return the same diagnostic, which says where the mistake is."""
        if self.expected:
            return self._replace(expected=f"in {where}, {self.expected}")
        return self._replace(got=f"in {where}, {self.got}")

    def __str__(self) -> str:
        said = f"expected {self.expected}, got {self.got}" if self.expected else self.got
        return single_line(f"{said}: {self.fix}" if self.fix else said)


class DiagnosticError(Exception):
    """Raised by a function that cannot return its value, with one or more diagnostics.

    `readable` is what could be read in spite of them, in which others look for further mistakes.
    """

    def __init__(self, *diagnostics: Diagnostic, readable: Any = None) -> None:
        super().__init__("; ".join(map(str, diagnostics)))
        self.diagnostics = diagnostics
        self.readable = readable


def last_of(*steps: Callable[[], Any]) -> Any:
    """Return what the last step returns.

    Raises `DiagnosticError` with the mistakes that all steps find, not only the first.
    """
    diagnostics: list[Diagnostic] = []
    value = None
    for step in steps:
        value = kept(step, diagnostics)
    if diagnostics:
        raise DiagnosticError(*diagnostics, readable=value)
    return value


def kept(read: Callable[[], T], diagnostics: list[Diagnostic]) -> T | Any:
    """Return what `read` returns; where it raises, add its diagnostics and return what it read."""
    try:
        return read()
    except DiagnosticError as error:
        diagnostics += error.diagnostics
        return error.readable


def wrong_value(name: str, what: str, written: str, fix: str = "") -> Diagnostic:
    """Return the diagnostic for a value that an option must not have."""
    said = f"{name} must be {what} (you wrote {quoted(written)})"
    return Diagnostic.sentence(said, fix, at=name)


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
    if not text.isprintable() or _WITHOUT_WIDTH.search(text):
        text = "".join(
            each if _is_seen(each) or _joins(text, at) else "\ufffd" for at, each in enumerate(text)
        )
    return _RUNNER_COMMAND.sub("\ufffd", text)


_RUNNER_COMMAND = re.compile(r"^ *::|##(?=\w*\[)")


_WITHOUT_WIDTH = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What Unicode calls ignorable and Python printable: fillers, and selectors of a variant."""


def _is_seen(character: str) -> bool:
    return character.isprintable() and _WITHOUT_WIDTH.match(character) is None


def _joins(text: str, at: int) -> bool:
    """Return whether a character without width stands where emoji or a script may need it.

    A joiner or a non-joiner stands between two characters, a selector of an emoji behind one.
    """
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] in "\ufe0e\ufe0f":
        return _is_seen(before)
    if text[at] not in "\u200c\u200d" or not (before and after):
        return False
    return all(ord(each) > 0x2FF and each.isprintable() for each in (before, after))


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
    words = list(islice(known, MAX_KNOWN))
    # In a short word, two letters in each other's place are a third of it.
    swapped = {folded[:at] + folded[at : at + 2][::-1] + folded[at + 2 :] for at in range(3)}
    matches = get_close_matches(folded, words, n=1, cutoff=0.74)
    matches += [word for word in words if len(word) == 3 and word in swapped]
    return matches[0] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a correction for an unknown word: the nearest known one, or all of them."""
    names = list(islice(known, MAX_KNOWN + 1))
    if match := near(word, names):
        return f"did you mean '{match}'?"
    more = " and others" if len(names) > MAX_KNOWN else ""
    listed = (single_line(name[:_MAX_LENGTH]) for name in names[:MAX_KNOWN])
    return f"known are {', '.join(listed)}{more}"
