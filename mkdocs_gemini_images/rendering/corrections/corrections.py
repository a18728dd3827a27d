"""Correct pages after the barrier: put what an image became in the place of what was promised.

While pages render, the build promises an image that will be drawn: names of files, and the size
that the model is documented to draw. Each `<img>` and `<source>` of a promised image carries a mark
with the image's handle. At the barrier the image's true files, size and backdrop are written into
the marked elements, and the mark is removed. Links to an address that a marked `<img>` had, or to
its largest file, follow it: other plugins put such links around images. Names of promised files
that were not published are replaced in the rest of the text, where those names are the build's own.

An image whose picture turns out to be damaged was promised nothing, and its elements carry no mark:
they are found by the address of the image's file. Pure.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from urllib.parse import quote

from mkdocs_gemini_images.rendering.corrections.correction import PROMISE_ATTRIBUTE, Correction
from mkdocs_gemini_images.rendering.corrections.mark_corrections import RenderMark, with_marks
from mkdocs_gemini_images.rendering.figure import IMAGE_CLASS, backdrop_style
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage
from mkdocs_gemini_images.rendering.srcset import LARGEST, name_of, neighbour, srcset_value

_BUILD_NAME = re.compile(r"(?:.*-)?[0-9a-f]{12}(?:-\d+x\d+-(?:\d+-\d+|auto\d+))?-\d+\.\w+")
"""A file name that the build makes; no file of an author has one."""
# From the beginning of a run alone: data that is long and has no dot is read once. An entity, as in
# an escaped attribute, ends with a semicolon.
_NAMES = re.compile(r"(?<![^\s\"'<>/#?,()=&;\\])[^\s\"'<>/#?,()=&;\\]+\.\w+")
_MAX_PARTS = 32
"""Folders of a path by which an element without a mark is found."""
_WORDS = re.compile(r"[\w.-]++")
# A tag without an end extends to the end of the text, so that each part of a page is read once.
_TAG = re.compile(r"<(?:img|source)\b[^>]*(?:>|\Z)")
_ATTRIBUTE = re.compile(r'\s([\w:-]+)="([^"]*)"')
_ADDRESS = re.compile(r"[^#, ]*+(?:#[^, ]*+)?")
_LINK = re.compile(r'(\s[\w:-]++=")([^"#]++)(?=["#])')
_ROOM = re.compile(r'<(\w++)[^<>]*?\sdata-gemini-sources="([^"<>]*+)"[^>]*+>')


class Corrections:
    """All corrections of a build.

    `citations` renders the links below an image that was drawn with the help of a search; `mark`
    renders the mark on an image.
    """

    def __init__(
        self,
        corrections: Sequence[Correction],
        citations: Callable[[RenderedImage], str],
        mark: RenderMark,
    ) -> None:
        self._by_mark = {
            each.promised.promise: each for each in corrections if each.promised.promise
        }
        self._unmarked = _ByAddress([each for each in corrections if not each.promised.promise])
        self._citations = citations
        self._mark = mark
        self._renamed = _renamed_files(corrections)
        self._names = self._renamed.keys() | self._unmarked.names

    def concern(self, text: str) -> bool:
        """Return whether a text has a mark, or the name of a file that was not published."""
        return PROMISE_ATTRIBUTE in text or not self._names.isdisjoint(
            _NAMES.findall(text) if self._names else ()
        )

    def apply(self, html: str) -> str:
        """Return a page with what its promised images became."""
        if PROMISE_ATTRIBUTE in html or self._unmarked:
            html = self._correct_elements(html)
        if not self._renamed.keys().isdisjoint(_NAMES.findall(html) if self._renamed else ()):
            # A name is a whole word: `fox-12.webp` is not `12.webp`.
            html = _WORDS.sub(lambda found: self._renamed.get(found[0], found[0]), html)
        return html

    def _correct_elements(self, html: str) -> str:
        moved: dict[str, str] = {}
        awaited: dict[str, Correction] = {}

        def correct(found: re.Match[str]) -> str:
            tag = found[0]
            attributes = dict(_ATTRIBUTE.findall(tag))
            correction = self._by_mark.get(attributes.get(PROMISE_ATTRIBUTE, ""))
            if correction is None:
                correction = self._unmarked.of(tag, attributes)
            if correction is None or not tag.endswith(">"):
                return tag
            if correction.promised.awaited:
                awaited[correction.promised.awaited] = correction
            return _corrected_tag(tag, attributes, correction, moved)

        shown = {promise: each.shown for promise, each in self._by_mark.items()}
        html = _TAG.sub(correct, html)
        if "data-gemini-mark" in html:
            html = with_marks(html, shown, self._mark)
        if awaited:
            html = self._with_citations(html, awaited)
        if moved:
            html = _LINK.sub(lambda found: f"{found[1]}{moved.get(found[2], found[2])}", html)
        return html

    def _with_citations(self, html: str, awaited: Mapping[str, Correction]) -> str:
        """Return a page with links in each room that waits for them."""
        parts, end = list[str](), 0
        unclosed = set[str]()
        for room in _ROOM.finditer(html):
            correction, closing = awaited.get(room[2]), f"</{room[1]}>"
            if correction is None or closing in unclosed or room.start() < end:
                continue
            if (at := html.find(closing, room.end())) < 0:
                unclosed.add(closing)
                continue
            shown = correction.shown
            cited = shown is not None and (shown.sources or shown.searches)
            links = self._citations(shown) if shown is not None and cited else ""
            before, end = html[end : room.start()], at + len(closing)
            if links:
                parts += (before, links)
            else:  # nor are there line breaks around a room that the next build does not have
                parts.append(before.rstrip())
                while html[end : end + 1].isspace():
                    end += 1
        return "".join([*parts, html[end:]])


def _renamed_files(corrections: Iterable[Correction]) -> dict[str, str]:
    """Return, for each promised file of the build's own naming that was not published, another.

    The other file lies in the same folder. Where several images promised the file, one without a
    named file decides: only its `src` is a file of the build's own naming.
    """
    corrections = sorted(
        corrections, key=lambda each: not _BUILD_NAME.fullmatch(name_of(each.promised.src))
    )
    published = {
        name_of(uri)
        for each in corrections
        if each.shown is not None
        for uri in (each.shown.src, *(candidate.uri for candidate in each.shown.files))
    }
    renamed: dict[str, str] = {}
    for each in corrections:
        for candidate in each.promised.files:
            name = name_of(candidate.uri)
            if each.shown is None or name in published:
                continue
            if _BUILD_NAME.fullmatch(name):
                renamed.setdefault(name, name_of(_beside(candidate, each.shown)))
    return renamed


def _beside(candidate: Candidate, shown: RenderedImage) -> str:
    """Return a file of `shown` that lies in the folder of `candidate`."""
    folder = posixpath.dirname(candidate.uri)
    files = [shown.src, *(each.uri for each in reversed(shown.candidates))]
    return next((uri for uri in files if posixpath.dirname(uri) == folder), shown.src)


def _corrected_tag(
    tag: str, attributes: dict[str, str], correction: Correction, moved: dict[str, str]
) -> str:
    """Return a marked tag with what its image became; empty for a format that was not published.

    `moved` receives the addresses that an `<img>` and its largest file had, and the new ones.
    """
    promised, shown = correction.promised, correction.shown
    if shown is None:
        return ""
    is_image = tag.startswith("<img")
    kind = "" if is_image else attributes.get("type", "")
    kinds = {each.type: each.candidates for each in shown.alternatives}
    if kind and kind not in kinds:
        return ""
    candidates = kinds[kind] if kind else shown.candidates
    address, _, fragment = _first_address(attributes).partition("#")
    fragment = "" if correction.alone else fragment
    src = neighbour(address, _promised_file(promised, kind, is_image=is_image), shown.src)
    if is_image and address:
        # A lightbox links to the largest file, or finds it in `data-src`.
        largest = neighbour(address, promised.src, promised.largest)
        changes = {largest: neighbour(src, shown.src, shown.largest)}
        if address != largest or LARGEST not in attributes:
            changes[address] = src
        moved.update((old, new) for old, new in changes.items() if old != new)
    tag = _with(tag, PROMISE_ATTRIBUTE, None)
    tag = _with(tag, "src", f"{src}#{fragment}" if fragment else src)
    tag = _with(tag, "width", str(shown.width))
    tag = _with(tag, "height", str(shown.height))
    if shown.backdrop and is_image:
        tag = _styled(tag, backdrop_style(shown))
    if candidates:
        return _with(tag, "srcset", srcset_value(candidates, src, shown.src))
    if is_image:
        return _with(_with(tag, "srcset", None), "sizes", None)
    return _with(_with(tag, "srcset", src), "sizes", None)


class _ByAddress:
    """Corrections whose elements have no mark, found by the first address of an element."""

    def __init__(self, corrections: Sequence[Correction]) -> None:
        self.names = {quote(name_of(each.promised.src)) for each in corrections}
        """The files' names as pages write them."""
        self._corrections = corrections
        self._kinds = {form.type for each in corrections for form in each.promised.alternatives}
        self._numbers = cache(self._numbered)

    def __bool__(self) -> bool:
        return bool(self._corrections)

    def of(self, tag: str, attributes: Mapping[str, str]) -> Correction | None:
        """Return the first correction of an image that an element shows, or None."""
        is_image = tag.startswith("<img")
        if is_image and IMAGE_CLASS not in attributes.get("class", "").split():
            return None
        path = re.sub(r"^(?:\.\./)++", "", _first_address(attributes).partition("#")[0])
        if not path or not self._corrections:
            return None
        kind = attributes.get("type", "")
        whole, ends = self._numbers(kind if kind in self._kinds else "", is_image)
        # An address is the end of a file's path, or begins with the folder of the whole site.
        found = [whole[end] for end in _ends(path) if end in whole]
        found += [ends[path]] if path in ends else []
        return self._corrections[min(found)] if found else None

    def _numbered(self, kind: str, is_image: bool) -> tuple[dict[str, int], dict[str, int]]:
        """Return the number of the first correction by the path of its file, and by its ends."""
        whole, ends = dict[str, int](), dict[str, int]()
        for number, each in enumerate(self._corrections):
            uri = quote(_promised_file(each.promised, kind, is_image=is_image))
            whole.setdefault(uri, number)
            for end in _ends(uri):
                ends.setdefault(end, number)
        return whole, ends


def _ends(path: str) -> list[str]:
    """Return the ends of a path of up to `_MAX_PARTS` parts, each from the beginning of a part."""
    parts = path.rsplit("/", _MAX_PARTS)
    return ["/".join(parts[-count:]) for count in range(1, min(len(parts), _MAX_PARTS) + 1)]


def _promised_file(promised: RenderedImage, kind: str, *, is_image: bool) -> str:
    """Return the file to which the first address of a marked element leads."""
    if is_image:
        return promised.src
    formats = {each.type: each.candidates for each in promised.alternatives}
    candidates = formats.get(kind, promised.candidates)
    return candidates[0].uri if candidates else promised.src


def _first_address(attributes: Mapping[str, str]) -> str:
    """Return an element's first address, with its fragment."""
    found = _ADDRESS.match(attributes.get("src") or attributes.get("srcset", ""))
    return "" if found is None else found[0]


def _with(tag: str, name: str, value: str | None) -> str:
    """Replace an attribute's value, or remove it, in whatever order the attributes are."""
    new = "" if value is None else f' {name}="{value}"'
    return _ATTRIBUTE.sub(lambda found: new if found[1] == name else found[0], tag)


def _styled(tag: str, style: str) -> str:
    """Add to a tag's style, at the place where Markdown writes it: attributes are sorted."""
    if (written := dict(_ATTRIBUTE.findall(tag)).get("style")) is not None:
        return tag if style in written else _with(tag, "style", f"{written}; {style}")
    later = (found.start() for found in _ATTRIBUTE.finditer(tag) if found[1] > "style")
    at = next(later, None) or len(tag.removesuffix(">").removesuffix("/").rstrip())
    return f'{tag[:at]} style="{style}"{tag[at:]}'
