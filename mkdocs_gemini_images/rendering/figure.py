"""The HTML of one picture: plain, valid, and the same in every host.

In come a directive's words and what is shown for it; out comes well-formed XML from a Jinja2
template which a theme's `custom_dir` can override. The environment is our own and escapes
everything: the theme's does not, and alt, caption, label and sources are other people's text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

import jinja2

from mkdocs_gemini_images.directives.directive import Directive

TEMPLATE = "partials/gemini-image.html"
SOURCES = "partials/gemini-sources.html"
CLASS = "gemini-image"


@dataclass(frozen=True, slots=True)
class Source:
    """One link below a picture that was drawn with the help of a search."""

    title: str
    uri: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One published file of a picture and its true width in pixels (a `srcset` entry)."""

    uri: str
    width: int


@dataclass(frozen=True, slots=True)
class AlternativeFormat:
    """The same picture in a format that not every browser knows (a `<source>`)."""

    type: str
    """Its MIME type."""
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class RenderedImage:
    """What the page points at for one directive: files by site path, and the picture's true size.

    `candidates` are ordered by width; `src` is one of them, or a placeholder's path alone.
    """

    src: str
    width: int
    height: int
    candidates: tuple[Candidate, ...] = ()
    sizes: str = ""
    label: str = ""
    placeholder: bool = False
    dark: "RenderedImage | None" = None
    """The same picture for dark pages."""
    sources: tuple[Source, ...] = ()
    searches: tuple[Source, ...] = ()
    awaited: str = ""
    """A name under which sources are put in later, when the picture is drawn."""
    handle: str = ""
    """What a live preview calls the picture; a built site has none."""
    alternatives: tuple[AlternativeFormat, ...] = ()
    """In the order in which a browser is to try them, before the candidates."""
    backdrop: str = ""
    """A tiny WebP in base64, shown enlarged until the picture is there."""

    @property
    def largest(self) -> str:
        """The file with all its pixels."""
        return self.candidates[-1].uri if self.candidates else self.src


def templates(folders: Sequence[str]) -> jinja2.Environment:
    """Open the templates: a site's own in `folders`, else ours. Everything in them is escaped."""
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(list(folders)), jinja2.PackageLoader("mkdocs_gemini_images")]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Figures:
    """Renders pictures with the site's template, or with ours where it has none.

    `fragments` says that the theme shows one of two pictures by `#only-light` and `#only-dark` in
    their addresses, as Material does; elsewhere the reader's system decides, through `<picture>`.
    """

    def __init__(self, folders: Sequence[str] = (), *, fragments: bool = False) -> None:
        self._fragments = fragments
        self._environment = templates(folders)
        self._template: jinja2.Template | None = None

    def render(self, directive: Directive, shown: RenderedImage, src: str, *, caption: bool) -> str:
        """Render one picture whose file is reached from the page as `src`.

        Raises `jinja2.TemplateError` when the site's own template is broken.
        """
        captioned = directive.caption or shown.label
        figure = caption and bool(captioned or shown.sources or shown.searches or shown.awaited)
        pictures = self._pictures(directive, shown, src)
        outer = {"class": " ".join((CLASS, *_alignment(directive), *directive.classes))}
        if directive.id:
            outer["id"] = directive.id
        if directive.width:
            outer["style"] = f"width: {directive.width}"
        image, sources = pictures[0]
        wrapped = figure or len(pictures) > 1 or bool(sources)
        if not wrapped:  # the image is the outermost element
            styles = [each["style"] for each in (outer, image) if "style" in each]
            style = {"style": "; ".join(styles)} if styles else {}
            image = outer | image | outer | style
            pictures = [_Picture(image, sources)]
        if self._template is None:
            self._template = self._environment.get_template(TEMPLATE)
        return self._template.render(
            figure=figure,
            wrapped=wrapped,
            outer=outer,
            pictures=pictures,
            image=image,
            caption=directive.caption if figure else "",
            label=shown.label if figure else "",
            sources=shown.sources,
            searches=shown.searches,
            awaited=shown.awaited,
        ).strip()

    def _pictures(self, directive: Directive, shown: RenderedImage, src: str) -> "list[_Picture]":
        """List the attributes of each `<img>`, and of the `<source>` elements before it."""
        image = image_attributes(directive, shown, src)
        sources = _sources(shown, src, shown)
        if shown.dark is None:
            return [_Picture(image, sources)]
        dark = shown.dark
        other = neighbour(src, shown.src, dark.src)
        if self._fragments:
            twin = image_attributes(directive, dark, other)
            image["src"] += "#only-light"
            twin["src"] += "#only-dark"
            return [_Picture(image, sources), _Picture(twin, _sources(shown, src, dark))]
        own = {"srcset": other, "width": str(dark.width), "height": str(dark.height)}
        night = [*_sources(shown, src, dark), own]
        media = {"media": "(prefers-color-scheme: dark)"}
        return [_Picture(image, [*(media | each for each in night), *sources])]

    def sources(self, shown: RenderedImage) -> str:
        """Render the links below a picture, for a page that was rendered before they were known."""
        template = self._environment.get_template(SOURCES)
        return template.render(
            sources=shown.sources, searches=shown.searches, awaited=shown.awaited
        ).strip()


class _Picture(NamedTuple):
    """The attributes of one `<img>`, and of the `<source>` elements before it."""

    image: dict[str, str]
    sources: list[dict[str, str]]


def image_attributes(directive: Directive, shown: RenderedImage, src: str) -> dict[str, str]:
    """List the attributes of the `<img>` itself, in the order they are written.

    `srcset` is not among them: it follows from the final `src`, which the host decides.
    """
    attributes = {
        "class": CLASS,
        "src": src,
        "alt": directive.alt or "",
        "width": str(shown.width),
        "height": str(shown.height),
        "loading": directive.loading or ("eager" if directive.priority else "lazy"),
        "decoding": "async",
    }
    if directive.priority:
        attributes["fetchpriority"] = "high"
    if shown.handle:
        attributes["data-gemini-images"] = shown.handle
    if shown.backdrop:
        attributes["style"] = backdrop(shown)
    return attributes


def backdrop(shown: RenderedImage) -> str:
    """Write the CSS that shows a blurred picture where the picture itself is to come.

    Within the content box: a theme that frames its images pads them.
    """
    data = f"data:image/webp;base64,{shown.backdrop}"
    return f"background: url({data}) 0 0 / 100% 100% no-repeat content-box"


def _sources(shown: RenderedImage, src: str, part: RenderedImage) -> list[dict[str, str]]:
    """List the attributes of the `<source>` elements of `part`, one of the two that are shown.

    `srcset` is written in full when the final `src` is known; until then it names one file.
    """
    return [
        {
            "type": each.type,
            "srcset": neighbour(src, shown.src, each.candidates[0].uri),
            "width": str(part.width),
            "height": str(part.height),
        }
        for each in part.alternatives
    ]


def srcset(candidates: Sequence[Candidate], src: str, uri: str) -> str:
    """Write `srcset` for a page that reaches the site's file `uri` as `src`."""
    return ", ".join(
        f"{neighbour(src, uri, candidate.uri)} {candidate.width}w" for candidate in candidates
    )


def neighbour(src: str, uri: str, other: str) -> str:
    """Write the address of the site's file `other` for a page that reaches its file `uri` as `src`.

    Where the page itself stands need not be known: hosts and plugins decide that, and `src` tells.
    Files are given by their site paths, addresses are quoted as a browser wants them.
    """
    src, uri, other = src.partition("#")[0], quote(uri), quote(other)
    if src.endswith(uri):
        return f"{src[: len(src) - len(uri)]}{other}"
    steps = src.split("/")
    up = steps.count("..")
    shared = uri.split("/")[: -(len(steps) - up)]  # folders of the page, or above it
    goal = other.split("/")
    same = 0
    while same < min(len(shared), len(goal) - 1) and shared[same] == goal[same]:
        same += 1
    return "/".join([".."] * (up + len(shared) - same) + goal[same:])


def name_of(uri: str) -> str:
    """Give the file's name at the end of an address, without a fragment."""
    return uri.rsplit("/", 1)[-1].partition("#")[0]


def _alignment(directive: Directive) -> tuple[str, ...]:
    return (f"{CLASS}--{directive.align}",) if directive.align else ()
