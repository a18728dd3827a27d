"""A Markdown tree as its reader sees it, and the ways in which a directive in it goes unread.

In go elements and their text. What stands in code, preformatted text and scripts, and strings that
Markdown has marked as atomic, are shown as written and never looked into. Out come places, and
complaints about near misses; who hears of them, and what a picture is, is not known here.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from markdown.util import BLOCK_LEVEL_ELEMENTS, ETX, HTML_PLACEHOLDER_RE, STX, AtomicString

from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted
from mkdocs_gemini_images.directives.directive import OPTIONS, Diagnostics
from mkdocs_gemini_images.markdown.recorded_fences import BRACES, NAME

Slot = Literal["text", "tail"]
Parents = Mapping[etree.Element, etree.Element]

INLINE = '![alt](gemini: "prompt")'

# May hold a <figure>. A paragraph may not: the figure takes its place.
FLOW = {"li", "dd", "dt", "td", "th", "div", "blockquote", "details", "section", "article"}

_BLOCKS = set(BLOCK_LEVEL_ELEMENTS)
_AS_WRITTEN = {"code", "pre", "script", "style", "textarea"}
# A list of attributes that missed its image lands on the block; these are never a block's own.
_STRAY = set(OPTIONS) - {"class", "id", "width", "align", "loading"}
# Raw tags around what is shown as written; Markdown reads on between them.
_RAW_TAG = re.compile(r"<(/?)(?:pre|code|samp|kbd|script|style|textarea|template)\b[^<>]*>", re.I)

_FENCE = re.compile(r"[ ]*((?:`{3,}|~{3,}))[^`\n]*")
_OPENER = re.compile(
    r"^[ ]*((?:`{3,}|~{3,})[ ]*\{?[ ]*\.?gemini-image(?![\w-])[^`\n]*)$", re.MULTILINE
)
_LEFT_OVER = re.compile(r"\[[^\[\]\n]*\](?:\(|:)[ ]*<?gemini:(?!//)[^\n]*")


def visible(root: etree.Element) -> Iterator[tuple[etree.Element, etree.Element]]:
    """Walk over parents and children in the order of reading, never into code."""
    waiting = [(root, element) for element in root[::-1]]
    while waiting:
        parent, element = waiting.pop()
        yield parent, element
        if len(element) and not _as_written(element):
            waiting += [(element, child) for child in element[::-1]]


def texts(root: etree.Element) -> Iterator[tuple[etree.Element, etree.Element, Slot, str]]:
    """Walk over all text read as Markdown: parent, element, which text of it, and the text."""
    for parent, element in visible(root):
        text, tail = element.text, element.tail
        if text and not isinstance(text, AtomicString) and not _as_written(element):
            yield parent, element, "text", text
        if tail and not isinstance(tail, AtomicString):
            yield parent, element, "tail", tail


def has_raw_tags(blocks: Iterable[object]) -> bool:
    """Whether there are raw tags, among the HTML behind placeholders, that may have some between.

    Most pages have none, and are not walked.
    """
    return any(isinstance(block, str) and _RAW_TAG.fullmatch(block) for block in blocks)


def between_raw_tags(
    root: etree.Element, raw: Callable[[str], str]
) -> tuple[set[str], set[etree.Element]]:
    """Find the placeholders and elements that stand between raw `<code>` and `</code>`.

    `raw` gives the HTML behind a placeholder. Tags are forgotten where a block begins.
    """
    numbers, elements = set[str](), set[etree.Element]()
    depth = 0
    for element, slot in _reading(root):
        if slot == "text":
            depth = 0 if is_block(element) else depth
            if depth:
                elements.add(element)
        text = getattr(element, slot) or ""
        for number in HTML_PLACEHOLDER_RE.findall(text) if STX in text else ():
            if (tag := _RAW_TAG.fullmatch(raw(number))) is not None:
                depth = max(0, depth - 1) if tag[1] else depth + 1
            elif depth:
                numbers.add(number)
    return numbers, elements


def inside_left_fences(root: etree.Element, words: str) -> dict[str, Diagnostic]:
    """Find the placeholders behind a fence's opening line which Markdown has left as text.

    What is there was meant to be shown, though Markdown takes it for a fence of its own. `words`
    is all text of the tree: most have no such line, and are not walked.
    """
    found = dict[str, Diagnostic]()
    if "```" not in words and "~~~" not in words:
        return found
    marks = opener = ""
    for element, slot in _reading(root):
        text = "" if slot == "text" and _as_written(element) else getattr(element, slot) or ""
        for line in text.split("\n"):
            if marks and line.strip().startswith(marks) and not line.strip(f"{marks[0]} "):
                marks = ""
            elif marks:
                got = f"one behind {quoted(opener)}"
                doubt = Diagnostic("a gemini-image fence of its own", got, "end that one before it")
                found |= dict.fromkeys(HTML_PLACEHOLDER_RE.findall(line), doubt)
            elif fence := _FENCE.fullmatch(line):
                marks, opener = fence[1], line
    return found


def is_only_content(parent: etree.Element, element: etree.Element) -> bool:
    """Tell whether a block could stand in place of an inline element: nothing is beside it."""
    if any((text or "").strip() for text in (parent.text, *(child.tail for child in parent))):
        return False
    others = [child for child in parent if child is not element]
    return not others if parent.tag == "p" else parent.tag in FLOW and all(map(is_block, others))


def is_block(element: etree.Element) -> bool:
    """Tell whether an element must not stand in a paragraph."""
    return element.tag in _BLOCKS


def take_place(parent: etree.Element, paragraph: etree.Element, new: etree.Element) -> None:
    """Put an element in place of all that is in a paragraph, or of the paragraph if it is a block.

    A paragraph with attributes keeps them, as a `<div>`.
    """
    new.tail = None
    if is_block(new) and not paragraph.attrib:
        new.tail = paragraph.tail
        parent[list(parent).index(paragraph)] = new
        return
    if is_block(new):
        paragraph.tag = "div"
    paragraph.text = None
    paragraph[:] = [new]


def misplaced_options(home: etree.Element, after: str, parents: Parents) -> Diagnostics:
    """Find attributes meant for a picture in `home`, left as text behind it or put on its block."""
    expected = "options right behind the picture"
    fix = "write the braces on its line, no space before, no Markdown inside, with attr_list on"
    diagnostics = []
    if after.lstrip().startswith("{"):
        diagnostics.append(Diagnostic(expected, quoted(after.strip().splitlines()[0]), fix))
    at: etree.Element | None = home
    while at is not None:
        for name in sorted(_STRAY.intersection(at.keys())):
            diagnostics.append(Diagnostic(expected, f"{name}= apart from it", fix))
        at = None if is_block(at) else parents.get(at)
    return tuple(diagnostics)


def unread_fences(text: str) -> Iterator[tuple[str, Diagnostic]]:
    """Find lines that look like fences of ours in what no host has taken for a fence."""
    for line in _OPENER.findall(text) if NAME in text else ():
        fix = (
            f"close it as it opens and write its options like {BRACES}; where it is indented, "
            "it needs pymdownx.superfences"
        )
        yield line, Diagnostic("a fence that Markdown reads", quoted(line), fix)


def unread_images(text: str) -> Iterator[tuple[str, Diagnostic]]:
    """Find images and definitions of ours that Markdown has left as text."""
    for line in _LEFT_OVER.findall(text) if "gemini:" in text else ():
        yield line, Diagnostic(INLINE, quoted(line), "use straight quotes, and one line")


def lacks_mark(parent: etree.Element, link: etree.Element) -> bool:
    """Tell whether a link of ours has no `!` before it, not even an escaped one or one in code."""
    at = list(parent).index(link)
    before = parent[at - 1] if at else None
    text = parent.text if before is None else before.tail or "".join(before.itertext())
    return not (text or "").endswith(("!", ETX))


def _as_written(element: etree.Element) -> bool:
    return not isinstance(element.tag, str) or element.tag in _AS_WRITTEN


def _reading(root: etree.Element) -> Iterator[tuple[etree.Element, Slot]]:
    """Walk over all texts in the order of reading."""
    waiting: list[tuple[etree.Element, Slot]] = [(element, "text") for element in root[::-1]]
    while waiting:
        element, slot = waiting.pop()
        yield element, slot
        if slot == "text":
            waiting.append((element, "tail"))
            waiting += [(child, "text") for child in element[::-1]]
