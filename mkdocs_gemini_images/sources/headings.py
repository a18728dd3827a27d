"""Find the headings in the source of a page.

In: a page's source. Out: the same page with its front matter, code, comments and directives left
out, and the headings of its lines. Pure.
"""

import re

from mkdocs_gemini_images.core.diagnostics import single_line
from mkdocs_gemini_images.sources.occurrences import PageDirectives, fences

_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*(?:\{[^{}]*\})?[ \t]*")
_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*")
_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def front_matter_lines(page: str) -> int:
    """Return how many lines the front matter of a page has, with its marks; 0 without one."""
    front = _FRONT_MATTER.match(page)
    return 0 if front is None else len(front[0].splitlines())


def without_directives(page: str) -> str:
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


def headings(lines: list[str]) -> list[tuple[int, str]]:
    """Return the headings with the numbers of their last lines, counted from 0."""
    found = []
    for number, line in enumerate(lines):
        atx = _HEADING.fullmatch(line)
        above = lines[number - 1].strip() if number else ""
        if atx is not None:
            found.append((number, single_line(atx["text"])))
        elif above and _UNDERLINE.fullmatch(line) and not above.startswith(("-", "|", ">", "#")):
            found.append((number, single_line(above)))
    return found
