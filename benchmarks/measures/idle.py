"""What a plugin costs a site that has nothing for it: in pages, and at the start."""

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.bench import Account, Bench, inside, inside_cpu, median, seconds, turns
from benchmarks.figure import Figure, at_most, number
from benchmarks.inside import OURS
from benchmarks.sites import Site

_PEERS: Mapping[str, Mapping[str, Any]] = {"kroki": {}, "material/privacy": {}}


def idle(bench: Bench) -> Figure:
    """Pages without a directive: seconds in our hooks and Markdown steps against the rest."""
    pages = bench.of(1000, 20)
    found = turns({name: _built(bench, name, pages) for name in (OURS, *_PEERS)}, bench.rounds(3))

    def share(name: str) -> float:
        return median(found[name], lambda a: inside(name)(a) / (seconds(a) - inside(name)(a)))

    by_cpu = median(found[OURS], lambda a: inside_cpu()(a) / (a["cpu"] - inside_cpu()(a)))
    peers = ", ".join(f"{name.rpartition('/')[2]} {number(share(name))}" for name in _PEERS)
    return at_most(
        f"{pages:,} pages without a directive: our seconds / the rest",
        share(OURS), 0.01, cpu=by_cpu, peers=peers,
    )  # fmt: skip


def startup(bench: Bench) -> Figure:
    """Import and hooks of a plugin with nothing to do, in fresh processes."""
    found = turns({name: _built(bench, name, 1) for name in (OURS, "kroki")}, bench.rounds(9))

    def cost(name: str) -> float:
        return 1000 * median(found[name], lambda a: a["loading"][name] + inside(name)(a))

    return at_most(
        "start-up with nothing to do: imports and hooks",
        cost(OURS), 20, unit=" ms", peers=f"kroki {number(cost('kroki'))} ms",
    )  # fmt: skip


def _built(bench: Bench, plugin: str, pages: int) -> Callable[[], Account]:
    folder = bench.folder(f"idle-{pages}-{plugin.rpartition('/')[2]}")
    options = _PEERS.get(plugin, {})
    site = Site(folder, pages, plugins={plugin: options}).make()

    def build() -> Account:
        return bench.build(site)

    return build
