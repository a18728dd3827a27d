"""What a plugin costs a site whose pictures are all there: the build that people wait for most.

Our seconds are held against the build of a site with the same pages and the same files as plain
`<img>`. They hold the writing of the files, which in the plain site is the host's work; so the
whole builds are compared as well, which is what could be had of the peers.
"""

from collections.abc import Mapping
from pathlib import Path

from benchmarks import pictures
from benchmarks.bench import Bench, cpu, inside, inside_cpu, ratio, seconds, turns
from benchmarks.figure import Figure, at_most, number
from benchmarks.inside import OURS
from benchmarks.server import serving
from benchmarks.sites import Site, kroki, none, ours


def warm(bench: Bench) -> Figure:
    """A picture on each page, 1K and three widths."""
    n = bench.of(100)
    made = [pictures.textured(bench.work / f"1k/{i}.png", i, (1376, 768)) for i in range(4)]
    sites = {
        OURS: _ours(bench, "warm", n, n, made, {}),
        "kroki": _kroki(bench, "warm", n, n, made[0]),
        "social": _social(bench, n),
        "optimize": _optimize(bench, n),
    }
    return _compared(bench, f"{n} pages, a picture each", sites, 0.08)


def crowded(bench: Bench) -> Figure:
    """Ten pictures on each page, small ones in three widths."""
    pages, n = bench.of(100), bench.of(1000)
    made = [pictures.plain(bench.work / f"512/{i}.png", i, (688, 384)) for i in range(4)]
    options = {"size": "512", "model": "gemini-3.1-flash-image", "widths": [160, 320]}
    sites = {
        OURS: _ours(bench, "crowded", pages, n, made, options),
        "kroki": _kroki(bench, "crowded", pages, n, made[0]),
    }
    return _compared(bench, f"{n:,} pictures on {pages} pages", sites, 0.15)


def _compared(bench: Bench, what: str, sites: dict[str, Site], goal: float) -> Figure:
    """Build each competitor's site and its plain twin in turn, with filled caches."""
    both: dict[str, Site] = {}
    broken = []
    for name, site in sites.items():
        try:
            for _ in range(
                1 if name == OURS else 3
            ):  # a warm one may break where a cold one did not
                bench.build(site)
        except RuntimeError:
            if name == OURS:
                raise
            broken.append(name)
            continue
        both |= {name: site, f"{name} plain": _plain(bench, name, site)}
    found = turns({name: lambda s=s: bench.build(s) for name, s in both.items()}, bench.rounds(5))  # type: ignore[misc]

    def over(name: str) -> float:
        return ratio(found[name], found[f"{name} plain"], seconds, seconds) - 1

    plain = found[f"{OURS} plain"]
    peers = ", ".join(
        f"{name} {over(name):+.2f}" if name not in broken else f"{name}: its build broke"
        for name in sites
        if name != OURS
    )
    by_cpu = ratio(found[OURS], plain, cpu, cpu) - 1
    each = 1000 * ratio(found[OURS], [{}] * len(plain), inside(), lambda _: sites[OURS].pictures)
    return at_most(
        f"{what}, warm: our seconds / the same files as plain `<img>`",
        ratio(found[OURS], plain, inside(), seconds), goal,
        cpu=ratio(found[OURS], plain, inside_cpu(), cpu),
        peers=f"whole build / plain - 1: {peers}",
        beside=f"whole build / plain - 1: {over(OURS):+.2f}, by processor time {by_cpu:+.2f}; "
        f"{number(each)} ms a picture, its files written",
    )  # fmt: skip


def _ours(
    bench: Bench, name: str, pages: int, n: int, made: list[Path], options: Mapping[str, object]
) -> Site:
    site = Site(bench.folder(f"{name}-ours"), pages, n, ours, plugins={OURS: options}).make()
    bench.stock(site, made)
    return site


def _kroki(bench: Bench, name: str, pages: int, n: int, picture: Path) -> Site:
    folder = bench.folder(f"{name}-kroki")
    with serving([picture], 0) as url:
        options = {
            "server_url": url, "http_method": "POST",
            "cache_dir": str(folder / "cache"),
        }  # fmt: skip
        site = Site(folder, pages, n, kroki, plugins={"kroki": options}).make()
        bench.build(site)
    return site


def _social(bench: Bench, n: int) -> Site:
    """Give a site with a social card for each page; its font is Pillow's own, not fetched."""
    from PIL import ImageFont

    folder = bench.folder("warm-social")
    options = {"cache_dir": str(folder / "cache")}
    site = Site(folder, n, plugins={"material/social": options}, theme="material").make()
    font = folder / "cache" / "fonts" / "Roboto" / "Regular.ttf"
    font.parent.mkdir(parents=True)
    font.write_bytes(ImageFont.load_default(10).path.getvalue())  # type: ignore[union-attr]
    return site


def _optimize(bench: Bench, n: int) -> Site:
    """Give a site with a JPEG for each page, which needs no other program."""
    folder = bench.folder("warm-optimize")
    options = {"cache_dir": str(folder / "cache")}
    site = Site(
        folder, n, n, lambda i: f"![Picture](picture-{i}.jpg)",
        plugins={"material/optimize": options},
    ).make()  # fmt: skip
    from PIL import Image

    for i in range(n):
        made = pictures.textured(bench.work / f"1k/{i % 4}.png", i % 4, (1376, 768))
        with Image.open(made) as image:
            image.save(site.docs / f"picture-{i}.jpg", quality=90 - i % 10)
    return site


def _plain(bench: Bench, name: str, site: Site) -> Site:
    if name in (OURS, "kroki"):
        return bench.plain(site)
    # Cards are in no page, and optimised files keep their names: the same site without the plugin.
    plain = Site(
        bench.folder(f"{site.root.name}-plain"), site.pages, site.pictures,
        site.write if site.pictures else none, theme=site.theme,
    ).make()  # fmt: skip
    for file in site.docs.glob("*.jpg"):
        (plain.docs / file.name).write_bytes(file.read_bytes())
    return plain
