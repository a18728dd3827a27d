"""Find `gemini:` images and definitions in the source of a page, by their syntax alone.

In go a page and, where one directive is looked for, its prompt; out come images and definitions
with their positions, examples included. Every pattern passes over a text in one way only, by
possessive quantifiers, so that the time is in proportion to the page. Pure.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_ADDRESS = r"(?P<address><[^<>\n]*+>|[^\s()<>]++)\s++(?P<quote>[\"'])"
_IMAGE = re.compile(
    rf"!\[(?P<alt>(?:[^\[\]]++|\[[^\[\]]*+\])*+)\]\(\s*+{_ADDRESS}",
)
_DEFINITION = re.compile(
    rf"^[> \t]*+\[(?P<label>[^\[\]\n]++)\]:[ \t]*+{_ADDRESS}",
    re.M,
)
_USE = re.compile(r"!\[(?P<alt>[^\[\]]*+)\](?:[ ]?\[(?P<label>[^\[\]]*+)\])?(?![\[(:])")
_SCHEME = re.compile(r"\s*+gemini:\s*+", re.I)
_IMAGE_ENDS = {quote: re.compile(rf"{quote}\s*+\)") for quote in "\"'"}
_DEFINITION_ENDS = {quote: re.compile(rf"{quote}[ \t]*+\r?(?:\n|\Z)") for quote in "\"'"}
_EMPTY_LINE = re.compile(r"\n[ \t\r]*+\n")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+.!-])")
"""A character that Markdown escapes. A quotation mark is none: its backslash stays."""


@dataclass(frozen=True, slots=True)
class WrittenImage:
    """An image or a definition with a `gemini:` prompt, as its page has it."""

    start: int
    """The position of its first character, or of its line."""
    end: int
    """The position behind it, or behind its line."""
    name: str
    """The text in its brackets: an alt, or a label."""
    title: str
    """Its prompt, without Markdown's escapes."""


def images(page: str, prompt: str | None = None) -> Iterator[WrittenImage]:
    """Yield the inline images of a page: all, or those with a prompt.

    White space and case of a prompt do not matter.
    """
    return _titled(page, _IMAGE, "alt", _IMAGE_ENDS, prompt)


def definitions(page: str, prompt: str | None = None) -> dict[str, WrittenImage]:
    """Return the definitions of images by comparable label, the last one of each."""
    found = _titled(page, _DEFINITION, "label", _DEFINITION_ENDS, prompt)
    return {comparable(each.name): each for each in found}


def uses(page: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield the images in reference style: start, end, alt as written, and comparable label."""
    for use in _USE.finditer(page):
        yield use.start(), use.end(), use["alt"], comparable(use["label"] or use["alt"])


def comparable(text: str) -> str:
    """Return a label or a prompt by which it is compared: without case and runs of white space."""
    return " ".join(text.lower().split())


def _titled(
    page: str,
    opening: re.Pattern[str],
    name: str,
    ends: dict[str, re.Pattern[str]],
    prompt: str | None,
) -> Iterator[WrittenImage]:
    """Yield what begins like `opening` and goes on with a title up to one of `ends`.

    A title may have its own quotation mark in it, so it ends where its image or definition does.
    """
    wanted = None if prompt is None else comparable(prompt)
    titles = {quote: list(end.finditer(page)) for quote, end in ends.items()}
    starts = {quote: [end.start() for end in found] for quote, found in titles.items()}
    empty_lines = [line.start() for line in _EMPTY_LINE.finditer(page)]
    at = 0
    while (begun := opening.search(page, at)) is not None:
        at = begun.start() + 1  # one that is none may have another in its brackets
        is_directive = begun["address"].strip("<>").lower() == "gemini:"
        scheme = _SCHEME.match(page, begun.end())
        first = begun.end() if is_directive else None if scheme is None else scheme.end()
        number = bisect_left(starts[begun["quote"]], -1 if first is None else first)
        if first is None or number == len(titles[begun["quote"]]):
            continue
        end = titles[begun["quote"]][number]
        line = bisect_left(empty_lines, begun.start())
        if line < len(empty_lines) and empty_lines[line] < end.start():
            continue
        title = page[first : end.start()]
        if not title:
            continue
        at = end.end()
        plain = unescape(_ESCAPED.sub(r"\1", title))
        if wanted is None or wanted in {
            comparable(each) for each in (plain, title, unescape(title))
        }:
            yield WrittenImage(begun.start(), end.end(), begun[name], plain)
