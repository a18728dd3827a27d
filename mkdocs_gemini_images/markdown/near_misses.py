"""Find directives that their author meant and Markdown reads as something else.

In go a tree and its texts; out come diagnostics, each with the text it is about. The caller reports
them. Options that miss their picture raise `DiagnosticError` instead: the picture is not drawn.
"""

import xml.etree.ElementTree as etree
from collections.abc import Iterator

from markdown.util import ETX, HTML_PLACEHOLDER_RE

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.directives.fence_syntax import (
    FENCE_NAME,
    HEADER_EXAMPLE,
    is_closing_line,
    lines_like_directives,
    unread_opening_line,
)
from mkdocs_gemini_images.directives.options.option_table import OPTIONS
from mkdocs_gemini_images.markdown import tree
from mkdocs_gemini_images.markdown.inline_images import IMAGE_EXAMPLE, UNREAD_IMAGE
from mkdocs_gemini_images.markdown.tree import Parents

# An attribute list that misses its image lands on the block; blocks have none of these themselves.
_OPTIONS_OF_IMAGES_ONLY = set(OPTIONS) - {"class", "id", "width", "align", "loading"}


def placeholders_in_open_fences(root: etree.Element) -> dict[str, Diagnostic]:
    """Return the placeholders behind a fence's opening line that Markdown has left as text.

    The author meant to show what stands there, although Markdown reads it as a fence of its own.
    """
    found = dict[str, Diagnostic]()
    marks, diagnostic = "", None
    for element, slot in tree.reading_order(root):
        if slot == "text" and tree.is_shown_as_written(element):
            continue
        for line in (getattr(element, slot) or "").split("\n"):
            if marks and is_closing_line(line, marks):
                marks = ""
            elif diagnostic is not None and marks:
                found |= dict.fromkeys(HTML_PLACEHOLDER_RE.findall(line), diagnostic)
            elif (opening := unread_opening_line(line)) is not None:
                expected, got = f"a {FENCE_NAME} fence of its own", f"one behind {quoted(line)}"
                diagnostic = Diagnostic(expected, got, "end that fence before it")
                marks = opening.marks
    return found


def unread_fences(text: str) -> Iterator[tuple[str, Diagnostic]]:
    """Yield the lines that look like `gemini-image` fences in text that Markdown has read."""
    for line in lines_like_directives(text):
        if FENCE_NAME not in line:
            fix = f"did you mean '{FENCE_NAME}'?"
            yield line, Diagnostic(f"```{FENCE_NAME}", quoted(line), fix)
            continue
        fix = (
            f"close it as it opens and write its options like {HEADER_EXAMPLE}; where it is "
            "indented, it needs pymdownx.superfences"
        )
        yield line, Diagnostic("a fence that Markdown reads", quoted(line), fix)


def unread_image_texts(text: str) -> Iterator[tuple[str, Diagnostic]]:
    """Yield the `gemini:` images and definitions that Markdown has left as text."""
    for line in UNREAD_IMAGE.findall(text) if "gemini:" in text else ():
        yield line, Diagnostic(IMAGE_EXAMPLE, quoted(line), "use straight quotes, and one line")


def lacks_exclamation_mark(parent: etree.Element, before: etree.Element | None) -> bool:
    """Return whether no `!` stands before a link, not even an escaped one or one in code.

    `before` is the element before the link in its `parent`.
    """
    text = parent.text if before is None else before.tail or "".join(before.itertext())
    return not (text or "").endswith(("!", ETX))


def check_for_misplaced_options(container: etree.Element, after: str, parents: Parents) -> None:
    """Raise `DiagnosticError` where options of a picture in `container` have missed it.

    They stand as text behind the picture (`after`), or as attributes on a block around it.
    """
    expected = "options right behind the picture"
    fix = "write the braces on its line, no space before, no Markdown inside; turn attr_list on"
    diagnostics = []
    if after.lstrip().startswith("{"):
        diagnostics.append(Diagnostic(expected, quoted(after.strip().splitlines()[0]), fix))
    at: etree.Element | None = container
    while at is not None:
        for name in sorted(_OPTIONS_OF_IMAGES_ONLY.intersection(at.keys())):
            diagnostics.append(Diagnostic(expected, f"{name}= apart from it", fix))
        at = None if tree.is_block(at) else parents.get(at)
    if diagnostics:
        raise DiagnosticError(*diagnostics)
