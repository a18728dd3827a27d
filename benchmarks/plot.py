"""The manual's plot: time and memory of a build as a site grows, as an SVG without a library.

In come the points that `pages` has measured, out comes one file with two panels. Its greys and
colours are of middle lightness, since an image does not know whether its page is light or dark.
Both axes are logarithmic: growth in step with the site is a straight line.
"""

import math
from collections.abc import Sequence
from typing import Any

from benchmarks.bench import HERE

PLOT = HERE.parent / "example_site" / "docs" / "plots" / "growth.svg"
_WIDE, _HIGH, _BETWEEN = 320, 240, 100
_OURS, _PLAIN, _GREY = "#1a9a8f", "#d9722e", "#858c99"


def write(points: Sequence[dict[str, Any]]) -> None:
    """Write the plot into the manual."""
    PLOT.write_text(draw(points))


def draw(points: Sequence[dict[str, Any]]) -> str:
    """Draw both panels."""
    pages = [point["pages"] for point in points]
    panels = (
        ("Seconds of a build", "seconds", "plain", 1.0, "s"),
        ("Highest memory", "memory", "plain_memory", 1e6, "MB"),
    )
    drawn = [
        _panel(
            58 + i * (_WIDE + _BETWEEN), title, unit, pages,
            [point[ours] / scale for point in points],
            [point[plain] / scale for point in points],
        )
        for i, (title, ours, plain, scale, unit) in enumerate(panels)
    ]  # fmt: skip
    width = 2 * _WIDE + _BETWEEN + 90
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HIGH + 110}"'
        ' role="img" font-family="system-ui, sans-serif" font-size="13"'
        f' fill="{_GREY}"><title>Time and memory of a build from {pages[0]:,} to {pages[-1]:,}'
        f" pages</title>{''.join(drawn)}</svg>\n"
    )


def _panel(
    left: float, title: str, unit: str, pages: list[int], ours: list[float], plain: list[float]
) -> str:
    low, high = (10**f for f in (_floor(min(ours + plain)), _ceiling(max(ours + plain))))

    def x(value: float) -> float:
        return left + _WIDE * _along(value, pages[0], pages[-1])

    def y(value: float) -> float:
        return 40 + _HIGH * (1 - _along(value, low, high))

    parts = [f'<text x="{left}" y="20" font-size="15" font-weight="600">{title}</text>']
    for power in range(_floor(low), _ceiling(high) + 1):
        at = y(10**power)
        parts.append(
            f'<path d="M{left} {at:.1f}h{_WIDE}" stroke="{_GREY}" stroke-opacity=".3"/>'
            f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,g} {unit}</text>'
        )
    for each in pages:
        parts.append(
            f'<text x="{x(each):.1f}" y="{_HIGH + 60}" text-anchor="middle">{each:,}</text>'
        )
    for values, colour, name, legend in (
        (plain, _PLAIN, "the files as plain &lt;img&gt;", 130),
        (ours, _OURS, "with pictures", 14),
    ):
        line = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in zip(pages, values, strict=True))
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        )
        parts += [
            f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="4" fill="{colour}"/>'
            for a, b in zip(pages, values, strict=True)
        ]
        parts.append(
            f'<circle cx="{left + legend}" cy="56" r="4" fill="{colour}"/>'
            f'<text x="{left + legend + 10}" y="60" fill="{colour}">{name}</text>'
        )
    middle = left + _WIDE / 2
    parts.append(
        f'<text x="{middle}" y="{_HIGH + 84}" text-anchor="middle">pages, a picture each</text>'
    )
    return "".join(parts)


def _along(value: float, low: float, high: float) -> float:
    return (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))


def _floor(value: float) -> int:
    return math.floor(math.log10(value) + 1e-9)


def _ceiling(value: float) -> int:
    return math.ceil(math.log10(value) - 1e-9)
