"""Write which take of a picture its author has picked into the Markdown of a page.

In come a page's source, the text of one directive as it was read, and a number. Out comes the page
with that one option added or changed and every other byte as it was, or a complaint that says what
to write by hand. Only a directive that stands in the page literally and once is touched, never an
example of one, and each edit is proven by reading it back. Pure.
"""

import re
from dataclasses import replace
from typing import assert_never

from markdown.extensions.attr_list import get_attrs_and_remainder

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.page_image import SOURCE
from mkdocs_gemini_images.sources.occurrences import BRACES, Fence, Image, fences, find

_LINE = re.compile(r"(take[ \t]*:[ \t]*).*?(\r?)")
_TOKEN = re.compile(r"""(?P<name>[^\s="'{}]+)=(?:"[^"]*"|'[^']*'|[^\s"'{}]*)|[^\s{}]+""")


def with_take(page: str, source: str, take: int, *, braces: bool = True) -> str | Diagnostic:
    """Write `take` into the directive of `page` whose text is `source`, or say what to write.

    `source` is a fence's body or an inline image's prompt. `braces` says whether the site's
    Markdown reads attribute lists.
    """
    if source == SOURCE:
        got = "one of the front matter"
        return Diagnostic("a picture of the text", got, f"write take: {take} below {SOURCE} there")
    fix = f"write take: {take} into its fence, or {{ take={take} }} right behind its image"
    place = find(page, source, fix)
    match place:
        case Diagnostic():
            return place
        case Fence():
            new = _in_fence(page.split("\n"), place, take)
        case Image():
            new = _in_image(page, place.end, take, braces=braces)
        case _:
            assert_never(place)
    return new or Diagnostic("to understand the directive", "one too unlike others", fix)


def _in_fence(lines: list[str], fence: Fence, take: int) -> str:
    """Try the ways to write the option into a fence, and take the one that is read back."""
    old = fence.read()
    if old is None:
        return ""
    if old.take == take:
        return "\n".join(lines)
    for at, new in (_line_of_body(lines, fence, take), _header(lines, fence, take)):
        edited = [*lines[: at.start], new, *lines[at.stop :]]
        again = [each for each in fences(edited) if each.opener == fence.opener]
        read = again[0].read() if again else None
        if read is not None and replace(read, source="") == replace(old, source="", take=take):
            return "\n".join(edited)
    return ""


def _line_of_body(lines: list[str], fence: Fence, take: int) -> tuple[slice, str]:
    """Change the line `take: ...`, or add one behind the last that is not empty."""
    for number, line in enumerate(fence.lines, fence.opener + 1):
        if _LINE.fullmatch(line) is not None:
            at = len(lines[number].removesuffix("\r")) - len(line)
            changed = _LINE.fullmatch(lines[number][at:])
            if changed is not None:
                new = f"{lines[number][:at]}{changed[1]}{take}{changed[2]}"
                return slice(number, number + 1), new
    ending = "\r" if lines[fence.opener].endswith("\r") else ""
    after = fence.closer
    while after > fence.opener + 1 and not fence.lines[after - fence.opener - 2].strip():
        after -= 1
    return slice(after, after), f"{fence.prefix}take: {take}{ending}"


def _header(lines: list[str], fence: Fence, take: int) -> tuple[slice, str]:
    """Put the option into the header: where the body is the prompt alone, there is no other way."""
    found = BRACES.fullmatch(fence.header)
    inner = " .gemini-image " if found is None else found["inner"]
    new = "{" + _among(inner, f'take="{take}"') + "}"
    line = lines[fence.opener]
    at = line.index(fence.header, len(fence.prefix) + 3)
    here = slice(fence.opener, fence.opener + 1)
    return here, line[:at] + new + line[at + len(fence.header) :]


def _in_image(page: str, at: int, take: int, *, braces: bool) -> str:
    """Write the option into the attribute list that begins at `at`, or begin one."""
    found = BRACES.match(page, at)
    if found is None:
        if take == 1 and page[at : at + 1] != "{":
            return page
        plain = braces and page[at : at + 1] != "{"
        return f"{page[:at]}{{ take={take} }}{page[at:]}" if plain else ""
    inner = _among(found["inner"], f"take={take}")
    before, lost = get_attrs_and_remainder(found["inner"].removeprefix(":"))
    after, remainder = get_attrs_and_remainder(inner.removeprefix(":"))
    options = dict(pair for pair in before if pair[0] != ".")
    proven = dict(pair for pair in after if pair[0] != ".") == options | {"take": str(take)}
    if not braces or lost or remainder or not proven:
        return ""
    return f"{page[: found.start()]}{{{inner}}}{page[found.end() :]}"


def _among(inner: str, option: str) -> str:
    """Write an option among others: in the place of the same, or behind the last."""
    for token in _TOKEN.finditer(inner):
        if token["name"] == "take":
            return inner[: token.start()] + option + inner[token.end() :]
    kept = inner.rstrip()
    return f"{kept} {option}{inner[len(kept) :]}"
