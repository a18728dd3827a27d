"""How a fence is recorded, under superfences and under fenced_code.

Both decide themselves what a fence is; here is no pattern of our own. Both are asked too early, for
comments and indented code as well, so a fence is only recorded: what they would have shown without
us, as a `str` that remembers what the author wrote. What nobody picks up later stands on the page
byte for byte as without us. Nothing here has an effect beyond that, and nothing is drawn here.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from markdown import Markdown
from markdown.extensions.attr_list import get_attrs_and_remainder
from markdown.extensions.fenced_code import FencedBlockPreprocessor

from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted
from mkdocs_gemini_images.directives.directive import Diagnostics, Directive, read_fence

NAME = "gemini-image"
BRACES = '```{ .gemini-image aspect_ratio="16:9" }'

_NEAR = {"geminiimage", "geminiimages", "geminiimg", "geminiimgs"}
_INPUTS = "gemini-image-inputs"  # no highlighter has an option of this name
_HEADER = re.compile(r"[> \t]*(?:`{3,}|~{3,})[ \t]*\.?[\w#.+-]*[ \t]*(?P<rest>.*?)[ \t]*")
_INNER = re.compile(r"^[ \t]*(?:~{3,}|`{3,})[^\n]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fence:
    """One fence as its author wrote it: header, body, and why it may not be meant as a picture."""

    body: str
    header: Mapping[str, Any] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    id: str = ""
    unread: str = ""
    """What of its header the host has passed over."""
    doubt: Diagnostic | None = None
    """A near miss stays the code it is, and is complained about when it reaches the page."""

    def read(self) -> Directive | Diagnostics:
        """Read it into a directive, or say what is wrong with it."""
        if self.unread:
            return (Diagnostic("options in braces", quoted(self.unread), f"write {BRACES}"),)
        if missing := valueless(self.header):
            return missing
        return read_fence(self.header, self.body, classes=self.classes, id=self.id)


class Recorded(str):
    """The HTML a fence has without us, remembering the fence itself."""

    __slots__ = ("fence",)
    fence: Fence

    def __new__(cls, html: str, fence: Fence) -> "Recorded":
        """Be equal to `html` in every way, and carry `fence`."""
        self = super().__new__(cls, html)
        self.fence = fence
        return self


def valueless(options: Mapping[str, Any]) -> Diagnostics:
    """Complain about options without a value, which hosts hand on as None or as their own name."""
    return tuple(
        Diagnostic(f'{name}="..."', f"{name} without a value", "give it one, or leave it out")
        for name, value in options.items()
        if value is None or value == name
    )


def is_recorded(language: object) -> bool:
    """Tell whether a fence of this language is ours, or nearly so."""
    return language == NAME or (isinstance(language, str) and _nearly(language))


def _nearly(language: str) -> bool:
    return re.sub(r"[\W_]", "", language.lower()) in _NEAR


def _doubt(language: str, body: str) -> Diagnostic | None:
    """Say why a fence may not be meant as a picture."""
    if language != NAME:
        return Diagnostic(f"```{NAME}", f"```{language}", f"did you mean '{NAME}'?")
    if (inner := _INNER.search(body)) is not None:
        got = f"one with {quoted(inner.group())} in it"
        return Diagnostic(
            f"a {NAME} fence with an end", got, "end it with the marks it begins with"
        )
    return None


# --- superfences -------------------------------------------------------------------------------


def join_superfences(md: Markdown) -> None:
    """Add our fence to the instance of superfences that serves `md`, if there is one.

    Its list of fences is appended to, never reassigned; it is asked from its end.
    """
    for extension in md.registeredExtensions:
        entries = getattr(extension, "superfences", [])
        if entries and not any(entry["test"] is is_recorded for entry in entries):
            entries.append(
                {
                    "name": NAME,
                    "test": is_recorded,
                    "validator": partial(_validate, entries),
                    "formatter": partial(_format, entries),
                    "reset": None,
                }
            )


def _otherwise(entries: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """Find the entry that superfences would ask first if we were not there."""
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
    """Accept and refuse what would be accepted and refused without us; remember what was given."""
    inputs = dict(inputs)
    okay = _otherwise(entries, language)["validator"](language, inputs, options, attrs, md)
    options[_INPUTS] = inputs
    return bool(okay)


def _format(
    entries: list[dict[str, Any]],
    *,
    src: str,
    language: str,
    options: dict[str, Any],
    md: Markdown,
    classes: list[str],
    id_value: str,
    **others: Any,
) -> object:
    """Return what would be shown without us, recorded."""
    header = options.pop(_INPUTS)
    first: str = getattr(md.preprocessors["fenced_code_block"], "first", "")
    fence = Fence(
        body=src,
        header=header,
        classes=tuple(classes),
        id=id_value,
        unread="" if header else _passed_over(first),
        doubt=_doubt(language, src),
    )
    formatter: Callable[..., object] = _otherwise(entries, language)["formatter"]
    html = formatter(
        src=src,
        language=language,
        options=options,
        md=md,
        classes=classes,
        id_value=id_value,
        **others,
    )
    return Recorded(html, fence) if isinstance(html, str) else html


def _passed_over(first: str) -> str:
    """Find what `relaxed_headers` has ignored: anything behind the language but braces."""
    header = _HEADER.fullmatch(first)
    rest = header["rest"] if header else ""
    return "" if rest.startswith("{") and rest.endswith("}") else rest


# --- fenced_code -------------------------------------------------------------------------------


def record_fenced_code(md: Markdown, lines: list[str]) -> list[str]:
    """Let fenced_code, where it is the host, render our fences a moment earlier, and record them.

    Its own pattern finds them, top to bottom and over all others, as it does itself.
    """
    if "fenced_code_block" not in md.preprocessors:
        return lines
    host = md.preprocessors["fenced_code_block"]
    if not isinstance(host, FencedBlockPreprocessor):
        return lines
    text = "\n".join(lines)
    at = 0
    while (found := host.FENCED_BLOCK_RE.search(text, at)) is not None:
        at = found.end()
        header = _header(found)
        if header is None:
            at = found.end("attrs")
            continue
        language, fence = header
        if is_recorded(language):
            stash = md.htmlStash
            before = stash.html_counter
            shown = "\n".join(host.run(found.group().split("\n")))
            if stash.html_counter == before + 1:
                fence = replace(fence, doubt=_doubt(language, fence.body))
                stash.rawHtmlBlocks[before] = Recorded(str(stash.rawHtmlBlocks[before]), fence)
                text = text[: found.start()] + shown + text[found.end() :]
                at = found.start() + len(shown)
    return text.split("\n")


def _header(found: re.Match[str]) -> tuple[str, Fence] | None:
    """Read language and options of a fence, or None where fenced_code refuses the header."""
    body = found["code"].removesuffix("\n")
    if found["attrs"] is None:
        lines = {"hl_lines": found["hl_lines"]} if found["hl_lines"] is not None else {}
        return found["lang"] or "", Fence(body, lines)
    pairs, remainder = get_attrs_and_remainder(found["attrs"])
    if remainder:
        return None
    classes = [value for name, value in pairs if name == "."]
    ids = [value for name, value in pairs if name == "id"]
    options = {name: value for name, value in pairs if name not in {".", "id"}}
    language = classes[0] if classes else ""
    return language, Fence(body, options, tuple(classes[1:]), ids[-1] if ids else "")
