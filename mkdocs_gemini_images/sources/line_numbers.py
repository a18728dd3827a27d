"""Find the line of a page on which a directive stands, for messages.

By the directive's own text: a fence's lines, whatever they are indented or quoted with, or an
inline image's title. Where the text is there more than once, it is the first that is a directive
and no example of one. Where it is not there (snippets, macros) there is no line, and a message
names the page alone. Pure.
"""

from collections.abc import Iterator
from itertools import islice

from mkdocs_gemini_images.sources.occurrences import Fence, places


class Lines:
    """The lines of one page, without indentation and quote marks, read once for all directives."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._lines = [_bare(line) for line in page.splitlines()]
        self._text = "\n".join(self._lines)
        self._numbers: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, 1):
            self._numbers.setdefault(line, []).append(number)

    def line_of(self, source: str) -> int | None:
        """Give the 1-based line on which `source` begins, or None."""
        resolved = [_bare(line) for line in source.strip().splitlines()]
        if not resolved or not any(resolved):
            return None
        found = [
            number
            for number in self._numbers.get(resolved[0], ())
            if self._lines[number - 1 : number - 1 + len(resolved)] == resolved
        ]
        if not found and len(resolved) == 1:
            found = list(islice(self._within(resolved[0]), 2))
        return found[0] if len(found) == 1 else self._directive(source) if found else None

    def _within(self, words: str) -> Iterator[int]:
        """Yield the lines that have these words somewhere."""
        at = self._text.find(words)
        while at >= 0:
            yield self._text.count("\n", 0, at) + 1
            end = self._text.find("\n", at)
            at = self._text.find(words, end) if end >= 0 else -1

    def _directive(self, source: str) -> int | None:
        """Give the first line of the first directive that is written so."""
        for place in places(self._page, source):
            if isinstance(place, Fence):
                empty = next(at for at, line in enumerate(place.lines) if _bare(line))
                return place.opener + empty + 2
            at = place.start if place.definition is None else place.definition[0]
            return self._page.count("\n", 0, at) + 1
        return None


def line_of(page: str, source: str) -> int | None:
    """Give the 1-based line of `page` on which `source` begins, or None."""
    return Lines(page).line_of(source)


def _bare(line: str) -> str:
    """Take indentation and quote marks off."""
    return line.strip().lstrip("> \t")
