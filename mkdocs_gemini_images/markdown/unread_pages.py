"""Empty the tree of a page whose HTML nothing reads, as in a command that only collects pictures.

Writing a page as HTML takes a tenth of its Markdown. In goes a tree in which all directives are
replaced. It stays where a `gemini:` may be left in it that the host reports from the finished HTML.
"""

import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterable

from mkdocs_gemini_images.markdown.recorded_fences import RecordedHtml


def empty_unread(
    root: etree.Element, own: Collection[etree.Element], stashed: Iterable[object]
) -> None:
    """Empty a tree, unless an element or stashed HTML may hold a picture that no step has read.

    `own` are the elements that the directives have become.
    """
    if not (
        any(map(may_hold_picture, stashed)) or any(_names_us(each, own) for each in root.iter())
    ):
        root.clear()


def may_hold_picture(block: object) -> bool:
    """Return whether a picture that no step reads may be in stashed HTML."""
    if isinstance(block, RecordedHtml):
        return False  # code, in which no tag stands
    return not isinstance(block, str) or "gemini" in block.lower()


def _names_us(element: etree.Element, own: Collection[etree.Element]) -> bool:
    # An attribute list gives a word without a value none.
    values = (value.lower() for value in element.attrib.values() if value)
    return any("gemini" in value for value in values) and element not in own
