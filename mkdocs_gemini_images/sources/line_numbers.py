"""Find the line of a page on which a directive stands, for messages.

In go a page and the directive's text: a fence's body, whatever its indentation and quote marks, or
an inline image's title. Out comes the line of its only occurrence, or of the first that is not an
example. A directive from a snippet or a macro is not in the page and has no line.

A page is read once for all its messages, into indexes. What no index has is searched for, a limited
number of times: of a page with more such messages than that, the others have no line. Pure.
"""

from bisect import bisect_left
from functools import cached_property
from itertools import islice

from mkdocs_gemini_images.directives.fence_syntax import without_prefix
from mkdocs_gemini_images.sources.image_syntax import folded
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    PageDirectives,
    content_lines,
    positions,
)

MAX_SEARCHES = 200
"""Searches through the text of one page, and lines that one search begins at."""


class Lines:
    """The lines of one page, split once for all its directives."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._lines = [without_prefix(line) for line in page.splitlines()]
        self._text = "\n".join(self._lines)
        self._numbers: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, 1):
            self._numbers.setdefault(line, []).append(number)
        self._found: dict[str, int | None] = {}
        self._searches = 0

    def line_of(self, source: str) -> int | None:
        """Return the line on which `source` begins, counted from 1, or None."""
        if source not in self._found:
            self._found[source] = self._line_of(source)
        return self._found[source]

    def _line_of(self, source: str) -> int | None:
        wanted = [without_prefix(line) for line in source.strip().splitlines()]
        if not wanted or not any(wanted):
            return None
        numbers = self._numbers.get(wanted[0], ())
        if len(numbers) == len(wanted) == 1:
            return numbers[0]
        directive = self._directives.get(content_lines(source)) or self._directives.get(
            folded(source)
        )
        if directive is not None:
            return directive
        if len(wanted) == 1:
            return None if numbers else self._search(wanted[0])
        found = [
            number
            for number in islice(numbers, MAX_SEARCHES)
            if self._lines[number - 1 : number - 1 + len(wanted)] == wanted
        ]
        return found[0] if len(found) == 1 else None

    def _search(self, words: str) -> int | None:
        """Return the number of the only line that contains `words`, or None."""
        self._searches += 1
        at = self._text.find(words) if self._searches <= MAX_SEARCHES else -1
        if at < 0:
            return None
        end = self._text.find("\n", at)
        if end >= 0 and self._text.find(words, end) >= 0:
            return None
        return self._text.count("\n", 0, at) + 1

    @cached_property
    def _directives(self) -> dict[object, int]:
        """The line of the first directive of each text.

        The text is the lines of a fence's body, or the folded prompt of an image.
        """
        directives = PageDirectives(self._page)
        found: dict[object, int] = {}
        for fence in directives.fences:
            found.setdefault(content_lines(fence.body), _first_line(fence))
        newlines = positions("\n", self._page)
        for image, prompt in sorted(directives.images(), key=lambda each: each[0].start):
            at = image.start if image.definition is None else image.definition[0]
            found.setdefault(folded(prompt), bisect_left(newlines, at) + 1)
        return found


def _first_line(fence: FenceOccurrence) -> int:
    """Return the line of the first text in a fence."""
    empty_lines = next((at for at, line in enumerate(fence.lines) if without_prefix(line)), 0)
    return fence.first_line + empty_lines + 2
