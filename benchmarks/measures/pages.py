"""How a warm build grows with a site, from 100 pages with a picture each to 10,000.

The pictures are small and in stock, put there by hand, so that it is the site that grows. Beside
each build stands that of the same files as plain `<img>`. The points go into the manual's plot.
"""

from benchmarks import pictures
from benchmarks.bench import Bench, inside, seconds
from benchmarks.figure import Figure, at_most, number
from benchmarks.inside import OURS
from benchmarks.sites import Site, ours

SIZES = (100, 300, 1000, 3000, 10_000)


def pages(bench: Bench) -> Figure:
    """Our seconds for each picture at the largest size, against the smallest but one."""
    made = [pictures.plain(bench.work / f"tiny/{i}.png", i, (64, 36)) for i in range(4)]
    points = []
    for n in (bench.of(size, 4) for size in (SIZES if bench.full else SIZES[1:3])):
        options = {"size": "512", "model": "gemini-3.1-flash-image"}
        site = Site(bench.folder("pages"), n, n, ours, plugins={OURS: options}).make()
        bench.stock(site, made)
        bench.build(site)
        plain = bench.plain(site)
        with_us, without = bench.build(site), bench.build(plain)
        points.append(
            {
                "pages": n,
                "seconds": seconds(with_us),
                "plain": seconds(without),
                "ours": inside()(with_us),
                "memory": with_us["peak"],
                "plain_memory": without["peak"],
            }
        )
    bench.kept["plot"] = points
    first, last = points[1 if len(points) > 2 else 0], points[-1]
    grown = (last["ours"] / last["pages"]) / (first["ours"] / first["pages"])
    said = [
        f"{p['pages']:,}: {number(p['seconds'])} s (plain {number(p['plain'])} s), "
        f"{p['memory'] / 1e6:.0f} MB (plain {p['plain_memory'] / 1e6:.0f} MB)"
        for p in points
    ]
    return at_most(
        f"our time a picture with {last['pages']:,} pages and pictures / with {first['pages']:,}",
        grown, 1.25, beside="; ".join(said),
    )  # fmt: skip
