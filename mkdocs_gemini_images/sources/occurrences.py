"""Find where a directive stands in the source of a page.

In go a page's source and the text of one directive as it was read: a fence's body, or an inline
image's prompt. Out come its occurrences, without those that a page shows as examples: in comments,
raw tags, longer fences and code spans. The scanner knows less than Markdown does, so a caller that
edits an occurrence reads the result back. Pure.
"""

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.fence_syntax import (
    ATTRIBUTE_LIST,
    FenceHeader,
    OpeningLine,
    closing_marks,
    opening_line,
    read_attribute_list,
    without_prefix,
)
from mkdocs_gemini_images.directives.readers import read_fence
from mkdocs_gemini_images.sources import image_syntax

_AS_WRITTEN = re.compile(r"<(?:!--|(?P<tag>pre|script|style|textarea)\b)", re.I)
_ENDS = {
    tag: re.compile(rf"</{tag}\s*+>" if tag else "-->", re.I)
    for tag in ("", "pre", "script", "style", "textarea")
}


@dataclass(frozen=True, slots=True)
class ImageOccurrence:
    """An inline image in a page. Positions are indices of characters."""

    start: int
    """The position of its `!`."""
    end: int
    """The position behind it, where its braces begin if it has any."""
    alt: str
    """The text in its brackets, as written."""
    definition: tuple[int, int] | None = None
    """In reference style, the start of the definition's line and that of the next line."""

    def lines_in(self, page: str) -> range:
        """Return the lines of its page on which it stands, counted from 1."""
        return range(page.count("\n", 0, self.start) + 1, page.count("\n", 0, self.end) + 2)


@dataclass(frozen=True, slots=True)
class FenceOccurrence:
    """A fence of any language in a page. Lines are counted from 0."""

    opening: OpeningLine
    first_line: int
    """The line that opens it."""
    last_line: int
    """The line that closes it."""
    start: int
    """The position of its first character in the page."""
    end: int
    """The position behind its last line."""
    lines: tuple[str, ...]
    """The body, without the indentation and quote marks of the whole fence."""

    def lines_in(self, page: str) -> range:
        """Return the lines of its page on which it stands, counted from 1."""
        return range(self.first_line + 1, self.last_line + 2)

    @property
    def body(self) -> str:
        """The body as Markdown reads it."""
        return "\n".join(self.lines)

    def read(self) -> Directive | None:
        """Return the directive as its page has it, or None where it has a mistake."""
        header: FenceHeader | None = FenceHeader()
        if (braces := ATTRIBUTE_LIST.fullmatch(self.opening.header)) is not None:
            header = read_attribute_list(braces["inner"])
        if header is None:
            return None
        try:
            return read_fence(header.options, self.body, classes=header.classes, id=header.id)
        except DiagnosticError:
            return None


Occurrence = FenceOccurrence | ImageOccurrence


def find_all(page: str, source: str) -> list[Occurrence]:
    """Return all occurrences of a directive in `page`, in their order there."""
    return _directives(page).find(source)


def is_last_use(page: str, image: ImageOccurrence) -> bool:
    """Return whether no other image of a page has the definition of this one."""
    images = (other for other, _ in _directives(page).images())
    return sum(other.definition == image.definition for other in images) <= 1


def directive_texts(page: str) -> list[str]:
    """Return the texts of all directives in a page, to compare the page with an edited one."""
    directives = _directives(page)
    spans = [(fence.start, fence.end) for fence in directives.fences]
    for image, _ in directives.images():
        braces = ATTRIBUTE_LIST.match(page, image.end)
        spans.append((image.start, image.end if braces is None else braces.end()))
    return [page[start:end].rstrip() for start, end in sorted(spans)]


@lru_cache(maxsize=4)
def _directives(page: str) -> "PageDirectives":
    """Return the directives of a page, which an edit reads before and after it."""
    return PageDirectives(page)


class PageDirectives:
    """The directives in the source of a page that stand in none of its examples."""

    def __init__(self, page: str) -> None:
        self._page = page
        every = list(fences(page.split("\n")))
        as_written = _Spans(_spans_as_written(page))
        self._spans = (as_written, _Spans((fence.start, fence.end) for fence in every))
        self._code_marks = positions("`", page)
        self._newlines = positions("\n", page)
        read = [fence for fence in every if not as_written.contain(fence.start)]
        self.fences = [fence for fence in read if fence.opening.is_directive]
        """The `gemini-image` fences."""
        self.misspelt = [
            fence
            for fence in read
            if fence.opening.resembles_directive and not fence.opening.is_directive
        ]
        """The fences whose language is nearly `gemini-image`."""

    def find(self, source: str) -> list[Occurrence]:
        """Return all occurrences of one directive, in their order."""
        lines = content_lines(source)
        found: list[Occurrence] = [f for f in self.fences if content_lines(f.body) == lines]
        found += [image for image, _ in self.images(source)]
        return sorted(found, key=lambda occurrence: occurrence.start)

    def images(self, prompt: str | None = None) -> Iterator[tuple[ImageOccurrence, str]]:
        """Yield inline images, and their prompts as written: all, or those with `prompt`."""
        page = self._page
        for each in image_syntax.images(page, prompt):
            if not self._is_example(each.end):
                yield ImageOccurrence(each.start, each.end, each.name), each.title
        defined = image_syntax.definitions(page, prompt)
        for start, end, alt, label in image_syntax.uses(page) if defined else ():
            by = defined.get(label)
            if by is not None and not (self._is_example(end) or self._is_example(by.start)):
                yield ImageOccurrence(start, end, alt, (by.start, by.end)), by.title

    def _is_example(self, at: int) -> bool:
        """Return whether a position is in an example, or in a code span of its line."""
        if any(spans.contain(at) for spans in self._spans):
            return True
        before = bisect_left(self._newlines, at)
        line = self._newlines[before - 1] if before else 0
        return (bisect_left(self._code_marks, at) - bisect_left(self._code_marks, line)) % 2 == 1


def fences(lines: list[str]) -> Iterator[FenceOccurrence]:
    """Yield the fences of a page that have an end, without those inside of another."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    ends = _closing_lines(lines)
    at = 0
    while at < len(lines):
        opening, last = ends.get(at, (None, 0))
        if opening is not None:
            body = tuple(_without(line, opening.prefix) for line in lines[at + 1 : last])
            yield FenceOccurrence(opening, at, last, starts[at], starts[last + 1], body)
            at = last
        at += 1


def positions(character: str, page: str) -> list[int]:
    """Return the positions of a character in a page."""
    return [found.start() for found in re.finditer(re.escape(character), page)]


def content_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text without indentation, quote marks and empty lines at its ends."""
    lines = [without_prefix(line.expandtabs(4)) for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return tuple(dropwhile(lambda line: not line, lines))


def _closing_lines(lines: list[str]) -> dict[int, tuple[OpeningLine, int]]:
    """Return each line that opens a fence with an end, and the line that closes it.

    From the last line to the first, `below` has by character the closing lines that a fence above
    may end at: each has more marks than all that are nearer.
    """
    found: dict[int, tuple[OpeningLine, int]] = {}
    below: dict[str, list[tuple[int, int]]] = {"`": [], "~": []}
    for number in range(len(lines) - 1, -1, -1):
        if "```" not in lines[number] and "~~~" not in lines[number]:
            continue
        opening = opening_line(lines[number])
        if opening is not None:
            closers = below[opening.marks[0]]
            # The numbers of marks fall from the farthest line to the nearest.
            nearest = bisect_right(closers, -len(opening.marks), key=lambda each: each[0]) - 1
            if nearest >= 0:
                found[number] = (opening, closers[nearest][1])
        if marks := closing_marks(lines[number]):
            closers = below[marks[0]]
            while closers and -closers[-1][0] <= len(marks):
                closers.pop()
            closers.append((-len(marks), number))
    return found


def _spans_as_written(page: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of comments and raw tags that have an end."""
    unclosed = set[str]()
    at = 0
    while (opener := _AS_WRITTEN.search(page, at)) is not None:
        tag, at = (opener["tag"] or "").lower(), opener.end()
        if tag in unclosed:
            continue
        if (end := _ENDS[tag].search(page, at)) is None:
            unclosed.add(tag)
            continue
        at = end.end()
        yield opener.start(), at


class _Spans:
    """Spans of a page that do not overlap, in their order."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = list(spans)

    def contain(self, at: int) -> bool:
        """Return whether a position is in one of them."""
        before = bisect_right(self._spans, (at, sys.maxsize)) - 1
        return before >= 0 and at < self._spans[before][1]


def _without(line: str, prefix: str) -> str:
    line = line.removesuffix("\r")
    return line[len(prefix) :] if line.startswith(prefix) else line.lstrip("> \t")
