"""Correct a page after the barrier: another file, or another size, than was promised.

While pages render, a picture that will be drawn is promised by name and by the size its model is
documented to draw. What came of it is put in its place: the `<img>` gets its true numbers, its
files and its backdrop; names are replaced as plain text wherever else they stand (so it reaches
links that other plugins put around a picture); the sources of a picture drawn with a search are put
where room was left for them. A name that the author chose may be another file's as well: it is
replaced in our `<img>`, and in links to the very address that stands there. Pure.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mkdocs_gemini_images.rendering.figure import (
    CLASS,
    Candidate,
    RenderedImage,
    backdrop,
    name_of,
    neighbour,
    srcset,
)

_OURS = re.compile(r"(?:.*-)?[0-9a-f]{12}-\d+\.\w+")
# From the beginning of a run alone: data that is long and has no dot is looked through once.
_NAMES = re.compile(r"(?<![^\s\"'<>/#?,()=&])[^\s\"'<>/#?,()=&]+\.\w+")
# A tag without an end is one to the end of the text: each part of a page is looked through once.
_TAG = re.compile(r"<(?:img|source)\b[^>]*(?:>|\Z)")
_ATTRIBUTE = re.compile(r'\s([\w:-]+)="([^"]*)"')
_ADDRESS = re.compile(r"([^#, ]*)(#[^, ]*)?")


@dataclass(frozen=True, slots=True)
class Correction:
    """What was promised on pages, and what is shown instead."""

    promised: RenderedImage
    shown: RenderedImage

    @property
    def marks(self) -> tuple[str, ...]:
        """The names of the promised files, as far as they are of our making: no other has them."""
        names = (name_of(candidate.uri) for candidate in _all(self.promised))
        return tuple(name for name in names if _OURS.fullmatch(name))

    @property
    def named(self) -> Candidate | None:
        """The promised file whose name its author chose, if there is one."""
        others = (each for each in _all(self.promised) if not _OURS.fullmatch(name_of(each.uri)))
        return next(others, None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all promised files, as pages write them."""
        return self.marks if self.named is None else (*self.marks, quote(name_of(self.named.uri)))

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


class Corrections:
    """All swaps of a build, found by the names that a page has in it.

    `sources` renders the links below a picture.
    """

    def __init__(
        self, corrections: Sequence[Correction], sources: Callable[[RenderedImage], str]
    ) -> None:
        self._swaps: dict[str, list[int]] = {}
        for number, correction in enumerate(corrections):
            for name in correction.names:
                self._swaps.setdefault(name, []).append(number)
        self._all = corrections
        self._sources = sources

    def concern(self, text: str) -> bool:
        """Whether a promised file is named in a text."""
        return bool(self._named_in(text))

    def apply(self, html: str) -> str:
        """Put what is shown in the place of what was promised; others come back as they are."""
        found = self._found(html)
        if not found:
            return html
        moved: dict[str, str] = {}
        html = _TAG.sub(lambda tag: self._tag(tag[0], moved), html)
        for correction in found:
            html = _renamed(html, correction)
            if correction.promised.awaited:
                html = _with_sources(html, correction, self._sources)
        for address, src in moved.items():
            link = re.compile(rf'(\s[\w:-]+="){re.escape(address)}(?=["#])')
            html = link.sub(lambda found, src=src: f"{found[1]}{src}", html)  # type: ignore[misc]
        return html

    def _tag(self, tag: str, moved: dict[str, str]) -> str:
        # A page may have a thousand tags, and a thousand swaps: each tag is held against its own.
        for correction in self._found(tag):
            tag = _image(tag, correction, moved)
        return tag

    def _found(self, html: str) -> list[Correction]:
        """List the swaps whose promised files are named in a text, in their order."""
        numbers = {number for name in self._named_in(html) for number in self._swaps[name]}
        return [self._all[number] for number in sorted(numbers)]

    def _named_in(self, html: str) -> set[str]:
        return self._swaps.keys() & set(_NAMES.findall(html)) if self._swaps else set()


def _all(shown: RenderedImage) -> tuple[Candidate, ...]:
    """List a picture's files in all their formats."""
    return shown.candidates + tuple(
        candidate for each in shown.alternatives for candidate in each.candidates
    )


def _renamed(html: str, correction: Correction) -> str:
    """Replace the names of promised files that stand elsewhere than in our tags."""
    for mark in correction.marks:
        stands = mark in html  # which is told sooner than a pattern is searched for
        if stands and not any(mark == name_of(each.uri) for each in _all(correction.shown)):
            html = _whole(mark).sub(name_of(_beside(correction)), html)
    return html


def _beside(correction: Correction) -> str:
    """Choose, of what is shown, a file in the folder of those whose names are of our making."""
    folder = next(
        posixpath.dirname(each.uri)
        for each in _all(correction.promised)
        if each != correction.named
    )
    files = [correction.shown.src, *(each.uri for each in reversed(correction.shown.candidates))]
    return next((uri for uri in files if posixpath.dirname(uri) == folder), correction.shown.src)


def _image(tag: str, correction: Correction, moved: dict[str, str]) -> str:
    """Let one tag show what came of the promised picture; a format that did not come goes."""
    if not tag.endswith(">") or not correction.is_shown_by(tag):
        return tag
    written = dict(_ATTRIBUTE.findall(tag))
    address, _, mark = _address(written).partition("#")
    fragment = f"#{mark}" if mark else ""
    promised = {quote(name_of(each.uri)): each.uri for each in _all(correction.promised)}
    uri = promised.get(name_of(address), correction.promised.src)
    kind = next(
        (e.type for e in correction.promised.alternatives if uri in _uris(e.candidates)), ""
    )
    if kind and kind not in (each.type for each in correction.shown.alternatives):
        return ""
    files = {each.type: each.candidates for each in correction.shown.alternatives} | {
        "": correction.shown.candidates
    }
    src = neighbour(address, uri, correction.shown.src)
    if correction.named is not None and uri == correction.named.uri and src != address:
        moved[address] = src
    tag = _with(tag, "src", f"{src}{fragment}")
    tag = _with(tag, "width", str(correction.shown.width))
    tag = _with(tag, "height", str(correction.shown.height))
    if correction.shown.backdrop and tag.startswith("<img"):
        tag = _styled(tag, backdrop(correction.shown))
    if files[kind]:
        return _with(tag, "srcset", srcset(files[kind], src, correction.shown.src))
    if tag.startswith("<source"):
        return _with(_with(tag, "srcset", src), "sizes", None)
    return _with(_with(tag, "srcset", None), "sizes", None)


def _uris(candidates: Iterable[Candidate]) -> set[str]:
    return {candidate.uri for candidate in candidates}


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


def _styled(tag: str, style: str) -> str:
    """Add to a tag's style, which stands where Markdown would write it: attributes are sorted."""
    if (written := dict(_ATTRIBUTE.findall(tag)).get("style")) is not None:
        return tag if style in written else _with(tag, "style", f"{written}; {style}")
    later = (found.start() for found in _ATTRIBUTE.finditer(tag) if found[1] > "style")
    at = next(later, None) or len(tag.removesuffix(">").removesuffix("/").rstrip())
    return f'{tag[:at]} style="{style}"{tag[at:]}'


def _with_sources(
    html: str, correction: Correction, sources: Callable[[RenderedImage], str]
) -> str:
    mark = f'data-gemini-sources="{re.escape(correction.promised.awaited)}"'
    room = rf"<(\w+)\b[^<>]*\b{mark}[^>]*>.*?</\1>"
    some = correction.shown.sources or correction.shown.searches
    return re.sub(room, lambda _: sources(correction.shown) if some else "", html, flags=re.DOTALL)
