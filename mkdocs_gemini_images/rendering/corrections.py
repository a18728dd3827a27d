"""Correct pages after the barrier: put what an image became in the place of what was promised.

While pages render, the build promises an image that will be drawn: names of files, and the size
that the model is documented to draw. Each `<img>` and `<source>` of a promised image carries a mark
with the image's handle. At the barrier the image's true files, size and backdrop are written into
the marked elements, and the mark is removed. Links to an address that a marked `<img>` had follow
it, which keeps the links that other plugins put around images. Names of promised files that were
not published are replaced in the rest of the text, where those names are the build's own.

An image whose picture turns out to be damaged was promised nothing, and its elements carry no mark:
they are found by the address of the image's file. Pure.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mkdocs_gemini_images.rendering.figure import IMAGE_CLASS, backdrop_style
from mkdocs_gemini_images.rendering.rendered_image import Candidate, RenderedImage
from mkdocs_gemini_images.rendering.srcset import name_of, neighbour, srcset_value

PROMISE_ATTRIBUTE = "data-gemini-promise"
_BUILD_NAME = re.compile(r"(?:.*-)?[0-9a-f]{12}-\d+\.\w+")
"""A file name that the build makes; no file of an author has one."""
# From the beginning of a run alone: data that is long and has no dot is read once.
_NAMES = re.compile(r"(?<![^\s\"'<>/#?,()=&])[^\s\"'<>/#?,()=&]+\.\w+")
# A tag without an end extends to the end of the text, so that each part of a page is read once.
_TAG = re.compile(r"<(?:img|source)\b[^>]*(?:>|\Z)")
_ATTRIBUTE = re.compile(r'\s([\w:-]+)="([^"]*)"')
_ADDRESS = re.compile(r"([^#, ]*)(#[^, ]*)?")


@dataclass(frozen=True, slots=True)
class Correction:
    """What pages were promised for one image, and what they show instead."""

    promised: RenderedImage
    shown: RenderedImage


class Corrections:
    """All corrections of a build.

    `citations` renders the links below an image that was drawn with the help of a search.
    """

    def __init__(
        self, corrections: Sequence[Correction], citations: Callable[[RenderedImage], str]
    ) -> None:
        self._by_mark = {
            each.promised.promise: each for each in corrections if each.promised.promise
        }
        self._unmarked = [each for each in corrections if not each.promised.promise]
        self._citations = citations
        self._renamed = _renamed_files(corrections)

    def concern(self, text: str) -> bool:
        """Return whether a text has a mark, or the name of a file that was not published."""
        return (
            PROMISE_ATTRIBUTE in text
            or bool(self._stale_names(text))
            or any(quote(name_of(each.promised.src)) in text for each in self._unmarked)
        )

    def apply(self, html: str) -> str:
        """Return a page with what its promised images became."""
        if PROMISE_ATTRIBUTE in html or self._unmarked:
            html = self._correct_elements(html)
        for name in self._stale_names(html):
            html = _whole(name).sub(self._renamed[name], html)
        return html

    def _correct_elements(self, html: str) -> str:
        moved: dict[str, str] = {}
        awaited: dict[str, Correction] = {}

        def correct(found: re.Match[str]) -> str:
            tag = found[0]
            attributes = dict(_ATTRIBUTE.findall(tag))
            correction = self._by_mark.get(attributes.get(PROMISE_ATTRIBUTE, ""))
            if correction is None:
                correction = next(
                    (each for each in self._unmarked if _shows(tag, attributes, each.promised)),
                    None,
                )
            if correction is None or not tag.endswith(">"):
                return tag
            if correction.promised.awaited:
                awaited[correction.promised.awaited] = correction
            return _corrected_tag(tag, attributes, correction, moved)

        html = _TAG.sub(correct, html)
        for correction in awaited.values():
            html = self._with_citations(html, correction)
        for address, src in moved.items():
            link = re.compile(rf'(\s[\w:-]+="){re.escape(address)}(?=["#])')
            html = link.sub(lambda found, src=src: f"{found[1]}{src}", html)  # type: ignore[misc]
        return html

    def _with_citations(self, html: str, correction: Correction) -> str:
        mark = f'data-gemini-sources="{re.escape(correction.promised.awaited)}"'
        room = rf"<(\w+)\b[^<>]*\b{mark}[^>]*>.*?</\1>"
        shown = correction.shown
        links = self._citations(shown) if shown.sources or shown.searches else ""
        return re.sub(room, lambda _: links, html, flags=re.DOTALL)

    def _stale_names(self, text: str) -> list[str]:
        if not self._renamed:
            return []
        return sorted(self._renamed.keys() & set(_NAMES.findall(text)))


def _renamed_files(corrections: Iterable[Correction]) -> dict[str, str]:
    """Return, for each promised file of the build's own naming that was not published, another.

    The other file lies in the same folder. Where several images promised the file, one without a
    named file decides: only its `src` is a file of the build's own naming.
    """
    corrections = sorted(corrections, key=lambda each: not _is_build_name(each.promised.src))
    published = {
        name_of(uri)
        for each in corrections
        for uri in (each.shown.src, *(candidate.uri for candidate in each.shown.files))
    }
    renamed: dict[str, str] = {}
    for each in corrections:
        for candidate in each.promised.files:
            name = name_of(candidate.uri)
            if _is_build_name(name) and name not in published:
                renamed.setdefault(name, name_of(_beside(candidate, each.shown)))
    return renamed


def _is_build_name(uri: str) -> bool:
    return _BUILD_NAME.fullmatch(name_of(uri)) is not None


def _beside(candidate: Candidate, shown: RenderedImage) -> str:
    """Return a file of `shown` that lies in the folder of `candidate`."""
    folder = posixpath.dirname(candidate.uri)
    files = [shown.src, *(each.uri for each in reversed(shown.candidates))]
    return next((uri for uri in files if posixpath.dirname(uri) == folder), shown.src)


def _corrected_tag(
    tag: str, attributes: dict[str, str], correction: Correction, moved: dict[str, str]
) -> str:
    """Return a marked tag with what its image became; empty for a format that was not published.

    `moved` receives the address that an `<img>` had, and its new one.
    """
    promised, shown = correction.promised, correction.shown
    is_image = tag.startswith("<img")
    kind = "" if is_image else attributes.get("type", "")
    kinds = {each.type: each.candidates for each in shown.alternatives}
    if kind and kind not in kinds:
        return ""
    candidates = kinds[kind] if kind else shown.candidates
    address, _, fragment = _first_address(attributes).partition("#")
    src = neighbour(address, _promised_file(promised, kind, is_image=is_image), shown.src)
    if is_image and address and src != address:
        moved[address] = src
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


def _shows(tag: str, attributes: dict[str, str], image: RenderedImage) -> bool:
    """Return whether an element without a mark shows an image, by its first address."""
    is_image = tag.startswith("<img")
    if is_image and IMAGE_CLASS not in attributes.get("class", "").split():
        return False
    uri = quote(_promised_file(image, attributes.get("type", ""), is_image=is_image))
    path = re.sub(r"^(?:\.\./)+", "", _first_address(attributes).partition("#")[0])
    return bool(path) and (f"/{path}".endswith(f"/{uri}") or f"/{uri}".endswith(f"/{path}"))


def _promised_file(promised: RenderedImage, kind: str, *, is_image: bool) -> str:
    """Return the file to which the first address of a marked element leads."""
    if is_image:
        return promised.src
    formats = {each.type: each.candidates for each in promised.alternatives}
    candidates = formats.get(kind, promised.candidates)
    return candidates[0].uri if candidates else promised.src


def _first_address(attributes: dict[str, str]) -> str:
    """Return an element's first address, with its fragment."""
    return "".join(_ADDRESS.findall(attributes.get("src") or attributes.get("srcset", ""))[0])


def _whole(name: str) -> re.Pattern[str]:
    """Match a file's name, but not as the end of a longer one: `fox-12.webp` is not `12.webp`."""
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])")


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
