"""Find the line of a page on which a directive stands, for messages.

By the directive's own text: a fence's lines, whatever they are indented or quoted with, or an
inline image's title. Where the text is not there exactly once (snippets, macros, repetitions)
there is no line, and a message names the page alone. Pure.
"""


class Lines:
    """The lines of one page, without indentation and quote marks, read once for all directives."""

    def __init__(self, page: str) -> None:
        self._lines = [_bare(line) for line in page.splitlines()]
        self._text = "\n".join(self._lines)
        self._numbers: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, 1):
            self._numbers.setdefault(line, []).append(number)

    def line_of(self, source: str) -> int | None:
        """Give the 1-based line on which `source` begins, or None."""
        wanted = [_bare(line) for line in source.strip().splitlines()]
        if not wanted or not any(wanted):
            return None
        found = [
            number
            for number in self._numbers.get(wanted[0], ())
            if self._lines[number - 1 : number - 1 + len(wanted)] == wanted
        ]
        if not found and len(wanted) == 1:
            return self._within(wanted[0])
        return found[0] if len(found) == 1 else None

    def _within(self, words: str) -> int | None:
        """Give the one line that has these words somewhere."""
        at = self._text.find(words)
        end = self._text.find("\n", at)
        if at < 0 or (end >= 0 and self._text.find(words, end) >= 0):
            return None
        return self._text.count("\n", 0, at) + 1


def line_of(page: str, source: str) -> int | None:
    """Give the 1-based line of `page` on which `source` begins, or None."""
    return Lines(page).line_of(source)


def _bare(line: str) -> str:
    """Take indentation and quote marks off."""
    return line.strip().lstrip("> \t")
