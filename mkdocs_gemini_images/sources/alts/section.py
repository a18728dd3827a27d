"""Find what a page says around a picture: the heading of its section, and the nearest paragraphs.

In go a page's source and the line of a directive; out comes a `Section`. Directives are left out,
so that no prompt is among its words. Pure.
"""

import re
from dataclasses import dataclass

from mkdocs_gemini_images.core.diagnostics import single_line
from mkdocs_gemini_images.sources.occurrences import PageDirectives, fences

_MAX_HEADING = 200
_MAX_WORDS = 900
"""Characters before the picture, and after it."""
_MAX_PARAGRAPHS = 2
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*(?:\{[^{}]*\})?[ \t]*")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")
_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """The words around a picture."""

    heading: str = ""
    before: str = ""
    after: str = ""


def section_at(page: str, line: int) -> Section:
    """Return the heading of the section that a line of a page, counted from 1, stands in.

    And the paragraphs of that section that are nearest to it.
    """
    lines = _without_directives(page).replace("\r", "").split("\n")
    at = min(line, len(lines)) - 1
    headings = [(number, text) for number, text in _headings(lines) if number <= at]
    start, heading = headings[-1] if headings else (-1, "")
    end = next((number for number, _ in _headings(lines) if number > at), len(lines))
    before = _paragraphs(lines[start + 1 : at + 1])[-_MAX_PARAGRAPHS:]
    after = _paragraphs(lines[at + 1 : end])[:_MAX_PARAGRAPHS]
    return Section(
        heading[:_MAX_HEADING],
        single_line(" ".join(before))[-_MAX_WORDS:],
        single_line(" ".join(after))[:_MAX_WORDS],
    )


def _without_directives(page: str) -> str:
    """Return a page with as many lines, without front matter, code, comments and directives."""
    directives = PageDirectives(page)
    spans = [match.span() for match in _COMMENT.finditer(page)]
    if (front := _FRONT_MATTER.match(page)) is not None:
        spans.append(front.span())
    spans += [(fence.start, fence.end) for fence in fences(page.split("\n"))]
    for image, _ in directives.images():
        spans.append((image.start, image.end))
        spans += [] if image.definition is None else [image.definition]
    text = page
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + "\n" * page.count("\n", start, end) + text[end:]
    return text


def _headings(lines: list[str]) -> list[tuple[int, str]]:
    """Return the headings with the numbers of their last lines."""
    found = []
    for number, line in enumerate(lines):
        atx = _HEADING.fullmatch(line)
        above = lines[number - 1].strip() if number else ""
        if atx is not None:
            found.append((number, single_line(atx["text"])))
        elif above and _UNDERLINE.fullmatch(line) and not above.startswith(("-", "|", ">", "#")):
            found.append((number, single_line(above)))
    return found


def _paragraphs(lines: list[str]) -> list[str]:
    blocks = re.split(r"\n[ \t]*\n", "\n".join(lines))
    flat = [re.sub(r"[ \t]*\{[^{}\n]*\}", "", block).strip() for block in blocks]
    return [block for block in flat if re.search(r"\w", block)]
