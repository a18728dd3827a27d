"""The syntax of a `gemini-image` fence: its opening line, header, closing line and near misses.

In go lines of Markdown; out come their parts, or whether they are what a function asks for. Which
lines are a fence on a page is decided by Python-Markdown's fence extensions, `fenced_code` and
`pymdownx.superfences`; this grammar finds a fence in a page's source and recognizes mistakes. Pure.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from markdown.extensions.attr_list import get_attrs_and_remainder

FENCE_NAME = "gemini-image"
"""The language of a fence that is a directive."""

HEADER_EXAMPLE = f'```{{ .{FENCE_NAME} aspect_ratio="16:9" }}'
"""An opening line with options, as messages show it."""

ATTRIBUTE_LIST = re.compile(r"\{(?P<inner>:?[^{}\r\n]*)\}")
"""Braces with options, in a fence's header or behind an image."""

# Possessive: a line of many marks with a carriage return in it is read once.
_OPENING = re.compile(r"(?P<prefix>[> \t]*+)(?P<marks>`{3,}+|~{3,}+)(?P<header>[^\r]*+)\r?")
_LANGUAGE = re.compile(r"\.?[\w#.+-]*[ \t]*")
_DIRECTIVE_HEADER = re.compile(rf"\.?{FENCE_NAME}")
_FIRST_WORD = re.compile(r"\{?[ ]*\.?(?P<word>[\w-]+)")
_NEAR_NAMES = ("geminiimage", "geminiimages", "geminiimg", "geminiimgs")
_SIMILAR = 0.85
"""Least similarity of a misspelling: two letters of eleven may be wrong, missing or exchanged."""


class OpeningLine(NamedTuple):
    """The line that opens a fence of any language."""

    prefix: str
    """The indentation and quote marks (`>`) before the fence."""
    marks: str
    """At least three backticks or tildes."""
    header: str
    """The text behind the marks, without the white space around it."""

    @property
    def is_directive(self) -> bool:
        """Whether the header is that of a `gemini-image` fence."""
        if _DIRECTIVE_HEADER.fullmatch(self.header):
            return True
        braces = ATTRIBUTE_LIST.fullmatch(self.header)
        return braces is not None and braces["inner"].split()[:1] == [f".{FENCE_NAME}"]

    @property
    def resembles_directive(self) -> bool:
        """Whether the header begins with `gemini-image` or a misspelling, whatever follows it."""
        first = _FIRST_WORD.match(self.header)
        return first is not None and (first["word"] == FENCE_NAME or is_near_name(first["word"]))

    @property
    def text_behind_language(self) -> str:
        """The part of the header that is neither a language nor one pair of braces."""
        language = _LANGUAGE.match(self.header)
        rest = self.header[language.end() :] if language else self.header
        return "" if rest.startswith("{") and rest.endswith("}") else rest


class FenceHeader(NamedTuple):
    """The contents of a fence's header, as both fence extensions read them."""

    language: str = ""
    options: Mapping[str, str] = {}
    classes: tuple[str, ...] = ()
    """Classes other than the language, which is the first."""
    id: str = ""


def opening_line(line: str) -> OpeningLine | None:
    """Return the parts of a line that opens a fence, or None for another line."""
    match = _OPENING.fullmatch(line)
    if match is None:
        return None
    return OpeningLine(match["prefix"], match["marks"], match["header"].strip(" \t"))


def unread_opening_line(line: str) -> OpeningLine | None:
    """Return the parts of a line that looks like a fence's opening in text that Markdown has read.

    No quote marks are left in such text. A backtick in the header makes the line a code span.
    """
    opening = opening_line(line)
    if opening is None or ">" in opening.prefix or "`" in opening.header:
        return None
    return opening


def is_closing_line(line: str, marks: str) -> bool:
    """Return whether a line closes the fence that `marks` opened."""
    return closing_marks(line).startswith(marks)


def closing_marks(line: str) -> str:
    """Return the marks of a line that closes a fence of as many marks or fewer, or ""."""
    text = without_prefix(line)
    return text if text[:1] in ("`", "~") and not text.strip(text[0]) else ""


def without_prefix(line: str) -> str:
    """Return a line without indentation, quote marks and trailing white space."""
    return line.strip().lstrip("> \t")


def read_attribute_list(inner: str) -> FenceHeader | None:
    """Read the text between a header's braces.

    Returns None where a part of the text is not an attribute: the fence extensions refuse it too.
    """
    pairs, remainder = get_attrs_and_remainder(inner)
    if remainder:
        return None
    classes = [value for name, value in pairs if name == "."]
    options = {name: value for name, value in pairs if name != "."}
    id = options.pop("id", "")
    return FenceHeader(classes[0] if classes else "", options, tuple(classes[1:]), id)


@lru_cache(maxsize=1024)
def is_near_name(language: str) -> bool:
    """Return whether a language is a misspelling of `gemini-image`."""
    if language == FENCE_NAME or len(language) > 2 * len(FENCE_NAME):
        return False
    letters = re.sub(r"[\W_]", "", language.lower())
    if letters in _NEAR_NAMES:
        return True
    # Most languages share few letters with the name: difflib is loaded for the others.
    if (Counter(letters) & Counter(_NEAR_NAMES[0])).total() < len(_NEAR_NAMES[0]) - 2:
        return False
    from difflib import SequenceMatcher

    return any(SequenceMatcher(None, letters, name).ratio() >= _SIMILAR for name in _NEAR_NAMES)


def line_with_marks(body: str) -> str | None:
    """Return the first line of a fence's body that begins with fence marks, if there is one."""
    for line in body.split("\n"):
        opening = opening_line(line)
        if opening is not None and ">" not in opening.prefix:
            return line
    return None


def lines_like_directives(text: str) -> list[str]:
    """Return the lines that open a `gemini-image` fence or nearly one, without indentation."""
    found = []
    for line in text.split("\n") if "```" in text or "~~~" in text else ():
        opening = unread_opening_line(line)
        if opening is not None and opening.resembles_directive:
            found.append(line[len(opening.prefix) :])
    return found
