"""Correct a page after the barrier: another file, or another size, than was promised.

While pages render, a picture that will be drawn is promised by name and by the size its model is
documented to draw. Where something else came of it, the names are replaced as plain text (so it
reaches links that other plugins put around a picture), and the `<img>` gets its true numbers; the
sources of a picture drawn with a search are put where room was left for them. Pure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mkdocs_gemini_images.figure import Shown, beside, name_of, srcset

_TAG = re.compile(r"<(?:img|source)\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Swap:
    """What was promised on pages, and what is shown instead."""

    promised: Shown
    shown: Shown

    @property
    def marks(self) -> tuple[str, ...]:
        """The names of the promised files."""
        return tuple(name_of(candidate.uri) for candidate in self.promised.candidates)


def correct(html: str, swaps: Sequence[Swap], sources: Callable[[Shown], str]) -> str:
    """Put what is shown in the place of what was promised; other pages come back as they are.

    `sources` renders the links below a picture.
    """
    for swap in swaps:
        if any(mark in html for mark in swap.marks):
            html = _corrected(html, swap)
            if swap.promised.awaited:
                html = _with_sources(html, swap, sources)
    return html


def _corrected(html: str, swap: Swap) -> str:
    html = _TAG.sub(lambda found: _image(found[0], swap), html)
    for mark in swap.marks:
        if not any(mark == name_of(candidate.uri) for candidate in swap.shown.candidates):
            html = html.replace(mark, name_of(swap.shown.src))
    return html


def _image(tag: str, swap: Swap) -> str:
    if not any(mark in tag for mark in swap.marks):
        return tag
    address = re.search(r'\bsrc(?:set)?="([^"#, ]*)(#[^"]*)?', tag)
    src = beside(address[1], swap.shown) if address else swap.shown.src
    fragment = (address[2] or "") if address else ""
    tag = _with(tag, "src", f"{src}{fragment}")
    tag = _with(tag, "width", str(swap.shown.width))
    tag = _with(tag, "height", str(swap.shown.height))
    if swap.shown.candidates:
        return _with(tag, "srcset", srcset(swap.shown, src))
    if tag.startswith("<source"):
        return re.sub(r'\ssizes="[^"]*"', "", _with(tag, "srcset", src))
    return re.sub(r'\s(?:srcset|sizes)="[^"]*"', "", tag)


def _with(tag: str, name: str, value: str) -> str:
    """Replace an attribute's value, in whatever order a neighbour has left them."""
    return re.sub(rf'(\s{name}=)"[^"]*"', lambda found: f'{found[1]}"{value}"', tag, count=1)


def _with_sources(html: str, swap: Swap, sources: Callable[[Shown], str]) -> str:
    room = rf'<(\w+)\b[^>]*\bdata-gemini-sources="{re.escape(swap.promised.awaited)}"[^>]*>.*?</\1>'
    some = swap.shown.sources or swap.shown.searches
    return re.sub(room, lambda _: sources(swap.shown) if some else "", html, flags=re.DOTALL)
