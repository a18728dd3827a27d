"""Correct a page after the barrier: another file, or another size, than was promised.

While pages render, a picture that will be drawn is promised by name and by the size its model is
documented to draw. Where something else came of it, the names are replaced as plain text (so it
reaches links that other plugins put around a picture), and the `<img>` gets its true numbers. Pure.
"""

import re
from dataclasses import dataclass

from mkdocs_gemini_images.figure import Shown, srcset

_IMG = re.compile(r"<img\b[^>]*>")


@dataclass(frozen=True, slots=True)
class Swap:
    """What was promised on pages, and what is shown instead."""

    promised: Shown
    shown: Shown

    @property
    def marks(self) -> tuple[str, ...]:
        """The names of the promised files."""
        return tuple(_name(candidate.uri) for candidate in self.promised.candidates)


def correct(html: str, swaps: list[Swap]) -> str:
    """Put what is shown in the place of what was promised; other pages come back as they are."""
    for swap in swaps:
        if any(mark in html for mark in swap.marks):
            html = _IMG.sub(lambda found, swap=swap: _image(found[0], swap), html)  # type: ignore[misc]
            for mark in swap.marks:
                html = html.replace(mark, _name(swap.shown.src))
    return html


def _image(tag: str, swap: Swap) -> str:
    if not any(mark in tag for mark in swap.marks):
        return tag
    source = re.search(r'\bsrc="([^"]*)"', tag)
    src = source[1] if source else ""
    new = f"{src[: src.rfind('/') + 1]}{_name(swap.shown.src)}"
    tag = _with(tag, "src", new)
    tag = _with(tag, "width", str(swap.shown.width))
    tag = _with(tag, "height", str(swap.shown.height))
    if swap.shown.candidates:
        return _with(tag, "srcset", srcset(swap.shown, new))
    return re.sub(r'\s(?:srcset|sizes)="[^"]*"', "", tag)


def _with(tag: str, name: str, value: str) -> str:
    """Replace an attribute's value, in whatever order a neighbour has left them."""
    return re.sub(rf'(\s{name}=)"[^"]*"', lambda found: f'{found[1]}"{value}"', tag, count=1)


def _name(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]
