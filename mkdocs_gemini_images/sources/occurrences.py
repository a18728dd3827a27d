"""Find where a directive stands in the Markdown of a page: literally, once, and not as an example.

In come a page's source and the text of one directive as it was read: a fence's body, or an inline
image's prompt. Out comes its place, or a complaint. Comments, raw tags, longer fences and code
spans show what they hold; nothing in them is ever a place. A scanner knows less than Markdown
does: whoever edits by it proves each edit. Pure.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile

from markdown.extensions.attr_list import get_attrs_and_remainder

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.directive import Directive, read_fence

BRACES = re.compile(r"\{(?P<inner>:?[^{}\r\n]*)\}")
"""An attribute list, on its own line."""

_OPENER = re.compile(r"(?P<prefix>[> \t]*)(?P<marks>`{3,}|~{3,})(?P<header>[^\r]*)\r?")
_LANGUAGE = re.compile(r"\.?gemini-image")
_AS_WRITTEN = re.compile(r"<(?:!--|(?P<tag>pre|script|style|textarea)\b)", re.I)
_USE = re.compile(r"!\[(?P<alt>[^\[\]]*)\](?:[ ]?\[(?P<label>[^\[\]]*)\])?(?![\[(:])")
_ANY_TITLE = r"(?:(?!(?P=quote)).)+"


@dataclass(frozen=True, slots=True)
class Image:
    """An inline image: from its `!` to where its braces begin, or would."""

    start: int
    end: int
    alt: str
    """What stands in its brackets, as written."""
    goal: str
    """Where it points, as written."""
    definition: tuple[int, int] | None = None
    """In reference style, the line of its definition, from its start to the next line's."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A fence of any kind: its lines, where it begins and ends in the page, and what is in it."""

    opener: int
    closer: int
    start: int
    end: int
    prefix: str
    header: str
    lines: tuple[str, ...]
    """The body, without the indentation and quote marks that the fence has as a whole."""

    @property
    def body(self) -> str:
        """Its lines as its host reads them."""
        return "\n".join(self.lines)

    @property
    def is_ours(self) -> bool:
        """Whether it is a directive."""
        if _LANGUAGE.fullmatch(self.header):
            return True
        found = BRACES.fullmatch(self.header)
        return found is not None and found["inner"].split()[:1] == [".gemini-image"]

    def read(self) -> Directive | None:
        """Read it as its host would."""
        options: dict[str, str] = {}
        classes: tuple[str, ...] = ()
        if (found := BRACES.fullmatch(self.header)) is not None:
            pairs, remainder = get_attrs_and_remainder(found["inner"])
            if remainder:
                return None
            options = {name: value for name, value in pairs if name != "."}
            classes = tuple(value for name, value in pairs if name == ".")[1:]
        id = options.pop("id", "")
        read = read_fence(options, self.body, classes=classes, id=id)
        return read if isinstance(read, Directive) else None


def find(page: str, source: str, fix: str) -> Fence | Image | Diagnostic:
    """Find the one place of a directive in `page`; `fix` says what to do where there is none."""
    found = places(page, source)
    if len(found) == 1:
        return found[0]
    got = f"{len(found)} of them" if found else "none that is written here"
    return Diagnostic("the picture's directive in the page, literally and once", got, fix)


def places(page: str, source: str) -> list[Fence | Image]:
    """Find all places of a directive in `page`, in their order there."""
    shielded = _Shielded(page, page.split("\n"))
    found: list[Fence | Image] = [
        fence for fence in shielded.shown_fences() if _bare(fence.body) == _bare(source)
    ]
    words = r"\s+".join(re.escape(word) for word in source.split())
    found += [image for image in _images(page, words) if shielded.shows_image(image)]
    return sorted(found, key=lambda place: place.start)


def directives(page: str) -> list[str]:
    """List all directives that stand in a page, as they are written, to hold an edit against."""
    shielded = _Shielded(page, page.split("\n"))
    spans = [(fence.start, fence.end) for fence in shielded.shown_fences()]
    for image in _images(page, _ANY_TITLE):
        if shielded.shows_image(image):
            braces = BRACES.match(page, image.end)
            spans.append((image.start, image.end if braces is None else braces.end()))
    return [page[start:end].rstrip() for start, end in sorted(spans)]


def fences(lines: list[str]) -> Iterator[Fence]:
    """Find the fences of a page, those that have an end; what is in one is no fence."""
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    endless: dict[str, int] = {}
    at = 0
    while at < len(lines):
        found = _OPENER.fullmatch(lines[at])
        closer = None if found is None else _closer(lines, at, found["marks"], endless)
        if found is not None and closer is not None:
            prefix = found["prefix"]
            body = tuple(_without(line, prefix) for line in lines[at + 1 : closer])
            end = starts[closer + 1]
            yield Fence(at, closer, starts[at], end, prefix, found["header"].strip(" \t"), body)
            at = closer
        at += 1


def _as_written(page: str) -> Iterator[tuple[int, int]]:
    """Find comments and raw tags, those that have an end; what is in one opens no other."""
    endless = set[str]()
    at = 0
    while (opener := _AS_WRITTEN.search(page, at)) is not None:
        tag, at = (opener["tag"] or "").lower(), opener.end()
        if tag in endless:
            continue
        ends = re.compile(rf"</{tag}\s*>" if tag else "-->", re.I)
        if (end := ends.search(page, at)) is None:
            endless.add(tag)
            continue
        at = end.end()
        yield opener.start(), at


def _closer(lines: list[str], opener: int, marks: str, endless: dict[str, int]) -> int | None:
    """Find the line that ends a fence; `endless` notes how many of a mark have no end below.

    So nobody looks for one again: a page may be hostile.
    """
    if len(marks) >= endless.get(marks[0], sys.maxsize):
        return None
    for number in range(opener + 1, len(lines)):
        bare = lines[number].strip().lstrip("> \t")
        if bare.startswith(marks) and not bare.strip(marks[0]):
            return number
    endless[marks[0]] = len(marks)
    return None


def _without(line: str, prefix: str) -> str:
    line = line.removesuffix("\r")
    return line[len(prefix) :] if line.startswith(prefix) else line.lstrip("> \t")


def _images(page: str, words: str) -> Iterator[Image]:
    """Find the images whose title is of this pattern."""
    titled = rf"""\s+(?P<quote>["'])\s*(?P<scheme>gemini:\s*)?{words}\s*(?P=quote)"""
    goal = r"(?P<goal><[^<>\n]*>|[^\s()<>]+)"
    alt = r"(?P<alt>(?:[^\[\]]|\[[^\[\]]*\])*)"
    for found in re.finditer(rf"!\[{alt}\]\(\s*{goal}{titled}\s*\)", page, re.I | re.S):
        if _is_ours(found):
            yield Image(found.start(), found.end(), found["alt"], found["goal"])
    definition = rf"^[> \t]*\[(?P<label>[^\[\]\n]+)\]:[ \t]*{goal}{titled}[ \t]*\r?(?:\n|\Z)"
    defined = {
        _folded(found["label"]): found
        for found in re.finditer(definition, page, re.I | re.M | re.S) if _is_ours(found)
    }  # fmt: skip
    for use in _USE.finditer(page):
        by = defined.get(_folded(use["label"] or use["alt"]))
        if by is not None:
            yield Image(use.start(), use.end(), use["alt"], by["goal"], by.span())


def _is_ours(found: re.Match[str]) -> bool:
    return found["scheme"] is not None or found["goal"].strip("<>").lower() == "gemini:"


class _Shielded:
    """What of a page is shown or hidden as it is written: fences, comments, and raw tags."""

    def __init__(self, page: str, lines: list[str]) -> None:
        self._page = page
        self._fences = list(fences(lines))
        self._spans = [(fence.start, fence.end) for fence in self._fences]
        self._spans += _as_written(page)

    def shown_fences(self) -> Iterator[Fence]:
        """Yield the directives among the fences that are not inside of something else."""
        for fence in self._fences:
            inside = (start < fence.start < end for start, end in self._spans)
            if fence.is_ours and not any(inside):
                yield fence

    def shows_image(self, image: Image) -> bool:
        """Whether an image is one there, and so is its definition."""
        return self._shows(image.end) and (
            image.definition is None or self._shows(image.definition[0])
        )

    def _shows(self, at: int) -> bool:
        """Whether what ends at a place is Markdown there; code spans as far as its line tells."""
        if any(start <= at < end for start, end in self._spans):
            return False
        line = self._page.rfind("\n", 0, at) + 1
        return self._page.count("`", line, at) % 2 == 0


def _bare(text: str) -> list[str]:
    """Give the lines of a text without what a fence's surroundings put before them."""
    lines = [line.expandtabs(4).strip().lstrip("> \t") for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return [*dropwhile(lambda line: not line, lines)]


def _folded(label: str) -> str:
    return " ".join(label.lower().split())
