"""`gemini-images plan` on a large site: what a build would draw, without drawing it."""

from benchmarks.bench import Account, Bench, cpu, median, ratio, seconds, turns
from benchmarks.figure import Figure, at_most, number
from benchmarks.inside import OURS
from benchmarks.sites import Site, ours


def planning(bench: Bench) -> Figure:
    """Plan many directives, against the build of the same pages with plain images."""
    n = bench.of(10_000, 40)
    large, small = _site(bench, "large", n), _site(bench, "small", n // 4)
    plain = Site(
        bench.folder("plan-plain"), large.pages, n, lambda i: f"![Picture {i}](picture.png)"
    ).make()
    (plain.docs / "picture.png").write_bytes(b"a picture")
    found = turns(
        {
            "large": lambda: _planned(bench, large),
            "small": lambda: _planned(bench, small),
            "plain": lambda: bench.build(plain),
        },
        bench.rounds(3),
    )
    grown = median(found["large"], seconds) / median(found["small"], seconds) / 4
    return at_most(
        f"plan on {n:,} directives / plain build; and linear",
        ratio(found["large"], found["plain"], seconds, seconds), 1.2,
        cpu=ratio(found["large"], found["plain"], cpu, cpu), also=grown <= 1.25 or not bench.full,
        beside=f"{number(grown)} of the time a directive that a quarter of them takes; "
        f"{number(median(found['large'], seconds))} s; the steps of its Markdown are known, and a "
        "plan leaves out text without a directive",
    )  # fmt: skip


def _site(bench: Bench, name: str, n: int) -> Site:
    folder = bench.folder(f"plan-{name}")
    return Site(folder, max(1, n // 10), n, ours, plugins={OURS: {}}).make()


def _planned(bench: Bench, site: Site) -> Account:
    account = bench.job("survey", site.config)
    if account["rows"] != site.pictures:
        raise RuntimeError(f"{account['rows']} rows for {site.pictures} directives")
    return account
