"""A review of a site whose pictures have all changed: its time, and whether memory grows with them.

The base has one picture for each directive in its stock, the working tree other words and other
pictures. The command writes all that it can: a comment, a page and a sheet. The build of the base
is a process of its own, whose memory counts as well.
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
    """A thousand changed pictures, and three thousand for the memory."""
    few, many = bench.of(1000, 10), bench.of(3000, 30)
    less, more = _reviewed(bench, few), _reviewed(bench, many)
    share = _memory(more) / _memory(less)
    return at_most(
        f"review of {few:,} changed pictures, with comment, page and sheet",
        less["build"], 10, unit=" s", cpu=less["cpu"] + less["cpu_of_children"],
        also=share <= 1.25 or not bench.full,
        beside=f"{_memory(less) / _MB:.0f} MB in its two processes; with {many:,} pictures "
        f"{number(more['build'])} s, {_memory(more) / _MB:.0f} MB",
    )  # fmt: skip


def _memory(account: Account) -> float:
    return float(account["peak"]) + float(account["peak_of_children"])


def _reviewed(bench: Bench, n: int) -> Account:
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
    account = bench.job("review", site.config, output=str(site.root.parent))
    if account["changed"] != n:
        raise RuntimeError(f"{account['changed']} changes of {n} pictures")
    shutil.rmtree(site.root)
    return account


def _commit(site: Site) -> None:
    (site.root / ".gitignore").write_text(".cache\nsite\n")
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "A site"]):
        subprocess.run(["git", *_GIT, *command], cwd=site.root, check=True)  # noqa: S603, S607


_GIT = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org", "-c", "gc.auto=0")
