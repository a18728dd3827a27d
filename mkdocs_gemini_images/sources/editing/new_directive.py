"""Write a new directive into the source of a page.

In: a page's source, options as text, and a place: below a line, or below a heading. Out: the page
with a fence there and every other byte as it was, or a `DiagnosticError`. Each fence is read back.
Marks that template plugins act upon are refused, since a build would run them before a person has
read them; so is HTML. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
    single_line,
)
from mkdocs_gemini_images.directives.fence_body import read_body
from mkdocs_gemini_images.directives.fence_syntax import FENCE_NAME
from mkdocs_gemini_images.directives.options.option_table import LIST_OPTIONS, OPTIONS
from mkdocs_gemini_images.directives.readers import read_fence
from mkdocs_gemini_images.sources.headings import front_matter_lines, headings, without_directives

_ACTIVE = re.compile(r"\{[{%#!*]|-8<-|<[A-Za-z/!?%]")
"""What template, snippet and include plugins replace wherever it stands in a page, and HTML."""
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class NewFence:
    """A fence that is not in a page yet."""

    lines: tuple[str, ...]

    @property
    def body(self) -> str:
        """The lines between the marks."""
        return "\n".join(self.lines[1:-1])


def new_fence(options: Mapping[str, str]) -> NewFence:
    """Return a fence with `options`, each on one line.

    Raises `DiagnosticError` with what is wrong with them.
    """
    lines = []
    for name, text in options.items():
        value = single_line(text)
        if value != " ".join(text.split()):
            said = f"{name} has a character that is not shown"
            raise DiagnosticError(Diagnostic.sentence(said, "leave it out", at=name))
        if (active := _ACTIVE.search(value)) is not None:
            said = f"{name} has {quoted(active[0])}, which a page acts upon"
            raise DiagnosticError(Diagnostic.sentence(said, "leave it out", at=name))
        lines.append(_option(name, value))
    body = "\n".join(lines)
    read_fence({}, body)
    return NewFence((f"```{FENCE_NAME}", *lines, "```"))


def _option(name: str, value: str) -> str:
    """Return the line of an option which reads back as `value`."""
    for written in (value or '""', f'"{value}"', f"'{value}'"):
        line = f"{name}: {written}"
        try:
            if read_body(line, OPTIONS, LIST_OPTIONS) == {name: value}:
                return line
        except DiagnosticError:
            continue
    said = f"{name} cannot be {quoted(value)} in a fence"
    raise DiagnosticError(Diagnostic.sentence(said, "write it in other words", at=name))


def below_line(page: str, line: int, fence: NewFence) -> str:
    """Return `page` with a fence below a line, counted from 1; 0 is the beginning of the page.

    Raises `DiagnosticError` where the page has fewer lines, and inside of its front matter.
    """
    count = page.count("\n") + (not page.endswith("\n") and page != "")
    first = front_matter_lines(page)
    if not first <= line <= count:
        inside = f"line {line} is in the page's front matter"
        said = inside if 0 <= line < first else f"the page has no line {line}"
        raise DiagnosticError(Diagnostic.sentence(said, f"name one from {first} to {count}"))
    return _inserted(page, line, fence)


def below_heading(page: str, heading: str, fence: NewFence) -> str:
    """Return `page` with a fence below its only heading of that text.

    Raises `DiagnosticError` where there is none, or more than one.
    """
    wanted = single_line(heading).lstrip("# ")
    known = headings(without_directives(page.removeprefix(_MARK)).replace("\r", "").split("\n"))
    found = [number for number, text in known if text == wanted]
    if len(found) == 1:
        return _inserted(page, found[0] + 1, fence)
    if found:
        lines = ", ".join(str(number + 1) for number in found)
        said, fix = f"{quoted(wanted)} is a heading of lines {lines}", "name a line"
    else:
        said = f"no heading of the page is {quoted(wanted)}"
        fix = did_you_mean(wanted, [text for _, text in known]) if known else "name a line"
    raise DiagnosticError(Diagnostic.sentence(said, fix))


def _inserted(page: str, after: int, fence: NewFence) -> str:
    """Return `page` with a fence behind its first `after` lines, between empty lines."""
    mark = _MARK if page.startswith(_MARK) else ""
    lines = page.removeprefix(mark).split("\n")
    ending = "\r" if "\r\n" in page else ""
    new = [f"{each}{ending}" for each in fence.lines]
    if after and lines[after - 1].strip():
        new.insert(0, ending)
    if after == len(lines):  # the page's last line has no end
        lines[-1] += ending
        new.append("")
    elif lines[after].strip():
        new.append(ending)
    return mark + "\n".join([*lines[:after], *new, *lines[after:]])
