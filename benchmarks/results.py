"""The results on paper: one table, what it was measured with, and how to repeat it.

In come figures as measures have left them, one file each, so that a run may be broken off and a
single measure repeated; out comes `RESULTS.md`, written anew after each measure of a full run.
"""

import json
import os
import platform
import subprocess
import time
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks import eleventy, manual
from benchmarks.bench import HERE
from benchmarks.figure import Figure

RESULTS = HERE / "RESULTS.md"
_PACKAGES = (
    "mkdocs", "mkdocs-material", "mkdocs-kroki-plugin", "Markdown", "pillow", "httpx", "diskcache",
)  # fmt: skip

_WHY = {
    "warm": "Held against the row below, some 60 ms are there however many pictures there are: 20 "
    "ms to load what a first directive needs, mostly Python's making of value classes, 6 ms for "
    "the figure's template, the rest our steps in the Markdown of a hundred pages. The goal allows "
    "50 ms for everything. Half a millisecond is each picture's: by samples an eighth of it reads "
    "its sidecar, a sixth renders the template, a twelfth tells the host of its files. Publishing "
    "is down to a link a file.",
    "crowded": "Half a millisecond a picture, as above, in many small parts.",
    "cold": "Both cores are busy to the end. Beside what is encoded, each picture is decoded once "
    "before it goes into stock, to prove it (33 ms: keeping its pixels for the encoder would hold "
    "3 MB of each that waits), its base64 is found and decoded (15 ms) and checked (10 ms); and "
    "nothing can be encoded in the model's first second.",
    "durable": "It is what it is where nothing at all is encoded, 1.11 to 1.14 in a trial: "
    "encoders give way to arriving answers. Sixteen of them at once are 42 MB over loopback, and "
    "the server that sends them has the same two cores.",
    "preview": "It differs from run to run: 50 to 120 ms on this machine, of which our hooks and "
    "steps take 58 ms for 59 placeholders.",
    "planning": "By samples a third of it is the directives' own reading and looking up, and most "
    "of the rest is Markdown's, as in the plain build.",
}
"""Why a goal is missed, as far as it is known; said only of those that are."""


def keep(work: Path, name: str, figure: Figure, seconds: float) -> None:
    """Keep a figure until the next time it is measured."""
    folder = work / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    value = asdict(figure) | {"seconds": seconds, "at": _commit(), "day": time.strftime("%F")}
    (folder / f"{name}.json").write_text(json.dumps(value, indent=1))


def write(work: Path, names: list[str]) -> None:
    """Write all figures that are there, in the order of their names, and the manual's of them."""
    rows, runs, missed, found = [], [], [], {}
    for name in names:
        path = work / "figures" / f"{name}.json"
        if not path.exists():
            rows.append(f"| {name} | not measured | | | | |")
            continue
        value = json.loads(path.read_text())
        found[name] = value
        runs.append(f"{value['day']}, {value['at']}")
        held = "held" if value["held"] else "**missed**"
        if not value["held"] and name in _WHY:
            missed.append(f"- **{name}**: {_WHY[name]}")
        what = (
            f"{value['what']}<br><sub>{value['beside']}</sub>" if value["beside"] else value["what"]
        )
        cells = (what, value["goal"], value["figure"], held, value["cpu"], value["peers"])
        rows.append(f"| {' | '.join(cells)} |")
    RESULTS.write_text(_text(rows, runs, missed))
    manual.write(found)


def _text(rows: list[str], runs: list[str], missed: list[str]) -> str:
    once = sorted(set(runs))
    return "\n".join(
        [
            "# Results",
            "",
            "What this plugin costs, beside its peers, measured in the same run on the same",
            "machine. Ratios are the result: seconds are this machine's own. Each is the median of",
            "the turns that everybody had one after the other; the processor's time is given where",
            "other work on the machine could have disturbed the clock's.",
            "",
            "| measure | goal | figure | | by processor time | peers |",
            "| --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
            *(["## What is missed, and why", "", *missed, ""] if missed else []),
            "## Measured with",
            "",
            f"- {_machine()}",
            f"- Python {platform.python_version()}, " + ", ".join(map(_version, _PACKAGES)),
            f"- eleventy-img {eleventy.version()}, Node {_said('node', '--version')}",
            *(f"- measured {each}" for each in once),
            "",
            "## To repeat it",
            "",
            "```console",
            "$ make bench                  # all of it: about half an hour",
            '$ make bench ONLY="cold memory"   # some of it; the other rows stay as they were',
            "$ make bench SECONDS=60       # small sizes: only whether it runs",
            "```",
            "",
            "It needs Python 3.11 or newer, Node 18 or newer and npm; everything is installed into",
            "`.venv-bench` and `benchmarks/.node`. No network is used while it measures.",
            "",
        ]
    )


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} (not installed)"


def _commit() -> str:
    changed = (
        "" if not _said("git", "status", "--porcelain", "mkdocs_gemini_images") else " changed"
    )
    return f"commit {_said('git', 'rev-parse', '--short', 'HEAD')}{changed}"


def _said(*command: str) -> str:
    ran = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, cwd=HERE, check=False
    )
    return ran.stdout.strip() or "unknown" if command[-1] != "mkdocs_gemini_images" else ran.stdout
