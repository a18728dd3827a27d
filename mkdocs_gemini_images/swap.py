"""Correct a page after the barrier: another file, or another size, than was promised.

While pages render, a picture that will be drawn is promised by name and by the size its model is
documented to draw. Where something else came of it, the names are replaced as plain text (so it
reaches links that other plugins put around a picture), and the `<img>` gets its true numbers; the
sources of a picture drawn with a search are put where room was left for them. Pure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mkdocs_gemini_images.figure import Shown, name_of, neighbour, srcset

_TAG = re.compile(r"<(?:img|source)\b[^>]*>")
_ATTRIBUTE = re.compile(r'\s([\w:-]+)="([^"]*)"')
_ADDRESS = re.compile(r"([^#, ]*)(#[^, ]*)?")


@dataclass(frozen=True, slots=True)
class Swap:
    """What was promised on pages, and what is shown instead."""

    promised: Shown
    shown: Shown

    @property
    def marks(self) -> tuple[str, ...]:
        """The names of the promised files."""
        return tuple(name_of(candidate.uri) for candidate in self.promised.candidates)

    def is_in(self, text: str) -> bool:
        """Whether a promised file is named in `text`."""
        return any(mark in text and _whole(mark).search(text) for mark in self.marks)


def correct(html: str, swaps: Sequence[Swap], sources: Callable[[Shown], str]) -> str:
    """Put what is shown in the place of what was promised; other pages come back as they are.

    `sources` renders the links below a picture.
    """
    for swap in swaps:
        if swap.is_in(html):
            html = _corrected(html, swap)
            if swap.promised.awaited:
                html = _with_sources(html, swap, sources)
    return html


def _corrected(html: str, swap: Swap) -> str:
    html = _TAG.sub(lambda found: _image(found[0], swap), html)
    for mark in swap.marks:
        if not any(mark == name_of(candidate.uri) for candidate in swap.shown.candidates):
            html = _whole(mark).sub(name_of(swap.shown.src), html)
    return html


def _image(tag: str, swap: Swap) -> str:
    if not swap.is_in(tag):
        return tag
    written = dict(_ATTRIBUTE.findall(tag))
    address, fragment = _ADDRESS.findall(written.get("src") or written.get("srcset", ""))[0]
    promised = {name_of(candidate.uri): candidate.uri for candidate in swap.promised.candidates}
    uri = promised.get(name_of(address), swap.promised.src)
    src = neighbour(address, uri, swap.shown.src)
    tag = _with(tag, "src", f"{src}{fragment}")
    tag = _with(tag, "width", str(swap.shown.width))
    tag = _with(tag, "height", str(swap.shown.height))
    if swap.shown.candidates:
        return _with(tag, "srcset", srcset(swap.shown, src))
    if tag.startswith("<source"):
        return _with(_with(tag, "srcset", src), "sizes", None)
    return _with(_with(tag, "srcset", None), "sizes", None)


def _whole(name: str) -> re.Pattern[str]:
    """Find a file's name, but not as the end of a longer one: `fox-12.webp` is not `12.webp`."""
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")


def _with(tag: str, name: str, value: str | None) -> str:
    """Replace an attribute's value, or take it out, in whatever order a neighbour has left them."""
    new = "" if value is None else f' {name}="{value}"'
    return _ATTRIBUTE.sub(lambda found: new if found[1] == name else found[0], tag)


def _with_sources(html: str, swap: Swap, sources: Callable[[Shown], str]) -> str:
    room = rf'<(\w+)\b[^>]*\bdata-gemini-sources="{re.escape(swap.promised.awaited)}"[^>]*>.*?</\1>'
    some = swap.shown.sources or swap.shown.searches
    return re.sub(room, lambda _: sources(swap.shown) if some else "", html, flags=re.DOTALL)
