"""Find the line of a page on which a directive or one of its options stands, for messages.

In go a page and the directive's text: a fence's body, whatever its indentation and quote marks, an
inline image's title, or keys of YAML, one below the other. Out comes the line on which the
directive begins, or that of the option: of the first occurrence that is not an example, or of a
later one. A directive from a snippet or a macro is not in the page and has no line.

A page is read once for all its messages, into indexes. What no index has is searched for, a limited
number of times: of a page with more such messages than that, the others have no line. Pure.
"""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import islice

from mkdocs_gemini_images.directives.fence_body import value_start
from mkdocs_gemini_images.directives.fence_syntax import (
    ATTRIBUTE_LIST,
    is_near_name,
    opening_line,
    without_prefix,
)
from mkdocs_gemini_images.directives.options.misspelt_options import meant_option
from mkdocs_gemini_images.sources.image_syntax import comparable
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    ImageOccurrence,
    Occurrence,
    PageDirectives,
    content_lines,
    positions,
)

MAX_SEARCHES = 200
"""Searches through the text of one page, and lines that one search begins at."""


class SourceLines:
    """The lines of one page, split at most once for all its directives."""

    def __init__(self, page: str) -> None:
        self.page = page
        self._found: dict[str, int | None] = {}
        self._searches = 0

    def line_of(self, source: str, at: str = "", *, nth: int = 0) -> int | None:
        """Return the line on which a directive begins, counted from 1, or None.

        `at` is an option of it, or one of its lines: its line is returned where it is found. For a
        fence whose language is misspelt, it is that language. `nth` counts directives of the same
        text from 0.
        """
        if is_near_name(at) and (misspelt := self._misspelt(source)):
            return misspelt[min(nth, len(misspelt) - 1)].first_line + 1
        same = self._occurrences(source)
        if same:
            found = same[min(nth, len(same) - 1)]
            if isinstance(found, FenceOccurrence):
                return _line_in_fence(found, at)
            return self._line_of_image(found, at)
        if source not in self._found:
            self._found[source] = self._line_of_text(source)
        line = self._found[source]
        return line if line is None or not at else self._line_below(line, at)

    def count(self, source: str) -> int:
        """Return how many directives of the page have this text."""
        return len(self._occurrences(source))

    def line_of_keys(self, *keys: str) -> int | None:
        """Return the line of the last of some keys of YAML, each in the block of the one before.

        Where one is not found, the line of the key before it; None where there is none.
        """
        line = None
        for number, _ in self._keys(keys[0] if keys else "", 0, len(self._raw)):
            deepest, found = 1, number
            for key in keys[1:]:
                below = next(iter(self._keys(key, found, self._block_end(found))), None)
                if below is None:
                    break
                deepest, found = deepest + 1, below[0]
            if line is None or deepest > line[0]:
                line = (deepest, found)
        return None if line is None else line[1]

    def _occurrences(self, source: str) -> list[Occurrence]:
        return self._directives.get(content_lines(source)) or self._directives.get(
            comparable(source), []
        )

    def _misspelt(self, source: str) -> list[FenceOccurrence]:
        wanted = content_lines(source)
        misspelt = self._page_directives.misspelt
        return [fence for fence in misspelt if content_lines(fence.body) == wanted]

    def _line_of_text(self, source: str) -> int | None:
        """Return the line of a text that is no directive in the page's source, or None."""
        wanted = [without_prefix(line) for line in source.strip().splitlines()]
        if not wanted or not any(wanted):
            return None
        numbers = self._numbers.get(wanted[0], ())
        if len(wanted) == 1:
            found = numbers[0] if len(numbers) == 1 else None
            found = found if numbers else self._search(wanted[0])
        else:
            starts = [
                number
                for number in islice(numbers, MAX_SEARCHES)
                if self._lines[number - 1 : number - 1 + len(wanted)] == wanted
            ]
            found = starts[0] if len(starts) == 1 else None
        if found is not None and found > 1:
            # The body of a fence that the scanner does not see, such as one without an end.
            above = opening_line(self._lines[found - 2])
            found -= above is not None and above.resembles_directive
        return found

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

    def _line_of_image(self, image: ImageOccurrence, at: str) -> int:
        """Return the line of an image or its definition; for an option that of its braces."""
        start = image.start if image.definition is None else image.definition[0]
        braces = ATTRIBUTE_LIST.match(self.page, image.end) if at else None
        if braces is not None:
            option = re.search(rf"(?<![\w-]){re.escape(at)}\s*=", braces[0])
            start = start if option is None else image.end + option.start()
        return bisect_right(self._newlines, start - 1) + 1

    def _line_below(self, line: int, at: str) -> int:
        """Return the line of an option in a block of YAML that begins at `line`, or `line`."""
        below = next(iter(self._keys(at, line, self._block_end(line))), None)
        return line if below is None else below[0]

    def _keys(self, key: str, begin: int, end: int) -> list[tuple[int, int]]:
        """Return the lines from `begin` to `end` that begin with a key, and their indentation."""
        found = []
        for number in range(begin, min(end, len(self._raw))):
            match = _KEY.match(self._raw[number])
            if match is not None and match["key"].strip("\"'") == key:
                found.append((number + 1, match.start("key")))
        return found

    def _block_end(self, line: int) -> int:
        """Return the number of the last line of the block of YAML below the key of `line`."""
        key = _KEY.match(self._raw[line - 1])
        margin = 0 if key is None else key.start("key")
        for number in range(line, len(self._raw)):
            text = self._raw[number]
            if text.strip() and len(text) - len(text.lstrip()) <= margin:
                return number
        return len(self._raw)

    @cached_property
    def _lines(self) -> list[str]:
        return [without_prefix(line) for line in self.page.splitlines()]

    @cached_property
    def _text(self) -> str:
        return "\n".join(self._lines)

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        """The numbers of the lines that have each text."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, 1):
            found.setdefault(line, []).append(number)
        return found

    @cached_property
    def _raw(self) -> list[str]:
        return self.page.splitlines()

    @cached_property
    def _newlines(self) -> list[int]:
        return positions("\n", self.page)

    @cached_property
    def _page_directives(self) -> PageDirectives:
        return PageDirectives(self.page)

    @cached_property
    def _directives(self) -> dict[object, list[Occurrence]]:
        """The directives of each text, in their order.

        The text is the lines of a fence's body, or the comparable prompt of an image.
        """
        directives = self._page_directives
        found: dict[object, list[Occurrence]] = {}
        for fence in directives.fences:
            found.setdefault(content_lines(fence.body), []).append(fence)
        for image, prompt in sorted(directives.images(), key=lambda each: each[0].start):
            found.setdefault(comparable(prompt), []).append(image)
        return found


_KEY = re.compile(r"[ ]*(?:-[ ]+)*(?P<key>[^\s:#'\"][^:]*|\"[^\"]*\"|'[^']*')[ ]*:(?:\s|$)")


def _line_in_fence(fence: FenceOccurrence, at: str) -> int:
    """Return the line that opens a fence, or that of an option or a line `at` in it."""
    wanted = at.strip()
    named = meant = None
    for number, line in reversed(list(enumerate(fence.lines, fence.first_line + 2))):
        if wanted and line.strip() == wanted:
            return number  # of lines that are equal, the later one is the mistake
        if wanted and value_start(line.rstrip(), wanted) is not None:
            named = number
        elif wanted and meant_option(line, (wanted,)):
            meant = number
    return named or meant or fence.first_line + 1
