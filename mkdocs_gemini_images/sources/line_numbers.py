"""Find the line of a page on which a directive stands, for messages.

In go a page and the directive's text: a fence's body, whatever its indentation and quote marks, or
an inline image's title. Out comes the line of its only occurrence, or of the first that is not an
example. A directive from a snippet or a macro is not in the page and has no line. Pure.
"""

from collections.abc import Iterator
from itertools import islice

from mkdocs_gemini_images.directives.fence_syntax import without_prefix
from mkdocs_gemini_images.sources.occurrences import FenceOccurrence, find_all


class Lines:
    """The lines of one page, split once for all its directives."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._lines = [without_prefix(line) for line in page.splitlines()]
        self._text = "\n".join(self._lines)
        self._numbers: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, 1):
            self._numbers.setdefault(line, []).append(number)

    def line_of(self, source: str) -> int | None:
        """Return the line on which `source` begins, counted from 1, or None."""
        wanted = [without_prefix(line) for line in source.strip().splitlines()]
        if not wanted or not any(wanted):
            return None
        found = [
            number
            for number in self._numbers.get(wanted[0], ())
            if self._lines[number - 1 : number - 1 + len(wanted)] == wanted
        ]
        if not found and len(wanted) == 1:
            found = list(islice(self._lines_with(wanted[0]), 2))
        return found[0] if len(found) == 1 else self._first_directive(source) if found else None

    def _lines_with(self, words: str) -> Iterator[int]:
        """Yield the numbers of the lines that contain `words`."""
        at = self._text.find(words)
        while at >= 0:
            yield self._text.count("\n", 0, at) + 1
            end = self._text.find("\n", at)
            at = self._text.find(words, end) if end >= 0 else -1

    def _first_directive(self, source: str) -> int | None:
        """Return the line of the first directive whose text is `source`, or None."""
        for occurrence in find_all(self._page, source):
            if isinstance(occurrence, FenceOccurrence):
                lines = enumerate(occurrence.lines)
                empty_lines = next(at for at, line in lines if without_prefix(line))
                return occurrence.first_line + empty_lines + 2
            definition = occurrence.definition
            at = occurrence.start if definition is None else definition[0]
            return self._page.count("\n", 0, at) + 1
        return None


def line_of(page: str, source: str) -> int | None:
    """Return the line of `page` on which `source` begins, counted from 1, or None."""
    return Lines(page).line_of(source)
