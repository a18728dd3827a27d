"""Try every neighbour, and tell the manual.

    python -m tests.compatibility                all neighbours; writes the manual's table
    python -m tests.compatibility --short        a fixed choice of them, in about a minute
    python -m tests.compatibility rss blog       these alone; --keep FOLDER leaves their sites there

Each is built without us, before us in the list of plugins or of Markdown extensions, and after us;
some under ProperDocs, and those that Zensical has, under Zensical. Two builds run at a time.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.compatibility.extensions import EXTENSIONS
from tests.compatibility.findings import findings, in_pdf
from tests.compatibility.neighbours import NEIGHBOURS, SECRET, Neighbour
from tests.compatibility.site import EXAMPLE, FILES, Built, Place, build, pictures
from tests.compatibility.table import PAGE, Row, written

ALL = (*NEIGHBOURS, *EXTENSIONS)


def tried(neighbour: Neighbour, folder: Path) -> Row:
    """Try one neighbour in all its places."""
    started = time.monotonic()
    found: dict[Place, tuple[str, ...]] = {}
    for alone, places in _places(neighbour).items():
        without = _built(neighbour, alone, folder)
        for place in places:
            built = _built(neighbour, place, folder)
            if built.code:
                found[place] = (f"exit code {built.code}: {built.said[-3000:]}",)
            else:
                found[place] = tuple(_findings(neighbour, place, built, without))
        if without.code:
            found[alone] = (f"without us, too: exit code {without.code}: {without.said[-3000:]}",)
    return Row(neighbour, found, time.monotonic() - started)


def _places(neighbour: Neighbour) -> dict[Place, list[Place]]:
    """List where a neighbour stands, under the build that it is compared with."""
    mkdocs: list[Place] = ["after"] if neighbour.last else ["before", "after"]
    mkdocs += ["properdocs"] if neighbour.properdocs else []
    if not neighbour.zensical:
        return {"alone": mkdocs}
    # Only Markdown extensions have an order there: ours is one.
    listed = neighbour.extensions != "[]"
    zensical: list[Place] = ["zensical-before", "zensical-after"] if listed else ["zensical-after"]
    return {"alone": mkdocs, "zensical-alone": zensical}


def _built(neighbour: Neighbour, place: Place, folder: Path) -> Built:
    root = folder / neighbour.name.replace(", ", "+") / place
    root.mkdir(parents=True)
    return build(neighbour, place, root)


def _findings(neighbour: Neighbour, place: Place, built: Built, alone: Built) -> Iterator[str]:
    site, shown = built.site, pictures(neighbour)
    zensical = place.startswith("zensical")
    yield from findings(site, alone.site, shown, base=built.base, secret=SECRET, example=EXAMPLE)
    makes = neighbour.zensical_makes if zensical else neighbour.makes
    yield from (f"{name} is not there" for name in makes if not (site / name).is_file())
    if neighbour.pdf and not zensical:
        yield from in_pdf(site / neighbour.pdf, FILES, secret=SECRET)


def main() -> int:
    """Run it, say what was found, and give the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    chosen = [n for n in ALL if n.short or not given.short]
    chosen = [n for n in chosen if n.name in given.names or not given.names]
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as threads:
        folder = given.keep or Path(temporary)
        rows = []
        for row in threads.map(lambda each: tried(each, folder), chosen):
            rows.append(row)
            print(row.line, flush=True)
            for place, each in row.wrong:
                print(f"    {place}: {each}")
    if chosen == list(ALL):
        PAGE.write_text(written(PAGE.read_text("utf-8"), rows), "utf-8")
    return 1 if any(row.wrong for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
