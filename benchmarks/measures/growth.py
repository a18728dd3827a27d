"""How the time of everything that reads hostile text grows with the text: four times as much.

Each case of `hostile.py` begins with a size at which its call takes some milliseconds, and is timed
once more at four times that size, by processor time. Twice the goal is a failure, also in the short
form, since a square grows to sixteen times.
"""

import gc
import time

from benchmarks import hostile
from benchmarks.bench import Bench
from benchmarks.figure import Figure, at_most, number

_GOAL = 8.0
_FIRST, _LARGEST = 250, 64_000
"""The sizes to begin with; a text has some ten characters for each."""
_ENOUGH = 0.02
"""Seconds from which a call is long enough to be compared."""


def growth(bench: Bench) -> Figure:
    """Return the largest ratio of all cases. Raises `RuntimeError` where one is above the goal."""
    enough, turns = (_ENOUGH if bench.full else _ENOUGH / 4), bench.rounds(3)
    found = {name: _ratio(case, turns, enough) for name, case in hostile.CASES.items()}
    for _ in range(2):  # what the machine has disturbed is timed again
        for name in [name for name, ratio in found.items() if ratio > _GOAL]:
            found[name] = min(found[name], _ratio(hostile.CASES[name], 3, _ENOUGH))
    listed = sorted(found.items(), key=lambda each: each[1], reverse=True)
    said = "; ".join(f"{name}: {number(ratio)}" for name, ratio in listed[:12])
    if listed[0][1] > _GOAL:
        raise RuntimeError(f"grows faster than its text: {said}")
    return at_most(
        f"{len(listed)} hostile texts: the time at four times the size / at one, the largest",
        listed[0][1], _GOAL, beside=said,
    )  # fmt: skip


def _ratio(case: hostile.Case, turns: int, enough: float) -> float:
    size = _FIRST
    while _seconds(case(size), 1) < enough and size < _LARGEST:
        size *= 2
    small, large = _seconds(case(size), turns), _seconds(case(4 * size), turns)
    # Shorter calls say nothing, and at the largest size are no harm.
    return large / max(small, enough / 2)


def _seconds(call: hostile.Call, turns: int) -> float:
    """Return the least processor time of some calls, without the collection of garbage."""
    found = []
    for _ in range(turns):
        gc.collect()
        gc.disable()
        begun = time.process_time()
        call()
        found.append(time.process_time() - begun)
        gc.enable()
    return min(found)
