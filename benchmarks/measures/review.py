"""A review of a site whose pictures have all changed: its time, and whether memory grows with them.

The base has one picture for each directive in its stock, the working tree other words and other
pictures. The command writes a comment, and then all that it can: a page and a sheet as well. The
build of the base is a process of its own, whose memory counts as well.
"""

import shutil
import subprocess

from benchmarks import pictures
from benchmarks.bench import Account, Bench
from benchmarks.figure import Figure, at_most, number
from benchmarks.inside import OURS
from benchmarks.sites import Site, ours

_MB = 1e6
_ON_A_PAGE = 10


def review(bench: Bench) -> Figure:
    """A thousand changed pictures, and two thousand for the memory."""
    few, many = bench.of(1000, 10), bench.of(2000, 20)
    (text, less), (_, more) = _reviewed(bench, few), _reviewed(bench, many)
    # What a plan keeps of a picture, in both processes; the pixels of one are 4 MB.
    grown = _memory(more) - _memory(less)
    return at_most(
        f"review of {few:,} changed pictures, with a comment for a pull request",
        text["build"], 10, unit=" s", cpu=text["cpu"] + text["cpu_of_children"],
        also=grown <= 100 * _MB or not bench.full,
        beside=f"with a page of 400 and a sheet of 60 as well {number(less['build'])} s "
        f"({number(less['cpu'] + less['cpu_of_children'])} s of processor time), "
        f"{_memory(less) / _MB:.0f} MB in its two processes; with {many:,} pictures "
        f"{number(more['build'])} s, {_memory(more) / _MB:.0f} MB",
    )  # fmt: skip


def _memory(account: Account) -> float:
    return float(account["peak"]) + float(account["peak_of_children"])


def _reviewed(bench: Bench, n: int) -> tuple[Account, Account]:
    """Review a site with a comment alone, and with all that the command can write."""
    site = Site(bench.folder("review"), max(1, n // _ON_A_PAGE), n, ours, plugins={OURS: {}}).make()
    made = [pictures.textured(bench.work / f"1k/{i}.png", i, (1376, 768)) for i in range(10)]
    bench.stock(site, made[:5])
    _commit(site)
    for page in site.docs.glob("*.md"):
        page.write_text(
            page.read_text().replace("number", "in ink, number").replace("of day", "on day")
        )
    shutil.rmtree(site.stock)
    bench.stock(site, made[5:])
    found = []
    for kinds in (["markdown"], ["markdown", "html", "sheet"]):
        found.append(bench.job("review", site.config, output=str(site.root.parent), kinds=kinds))
        if found[-1]["changed"] != n:
            raise RuntimeError(f"{found[-1]['changed']} changes of {n} pictures")
    shutil.rmtree(site.root)
    return found[0], found[1]


def _commit(site: Site) -> None:
    (site.root / ".gitignore").write_text(".cache\nsite\n")
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "A site"]):
        subprocess.run(["git", *_GIT, *command], cwd=site.root, check=True)  # noqa: S603, S607


_GIT = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org", "-c", "gc.auto=0")
