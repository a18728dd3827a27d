"""Replace a directive in the source of a page by an ordinary Markdown image.

In go a page's source, a directive that was read from it, and the address of its picture. Out comes
the page with that directive replaced and every other byte as it was, or a `DiagnosticError` with
the line to write by hand. The function reads its edit back: the page must have lost this directive
and kept all others. A caption becomes a paragraph below the image. Pure.
"""

import re
from collections.abc import Set
from dataclasses import dataclass, replace
from typing import assert_never

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.sources.directive_choice import (
    find_alike,
    find_once,
    read_written_image,
)
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    ImageOccurrence,
    Occurrence,
    directive_texts,
    is_last_use,
)

MOST_TIMES = 10
"""How often one directive may be written in a page; each edit reads the whole page anew."""


@dataclass(frozen=True, slots=True)
class Target:
    """The addresses of a picture, as a page writes them."""

    src: str
    dark: str = ""
    """The picture for dark pages, where the theme shows it there; "" otherwise."""
    has_id: bool = True
    """Whether the image has the directive's id, which only one element of a page may have."""


def with_image(
    page: str,
    directive: Directive,
    target: Target,
    *,
    braces: bool,
    examples: Set[int] = frozenset(),
) -> str:
    """Return `page` with an image in place of `directive`, in each place where it is written.

    `braces` says whether the site's Markdown reads attribute lists. `examples` are the numbers of
    the places that stay as they are, counted from 0. Raises `DiagnosticError` with the line to
    write by hand.
    """
    fix = f"write {line(directive, target, braces=braces)} there"
    places = range(len(find_alike(page, directive, braces=braces)))
    if len(places) > MOST_TIMES:
        said = (
            f"the directive is written {len(places)} times in this page, and at most {MOST_TIMES}"
        )
        raise DiagnosticError(Diagnostic.sentence(f"{said} equal ones are told apart", fix))
    if not places:
        find_once(page, directive, fix, braces=braces)
        raise DiagnosticError(_unlike(fix))
    numbers = [number for number in places if number not in examples]
    # From the last to the first, so that the numbers of the others stay.
    for number in reversed(numbers):
        occurrence = find_alike(page, directive, braces=braces)[number]
        one = replace(target, has_id=number == numbers[0])
        new = _with_one(page, occurrence, directive, one, braces=braces)
        before, after = directive_texts(page), directive_texts(new)
        if not new or len(before) != len(after) + 1 or not _is_without_one(before, after):
            raise DiagnosticError(_unlike(fix))
        page = new
    return page


def _unlike(fix: str) -> Diagnostic:
    return Diagnostic.sentence("the directive is too unlike others", fix)


def _with_one(
    page: str, occurrence: Occurrence, directive: Directive, target: Target, *, braces: bool
) -> str:
    """Return the page with an image in place of one occurrence, or "" where that is not safe."""
    match occurrence:
        case FenceOccurrence():
            return _in_fence(page, occurrence, directive, target, braces=braces)
        case ImageOccurrence():
            return _in_image(page, occurrence, directive, target, braces=braces)
        case _:
            assert_never(occurrence)


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
    if not target.has_id:
        directive = directive._replace(id="")
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
    if read is None or read._replace(source="") != directive._replace(source=""):
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
    if read._replace(prompt="") != directive._replace(prompt=""):
        return ""
    new = _image(image.alt, directive, target, braces=braces)
    if image.definition is None or not is_last_use(page, image):
        return f"{page[: image.start]}{new}{page[end:]}"
    start, stop = image.definition
    if start < image.start:
        return f"{page[:start]}{page[stop : image.start]}{new}{page[end:]}"
    return f"{page[: image.start]}{new}{page[end:start]}{page[stop:]}"


def _is_without_one(before: list[str], after: list[str]) -> bool:
    """Return whether `after` is `before` without one of its items."""
    at = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), -1)
    return after == (before[:-1] if at < 0 else [*before[:at], *before[at + 1 :]])
