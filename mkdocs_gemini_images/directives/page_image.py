"""The picture of a page as a whole, described by `gemini_image:` in its front matter.

In come a page's front matter and its Markdown; out come a checked directive with what is said of it
besides (its focal point, whether the page shows it), or complaints, and the Markdown with a mark
where the picture is to stand. The mark is a comment without a word of the author's in it: nothing
that reads the page afterwards can take it for anything, or break out of it. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, did_you_mean, near, quoted
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.directives.directive import Diagnostics, Directive
from mkdocs_gemini_images.directives.mapping import read_mapping

NAME = "gemini_image"
SOURCE = f"{NAME}:"
"""What a message looks for to find the line."""
MARK = "<!-- gemini-images: the picture of this page -->"
CLASS = "gemini-image--hero"

_BESIDE = ("focus", "show")
_FOCUS = re.compile(r"(\d{1,2}|100)% +(\d{1,2}|100)%")
# Atomic groups: comments before a heading are passed over in one way only.
_HEADING = re.compile(
    r"\A(?>\s*<!--.*?-->)*+\s*+(?:#(?!#)[^\n]*|(?![#>\-*+|`~])[^\n]+\n=+[ \t]*)(?:\n|\Z)", re.DOTALL
)
_UNREAD = re.compile(rf"\A---[ \t]*\n(?:(?!---).*\n)*?{SOURCE}")


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page's own picture."""

    directive: Directive
    crop: Crop
    """What is cut from it for a card beside a link."""
    show: bool
    """Whether it stands on the page itself."""

    def on_page(self) -> Directive | None:
        """Give it as it stands at the top of its page: wanted at once, unless it says otherwise."""
        if not self.show:
            return None
        return replace(self.directive, priority=not self.directive.loading)


def read(meta: Mapping[str, Any], markdown: str) -> PageImage | Diagnostics | None:
    """Read a page's front matter; None where it describes no picture.

    `markdown` tells whether there is front matter that nobody could read.
    """
    written = meta.get(NAME, False)
    if written is False:
        wrong = _near_miss(meta, markdown)
        return None if wrong is None else (wrong,)
    read = read_mapping(written, SOURCE, SOURCE, beside=_BESIDE)
    options = written if isinstance(written, Mapping) else {}
    focus, show = _focus(options.get("focus", "50% 50%")), _show(options.get("show", True))
    wrong_values = tuple(each for each in (focus, show) if isinstance(each, Diagnostic))
    if isinstance(read, tuple):
        return read + wrong_values
    if isinstance(focus, Diagnostic) or isinstance(show, Diagnostic):
        return wrong_values
    directive = replace(read, classes=(CLASS, *read.classes))
    return PageImage(directive, Crop(focus=focus), show)


def source(meta: Mapping[str, Any]) -> str:
    """Give what a message of this front matter looks for to find the line."""
    return SOURCE if NAME in meta else f"{_misspelt(meta) or NAME}:"


def marked(markdown: str) -> str:
    """Put the mark behind the heading that a page begins with, or at its top."""
    heading = _HEADING.match(markdown)
    at = heading.end() if heading is not None else 0
    return f"{markdown[:at].rstrip()}\n\n{MARK}\n\n{markdown[at:]}".lstrip("\n")


def _near_miss(meta: Mapping[str, Any], markdown: str) -> Diagnostic | None:
    if name := _misspelt(meta):
        return Diagnostic(
            f"{SOURCE} in the front matter", quoted(name), did_you_mean(name, (NAME,))
        )
    if not meta and _UNREAD.match(markdown) is not None:
        fix = "put text with a colon in quotes, or indent it below `prompt: |`"
        return Diagnostic(f"front matter with {SOURCE} as YAML", "what YAML cannot read", fix)
    return None


def _misspelt(meta: Mapping[str, Any]) -> str:
    found = (name for name in map(str, meta) if name != NAME and "gemini" in name.lower())
    return next((name for name in found if near(name, (NAME,))), "")


def _focus(written: object) -> tuple[int, int] | Diagnostic:
    found = _FOCUS.fullmatch(str(written).strip())
    if found is None:
        fix = "write how far from the left and from the top, like 30% 60%"
        return Diagnostic("focus as two percentages", quoted(str(written)), fix)
    return int(found[1]), int(found[2])


def _show(written: object) -> bool | Diagnostic:
    if isinstance(written, bool):
        return written
    return Diagnostic("show as true or false", quoted(str(written)), "write one of them")
