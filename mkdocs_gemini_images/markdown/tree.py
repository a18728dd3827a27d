"""Walk over a Markdown tree in the order of reading, and replace parts of it.

In go elements and their text. The walks never look into code, preformatted text, scripts and
strings that Markdown has marked as atomic: a page shows these as written. Out come elements, texts
and placeholders (Markdown's stand-ins for stashed HTML). `ChildEdits` changes the tree.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from markdown.util import BLOCK_LEVEL_ELEMENTS, ETX, HTML_PLACEHOLDER_RE, STX, AtomicString

Slot = Literal["text", "tail"]
Parents = Mapping[etree.Element, etree.Element]

# Elements that may hold a <figure>. A paragraph may not: the figure replaces it.
FLOW = {"li", "dd", "dt", "td", "th", "div", "blockquote", "details", "section", "article"}

TEXT_BESIDE = "text beside it"
"""What a message says of an element that does not stand alone."""

_BLOCKS = set(BLOCK_LEVEL_ELEMENTS)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BACKLINK_SPACE = f"{STX}qq3936677670287331zz{ETX}"
"""`footnotes.NBSP_PLACEHOLDER`, without loading that extension where no page uses it."""
_SHOWN_AS_WRITTEN = {"code", "pre", "script", "style", "textarea"}
# Raw tags whose content is shown as written, although Markdown reads it.
_RAW_TAG = re.compile(r"<(/?)(?:pre|code|samp|kbd|script|style|textarea|template)\b[^<>]*>", re.I)


class TextPlace(NamedTuple):
    """A text of the tree: the `text` or the `tail` of an element."""

    parent: etree.Element
    element: etree.Element
    slot: Slot
    text: str

    @property
    def container(self) -> etree.Element:
        """The element that contains the text."""
        return self.element if self.slot == "text" else self.parent


class ChildEdits:
    """Children to replace and to insert; `apply` rebuilds each parent once, however many it has."""

    def __init__(self) -> None:
        self._parents: dict[etree.Element, None] = {}
        self._instead: dict[etree.Element, etree.Element | None] = {}
        self._behind: dict[etree.Element, Sequence[etree.Element]] = {}
        self._first: dict[etree.Element, Sequence[etree.Element]] = {}

    def replace(self, parent: etree.Element, old: etree.Element, new: etree.Element | None) -> None:
        """Put `new` in the place of a child; without it, the child is removed."""
        self._parents[parent] = None
        self._instead[old] = new

    def insert(self, place: "TextPlace", new: Sequence[etree.Element]) -> None:
        """Put elements behind a text."""
        self._parents[place.container] = None
        (self._first if place.slot == "text" else self._behind)[place.element] = new

    def take_place(
        self, parent: etree.Element, paragraph: etree.Element, new: etree.Element
    ) -> None:
        """Replace the content of a paragraph by an element, or the paragraph itself by a block.

        A paragraph with attributes becomes a `<div>` that keeps them. The links at a footnote's end
        stay in a paragraph, behind a block or beside another element.
        """
        new.tail = None
        links = [child for child in paragraph if _is_backlink(child)]
        if links and is_block(new):
            rest = etree.Element("p", paragraph.attrib)
            rest[:], rest.tail, new.tail = links, paragraph.tail, "\n"
            self.replace(parent, paragraph, new)
            self._behind[paragraph] = (rest,)
            return
        if links:
            paragraph.text, new.tail = None, _BACKLINK_SPACE
            paragraph[:] = [new, *links]
            return
        if is_block(new) and not paragraph.attrib:
            new.tail = paragraph.tail
            self.replace(parent, paragraph, new)
            return
        if is_block(new):
            paragraph.tag = "div"
        paragraph.text = None
        paragraph[:] = [new]

    def apply(self) -> None:
        """Make all changes."""
        for parent in self._parents:
            children = [*self._first.get(parent, ())]
            for child in parent:
                new = self._instead.get(child, child)
                children += () if new is None else (new,)
                children += self._behind.get(child, ())
            parent[:] = children


def visible(root: etree.Element) -> Iterator[tuple[etree.Element, etree.Element]]:
    """Yield parents and children in the order of reading, without the content of code."""
    waiting = [(root, element) for element in root[::-1]]
    while waiting:
        parent, element = waiting.pop()
        yield parent, element
        if len(element) and not is_shown_as_written(element):
            waiting += [(element, child) for child in element[::-1]]


def texts(root: etree.Element) -> Iterator[TextPlace]:
    """Yield all texts that are read as Markdown."""
    for parent, element in visible(root):
        text, tail = element.text, element.tail
        if text and not isinstance(text, AtomicString) and not is_shown_as_written(element):
            yield TextPlace(parent, element, "text", text)
        if tail and not isinstance(tail, AtomicString):
            yield TextPlace(parent, element, "tail", tail)


def has_raw_tags(blocks: Iterable[object]) -> bool:
    """Return whether there are raw tags among the HTML blocks behind placeholders.

    Only their pages need `between_raw_tags`.
    """
    return any(isinstance(block, str) and _RAW_TAG.fullmatch(block) for block in blocks)


def between_raw_tags(
    root: etree.Element, raw: Callable[[str], str]
) -> tuple[set[str], set[etree.Element]]:
    """Return the numbers of placeholders and the elements between raw `<code>` and `</code>`.

    `raw` returns the HTML behind a placeholder's number. A raw tag ends where a block begins.
    """
    numbers, elements = set[str](), set[etree.Element]()
    depth = 0
    for element, slot in reading_order(root):
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


class Siblings:
    """What stands beside elements; the children of each parent are looked at once."""

    def __init__(self) -> None:
        self._alone: dict[etree.Element, bool] = {}
        self._before: dict[etree.Element, etree.Element] = {}

    def beside(self, parent: etree.Element, element: etree.Element) -> str:
        """Return what stands beside or around an inline element, in a message's words.

        Empty where it stands alone, so that a block could replace it or its paragraph.
        """
        if parent.tag == "a":
            return "a link around it"
        if parent.tag in _HEADINGS:
            return "a heading around it"
        self._look_at(parent)
        return "" if self._alone[parent] else TEXT_BESIDE

    def before(self, parent: etree.Element, element: etree.Element) -> etree.Element | None:
        """Return the element before another in its parent, or None before the first."""
        self._look_at(parent)
        return self._before.get(element)

    def _look_at(self, parent: etree.Element) -> None:
        """Find whether a parent has one inline element and no text, and note its children's order.

        The links at a footnote's end do not count.
        """
        if parent in self._alone:
            return
        children = list(parent)
        texts = (parent.text, *(child.tail for child in children))
        counted = [child for child in children if not _is_backlink(child)]
        inline = sum(1 for child in counted if not is_block(child))
        may_be_replaced = parent.tag in FLOW or (parent.tag == "p" and len(counted) == 1)
        no_text = not any(map(_without_backlink_space, texts))
        self._alone[parent] = may_be_replaced and inline == 1 and no_text
        self._before |= dict(zip(children[1:], children, strict=False))


def text_before_backlinks(paragraph: etree.Element) -> str:
    """Return a paragraph's text where it has no elements but the links at a footnote's end."""
    if not all(map(_is_backlink, paragraph)):
        return ""
    return _without_backlink_space(paragraph.text)


def _is_backlink(element: etree.Element) -> bool:
    return element.tag == "a" and "footnote-backref" in element.get("class", "")


def _without_backlink_space(text: str | None) -> str:
    """Return a text without the space that footnotes put before a link back."""
    return (text or "").replace(_BACKLINK_SPACE, "").strip()


def is_block(element: etree.Element) -> bool:
    """Return whether an element must not stand in a paragraph."""
    return element.tag in _BLOCKS


def is_shown_as_written(element: etree.Element) -> bool:
    """Return whether a page shows an element's content as written, such as code."""
    return not isinstance(element.tag, str) or element.tag in _SHOWN_AS_WRITTEN


def reading_order(root: etree.Element) -> Iterator[tuple[etree.Element, Slot]]:
    """Yield the place of every text in the order of reading, code included."""
    waiting: list[tuple[etree.Element, Slot]] = [(element, "text") for element in root[::-1]]
    while waiting:
        element, slot = waiting.pop()
        yield element, slot
        if slot == "text":
            waiting.append((element, "tail"))
            waiting += [(child, "text") for child in element[::-1]]
