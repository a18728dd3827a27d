"""The manual's page on speed: its table, between two marks, follows what was measured.

In come the figures that are kept, out comes the page with the same words around another table. What
stands in the manual are ratios and promises, in its readers' words; all else is in `RESULTS.md`.
"""

import re
from collections.abc import Mapping
from typing import Any

from benchmarks.bench import HERE

PAGE = HERE.parent / "example_site" / "docs" / "speed.md"
_TABLE = re.compile(r"(<!-- measured -->\n).*?(<!-- /measured -->)", re.DOTALL)
_WORDS = {
    "idle": "1,000 pages without a picture: our time, of the rest of the build",
    "startup": "Starting up on such a site",
    "warm": "100 pages, a picture each, all in stock: our time, of the same files as plain images",
    "crowded": "1,000 pictures on 100 pages, likewise",
    "cold": "100 new pictures, 16 at once: the build, of what model and encoder need at least",
    "distinct": "Requests for 100 pictures of which 10 differ",
    "memory": "Memory for 100 answers of 24 MB, of that for 10",
    "encoding": "Making files, of the time that eleventy-img takes",
    "preview": "Live preview: a saved page is there later by",
    "saving": "Saving a page of a site with 1,000 pictures, of the same with plain images",
    "planning": "`gemini-images plan` on 10,000 pictures, of a plain build",
}


def write(figures: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the table into the page."""
    rows = [
        f"| {words} | {_spoken(figures[name]['goal'])} | {figures[name]['figure']} |"
        for name, words in _WORDS.items()
        if name in figures
    ]
    table = "\n".join(["| | Goal | Measured |", "| --- | --- | --- |", *rows, ""])
    text = PAGE.read_text()
    PAGE.write_text(_TABLE.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", text))


def _spoken(goal: str) -> str:
    return goal.replace("<=", "at most")
