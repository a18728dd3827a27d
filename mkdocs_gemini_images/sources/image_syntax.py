"""Find `gemini:` images and definitions in the source of a page, by their syntax alone.

In go a page and, where one directive is looked for, its prompt; out come images and definitions
with their positions, examples included. Every pattern passes over a text in one way only, by
possessive quantifiers, so that the time is in proportion to the page. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

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
_SPACE = re.compile(r"\s*+")
_TITLES = {quote: re.compile(f"(?P<title>[^{quote}]++){quote}") for quote in "\"'"}
_AFTER_IMAGE = re.compile(r"\s*+\)")
_AFTER_DEFINITION = re.compile(r"[ \t]*+\r?(?:\n|\Z)")


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
    """Its prompt, as written; "" where the prompt was given."""


def images(page: str, prompt: str | None = None) -> Iterator[WrittenImage]:
    """Yield the inline images of a page: all, or those with a prompt.

    White space and case of a prompt do not matter.
    """
    return _titled(page, _IMAGE, "alt", _AFTER_IMAGE, prompt)


def definitions(page: str, prompt: str | None = None) -> dict[str, WrittenImage]:
    """Return the definitions of images by their folded labels, the last one of each label."""
    found = _titled(page, _DEFINITION, "label", _AFTER_DEFINITION, prompt)
    return {folded(each.name): each for each in found}


def uses(page: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield the images in reference style: start, end, alt as written, and folded label."""
    for use in _USE.finditer(page):
        yield use.start(), use.end(), use["alt"], folded(use["label"] or use["alt"])


def folded(text: str) -> str:
    """Return a label or a prompt by which it is compared: without case and runs of white space."""
    return " ".join(text.lower().split())


def _titled(
    page: str, opening: re.Pattern[str], name: str, after: re.Pattern[str], prompt: str | None
) -> Iterator[WrittenImage]:
    """Yield what begins like `opening` and goes on with a title and `after`."""
    words = None if prompt is None else prompt.split()
    at = 0
    while (begun := opening.search(page, at)) is not None:
        at = begun.start() + 1  # one that is none may have another in its brackets
        is_directive = begun["address"].strip("<>").lower() == "gemini:"
        scheme = _SCHEME.match(page, begun.end())
        for start in (scheme and scheme.end(), begun.end() if is_directive else None):
            title = None if start is None else _title(page, start, begun["quote"], words)
            end = None if title is None else after.match(page, title[1])
            if title is not None and end is not None:
                yield WrittenImage(begun.start(), end.end(), begun[name], title[0])
                at = end.end()
                break


def _title(page: str, at: int, quote: str, words: list[str] | None) -> tuple[str, int] | None:
    """Return a title and the position behind its quote: any, or the one of `words`."""
    if words is None:
        found = _TITLES[quote].match(page, at)
        return None if found is None else (found["title"], found.end())
    at = _behind_space(page, at)
    for number, word in enumerate(words):
        end = at + len(word)
        if page[at:end].lower() != word.lower():
            return None
        at = _behind_space(page, end)
        if at == end and number + 1 < len(words):
            return None
    return ("", at + 1) if page.startswith(quote, at) else None


def _behind_space(page: str, at: int) -> int:
    found = _SPACE.match(page, at)
    return at if found is None else found.end()
