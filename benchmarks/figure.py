"""What a measure has found: a figure, its goal, and whether it holds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the results."""

    what: str
    goal: str
    figure: str
    held: bool
    cpu: str = ""
    """The same by processor time, which the rest of the machine disturbs less."""
    peers: str = ""
    beside: str = ""
    """Whatever else is to be known of it."""


def at_most(
    what: str, value: float, goal: float, *, cpu: float | None = None, peers: str = "",
    beside: str = "", unit: str = "", also: bool = True,
) -> Figure:  # fmt: skip
    """Hold a value against the most it may be."""
    return Figure(
        what,
        f"<= {goal:g}{unit}",
        f"{number(value)}{unit}",
        value <= goal and also,
        "" if cpu is None else f"{number(cpu)}{unit}",
        peers,
        beside,
    )


def number(value: float) -> str:
    """Write a number with three digits that count."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"
