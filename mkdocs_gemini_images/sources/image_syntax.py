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
_BEFORE_TITLE = r"\s*+(?P<scheme>gemini:\s*+)?"
_AFTER_IMAGE, _AFTER_DEFINITION = r"\s*+\)", r"[ \t]*+\r?(?:\n|\Z)"


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
    page: str, opening: re.Pattern[str], name: str, after: str, prompt: str | None
) -> Iterator[WrittenImage]:
    """Yield what begins like `opening` and goes on with a title and `after`."""
    titles = {quote: _title(quote, after, prompt) for quote in "\"'"}
    at = 0
    while (begun := opening.search(page, at)) is not None:
        title = titles[begun["quote"]].match(page, begun.end())
        is_directive = title is not None and (
            title["scheme"] is not None or begun["address"].strip("<>").lower() == "gemini:"
        )
        # One that is none may have another in its brackets.
        at = begun.start() + 1 if title is None else title.end()
        if title is not None and is_directive:
            words = title["title"] if prompt is None else ""
            yield WrittenImage(begun.start(), title.end(), begun[name], words)


def _title(quote: str, after: str, prompt: str | None) -> re.Pattern[str]:
    """Match a title from behind its first quote: any, or one with the words of `prompt`."""
    if prompt is None:
        words = f"(?P<title>[^{quote}]++)"
    else:
        words = r"\s++".join(map(re.escape, prompt.split())) + r"\s*+"
    return re.compile(f"{_BEFORE_TITLE}{words}{quote}{after}", re.I)
