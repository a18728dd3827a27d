"""Correct a page after the barrier: another file, or another size, than was promised.

While pages render, a picture that will be drawn is promised by name and by the size its model is
documented to draw. Where something else came of it, the names are replaced as plain text (so it
reaches links that other plugins put around a picture), and the `<img>` gets its true numbers; the
sources of a picture drawn with a search are put where room was left for them. A name that the
author chose may be another file's as well: it is replaced in our `<img>`, and in links to the very
address that stands there. Pure.
"""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mkdocs_gemini_images.figure import CLASS, Candidate, Shown, name_of, neighbour, srcset

_OURS = re.compile(r"(?:.*-)?[0-9a-f]{12}-\d+\.\w+")
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
        """The names of the promised files, as far as they are of our making: no other has them."""
        names = (name_of(candidate.uri) for candidate in self.promised.candidates)
        return tuple(name for name in names if _OURS.fullmatch(name))

    @property
    def named(self) -> Candidate | None:
        """The promised file whose name its author chose, if there is one."""
        others = (
            each for each in self.promised.candidates if not _OURS.fullmatch(name_of(each.uri))
        )
        return next(others, None)

    def is_in(self, text: str) -> bool:
        """Whether a promised file is named in `text`, or another that is called the same."""
        names = self.marks if self.named is None else (*self.marks, quote(name_of(self.named.uri)))
        return any(name in text and _whole(name).search(text) for name in names)

    def is_shown_by(self, tag: str) -> bool:
        """Whether an `<img>` or `<source>` shows the promised picture."""
        if any(mark in tag and _whole(mark).search(tag) for mark in self.marks):
            return True
        if self.named is None:
            return False
        written = dict(_ATTRIBUTE.findall(tag))
        if "srcset" in written:
            ours = not self.marks and written["srcset"].endswith(f" {self.named.width}w")
        else:
            ours = CLASS in written.get("class", "").split()
        return ours and _leads_to(_address(written), quote(self.named.uri))


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
    moved: dict[str, str] = {}
    html = _TAG.sub(lambda found: _image(found[0], swap, moved), html)
    for mark in swap.marks:
        if not any(mark == name_of(candidate.uri) for candidate in swap.shown.candidates):
            html = _whole(mark).sub(name_of(_beside(swap)), html)
    for address, src in moved.items():
        link = re.compile(rf'(\s[\w:-]+="){re.escape(address)}(?=["#])')
        html = link.sub(lambda found, src=src: f"{found[1]}{src}", html)  # type: ignore[misc]
    return html


def _beside(swap: Swap) -> str:
    """Choose, of what is shown, a file in the folder of those whose names are of our making."""
    folder = next(
        posixpath.dirname(each.uri) for each in swap.promised.candidates if each != swap.named
    )
    files = [swap.shown.src, *(each.uri for each in reversed(swap.shown.candidates))]
    return next((uri for uri in files if posixpath.dirname(uri) == folder), swap.shown.src)


def _image(tag: str, swap: Swap, moved: dict[str, str]) -> str:
    if not swap.is_shown_by(tag):
        return tag
    written = dict(_ATTRIBUTE.findall(tag))
    address, _, mark = _address(written).partition("#")
    fragment = f"#{mark}" if mark else ""
    promised = {quote(name_of(each.uri)): each.uri for each in swap.promised.candidates}
    uri = promised.get(name_of(address), swap.promised.src)
    src = neighbour(address, uri, swap.shown.src)
    if swap.named is not None and uri == swap.named.uri and src != address:
        moved[address] = src
    tag = _with(tag, "src", f"{src}{fragment}")
    tag = _with(tag, "width", str(swap.shown.width))
    tag = _with(tag, "height", str(swap.shown.height))
    if swap.shown.candidates:
        return _with(tag, "srcset", srcset(swap.shown, src))
    if tag.startswith("<source"):
        return _with(_with(tag, "srcset", src), "sizes", None)
    return _with(_with(tag, "srcset", None), "sizes", None)


def _address(written: Mapping[str, str]) -> str:
    """Give a tag's first address, with its fragment."""
    return "".join(_ADDRESS.findall(written.get("src") or written.get("srcset", ""))[0])


def _leads_to(address: str, uri: str) -> bool:
    """Whether an address may be that of the site's file `uri`, wherever its page stands."""
    rest = re.sub(r"^(?:\.\./)+", "", address.partition("#")[0])
    return f"/{rest}".endswith(f"/{uri}") or f"/{uri}".endswith(f"/{rest}")


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
