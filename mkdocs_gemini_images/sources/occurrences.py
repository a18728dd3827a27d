"""Find where a directive stands in the source of a page.

In go a page's source and the text of one directive as it was read: a fence's body, or an inline
image's prompt. Out come its occurrences, without those that a page shows as examples: in comments,
raw tags, longer fences and code spans. The scanner knows less than Markdown does, so a caller that
edits an occurrence reads the result back. Pure.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.fence_syntax import (
    ATTRIBUTE_LIST,
    FenceHeader,
    OpeningLine,
    is_closing_line,
    opening_line,
    read_attribute_list,
    without_prefix,
)
from mkdocs_gemini_images.directives.readers import read_fence

_AS_WRITTEN = re.compile(r"<(?:!--|(?P<tag>pre|script|style|textarea)\b)", re.I)
_USE = re.compile(r"!\[(?P<alt>[^\[\]]*)\](?:[ ]?\[(?P<label>[^\[\]]*)\])?(?![\[(:])")
_ANY_TITLE = r"(?:(?!(?P=quote)).)+"


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


def find_once(page: str, source: str, fix: str) -> Occurrence:
    """Return the only occurrence of a directive in `page`.

    Raises `DiagnosticError` with `fix` where there is none or more than one.
    """
    occurrences = find_all(page, source)
    if len(occurrences) == 1:
        return occurrences[0]
    expected = "the picture's directive in the page, literally and once"
    got = f"{len(occurrences)} of them" if occurrences else "none that is written here"
    raise DiagnosticError(Diagnostic(expected, got, fix))


def find_all(page: str, source: str) -> list[Occurrence]:
    """Return all occurrences of a directive in `page`, in their order there."""
    examples = _Examples(page)
    lines = _content_lines(source)
    occurrences: list[Occurrence] = [
        fence for fence in examples.directive_fences() if _content_lines(fence.body) == lines
    ]
    words = r"\s+".join(re.escape(word) for word in source.split())
    occurrences += [image for image in _images(page, words) if not examples.contain_image(image)]
    return sorted(occurrences, key=lambda occurrence: occurrence.start)


def directive_texts(page: str) -> list[str]:
    """Return the texts of all directives in a page, to compare the page with an edited one."""
    examples = _Examples(page)
    spans = [(fence.start, fence.end) for fence in examples.directive_fences()]
    for image in _images(page, _ANY_TITLE):
        if not examples.contain_image(image):
            braces = ATTRIBUTE_LIST.match(page, image.end)
            spans.append((image.start, image.end if braces is None else braces.end()))
    return [page[start:end].rstrip() for start, end in sorted(spans)]


def fences(lines: list[str]) -> Iterator[FenceOccurrence]:
    """Yield the fences of a page that have an end, without those inside of another."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    unclosed: dict[str, int] = {}
    at = 0
    while at < len(lines):
        opening = opening_line(lines[at])
        last = None if opening is None else _closing_line(lines, at, opening.marks, unclosed)
        if opening is not None and last is not None:
            body = tuple(_without(line, opening.prefix) for line in lines[at + 1 : last])
            yield FenceOccurrence(opening, at, last, starts[at], starts[last + 1], body)
            at = last
        at += 1


def _spans_as_written(page: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of comments and raw tags that have an end."""
    unclosed = set[str]()
    at = 0
    while (opener := _AS_WRITTEN.search(page, at)) is not None:
        tag, at = (opener["tag"] or "").lower(), opener.end()
        if tag in unclosed:
            continue
        ends = re.compile(rf"</{tag}\s*>" if tag else "-->", re.I)
        if (end := ends.search(page, at)) is None:
            unclosed.add(tag)
            continue
        at = end.end()
        yield opener.start(), at


def _closing_line(lines: list[str], first: int, marks: str, unclosed: dict[str, int]) -> int | None:
    """Return the line that closes a fence, or None where it has no end.

    `unclosed` has, by character, the number of marks from which no fence below has an end. It keeps
    the search linear in a page of many openings without an end.
    """
    if len(marks) >= unclosed.get(marks[0], sys.maxsize):
        return None
    for number in range(first + 1, len(lines)):
        if is_closing_line(lines[number], marks):
            return number
    unclosed[marks[0]] = len(marks)
    return None


def _without(line: str, prefix: str) -> str:
    line = line.removesuffix("\r")
    return line[len(prefix) :] if line.startswith(prefix) else line.lstrip("> \t")


def _images(page: str, words: str) -> Iterator[ImageOccurrence]:
    """Yield the `gemini:` images whose prompt matches the pattern `words`."""
    titled = rf"""\s+(?P<quote>["'])\s*(?P<scheme>gemini:\s*)?{words}\s*(?P=quote)"""
    address = r"(?P<address><[^<>\n]*>|[^\s()<>]+)"
    alt = r"(?P<alt>(?:[^\[\]]|\[[^\[\]]*\])*)"
    for image in re.finditer(rf"!\[{alt}\]\(\s*{address}{titled}\s*\)", page, re.I | re.S):
        if _has_scheme(image):
            yield ImageOccurrence(image.start(), image.end(), image["alt"])
    label = r"^[> \t]*\[(?P<label>[^\[\]\n]+)\]:[ \t]*"
    pattern = rf"{label}{address}{titled}[ \t]*\r?(?:\n|\Z)"
    definitions = {
        _folded(definition["label"]): definition
        for definition in re.finditer(pattern, page, re.I | re.M | re.S)
        if _has_scheme(definition)
    }
    for use in _USE.finditer(page):
        defined = definitions.get(_folded(use["label"] or use["alt"]))
        if defined is not None:
            yield ImageOccurrence(use.start(), use.end(), use["alt"], defined.span())


def _has_scheme(match: re.Match[str]) -> bool:
    return match["scheme"] is not None or match["address"].strip("<>").lower() == "gemini:"


class _Examples:
    """The parts of a page that Markdown shows or hides as written.

    These are fences, comments and raw tags.
    """

    def __init__(self, page: str) -> None:
        self._page = page
        self._fences = list(fences(page.split("\n")))
        self._spans = [(fence.start, fence.end) for fence in self._fences]
        self._spans += _spans_as_written(page)

    def directive_fences(self) -> Iterator[FenceOccurrence]:
        """Yield the fences that are directives and stand in none of these parts."""
        for fence in self._fences:
            inside = (start < fence.start < end for start, end in self._spans)
            if fence.opening.is_directive and not any(inside):
                yield fence

    def contain_image(self, image: ImageOccurrence) -> bool:
        """Return whether an image or its definition stands in one of these parts."""
        definition = image.definition
        return self._contain(image.end) or (definition is not None and self._contain(definition[0]))

    def _contain(self, at: int) -> bool:
        """Return whether a position is in one of these parts, or in a code span of its line."""
        if any(start <= at < end for start, end in self._spans):
            return True
        line = self._page.rfind("\n", 0, at) + 1
        return self._page.count("`", line, at) % 2 == 1


def _content_lines(text: str) -> list[str]:
    """Return the lines of a text without indentation, quote marks and empty lines at its ends."""
    lines = [without_prefix(line.expandtabs(4)) for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return [*dropwhile(lambda line: not line, lines)]


def _folded(label: str) -> str:
    return " ".join(label.lower().split())
