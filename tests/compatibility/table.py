"""What came of a neighbour, as a line on the screen and as a row of the manual's table. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path

from tests.compatibility.neighbours import Neighbour
from tests.compatibility.site import Place

PAGE = Path(__file__).parents[2] / "example_site" / "docs" / "neighbours.md"

BEGIN, END = "<!-- made by: make matrix -->\n", "<!-- end -->\n"
_HEAD = """
| Neighbour | Version | Before | After | ProperDocs | Zensical | |
| --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Row:
    """One neighbour, and what was found wrong in each place it was tried in."""

    neighbour: Neighbour
    found: Mapping[Place, tuple[str, ...]]
    seconds: float

    @property
    def wrong(self) -> list[tuple[Place, str]]:
        """All that is wrong, with the place where it is."""
        return [(place, each) for place, found in self.found.items() for each in found]

    @property
    def version(self) -> str:
        """The version that was tried."""
        try:
            return version(self.neighbour.package)
        except PackageNotFoundError:
            return "-"

    @property
    def line(self) -> str:
        """One line for the screen."""
        found = ", ".join(f"{place} {_word(wrong)}" for place, wrong in self.found.items())
        return f"{self.neighbour.name} {self.version}: {found} ({self.seconds:.0f} s)"

    @property
    def row(self) -> str:
        """One row of the manual's table."""
        words = [self._cell(host) for host in ("before", "after", "properdocs", "zensical")]
        name = f"`{self.neighbour.name}`".replace(", ", "`, `")
        cells = [name, self.version, *words, self.neighbour.remark]
        return f"| {' | '.join(cells)} |"

    def _cell(self, host: str) -> str:
        """Say how it went in the places under a host, or nothing where it was not tried there."""
        wrong = [wrong for place, wrong in self.found.items() if place.startswith(host)]
        return _word(tuple(chain(*wrong))) if wrong else ""


def written(page: str, rows: Sequence[Row]) -> str:
    """Put the table between the marks of a page."""
    table = "".join(f"{row.row}\n" for row in rows)
    block = f"{BEGIN}{_HEAD}{table}\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: block, page, flags=re.DOTALL)


def _word(wrong: tuple[str, ...]) -> str:
    return "broken" if wrong else "works"
