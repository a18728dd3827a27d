"""Write the option `take` into a directive in the source of a page.

In go a page's source, one directive as it was read, and a number. Out comes the page
with that option added or changed and every other byte as it was, or a `DiagnosticError` that says
what to write by hand. The function edits a directive only where the page has it literally and once,
and reads each edit back. Pure.
"""

import re
from typing import assert_never

from markdown.extensions.attr_list import get_attrs_and_remainder

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.fence_body import value_start
from mkdocs_gemini_images.directives.fence_syntax import ATTRIBUTE_LIST, FENCE_NAME
from mkdocs_gemini_images.directives.page_image import PAGE_IMAGE_SOURCE
from mkdocs_gemini_images.sources.directive_choice import find_once
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    ImageOccurrence,
    fences,
)

_TOKEN = re.compile(r"""(?P<name>[^\s="'{}]+)=(?:"[^"]*"|'[^']*'|[^\s"'{}]*)|[^\s{}]+""")


def with_take(
    page: str, directive: Directive, take: int, *, braces: bool = True, line: int | None = None
) -> str:
    """Return `page` with `take` in a directive: its only one, or the one on a line.

    `braces` says whether the site's Markdown reads attribute lists. Raises `DiagnosticError` that
    says what to write by hand.
    """
    if directive.source == PAGE_IMAGE_SOURCE:
        fix = f"write take: {take} below {PAGE_IMAGE_SOURCE} there"
        raise DiagnosticError(Diagnostic.sentence("the picture is in the front matter", fix))
    fix = f"write take: {take} into its fence, or {{ take={take} }} right behind its image"
    occurrence = find_once(page, directive, fix, braces=braces, line=line)
    match occurrence:
        case FenceOccurrence():
            new = _in_fence(page.split("\n"), occurrence, take)
        case ImageOccurrence():
            new = _in_image(page, occurrence.end, take, braces=braces)
        case _:
            assert_never(occurrence)
    if not new:
        raise DiagnosticError(Diagnostic.sentence("the directive is too unlike others", fix))
    return new


def _in_fence(lines: list[str], fence: FenceOccurrence, take: int) -> str:
    """Return the page with the option in a fence; "" where no edit reads back as it should."""
    old = fence.read()
    if old is None:
        return ""
    if old.take == take:
        return "\n".join(lines)
    for at, new in (_edit_of_body(lines, fence, take), _edit_of_header(lines, fence, take)):
        edited = [*lines[: at.start], new, *lines[at.stop :]]
        again = [each for each in fences(edited) if each.first_line == fence.first_line]
        read = again[0].read() if again else None
        if read is not None and read._replace(source="") == old._replace(source="", take=take):
            return "\n".join(edited)
    return ""


def _edit_of_body(lines: list[str], fence: FenceOccurrence, take: int) -> tuple[slice, str]:
    """Return the lines to replace and their new text: `take: ...`, changed or added at the end."""
    ending = "\r" if lines[fence.first_line].endswith("\r") else ""
    for number, line in enumerate(fence.lines, fence.first_line + 1):
        if value_start(line, "take") is not None:
            written = lines[number].removesuffix("\r")
            at = len(written) - len(line)
            start = value_start(written[at:], "take")
            if start is not None:
                ending = lines[number][len(written) :]
                return slice(number, number + 1), f"{written[: at + start]}{take}{ending}"
    after = fence.last_line
    while after > fence.first_line + 1 and not fence.lines[after - fence.first_line - 2].strip():
        after -= 1
    return slice(after, after), f"{fence.opening.prefix}take: {take}{ending}"


def _edit_of_header(lines: list[str], fence: FenceOccurrence, take: int) -> tuple[slice, str]:
    """Return the line to replace and its new text: the header of a fence whose body is a prompt."""
    header, line = fence.opening.header, lines[fence.first_line]
    braces = ATTRIBUTE_LIST.fullmatch(header)
    inner = f" .{FENCE_NAME} " if braces is None else braces["inner"]
    new = "{" + with_attribute(inner, "take", f'take="{take}"') + "}"
    at = line.index(header, len(fence.opening.prefix) + len(fence.opening.marks))
    changed = line[:at] + new + line[at + len(header) :]
    return slice(fence.first_line, fence.first_line + 1), changed


def _in_image(page: str, at: int, take: int, *, braces: bool) -> str:
    """Return the page with the option in the attribute list at `at`, or in a new one.

    Returns "" where the edit does not read back as it should.
    """
    written = ATTRIBUTE_LIST.match(page, at)
    if written is None:
        if take == 1 and page[at : at + 1] != "{":
            return page
        can_begin = braces and page[at : at + 1] != "{"
        return f"{page[:at]}{{ take={take} }}{page[at:]}" if can_begin else ""
    inner = with_attribute(written["inner"], "take", f"take={take}")
    before, lost = get_attrs_and_remainder(written["inner"].removeprefix(":"))
    after, remainder = get_attrs_and_remainder(inner.removeprefix(":"))
    options = dict(pair for pair in before if pair[0] != ".")
    proven = dict(pair for pair in after if pair[0] != ".") == options | {"take": str(take)}
    if not braces or lost or remainder or not proven:
        return ""
    return f"{page[: written.start()]}{{{inner}}}{page[written.end() :]}"


def with_attribute(inner: str, name: str, written: str) -> str:
    """Return an attribute list with `written`: in the place of the attribute `name`, or last."""
    for token in _TOKEN.finditer(inner):
        if token["name"] == name:
            return inner[: token.start()] + written + inner[token.end() :]
    kept = inner.rstrip()
    return f"{kept} {written}{inner[len(kept) :]}"
