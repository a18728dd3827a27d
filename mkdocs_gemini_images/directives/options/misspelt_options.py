"""Find lines that are meant as options of a fence and are not written as `option: value`.

In goes one line of a fence's body; out comes the option that it most likely means. What is taken
for a prompt is drawn and paid for, so a line counts as an option on little evidence: a full-width
colon, an invisible character, `=`, or quotes, braces, emphasis or a list's marker around the name.
Pure.
"""

import re
import unicodedata
from collections.abc import Collection

from mkdocs_gemini_images.core.diagnostics import near

_COLONS = str.maketrans(dict.fromkeys("\u02d0\u05c3\u2236\ua789", ":"))
"""Characters that look like a colon and are not folded into one by NFKC."""

_NAMED = r"""
    (?: \d{1,2} [.)] [ ]* )?    # the number of a list's item
    [^\w<]{0,8}                 # quotes, braces, emphasis, a list's marker
    (?P<tag> < [ ]* )?
    (?P<name> [A-Za-z][\w -]{0,24}? )
    [^\w:=<>-]{0,8}             # quotes and emphasis that close
    (?: : | = | -> | (?(tag) > | (?!) ) )
    | -- (?P<flag> [a-z][\w-]* )  # as on a command line
"""
_PROMPT_AND_NO_COLON = r"\W{0,8}(?i:prompt)[ ]*(?:[;,|\u2010-\u2015-].*)?"
_MOST_WORDS = 3
"""Words before a colon, `prompt` among them, that still name the option: `image prompt: ...`."""
_MARKER = r"(?:[*+\u2022\u2023\u25e6\u2010-\u2015\u2212-]|\d{1,2}[.)])(?P<rest>.*)"


def meant_option(line: str, known: Collection[str]) -> str | None:
    """Return the known option that a line is meant to set, or None for other text."""
    text = _plain(line)
    if "prompt" in known and re.fullmatch(_PROMPT_AND_NO_COLON, text):
        return "prompt"
    match = re.match(_NAMED, text, re.VERBOSE)
    if match is None:
        return None
    name = match["flag"] or match["name"]
    words = name.lower().split()
    if "prompt" in known and "prompt" in words and len(words) <= _MOST_WORDS:
        return "prompt"
    return near(name, known)


def meant_item(line: str) -> str | None:
    """Return the text of a line that is meant as an item of a list and does not begin with `- `."""
    match = re.fullmatch(_MARKER, _plain(line))
    return match["rest"].strip() if match and match["rest"].strip() else None


def _plain(line: str) -> str:
    """Return a line with look-alikes of ASCII folded, and without invisible characters."""
    folded = unicodedata.normalize("NFKC", line).translate(_COLONS)
    return "".join(each for each in folded if unicodedata.category(each) != "Cf").strip()


def with_visible_spaces(line: str) -> str:
    """Return a line with its invisible characters named, so that a message shows them."""
    return "".join(
        f"<U+{ord(each):04X}>" if _is_invisible(each) else each for each in line
    ).rstrip()


def _is_invisible(each: str) -> bool:
    return each != " " and unicodedata.category(each) in ("Cf", "Zs")
