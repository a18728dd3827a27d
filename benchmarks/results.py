"""The results on paper: one table, what it was measured with, and how to repeat it.

In come figures as measures have left them. They stay in `figures.json` until they are measured
again, so that a run may be broken off and a single measure repeated. Out comes `RESULTS.md`,
written anew after each measure of a full run.
"""

import json
import os
import platform
import subprocess
import time
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version

from benchmarks import eleventy, manual
from benchmarks.bench import HERE
from benchmarks.figure import Figure

RESULTS = HERE / "RESULTS.md"
FIGURES = HERE / "figures.json"
_PACKAGES = (
    "mkdocs", "mkdocs-material", "mkdocs-kroki-plugin", "Markdown", "pillow", "httpx", "diskcache",
)  # fmt: skip

_WHY = {
    "startup": "It follows the machine: kroki's start-up in the same run is beside it. Most of it "
    "is Python's loading of 42 modules, and its making of the classes of values in them.",
    "durable": "It follows the machine: revision cbdcf6f had 1.11 and 1.13 in two runs, 09709c1 "
    "had 1.68 in a slow hour. Each of seven rounds takes 0.11 s beyond the model's second: to read "
    "sixteen answers from their sockets takes 7 ms each, while two cores encode.",
    "warm": "The first directive takes 40 ms however many pictures there are, and the goal leaves "
    "45 to 53 ms for a hundred: four fifths of the 40 load 115 modules and make the classes in "
    "them, an eighth compiles the figure's template. The other 0.9 ms a page are our steps in its "
    "Markdown and its picture, of which the row below says more. A build of a hundred pages takes "
    "0.05 to 0.1 s longer than with plain images.",
    "crowded": "Three runs of 2026-11-29 gave 0.169, 0.191 and 0.219: the copying of the plain "
    "site's files, three a picture, takes more or less time. The goal leaves about 0.4 ms a "
    "picture. Of the 0.46 to 0.51 ms that it takes, a fifth reads, checks and digests its sidecar, "
    "another lists and links its files, and no other step has a tenth. Were figures kept from "
    "build to build, the ratio would be about 0.1, by estimate and not by measurement. They would "
    "have to follow settings, templates, the theme, a page's place and language, sidecars, and the "
    "files of other pictures, and one that is kept too long is a wrong page. The whole build "
    "beside one with plain images, in the row itself, is what a person waits for: the host is "
    "spared the copying of the files.",
    "cold": "Two cores are busy to the end. Of 20.8 s of processor time with revision edb79ac, "
    "14.5 encode, 3.7 prove and store answers (2.2 of them decode), 1.5 receive them and make them "
    "durable, 1.1 are the host's and the start's; 0410f40 takes 24.7 in the same turns. Nothing "
    "can be encoded in the start and the model's first second. Together with encoding alone and "
    "the host's pages these are about 11.3 s, or 1.09. The goal then leaves 12 ms of processor "
    "time a picture, which reading it from its socket (7 ms) and decoding its base64 (5.5 ms) take "
    "by themselves. Each picture is decoded once: the encoder takes over the pixels of the proof, "
    "and while 128 MB of them wait, further answers wait in the journal. An author who draws a "
    "hundred pictures waits some seconds more, once.",
    "large": "One AVIF of 4K takes 385 MB beside Python: 51 MB are Pillow's copy of the pixels, 51 "
    "the copy of its binding to the encoder, 25 the planes, the rest is the encoder's own. Its "
    "option for less memory is set; what was tried besides (no palette, no restoration, no "
    "reference frames) changes nothing. The 68 MB of the decoded picture are no longer in memory "
    "then, and one such picture is open at a time. In a container of 512 MB such a build may be "
    "ended; formats without avif need less.",
    "review": "The comment needs two plans, the base's and today's, side by side. A page shows the "
    "pictures of 400 changes, before and after: 800 PNG of 1K, of which each takes 30 ms to "
    "decode, however small it is shown, and is read, held against its digest and made small "
    "besides. The sheet takes its pictures from the page.",
    "preview": "It differs from run to run: 60 to 210 ms on this machine.",
    "saving": "The host renders every page anew at each save, and so do we with every picture. "
    "What is missing is the difference of the two rebuilds, whose seconds stand in the row.",
}
"""Why a goal is missed, as far as it is known; said only of those that are."""


def keep(name: str, figure: Figure, seconds: float) -> None:
    """Keep a figure until the next time it is measured."""
    kept = json.loads(FIGURES.read_text())
    kept[name] = asdict(figure) | {
        "seconds": round(seconds), "at": _commit(), "day": time.strftime("%F")
    }  # fmt: skip
    FIGURES.write_text(f"{json.dumps(kept, indent=1, ensure_ascii=False)}\n")


def write(names: list[str]) -> None:
    """Write all figures that are there, in the order of their names, and the manual's of them."""
    rows, missed = [], []
    runs: dict[str, list[str]] = {}
    found = json.loads(FIGURES.read_text())
    for name in names:
        if name not in found:
            rows.append(f"| {name} | not measured | | | | |")
            continue
        value = found[name]
        runs.setdefault(f"{value['day']}, {value['at']}", []).append(name)
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


def _text(rows: list[str], runs: dict[str, list[str]], missed: list[str]) -> str:
    return "\n".join(
        [
            "# Results",
            "",
            "What this plugin costs, beside its peers, measured in the same run on the same",
            "machine. Ratios are the result: seconds are this machine's own. Each is the median of",
            "the competitors' turns, one after the other; the processor's time is given where",
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
            *(f"- measured {each}: {', '.join(runs[each])}" for each in sorted(runs)),
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
