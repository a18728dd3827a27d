"""Replace a directive in the source of a page by an ordinary Markdown image.

In go a page's source, a directive that was read from it, and the address of its picture. Out comes
the page with that directive replaced and every other byte as it was, or a `DiagnosticError` with
the line to write by hand. The function reads its edit back: the page must have lost this directive
and kept all others. A caption becomes a paragraph below the image. Pure.
"""

import re
from dataclasses import dataclass, replace
from typing import assert_never

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.sources.directive_choice import find_once, read_written_image
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    ImageOccurrence,
    directive_texts,
)


@dataclass(frozen=True, slots=True)
class Target:
    """The addresses of a picture, as a page writes them."""

    src: str
    dark: str = ""
    """The picture for dark pages, where the theme shows it there; "" otherwise."""


def with_image(page: str, directive: Directive, target: Target, *, braces: bool) -> str:
    """Return `page` with an image in place of `directive`.

    `braces` says whether the site's Markdown reads attribute lists. Raises `DiagnosticError` with
    the line to write by hand.
    """
    fix = f"write {line(directive, target, braces=braces)} there"
    occurrence = find_once(page, directive, fix, braces=braces)
    match occurrence:
        case FenceOccurrence():
            new = _in_fence(page, occurrence, directive, target, braces=braces)
        case ImageOccurrence():
            new = _in_image(page, occurrence, directive, target, braces=braces)
        case _:
            assert_never(occurrence)
    before, after = directive_texts(page), directive_texts(new)
    if not new or len(before) != len(after) + 1 or not _is_without_one(before, after):
        raise DiagnosticError(Diagnostic.sentence("the directive is too unlike others", fix))
    return new


def line(directive: Directive, target: Target, *, braces: bool) -> str:
    """Return the Markdown image of a directive: one line, without its caption."""
    return _image(_escaped(directive.alt or ""), directive, target, braces=braces)


def attributes(directive: Directive) -> list[str]:
    """Return the attributes that keep a directive's id, classes, size, place and loading."""
    kept = [f"#{directive.id}"] if directive.id else []
    kept += [f".{name}" for name in directive.classes]
    if directive.align == "center":
        style = "display: block; margin: auto"
        width = f"; width: {directive.width}" if directive.width else ""
        kept.append(f'style="{style}{width}"')
    elif directive.align:
        kept.append(f"align={directive.align}")
    if directive.width and directive.align != "center":
        plain = re.fullmatch(r"(\d+)px|(\d+%)", directive.width)
        width = f'style="width: {directive.width}"'
        kept.append(f'width="{plain[1] or plain[2]}"' if plain else width)
    if directive.loading:
        kept.append(f"loading={directive.loading}")
    return kept


def _image(alt: str, directive: Directive, target: Target, *, braces: bool) -> str:
    kept = attributes(directive) if braces else []
    marks = f"{{ {' '.join(kept)} }}" if kept else ""
    if not target.dark:
        return f"![{alt}]({target.src}){marks}"
    # Only one element of a page may have an id.
    second = f"{{ {' '.join(kept[1:])} }}" if directive.id and kept[1:] else marks
    second = "" if kept == [f"#{directive.id}"] else second
    pair = (f"{target.src}#only-light", marks), (f"{target.dark}#only-dark", second)
    return " ".join(f"![{alt}]({src}){looks}" for src, looks in pair)


def _escaped(text: str) -> str:
    """Return plain text escaped for the brackets of a Markdown image."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]])", r"\\\1", text)


def _in_fence(
    page: str, fence: FenceOccurrence, directive: Directive, target: Target, *, braces: bool
) -> str:
    read = fence.read()
    if read is None or replace(read, source="") != replace(directive, source=""):
        return ""
    lines, prefix = page.split("\n"), fence.opening.prefix
    ending = "\r" if lines[fence.first_line].endswith("\r") else ""
    new = [line(directive, target, braces=braces), *_caption(directive.caption)]
    written = [f"{prefix}{each}" if each else prefix.rstrip() for each in new]
    last = lines[fence.last_line][len(lines[fence.last_line].removesuffix("\r")) :]
    written = [each + ending for each in written[:-1]] + [written[-1] + last]
    return "\n".join([*lines[: fence.first_line], *written, *lines[fence.last_line + 1 :]])


def _caption(caption: str) -> list[str]:
    """Return the lines of a caption's paragraph, in italics where it has no emphasis."""
    if not caption:
        return []
    lines = caption.splitlines()
    if not re.search(r"[*_]|^\s*$", caption, re.M):
        lines = (
            [f"*{caption}*"] if len(lines) == 1 else [f"*{lines[0]}", *lines[1:-1], f"{lines[-1]}*"]
        )
    return ["", *lines]


def _in_image(
    page: str, image: ImageOccurrence, directive: Directive, target: Target, *, braces: bool
) -> str:
    written = read_written_image(page, image, directive, braces=braces)
    if written is None:
        return ""
    read, end = written
    if replace(read, prompt="") != replace(directive, prompt=""):
        return ""
    new = _image(image.alt, directive, target, braces=braces)
    if image.definition is None:
        return f"{page[: image.start]}{new}{page[end:]}"
    start, stop = image.definition
    if start < image.start:
        return f"{page[:start]}{page[stop : image.start]}{new}{page[end:]}"
    return f"{page[: image.start]}{new}{page[end:start]}{page[stop:]}"


def _is_without_one(before: list[str], after: list[str]) -> bool:
    """Return whether `after` is `before` without one of its items."""
    at = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), -1)
    return after == (before[:-1] if at < 0 else [*before[:at], *before[at + 1 :]])
