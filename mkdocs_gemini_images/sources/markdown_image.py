"""Turn a directive that stands in a page into an ordinary Markdown image.

In come a page's source, a directive that was read from it, and where its picture lies as seen from
there. Out comes the page with that directive replaced and every other byte as it was, or a
complaint with the line to write by hand. An edit counts only when the page, read back, has lost
this directive and kept all others. A caption becomes a paragraph below, which every host
shows. Pure.
"""

import re
from dataclasses import dataclass, replace
from typing import assert_never

from markdown.extensions.attr_list import get_attrs_and_remainder

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.directive import Directive, read_image
from mkdocs_gemini_images.sources.occurrences import BRACES, Fence, Image, directives, find


@dataclass(frozen=True, slots=True)
class Target:
    """Where a picture lies, as addresses that a page writes."""

    src: str
    dark: str = ""
    """The picture for dark pages, where the theme tells the two apart; or empty."""


def with_image(
    page: str, directive: Directive, target: Target, *, braces: bool
) -> str | Diagnostic:
    """Put an image where `directive` stands in `page`, or say what to write by hand.

    `braces` says whether the site's Markdown reads attribute lists.
    """
    fix = f"write {line(directive, target, braces=braces)} there"
    place = find(page, directive.source, fix)
    match place:
        case Diagnostic():
            return place
        case Fence():
            new = _in_fence(page, place, directive, target, braces=braces)
        case Image():
            new = _in_image(page, place, directive, target, braces=braces)
        case _:
            assert_never(place)
    before, after = directives(page), directives(new)
    if not new or len(before) != len(after) + 1 or not _is_without_one(before, after):
        return Diagnostic("to understand the directive", "one too unlike others", fix)
    return new


def line(directive: Directive, target: Target, *, braces: bool) -> str:
    """Write a directive's picture as one line of Markdown, without its caption."""
    return _image(_escaped(directive.alt or ""), directive, target, braces=braces)


def attributes(directive: Directive) -> list[str]:
    """List what an attribute list keeps of a directive's looks."""
    found = [f"#{directive.id}"] if directive.id else []
    found += [f".{name}" for name in directive.classes]
    if directive.align == "center":
        style = "display: block; margin: auto"
        width = f"; width: {directive.width}" if directive.width else ""
        found.append(f'style="{style}{width}"')
    elif directive.align:
        found.append(f"align={directive.align}")
    if directive.width and directive.align != "center":
        plain = re.fullmatch(r"(\d+)px|(\d+%)", directive.width)
        width = f'style="width: {directive.width}"'
        found.append(f'width="{plain[1] or plain[2]}"' if plain else width)
    if directive.loading:
        found.append(f"loading={directive.loading}")
    return found


def _image(alt: str, directive: Directive, target: Target, *, braces: bool) -> str:
    kept = attributes(directive) if braces else []
    marks = f"{{ {' '.join(kept)} }}" if kept else ""
    if not target.dark:
        return f"![{alt}]({target.src}){marks}"
    # An id is one element's.
    second = f"{{ {' '.join(kept[1:])} }}" if directive.id and kept[1:] else marks
    second = "" if kept == [f"#{directive.id}"] else second
    pair = (f"{target.src}#only-light", marks), (f"{target.dark}#only-dark", second)
    return " ".join(f"![{alt}]({src}){looks}" for src, looks in pair)


def _escaped(text: str) -> str:
    """Write plain text so that Markdown's brackets give it back."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]])", r"\\\1", text)


def _in_fence(
    page: str, fence: Fence, directive: Directive, target: Target, *, braces: bool
) -> str:
    read = fence.read()
    if read is None or replace(read, source="") != replace(directive, source=""):
        return ""
    lines = page.split("\n")
    ending = "\r" if lines[fence.opener].endswith("\r") else ""
    new = [line(directive, target, braces=braces), *_caption(directive.caption)]
    written = [f"{fence.prefix}{each}" if each else fence.prefix.rstrip() for each in new]
    last = lines[fence.closer][len(lines[fence.closer].removesuffix("\r")) :]
    written = [each + ending for each in written[:-1]] + [written[-1] + last]
    return "\n".join([*lines[: fence.opener], *written, *lines[fence.closer + 1 :]])


def _caption(caption: str) -> list[str]:
    """Write a caption as a paragraph below its picture, in italics where it has no marks."""
    if not caption:
        return []
    lines = caption.splitlines()
    if not re.search(r"[*_]|^\s*$", caption, re.M):
        lines = (
            [f"*{caption}*"] if len(lines) == 1 else [f"*{lines[0]}", *lines[1:-1], f"{lines[-1]}*"]
        )
    return ["", *lines]


def _in_image(
    page: str, place: Image, directive: Directive, target: Target, *, braces: bool
) -> str:
    end = place.end
    classes: tuple[str, ...] = ()
    options: dict[str, str] = {}
    found = BRACES.match(page, place.end) if braces else None
    if found is not None:
        pairs, remainder = get_attrs_and_remainder(found["inner"].removeprefix(":"))
        if remainder:
            return ""
        end = found.end()
        options = {name: value for name, value in pairs if name not in (".", "class")}
        classes = tuple(
            each for name, value in pairs if name in (".", "class") for each in value.split()
        )
    elif braces and page[end : end + 1] == "{":
        return ""
    read = read_image(
        directive.alt or "", directive.source, options, classes=classes, file=directive.file
    )
    if not isinstance(read, Directive) or replace(read, prompt="") != replace(directive, prompt=""):
        return ""
    new = _image(place.alt, directive, target, braces=braces)
    if place.definition is None:
        return f"{page[: place.start]}{new}{page[end:]}"
    start, stop = place.definition
    if start < place.start:
        return f"{page[:start]}{page[stop : place.start]}{new}{page[end:]}"
    return f"{page[: place.start]}{new}{page[end:start]}{page[stop:]}"


def _is_without_one(before: list[str], after: list[str]) -> bool:
    """Whether a list is another without one of its items."""
    at = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), -1)
    return after == (before[:-1] if at < 0 else [*before[:at], *before[at + 1 :]])
