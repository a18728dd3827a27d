"""What is not done twice: drawing the same picture, and encoding what has not changed."""

import shutil
from typing import Any

from benchmarks import pictures
from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.inside import OURS
from benchmarks.server import asked, serving
from benchmarks.sites import Site, Write, kroki, ours, remote


def distinct(bench: Bench) -> Figure:
    """Many pictures on many pages, few of which differ: how many requests are sent."""
    n, few = bench.of(100, 10), bench.of(10)
    made = [pictures.textured(bench.work / f"1k/{i}.png", i, (1376, 768)) for i in range(2)]
    counted = {}
    with serving(made, 0.05) as url:
        folder = bench.folder("distinct")
        options: dict[str, dict[str, Any]] = {
            OURS: {"base_url": url, "max_new": n, "frozen": False, "widths": [480]},
            "kroki": {"server_url": url, "http_method": "POST", "cache_dir": f"{folder}/kroki/c"},
            "material/privacy": {"cache_dir": f"{folder}/privacy/c"},
        }
        write: dict[str, Write] = {OURS: ours, "kroki": kroki, "material/privacy": remote(url)}
        for name in options:
            root = folder / name.rpartition("/")[2]
            site = Site(root, n, n, write[name], few, {name: options[name]}).make()
            asked(url)
            bench.build(site)
            counted[name.rpartition("/")[2]], _ = asked(url)
    mine = counted.pop(OURS)
    peers = ", ".join(f"{name} {number}" for name, number in counted.items())
    return Figure(
        f"{n} pictures, {few} distinct: requests", str(few), str(mine), mine == few, peers=peers
    )


def reencoding(bench: Bench) -> Figure:
    """Change the quality, then a page: what is drawn and what is encoded."""
    n = bench.of(20)
    made = [pictures.textured(bench.work / f"1k/{i}.png", i, (1376, 768)) for i in range(2)]
    with serving(made, 0.05) as url:
        options = {"base_url": url, "max_new": n, "frozen": False, "widths": [480]}
        site = Site(bench.folder("reencoding"), n, n, ours, plugins={OURS: options}).make()
        bench.build(site)
        drawn, _ = asked(url)
        site.configure(**{OURS: options | {"quality": 61}})
        changed = bench.build(site, count=True)
        page = site.docs / site.name(1)
        page.write_text(page.read_text() + "\nOne more sentence.\n")
        shutil.rmtree(site.root / "site")
        touched = bench.build(site, count=True)
        again, _ = asked(url)
    held = drawn == n and again == 0 and changed["encoded"] >= n and touched["encoded"] == 0
    return Figure(
        "a changed quality re-encodes from stock; a changed page re-encodes nothing",
        "0 requests; 0 files",
        f"{again} requests; {touched['encoded']} files",
        held,
        beside=f"{changed['encoded']} files of {n} pictures encoded after the quality changed",
    )
