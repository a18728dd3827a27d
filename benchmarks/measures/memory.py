"""How much memory many large pictures need: it must not grow with their number."""

from benchmarks import pictures
from benchmarks.bench import Account, Bench
from benchmarks.eleventy import eleventy
from benchmarks.figure import Figure, at_most, number
from benchmarks.inside import OURS
from benchmarks.server import serving
from benchmarks.sites import Site, ours

_MB = 1e6


def memory(bench: Bench) -> Figure:
    """The highest memory with 100 answers of 24 MB, against the same with 10."""
    many, few = bench.of(100, 4), bench.of(10)
    size = (5504, 3072) if bench.full else (688, 384)
    weight = 18_000_000 if bench.full else 500_000
    heavy = [pictures.heavy(bench.work / f"{weight}/{i}.png", i, size, weight) for i in range(2)]
    with serving(heavy, 0.2) as url:
        more, less = _drawn(bench, url, many), _drawn(bench, url, few)
    share = more["peak"] / less["peak"]
    below = more["peak"] < 500 * _MB or not bench.full
    peers = [
        pictures.textured(bench.work / f"1k/{i}.png", i, (1376, 768))
        for i in range(bench.of(50, 1))
    ]
    other = eleventy(bench, peers, ("webp", "avif"), (480, 960, 1376))
    said = f"eleventy-img {other['peak'] / _MB:.0f} MB for {len(peers)} of 1K"
    return at_most(
        f"peak memory, {many} answers of {weight * 4 / 3 / _MB:.1f} MB, C=8 / the same with {few}; "
        "and below 500 MB",
        share, 1.1, peers=said, also=below,
        beside=f"{more['peak'] / _MB:.0f} MB with {many}, {less['peak'] / _MB:.0f} MB with {few}; "
        f"{number(more['build'])} s",
    )  # fmt: skip


def large(bench: Bench) -> Figure:
    """The highest memory of a build that draws fifty pictures of 4K and encodes them all.

    How long an encoder works on a picture depends on what is in it, its memory does not: one in ten
    has the texture of a photograph, whose answer is large, the others are soon encoded.
    """
    n, size = bench.of(50, 4), (5504, 3072) if bench.full else (688, 384)
    folder = bench.work / f"{size[0]}"
    made = [pictures.textured(folder / "textured.png", 0, size)]
    made += [pictures.plain(folder / f"plain-{i}.png", i, size) for i in range(9)]
    with serving(made, 0.2) as url:
        drawn = _drawn(bench, url, n, formats=["avif", "webp"])
    return at_most(
        f"peak memory, {n} answers of 4K into AVIF and WebP, C=8",
        drawn["peak"] / _MB, 500, unit=" MB", beside=f"{number(drawn['build'])} s",
    )  # fmt: skip


def _drawn(bench: Bench, url: str, n: int, **more: object) -> Account:
    options = {
        "base_url": url, "concurrency": 8, "max_new": n, "budget": 1000, "frozen": False,
        "size": "4K" if bench.full else "1K", "widths": [480], **more,
    }  # fmt: skip
    site = Site(bench.folder("memory"), n, n, ours, plugins={OURS: options}).make()
    return bench.build(site)
