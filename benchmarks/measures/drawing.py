"""Drawing a whole site: how near it comes to what the model and the encoder take at least.

A model takes a second for each picture, sixteen at a time. The least there is: the model's own
seconds or the encoder's, whichever is more, and the build without pictures. One run of the site
serves both figures, the end of the build and the moment when the last picture was safe.
"""

import math
import shutil
import statistics
from dataclasses import dataclass

from benchmarks import pictures
from benchmarks.bench import Account, Bench, cpu, inside, seconds
from benchmarks.figure import Figure, at_most, number
from benchmarks.inside import OURS
from benchmarks.server import asked, serving
from benchmarks.sites import Site, kroki, ours, remote

_AT_ONCE = 16


@dataclass
class _Round:
    drawn: Account
    alone: Account
    plain: Account
    safe: float
    """Seconds from the first request until the last answer is durable in the journal."""
    stored: float
    """And until the last picture is in stock."""


def cold(bench: Bench) -> Figure:
    """The whole build, nothing drawn yet."""
    n, rounds, peers = _measured(bench)
    least = math.ceil(n / _AT_ONCE) * bench.second

    def over(each: _Round) -> float:
        return seconds(each.drawn) / (max(least, inside()(each.alone)) + seconds(each.plain))

    def middle(of: str) -> str:
        return number(statistics.median(seconds(getattr(each, of)) for each in rounds))

    alone = statistics.median(inside()(each.alone) for each in rounds)
    plain = statistics.median(seconds(each.plain) for each in rounds)
    said = ", ".join(f"{name} {number(each / (least + plain))}" for name, each in peers.items())
    return at_most(
        f"{n} pictures of {bench.second:g} s, C={_AT_ONCE}, cold / (max(model, encoding) + plain)",
        statistics.median(map(over, rounds)), 1.15,
        cpu=statistics.median(
            cpu(each.drawn) / (cpu(each.alone) + cpu(each.plain)) for each in rounds
        ),
        peers=f"against their own bound: {said}",
        beside=f"cold {middle('drawn')} s, the model {number(least)} s, encoding alone "
        f"{number(alone)} s, plain {number(plain)} s",
    )  # fmt: skip


def durable(bench: Bench) -> Figure:
    """From the first request until the last answer is durable, whatever is encoded beside it.

    From then on nothing is lost: a killed build's answers are taken into stock by the next.
    """
    n, rounds, _ = _measured(bench)
    least = math.ceil(n / _AT_ONCE) * bench.second
    safe = statistics.median(each.safe for each in rounds)
    stored = statistics.median(each.stored for each in rounds)
    return at_most(
        f"the last of {n} pictures is durable / {number(least)} s", safe / least, 1.10,
        beside=f"{number(safe)} s after the first request; in stock after {number(stored)} s",
    )  # fmt: skip


def _measured(bench: Bench) -> tuple[int, list[_Round], dict[str, float]]:
    found: tuple[int, list[_Round], dict[str, float]] | None = bench.kept.get("drawing")
    if found is None:
        found = bench.kept["drawing"] = _measure(bench)
    return found


def _measure(bench: Bench) -> tuple[int, list[_Round], dict[str, float]]:
    n = bench.of(100, 8)
    made = [pictures.textured(bench.work / f"1k/{i}.png", i, (1376, 768)) for i in range(10)]
    with serving(made, bench.second) as url:
        options = {
            "base_url": url,
            "concurrency": _AT_ONCE,
            "max_new": n,
            "budget": 1000,
            "frozen": False,
        }
        site = Site(bench.folder("cold-ours"), n, n, ours, plugins={OURS: options}).make()
        rounds = [_round(bench, site, url) for _ in range(bench.rounds(3))]
        return n, rounds, _peers(bench, n, url)


def _round(bench: Bench, site: Site, url: str) -> _Round:
    for name in ("gemini-images", ".cache", "site"):
        shutil.rmtree(site.root / name, ignore_errors=True)
    asked(url)
    drawn = bench.build(site, arrivals=True)
    requests, first = asked(url)
    sidecars = list(site.stock.glob("*.json"))
    if not requests == len(sidecars) == site.pictures:
        raise RuntimeError(f"{requests} requests and {len(sidecars)} pictures")
    stored = max(path.stat().st_mtime for path in sidecars) - first
    for name in ("variants", "ready"):
        shutil.rmtree(site.root / ".cache" / "plugin" / "gemini-images" / name)
    alone = bench.build(site)
    return _Round(drawn, alone, bench.build(bench.plain(site)), drawn["arrived"] - first, stored)


def _peers(bench: Bench, n: int, url: str) -> dict[str, float]:
    """Let the peers fetch as many pictures, once: one at a time takes its time."""
    folder = bench.folder("cold-kroki")
    options = {
        "server_url": url, "http_method": "POST",
        "cache_dir": str(folder / "cache"),
    }  # fmt: skip
    one = Site(folder, n, n, kroki, plugins={"kroki": options}).make()
    folder = bench.folder("cold-privacy")
    options = {"cache_dir": str(folder / "cache"), "concurrency": _AT_ONCE}  # type: ignore[dict-item]
    two = Site(folder, n, n, remote(url), plugins={"material/privacy": options}).make()
    return {"kroki": seconds(bench.build(one)), "privacy": seconds(bench.build(two))}
