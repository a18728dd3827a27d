"""Draws the placeholder of an image that is not in stock: an SVG of the image's size.

In: a size, and notes. Out: the file's name and its text. Pure. The greys have enough contrast on
light and on dark pages, because an image can read the colour scheme of the system but not that of
the page. Only the live preview passes notes, with the prompt and the reason.
"""

import re
from functools import lru_cache
from html import escape
from textwrap import wrap

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.models.dimensions import Pixels

_UNWRITABLE = "[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Characters that XML cannot contain. Compiled at the first use: most builds have no placeholder
with notes, and the compilation is slow."""

TITLE = "Picture not drawn yet"


def placeholder_name(size: Pixels, notes: tuple[str, ...] = ()) -> str:
    """Return the name of a placeholder's file, which depends on its size and its notes."""
    shape = f"placeholder-{size[0]}x{size[1]}"
    return f"{shape}-{digest(notes)[:8]}.svg" if notes else f"{shape}.svg"


@lru_cache(maxsize=1024)  # a live preview writes all of them after each save
def draw_placeholder(size: Pixels, notes: tuple[str, ...] = ()) -> str:
    """Return the SVG of a placeholder.

    `size` is width and height in pixels. Each of `notes` is shown below the title, on at most three
    lines.
    """
    width, height = size
    unit = max(10.0, min(width / 24, height / 8))
    lines = [TITLE]
    for note in notes:
        columns = max(12, int(width * 0.85 / (unit * 0.37)))
        lines += wrap(re.sub(_UNWRITABLE, " ", note), columns, break_on_hyphens=False)[:3]
    available = height - 3 * unit
    lines = lines[: max(1, int(available / unit))]
    text_height = unit * (len(lines) + 0.3)
    has_icon = available > text_height + 3.5 * unit
    top = (height - text_height + (3.5 * unit if has_icon else 0)) / 2 + unit
    text = "".join(
        f'<text x="{width / 2:g}" y="{top + i * unit + (unit * 0.3 if i else 0):g}"'
        f' class="{"t" if not i else "n"}">{escape(line)}</text>'
        for i, line in enumerate(lines)
    )
    icon = _icon(width / 2, top - unit * 3, unit) if has_icon else ""
    inset = unit * 0.6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img"><title>{TITLE}</title>'
        "<style>"
        "rect.f{fill:#8c93a3;fill-opacity:.12}"
        "rect.d{fill:none;stroke:#8c93a3;stroke-opacity:.55;stroke-dasharray:2 2}"
        ".m{fill:none;stroke:#8c93a3;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}"
        f"text{{font-family:system-ui,sans-serif;text-anchor:middle;font-size:{unit:.1f}px;"
        f"fill:#7a8190}}.n{{font-size:{unit * 0.65:.1f}px}}"
        "</style>"
        f'<rect class="f" width="{width}" height="{height}" rx="{inset:g}"/>'
        f'<rect class="d" x="{inset:g}" y="{inset:g}" width="{width - 2 * inset:g}"'
        f' height="{height - 2 * inset:g}" rx="{inset / 2:g}"'
        f' style="stroke-width:{max(1.0, unit / 14):.1f};stroke-dasharray:{unit / 3:.1f}"/>'
        f"{icon}{text}</svg>\n"
    )


def _icon(x: float, y: float, unit: float) -> str:
    """Return the icon, a framed landscape, with its centre at `x`, `y`."""
    w, h = unit * 3.6, unit * 2.7
    left, top = x - w / 2, y - h / 2
    points = " ".join(
        f"{left + w * px:.1f},{top + h * py:.1f}"
        for px, py in ((0, 0.86), (0.3, 0.5), (0.5, 0.72), (0.7, 0.42), (1, 0.8))
    )
    return (
        f'<g class="m" style="stroke-width:{unit / 9:.1f}">'
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{unit / 4:.1f}"/>'
        f'<circle cx="{left + w * 0.27:.1f}" cy="{top + h * 0.28:.1f}" r="{unit * 0.26:.1f}"/>'
        f'<polyline points="{points}"/></g>'
    )
