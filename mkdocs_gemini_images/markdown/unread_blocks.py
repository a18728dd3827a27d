"""Drop the blocks of a page that can hold no directive, before Markdown reads the text in them.

A command that only collects pictures reads no HTML, and reading the text of blocks is two fifths of
a page's conversion. In goes the tree of such a page as the block parser has made it. Out go the
blocks below its root of whose text no step can make a picture or a message of ours. Headings and
ids stay: the host takes a page's title and its table of contents from them.

This is so for steps that cut a text, wrap its pieces or move them into attributes, as those of
Python-Markdown do. Where a step is registered that may do more, all blocks stay.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE

from mkdocs_gemini_images.markdown import tree
from mkdocs_gemini_images.markdown.html_stash import HtmlStash

_KNOWN_STEPS = {
    "markdown.extensions.abbr",
    "markdown.extensions.attr_list",
    "markdown.extensions.codehilite",
    "markdown.extensions.footnotes",
    "markdown.extensions.legacy_attrs",
    "markdown.extensions.legacy_em",
    "markdown.extensions.md_in_html",
    "markdown.extensions.smarty",
    "markdown.extensions.toc",
    "markdown.inlinepatterns",
    "markdown.postprocessors",
    "markdown.treeprocessors",
    "mkdocs.structure.pages",
    "mkdocs_gemini_images.extension",
    "mkdocs_gemini_images.markdown.conversion",
    "mkdocs_gemini_images.markdown.typed_images",
    "properdocs.structure.pages",
    "pymdownx.betterem",
    "pymdownx.caret",
    "pymdownx.critic",
    "pymdownx.delimiterprocessor",
    "pymdownx.escapeall",
    "pymdownx.fancylists",
    "pymdownx.highlight",
    "pymdownx.keys",
    "pymdownx.mark",
    "pymdownx.smartsymbols",
    "pymdownx.tabbed",
    "pymdownx.tasklist",
    "pymdownx.tilde",
}
"""The modules of steps that write no address or title of their own."""

_HARMLESS_ATTRIBUTES = {"align", "class", "open", "start", "style"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}

# Beside our name: entities, escapes, tags, attribute lists, footnotes and what is stashed already.
_MARKS = re.compile(r"gemini|[&\\<{\x02]|\[\^", re.IGNORECASE)
# Of a code span or a link amid an address, only the letters stay there.
_SCHEME_IN_PIECES = re.compile(
    "".join(f"[^{each}]*+[{each}]" for each in ("gG", "eE", "mM", "iI", "nN", "iI", ":"))
)


def drop_unread_blocks(root: etree.Element, md: Markdown) -> None:
    """Drop blocks of a page of which nothing reads the HTML; inline Markdown is not read yet.

    The first block stays: the host looks whether it is the page's title.
    """
    if (
        _is_blank(root.text)
        and all(tree.is_block(block) and _is_blank(block.tail) for block in root)
        and all(map(_is_known, _steps(md)))
    ):
        texts = _Texts(md)
        root[1:] = [block for block in root[1:] if not all(map(texts.are_idle, block.iter()))]


class _Texts:
    """The texts of one page before inline Markdown is read."""

    def __init__(self, md: Markdown) -> None:
        self._stash = HtmlStash(md)
        defined = (text for reference in md.references.values() for text in reference)
        self._has_reference = any(text and _MARKS.search(text) for text in defined)

    def are_idle(self, element: etree.Element) -> bool:
        """Return whether nothing is lost without the texts and the attributes of an element."""
        return (
            element.tag not in _HEADINGS
            and element.attrib.keys() <= _HARMLESS_ATTRIBUTES
            and self._is_idle(element.text)
            and self._is_idle(element.tail)
        )

    def _is_idle(self, text: str | None) -> bool:
        if not text or text.isspace():
            return True
        if _MARKS.search(text) is not None:
            block = HTML_PLACEHOLDER_RE.fullmatch(text)
            return block is not None and self._stash.is_idle(block[1])
        if self._has_reference and "[" in text:
            return False
        link = text.find("](")
        return link < 0 or _SCHEME_IN_PIECES.match(text, link) is None


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _steps(md: Markdown) -> Iterator[object]:
    """Yield the steps that read the tree, its texts and its HTML."""
    yield from md.postprocessors
    for step in md.treeprocessors:
        yield step
        yield from getattr(step, "inlinePatterns", ())


def _is_known(step: object) -> bool:
    """Return whether a step puts only words of the text that it reads into attributes."""
    own = vars(step)  # a step may have functions of its own in place of its class's
    function = own.get("run") or own.get("handleMatch")
    module = type(step).__module__ if function is None else getattr(function, "__module__", "")
    # The title of an abbreviation is written elsewhere than the text that shows it.
    titles = map(str, own.get("abbrs", {}).values())
    return module in _KNOWN_STEPS and not any(map(_MARKS.search, titles))
