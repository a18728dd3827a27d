"""Find what a page says around a picture: the heading of its section, and the nearest paragraphs.

In go a page's source and the line of a directive; out comes a `Section`. Directives are left out,
so that no prompt is among its words. Pure.
"""

import re
from dataclasses import dataclass

from mkdocs_gemini_images.core.diagnostics import single_line
from mkdocs_gemini_images.sources.headings import headings, without_directives

_MAX_HEADING = 200
_MAX_WORDS = 900
"""Characters before the picture, and after it."""
_MAX_PARAGRAPHS = 2


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
    lines = without_directives(page).replace("\r", "").split("\n")
    at = min(line, len(lines)) - 1
    found = headings(lines)
    above = [(number, text) for number, text in found if number <= at]
    start, heading = above[-1] if above else (-1, "")
    end = next((number for number, _ in found if number > at), len(lines))
    before = _paragraphs(lines[start + 1 : at + 1])[-_MAX_PARAGRAPHS:]
    after = _paragraphs(lines[at + 1 : end])[:_MAX_PARAGRAPHS]
    return Section(
        heading[:_MAX_HEADING],
        single_line(" ".join(before))[-_MAX_WORDS:],
        single_line(" ".join(after))[:_MAX_WORDS],
    )


def _paragraphs(lines: list[str]) -> list[str]:
    blocks = re.split(r"\n[ \t]*\n", "\n".join(lines))
    flat = [re.sub(r"[ \t]*\{[^{}\n]*\}", "", block).strip() for block in blocks]
    return [block for block in flat if re.search(r"\w", block)]
