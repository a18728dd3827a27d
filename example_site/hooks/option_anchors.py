"""Gives each option in the manual's tables an anchor of its own, for links and messages.

In: the Markdown of a page with tables of options. Out: the same, where the name of an option links
to itself: `options.md#opt-budget` for one of `mkdocs.yml`, `options.md#directive-crop` for one of a
directive, `command-line.md#draw-takes` for one of a command. Tables keep their plain form in the
sources, which people read on other sites as well.
"""

import re
from typing import Any

ANCHORS = {
    "options.md": {"In mkdocs.yml": "opt", "Of a directive": "directive"},
    "command-line.md": {"Options of all commands": "all"},
    "beyond.md": {"A page's own picture": "page"},
}
"""What an anchor begins with, by page and section; a command's section gives its own name."""

_SECTIONS = re.compile(r"^(?=## )", re.MULTILINE)
_TABLES = re.compile(r"^\| Option \|.*\n(?:\|.*\n)+", re.MULTILINE)
_OPTIONS = re.compile(r"^\| (`.*?([\w-]+)`) \|", re.MULTILINE)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Link the name of each option to itself."""
    if page.file.src_uri not in ANCHORS:
        return markdown
    sections = _SECTIONS.split(markdown)
    return "".join(_with_anchors(section, page.file.src_uri) for section in sections)


def _with_anchors(section: str, page: str) -> str:
    title = section.splitlines()[0].removeprefix("## ")
    known = ANCHORS[page].get(title, title if page == "command-line.md" else "")

    def linked(row: re.Match[str]) -> str:
        name = f"{known}-{row[2].strip('-')}"
        return f"| [{row[1]}](#{name}){{ #{name} .option }} |"

    return _TABLES.sub(lambda table: _OPTIONS.sub(linked, table[0]), section) if known else section
