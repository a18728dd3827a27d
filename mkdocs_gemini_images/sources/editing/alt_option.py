"""Write a text alternative into a directive in the source of a page.

In go a page's source, one directive as it was read, and the alt. Out comes the page with that alt
and every other byte as it was, or a `DiagnosticError` that says what to write by hand. The alt is
escaped for the form that it is written in, and each edit is read back. Pure.
"""

import re
from collections.abc import Iterator
from typing import assert_never

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.core.plain_values import folded
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.fence_body import value_start
from mkdocs_gemini_images.directives.fence_syntax import ATTRIBUTE_LIST, FENCE_NAME
from mkdocs_gemini_images.directives.page_image import PAGE_IMAGE_SOURCE
from mkdocs_gemini_images.sources.directive_choice import find_once
from mkdocs_gemini_images.sources.editing.take_option import with_attribute
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    ImageOccurrence,
    directive_texts,
    fences,
)

_BEHIND_ALT = re.compile(r"\](?: ?\[(?P<label>[^\[\]]*)\])?")


def with_alt(
    page: str, directive: Directive, alt: str, *, braces: bool = True, line: int | None = None
) -> str:
    """Return `page` with `alt` in a directive: its only one, or the one on a line.

    `braces` says whether the site's Markdown reads attribute lists. Raises `DiagnosticError` that
    says what to write by hand.
    """
    if directive.source == PAGE_IMAGE_SOURCE:
        fix = f"write alt: {quoted(alt, most=300)} below {PAGE_IMAGE_SOURCE} there"
        raise DiagnosticError(Diagnostic.sentence("the picture is in the front matter", fix))
    written = alt or '""'
    fix = f"write alt: {written} into its fence, or ![{alt}] as its image"
    occurrence = find_once(page, directive, fix, braces=braces, line=line)
    match occurrence:
        case FenceOccurrence():
            new = _in_fence(page.split("\n"), occurrence, alt)
        case ImageOccurrence():
            new = _in_image(page, occurrence, alt)
        case _:
            assert_never(occurrence)
    if not new or not _differs_in_one(page, new):
        raise DiagnosticError(Diagnostic.sentence("the directive is too unlike others", fix))
    return new


def escaped(alt: str) -> str:
    """Return plain text escaped for the brackets of a Markdown image, also in a table."""
    text = alt.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")
    return re.sub(r"([\\`*_\[\]])", r"\\\1", text)


def _in_fence(lines: list[str], fence: FenceOccurrence, alt: str) -> str:
    """Return the page with the alt in a fence; "" where no edit reads back as it should."""
    old = fence.read()
    if old is None:
        return ""
    if old.alt == alt:
        return "\n".join(lines)
    for at, new in (*_edits_of_body(lines, fence, alt), *_edits_of_header(lines, fence, alt)):
        edited = [*lines[: at.start], *new, *lines[at.stop :]]
        again = [each for each in fences(edited) if each.first_line == fence.first_line]
        read = again[0].read() if again else None
        if read is not None and read._replace(source="") == old._replace(source="", alt=alt):
            return "\n".join(edited)
    return ""


def _edits_of_body(
    lines: list[str], fence: FenceOccurrence, alt: str
) -> Iterator[tuple[slice, list[str]]]:
    """Yield ways to write the option into a body: the lines to replace, and the new ones.

    An option that goes on over several lines becomes one line; comments between them stay.
    """
    first = fence.first_line + 1
    number = next((n for n, each in enumerate(fence.lines) if value_start(each, "alt") is not None),
                  None)  # fmt: skip
    if number is None:
        after = len(fence.lines)
        while after and not fence.lines[after - 1].strip():
            after -= 1
        at, kept = slice(first + after, first + after), list[str]()
        ending = "\r" if lines[fence.first_line].endswith("\r") else ""
    else:
        stop = number + 1
        for n in range(number + 1, len(fence.lines)):
            text = fence.lines[n]
            if text.strip() and not text.startswith((" ", "\t", "#")):
                break
            stop = n + 1 if text.startswith((" ", "\t")) and text.strip() else stop
        at = slice(first + number, first + stop)
        kept = [each for each in lines[at][1:] if _is_comment(each, fence.opening.prefix)]
        ending = "\r" if lines[first + number].endswith("\r") else ""
    for written in (*([alt] if alt else []), f'"{alt}"', f"'{alt}'"):
        yield at, [f"{fence.opening.prefix}alt: {written}{ending}", *kept]


def _is_comment(line: str, prefix: str) -> bool:
    return line.removeprefix(prefix).startswith("#")


def _edits_of_header(
    lines: list[str], fence: FenceOccurrence, alt: str
) -> Iterator[tuple[slice, list[str]]]:
    """Yield ways to write the option into the header of a fence whose body is a prompt."""
    header, line = fence.opening.header, lines[fence.first_line]
    braces = ATTRIBUTE_LIST.fullmatch(header)
    inner = f" .{FENCE_NAME} " if braces is None else braces["inner"]
    at = line.index(header, len(fence.opening.prefix) + len(fence.opening.marks))
    place = slice(fence.first_line, fence.first_line + 1)
    for quote in "\"'":
        new = "{" + with_attribute(inner, "alt", f"alt={quote}{alt}{quote}") + "}"
        if quote not in alt and ATTRIBUTE_LIST.fullmatch(new):
            yield place, [line[:at] + new + line[at + len(header) :]]


def _in_image(page: str, image: ImageOccurrence, alt: str) -> str:
    """Return the page with the alt in the brackets of an image; "" where that is not safe."""
    start = image.start + 2
    stop = start + len(image.alt)
    behind = _BEHIND_ALT.match(page, stop)
    if page[start:stop] != image.alt or behind is None:
        return ""
    if folded(image.alt) == escaped(alt):
        return page
    new = escaped(alt)
    if image.definition is None or behind["label"]:
        return f"{page[:start]}{new}{page[stop:]}"
    # The brackets are the label as well, which the image keeps.
    return f"{page[:start]}{new}][{image.alt}]{page[behind.end() :]}"


def _differs_in_one(page: str, new: str) -> bool:
    """Return whether an edited page has the directives of `page`, all but one as they were."""
    before, after = directive_texts(page), directive_texts(new)
    changed = sum(one != other for one, other in zip(before, after, strict=False))
    return len(before) == len(after) and changed <= 1
