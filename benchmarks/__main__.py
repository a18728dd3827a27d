"""`make bench`: runs the measures one after the other, and says each figure as it comes.

The full form writes `RESULTS.md`, its figures and the manual's plot. The short form (`--seconds`)
runs all the same machinery on small sizes, for CI: it holds nothing against a goal, since a small
site on a busy machine says little, and writes nothing.
"""

import argparse
import sys
import time

from benchmarks import plot, results
from benchmarks.bench import Bench
from benchmarks.measures import MEASURES

_FULL = 1800.0
"""Seconds that the full form takes, about."""


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("only", nargs="*", choices=[[], *MEASURES], metavar="MEASURE")
    parser.add_argument("--seconds", type=float, default=0.0, help="a short form, of about so many")
    asked = parser.parse_args()
    share = min(0.5, asked.seconds / _FULL) if asked.seconds else 1.0
    bench = Bench(share)
    if not bench.full:
        bench.work = bench.work / "short"
    failed = []
    for name in asked.only or MEASURES:
        begun = time.monotonic()
        try:
            figure = MEASURES[name](bench)
        except Exception as error:  # one that cannot be measured leaves the others theirs
            failed.append(name)
            print(f"{name}: not measured: {error}", file=sys.stderr, flush=True)
            continue
        took = time.monotonic() - begun
        held = ("held" if figure.held else "MISSED") if bench.full else "not held against it"
        print(f"{name}: {figure.what}: {figure.figure} (goal {figure.goal}: {held})")
        for line in (figure.cpu and f"by processor time {figure.cpu}", figure.peers, figure.beside):
            if line:
                print(f"    {line}")
        print(f"    measured in {took:.0f} s", flush=True)
        if bench.full:
            results.keep(name, figure, took)
            if "plot" in bench.kept:
                plot.write(bench.kept.pop("plot"))
            results.write(list(MEASURES))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
