"""Record `gemini-image` fences while superfences or fenced_code renders them.

The two extensions decide what a fence is. They read fences early, in comments and indented code
too, so this module only records: the HTML that they make without the plugin, as a `str` that also
carries what the author wrote. The conversion later replaces the fences that reach the tree as text;
all others stay on the page byte for byte as without the plugin. Draws nothing.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from markdown import Markdown
from markdown.extensions.fenced_code import FencedBlockPreprocessor

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, last_of, quoted
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.fence_syntax import (
    FENCE_NAME,
    HEADER_EXAMPLE,
    is_near_name,
    line_with_marks,
    opening_line,
    read_attribute_list,
)
from mkdocs_gemini_images.directives.readers import read_fence

_OPENING_MARKS = re.compile(r"^(?:`{3,}+|~{3,}+)", re.M)
_CLOSING_LINE = re.compile(r"^(?:`{3,}+|~{3,}+)[ ]*+$", re.M)
_INPUTS = "gemini-image-inputs"  # no highlighter has an option of this name


class RecordedFence(NamedTuple):
    """One fence as its author wrote it."""

    body: str
    header: Mapping[str, Any] = {}
    classes: tuple[str, ...] = ()
    id: str = ""
    ignored_header: str = ""
    """The part of the header that the fence extension has ignored."""
    doubt: Diagnostic | None = None
    """Why the fence may not be meant as a picture. It then stays code, and the extension reports
    this when it reaches the page."""


class RecordedHtml(str):
    """The HTML of a fence as it is without the plugin, together with the fence."""

    __slots__ = ("fence",)
    fence: RecordedFence

    def __new__(cls, html: str, fence: RecordedFence) -> "RecordedHtml":
        """Return a string that is equal to `html` and carries `fence`."""
        self = super().__new__(cls, html)
        self.fence = fence
        return self


def read_recorded(fence: RecordedFence) -> Directive:
    """Return the directive of a recorded fence, or raise `DiagnosticError` with all mistakes."""
    if fence.ignored_header:
        got, fix = quoted(fence.ignored_header), f"write {HEADER_EXAMPLE}"
        raise DiagnosticError(Diagnostic("options in braces", got, fix))
    body, classes, id = fence.body, fence.classes, fence.id
    if not fence.header:
        return read_fence({}, body, classes=classes, id=id)
    directive: Directive = last_of(
        partial(check_options_have_values, fence.header),
        partial(read_fence, with_values(fence.header), body, classes=classes, id=id),
    )
    return directive


def check_options_have_values(options: Mapping[str, Any]) -> None:
    """Raise `DiagnosticError` for options without a value.

    Markdown's extensions give them the value None, or their own name.
    """
    diagnostics = [
        Diagnostic(
            f'{name}="..."', f"{name} without a value", "give it one, or leave it out", at=name
        )
        for name in options
        if name not in with_values(options)
    ]
    if diagnostics:
        raise DiagnosticError(*diagnostics)


def with_values(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that have a value."""
    return {name: value for name, value in options.items() if value not in (None, name)}


def is_recorded(language: object) -> bool:
    """Return whether a fence of this language is a directive, or nearly one."""
    return language == FENCE_NAME or (isinstance(language, str) and is_near_name(language))


def _doubt(language: str, body: str) -> Diagnostic | None:
    """Return why a fence may not be meant as a picture, if there is a reason."""
    if language != FENCE_NAME:
        fix = f"did you mean '{FENCE_NAME}'?"
        return Diagnostic(f"```{FENCE_NAME}", f"```{language}", fix, at=language)
    if ("```" in body or "~~~" in body) and (line := line_with_marks(body)) is not None:
        expected, got = f"a {FENCE_NAME} fence with an end", f"one with {quoted(line)} in it"
        return Diagnostic(expected, got, "end it with the marks it begins with")
    return None


# --- superfences -------------------------------------------------------------------------------


def join_superfences(md: Markdown) -> None:
    """Add the `gemini-image` fence to the superfences of `md`, if there is one.

    The function appends to the list of custom fences and never reassigns it: other extensions hold
    it too. superfences asks the list from its end.
    """
    for extension in md.registeredExtensions:
        entries = getattr(extension, "superfences", [])
        if entries and not any(entry["test"] is is_recorded for entry in entries):
            entries.append(
                {
                    "name": FENCE_NAME,
                    "test": is_recorded,
                    "validator": partial(_validate, entries),
                    "formatter": partial(_format, entries),
                    "reset": None,
                }
            )


def _next_entry(entries: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """Return the entry that superfences asks first where the plugin is not installed."""
    others = (entry for entry in reversed(entries) if entry["test"] is not is_recorded)
    return next(entry for entry in others if entry["test"](language))


def _validate(
    entries: list[dict[str, Any]],
    language: str,
    inputs: dict[str, Any],
    options: dict[str, Any],
    attrs: dict[str, Any],
    md: Markdown,
) -> bool:
    """Return what the next entry's validator returns, and keep its input for `_format`."""
    inputs = dict(inputs)
    okay = _next_entry(entries, language)["validator"](language, inputs, options, attrs, md)
    options[_INPUTS] = inputs
    return bool(okay)


def _format(
    entries: list[dict[str, Any]],
    *,
    src: str,
    language: str,
    options: dict[str, Any],
    md: Markdown,
    **others: Any,
) -> object:
    """Return the HTML of the next entry's formatter, together with the recorded fence."""
    header = options.pop(_INPUTS)
    opening = None
    if not header:
        opening = opening_line(getattr(md.preprocessors["fenced_code_block"], "first", ""))
    fence = RecordedFence(
        body=src,
        header=header,
        classes=tuple(others["classes"]),
        id=others["id_value"],
        # `relaxed_headers` ignores what it cannot read.
        ignored_header="" if opening is None else opening.text_behind_language,
        doubt=_doubt(language, src),
    )
    formatter: Callable[..., object] = _next_entry(entries, language)["formatter"]
    html = formatter(src=src, language=language, options=options, md=md, **others)
    return RecordedHtml(html, fence) if isinstance(html, str) else html


# --- fenced_code -------------------------------------------------------------------------------


def record_fenced_code(md: Markdown, lines: list[str]) -> list[str]:
    """Return the lines with `gemini-image` fences rendered by fenced_code and recorded.

    The lines stay as they are where superfences or no extension reads fences. fenced_code's own
    pattern finds the fences from top to bottom, those of other languages too, as fenced_code does.
    """
    if "fenced_code_block" not in md.preprocessors:
        return lines
    fenced_code = md.preprocessors["fenced_code_block"]
    if not isinstance(fenced_code, FencedBlockPreprocessor):
        return lines
    text = "\n".join(lines)
    # Without a closing line below, the pattern would be tried to the end of the text.
    last = {found[0].rstrip(" "): found.start() for found in _CLOSING_LINE.finditer(text)}
    shown: list[str] = []
    at = end = 0
    while (marks := _OPENING_MARKS.search(text, at)) is not None:
        at = marks.end()
        if last.get(marks[0], -1) <= marks.start():
            continue
        match = fenced_code.FENCED_BLOCK_RE.match(text, marks.start())
        if match is None:
            continue
        at = match.end()
        read = _read_fence(match)
        if read is None:
            at = match.end("attrs")
            continue
        language, fence = read
        if is_recorded(language):
            stash = md.htmlStash
            before = stash.html_counter
            rendered = "\n".join(fenced_code.run(match.group().split("\n")))
            if stash.html_counter == before + 1:
                if (doubt := _doubt(language, fence.body)) is not None:
                    fence = fence._replace(doubt=doubt)
                stash.rawHtmlBlocks[before] = RecordedHtml(str(stash.rawHtmlBlocks[before]), fence)
                shown += (text[end : match.start()], rendered)
                end = at
    return "".join([*shown, text[end:]]).split("\n")


def _read_fence(match: re.Match[str]) -> tuple[str, RecordedFence] | None:
    """Return a fence's language and contents, or None where fenced_code refuses its header."""
    body = match["code"].removesuffix("\n")
    if match["attrs"] is None:
        lines = {"hl_lines": match["hl_lines"]} if match["hl_lines"] is not None else {}
        return match["lang"] or "", RecordedFence(body, lines)
    header = read_attribute_list(match["attrs"])
    if header is None:
        return None
    return header.language, RecordedFence(body, header.options, header.classes, header.id)
