"""Read the picture of a whole page: `gemini_image:` in its front matter.

In go a page's front matter and its Markdown; out come a `PageImage`, or a `DiagnosticError`, and
the Markdown with a marker comment where the picture is to stand. The marker contains no text of the
author's, so no other reader of the page can misread it. Pure.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    kept,
    near,
    quoted,
    wrong_value,
)
from mkdocs_gemini_images.core.plain_values import plain_text
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.options.mapping import read_mapping

FRONT_MATTER_KEY = "gemini_image"
PAGE_IMAGE_SOURCE = f"{FRONT_MATTER_KEY}:"
"""The text by which a message finds the line of a page's picture."""
PAGE_IMAGE_MARKER = "<!-- gemini-images: the picture of this page -->"
PAGE_IMAGE_CLASS = "gemini-image--hero"

_OTHER_KEYS = ("show",)
# Atomic groups: the pattern passes over comments before a heading in one way only.
_HEADING = r"\A(?>\s*<!--.*?-->)*+\s*+(?:#(?!#)[^\n]*|(?![#>\-*+|`~])[^\n]+\n=+[ \t]*)(?:\n|\Z)"
_UNREAD = rf"\A---[ \t]*\n(?:(?!---).*\n)*?{PAGE_IMAGE_SOURCE}"


class PageImage(NamedTuple):
    """A page's own picture."""

    directive: Directive
    show: bool
    """Whether the page itself shows it."""

    def on_page(self) -> Directive | None:
        """Return the directive for the top of the page, or None where the page does not show it.

        It is loaded with priority unless the front matter has `loading`.
        """
        if not self.show:
            return None
        return self.directive._replace(priority=not self.directive.loading)


def read_page_image(meta: Mapping[str, Any], markdown: str) -> PageImage | None:
    """Return the picture that a page's front matter describes, or None where there is none.

    `markdown` shows whether the page begins with front matter that YAML cannot read. Raises
    `DiagnosticError` with all mistakes.
    """
    written = meta.get(FRONT_MATTER_KEY, False)
    if written is False:
        if meta or markdown.startswith("---"):
            _check_near_miss(meta, markdown)
        return None
    options = written if isinstance(written, Mapping) else {}
    show = options.get("show", True)
    diagnostics: list[Diagnostic] = []
    where = PAGE_IMAGE_SOURCE
    directive: Directive | None = kept(
        lambda: read_mapping(written, where, where, other_keys=_OTHER_KEYS), diagnostics
    )
    if not isinstance(show, bool):
        diagnostics.append(wrong_value("show", "true or false", plain_text(show)))
    if diagnostics or directive is None:
        raise DiagnosticError(*diagnostics, readable=directive)
    classes = (PAGE_IMAGE_CLASS, *directive.classes)
    return PageImage(directive._replace(classes=classes), show)


def source_text(meta: Mapping[str, Any]) -> str:
    """Return the text by which a message about this front matter finds its line."""
    if FRONT_MATTER_KEY in meta:
        return PAGE_IMAGE_SOURCE
    return f"{_misspelt_key(meta) or FRONT_MATTER_KEY}:"


def with_marker(markdown: str) -> str:
    """Return a page with the marker behind the heading that it begins with, or at its top."""
    heading = re.match(_HEADING, markdown, re.DOTALL)
    at = heading.end() if heading is not None else 0
    return f"{markdown[:at].rstrip()}\n\n{PAGE_IMAGE_MARKER}\n\n{markdown[at:]}".lstrip("\n")


def _check_near_miss(meta: Mapping[str, Any], markdown: str) -> None:
    """Raise `DiagnosticError` where a page seems to have a picture that is not read."""
    if key := _misspelt_key(meta):
        fix = did_you_mean(key, (FRONT_MATTER_KEY,))
        expected = f"{PAGE_IMAGE_SOURCE} in the front matter"
        raise DiagnosticError(Diagnostic(expected, quoted(key), fix))
    if not meta and re.match(_UNREAD, markdown) is not None:
        expected = f"front matter with {PAGE_IMAGE_SOURCE} as YAML"
        fix = "put text with a colon in quotes, or indent it below `prompt: |`"
        raise DiagnosticError(Diagnostic(expected, "what YAML cannot read", fix))


def _misspelt_key(meta: Mapping[str, Any]) -> str:
    keys = (
        key for key in map(plain_text, meta) if key != FRONT_MATTER_KEY and "gemini" in key.lower()
    )
    return next((key for key in keys if near(key, (FRONT_MATTER_KEY,))), "")
