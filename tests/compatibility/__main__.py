"""Try every neighbour, and tell the manual.

    python -m tests.compatibility                all neighbours; writes the manual's table
    python -m tests.compatibility --short        a fixed choice of them, in about a minute
    python -m tests.compatibility rss blog       these alone; --keep FOLDER leaves their sites there

Each is built three times or four: without us, before us in the list of plugins, after us, and under
ProperDocs. Two builds run beside each other.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.compatibility.findings import findings, in_pdf
from tests.compatibility.neighbours import NEIGHBOURS, SECRET, Neighbour
from tests.compatibility.site import EXAMPLE, FILES, Built, Place, build, pictures
from tests.compatibility.table import PAGE, Row, written


def tried(neighbour: Neighbour, folder: Path) -> Row:
    """Try one neighbour in all its places."""
    places: list[Place] = ["after"] if neighbour.last else ["before", "after"]
    places += ["properdocs"] if neighbour.properdocs else []
    home = folder / neighbour.name
    started = time.monotonic()
    (home / "alone").mkdir(parents=True)
    alone = build(neighbour, "alone", home / "alone")
    found: dict[Place, tuple[str, ...]] = {}
    for place in places:
        (home / place).mkdir()
        built = build(neighbour, place, home / place)
        if built.code:
            found[place] = (f"exit code {built.code}: {built.said[-3000:]}",)
        else:
            found[place] = tuple(_findings(neighbour, built, alone))
    if alone.code:
        found["alone"] = (f"without us, too: exit code {alone.code}: {alone.said[-3000:]}",)
    return Row(neighbour, found, time.monotonic() - started)


def _findings(neighbour: Neighbour, built: Built, alone: Built) -> Iterator[str]:
    site, shown = built.site, pictures(neighbour)
    yield from findings(site, alone.site, shown, base=built.base, secret=SECRET, example=EXAMPLE)
    yield from (f"{name} is not there" for name in neighbour.makes if not (site / name).is_file())
    if neighbour.pdf:
        yield from in_pdf(site / neighbour.pdf, FILES, secret=SECRET)


def main() -> int:
    """Run it, say what was found, and give the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    chosen = [n for n in NEIGHBOURS if n.short or not given.short]
    chosen = [n for n in chosen if n.name in given.names or not given.names]
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as threads:
        folder = given.keep or Path(temporary)
        rows = []
        for row in threads.map(lambda each: tried(each, folder), chosen):
            rows.append(row)
            print(row.line, flush=True)
            for place, each in row.wrong:
                print(f"    {place}: {each}")
    if chosen == list(NEIGHBOURS):
        PAGE.write_text(written(PAGE.read_text("utf-8"), rows), "utf-8")
    return 1 if any(row.wrong for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
