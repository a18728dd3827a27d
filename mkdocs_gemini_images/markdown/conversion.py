"""The Markdown extension: a directive in the tree becomes a picture in the tree.

Python-Markdown decides what a directive is and where it stands; what reaches the tree is what the
reader sees, and only that is shown. In go recorded fences and `![](gemini: "...")` images; their
elements come out, and complaints about near misses. Nothing else in the tree is touched: what is
shown as an example comes out as without us.
"""

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor, UnescapeTreeprocessor
from markdown.util import HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, STX

from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted
from mkdocs_gemini_images.directives.directive import Diagnostics, Directive, read_image
from mkdocs_gemini_images.directives.page_image import MARK
from mkdocs_gemini_images.markdown import tree
from mkdocs_gemini_images.markdown.elements import Elements, ImageResolver, PageHost
from mkdocs_gemini_images.markdown.recorded_fences import (
    NAME,
    Fence,
    Recorded,
    join_superfences,
    record_fenced_code,
    valueless,
)

SCHEME = "gemini:"
_NO_PATH = re.compile(r"^/|^[A-Za-z][\w+.-]*:|[?#\\]|[\x00-\x1f]")

_LAST_LINE = re.compile(rf"(?:\A|\n)[ ]*{HTML_PLACEHOLDER_RE.pattern}\s*\Z")


class LineStep(Preprocessor):
    """A step over the lines of a text."""

    def __init__(self, md: Markdown, step: Callable[[list[str]], list[str]]) -> None:
        super().__init__(md)
        self._step = step

    def run(self, lines: list[str]) -> list[str]:
        """Take the step."""
        return self._step(lines)


class TreeStep(Treeprocessor):
    """A step over the tree, changing it in place."""

    def __init__(self, md: Markdown, step: Callable[[etree.Element], None]) -> None:
        super().__init__(md)
        self._step = step

    def run(self, root: etree.Element) -> None:
        """Take the step."""
        self._step(root)


class TextStep(Postprocessor):
    """A step over the text that a conversion ends with."""

    def __init__(self, md: Markdown, step: Callable[[str], str]) -> None:
        super().__init__(md)
        self._step = step

    def run(self, text: str) -> str:
        """Take the step."""
        return self._step(text)


class Conversion:
    """What one Markdown instance does with the directives of one text, step by step."""

    def __init__(
        self,
        md: Markdown,
        host: ImageResolver | None,
        host_of_page: Callable[[Any], PageHost] | None = None,
    ) -> None:
        self._md = md
        self._elements = Elements(md, host)
        self._host_of_page = host_of_page if host is None else None
        self._page_host: PageHost | None = None
        self._completed = False
        self._awake = False  # whether the text can have a directive at all: most have none
        self._doubts: dict[str, Diagnostic] = {}  # fences that are there by another's mistake
        self._bare: dict[etree.Element, dict[str, str]] = {}  # our images without their braces

    def begin(self, lines: list[str]) -> list[str]:
        """Start afresh with another text."""
        self._elements.begin()
        self._bare.clear()
        self._awake = "gemini" in "\n".join(lines).lower()
        self._page_host, self._completed = None, False
        if self._awake:
            self._join()
            join_superfences(self._md)
            if self._host_of_page is not None and (context := self._context()) is not None:
                self._page_host = self._host_of_page(context)
                self._elements = Elements(self._md, self._page_host)
        return lines

    def _join(self) -> None:
        """Take our places among the steps that come after the preprocessors."""
        trees = self._md.treeprocessors
        if "gemini_images_blocks" in trees:
            return
        # Before inline (20), so that a caption may be Markdown.
        trees.register(TreeStep(self._md, self.blocks), "gemini_images_blocks", 21)
        # Before attr_list (8), which may write over what stands in brackets.
        trees.register(TreeStep(self._md, self.remember), "gemini_images_remember", 8.5)
        # After attr_list (8), and before everybody who looks at images.
        trees.register(TreeStep(self._md, self.inline), "gemini_images_inline", 7.8)
        # After relpath (0), which decides what `src` is.
        trees.register(TreeStep(self._md, self.complete), "gemini_images_complete", -1)
        # After raw_html (30), and whatever else works on the text.
        finish = TextStep(self._md, self.finish)
        self._md.postprocessors.register(finish, "gemini_images_finish", -1)

    def record(self, lines: list[str]) -> list[str]:
        """Record the fences of fenced_code; those of superfences record themselves."""
        return record_fenced_code(self._md, lines) if self._awake else lines

    def blocks(self, root: etree.Element) -> None:
        """Put elements where fences stand alone, before inline Markdown is read."""
        if not self._awake:
            return
        words = "".join(root.itertext())
        self._doubts = tree.inside_left_fences(root, words)
        if NAME in words:
            for *_, text in tree.texts(root):
                for source, diagnostic in tree.unread_fences(text):
                    self._elements.report((diagnostic,), source)
        if not (self._has_fence(words) or self._has_mark()):
            return
        for parent, element in list(tree.visible(root)):
            if element.tag == "p" and not len(element):
                self._lone_fence(parent, element)
            elif element.tag in tree.FLOW:
                self._last_fences(element)

    def remember(self, root: etree.Element) -> None:
        """Keep what inline images are before their braces are read."""
        if self._awake:
            for image in root.iter("img"):
                if self._is_ours(image.get("src")) or self._is_ours(image.get("title")):
                    self._bare[image] = dict(image.attrib)

    def inline(self, root: etree.Element) -> None:
        """Put elements where fences stand amid text, and where inline images are."""
        if not self._awake:
            return
        words = "".join(root.itertext())
        written = SCHEME in words or self._has_fence(words)
        links = any(self._is_ours(link.get("href")) for link in root.iter("a"))
        if not (written or links or self._bare):
            return
        parents = {child: parent for parent in root.iter() for child in parent}
        shielded, shown_as_code = set[str](), set[etree.Element]()
        if tree.has_raw_tags(self._md.htmlStash.rawHtmlBlocks):
            shielded, shown_as_code = tree.between_raw_tags(root, self._raw)
        for parent, element, slot, text in list(tree.texts(root)) if written else ():
            for source, diagnostic in tree.unread_images(text):
                self._elements.report((diagnostic,), source)
            if STX in text:
                self._fences_amid(text, parent, element, slot, parents, shielded)
        for parent, element in list(tree.visible(root)):
            if element in shown_as_code:
                continue
            if element in self._bare:
                self._image(element, parents)
            elif element.tag == "a" and self._is_ours(element.get("href")):
                self._link(parent, element)

    def complete(self, root: etree.Element) -> None:
        """Write what follows from the final URLs."""
        if self._awake:
            self._elements.complete(root)
            self._completed = True

    def finish(self, text: str) -> str:
        """Let a host that has this text alone end with it; toc asks earlier, for its headings."""
        if self._page_host is None or not self._completed:
            return text
        host, self._page_host = self._page_host, None
        return host.finish(text)

    def _context(self) -> Any:
        """Find what Zensical says of a page to each Markdown instance that it makes."""
        steps = self._md.preprocessors
        if "rendering_context" not in steps:
            return None
        return steps["rendering_context"]

    def _has_fence(self, words: str) -> bool:
        """Tell whether a recorded fence stands somewhere in a text."""
        return any(
            isinstance(block, Recorded) and HTML_PLACEHOLDER % number in words
            for number, block in enumerate(self._md.htmlStash.rawHtmlBlocks)
        )

    def _has_mark(self) -> bool:
        """Tell whether the page's own picture is to stand in a text."""
        blocks = self._md.htmlStash.rawHtmlBlocks
        return any(isinstance(block, str) and block.strip() == MARK for block in blocks)

    def _fence(self, number: str) -> Fence | None:
        """Find the recorded fence behind a placeholder."""
        block = self._raw(number)
        if not isinstance(block, Recorded):
            return None
        doubt = self._doubts.get(number)
        return block.fence if doubt is None else replace(block.fence, doubt=doubt)

    def _raw(self, number: str) -> str:
        """Find the HTML behind a placeholder."""
        blocks = self._md.htmlStash.rawHtmlBlocks
        block = blocks[int(number)] if int(number) < len(blocks) else ""
        return block if isinstance(block, str) else ""

    def _block(self, fence: Fence) -> etree.Element:
        return self._elements.make(fence.read(), fence.body, alone=True, markdown=True)

    def _lone_fence(self, parent: etree.Element, paragraph: etree.Element) -> None:
        found = HTML_PLACEHOLDER_RE.fullmatch((paragraph.text or "").strip())
        if found and self._raw(found[1]).strip() == MARK:
            hero = self._elements.hero()
            if hero is None:
                parent.remove(paragraph)
            else:
                tree.take_place(parent, paragraph, hero)
            return
        fence = self._fence(found[1]) if found else None
        if fence is not None and fence.doubt is None:
            tree.take_place(parent, paragraph, self._block(fence))

    def _last_fences(self, element: etree.Element) -> None:
        """Take the last lines of a tight item, which no code span can reach over."""
        text, fences = element.text or "", list[Fence]()
        while found := _LAST_LINE.search(text):
            fence = self._fence(found[1])
            if fence is None or fence.doubt is not None:
                break
            text, fences = text[: found.start()], [fence, *fences]
        if fences:
            blocks = [self._block(fence) for fence in fences]
            for block in blocks[:-1]:
                block.tail = "\n"
            element.text = f"{text}\n"
            element[:0] = blocks

    def _fences_amid(
        self,
        text: str,
        parent: etree.Element,
        element: etree.Element,
        slot: tree.Slot,
        parents: tree.Parents,
        shielded: set[str],
    ) -> None:
        """Put inline elements amid a text; a near miss stays, and is complained about."""
        home = element if slot == "text" else parent
        before, *others = HTML_PLACEHOLDER_RE.split(text)
        new: list[etree.Element] = []
        for number, after in zip(others[::2], others[1::2], strict=True):
            fence = None if number in shielded else self._fence(number)
            if fence is not None and fence.doubt is None:
                read = tree.misplaced_options(home, after, parents) or fence.read()
                new.append(self._elements.make(read, fence.body, alone=False))
                new[-1].tail = after
                continue
            if fence is not None and fence.doubt is not None:
                self._elements.report((fence.doubt,), fence.body)
            kept = HTML_PLACEHOLDER % number + after
            if new:
                new[-1].tail = f"{new[-1].tail}{kept}"
            else:
                before += kept
        if new:
            setattr(element, slot, before)
            at = 0 if slot == "text" else list(parent).index(element) + 1
            home[at:at] = new

    def _image(self, image: etree.Element, parents: tree.Parents) -> None:
        parent = parents[image]
        after = image.tail or (parent.tail if parent.tag == "a" else "") or ""
        alone = tree.is_only_content(parent, image)
        read = tree.misplaced_options(parent, after, parents) or self._read(image)
        bare = self._bare[image]
        source = self._plain(bare.get("title") or bare["src"])
        new = self._elements.make(read, source, alone=alone)
        if alone and parent.tag == "p":
            tree.take_place(parents[parent], parent, new)
        else:
            new.tail = image.tail
            parent[list(parent).index(image)] = new

    def _read(self, image: etree.Element) -> Directive | Diagnostics:
        """Read an inline image: what Markdown made of it is its alt, its title and attributes."""
        bare = self._bare[image]
        braces = {name: value for name, value in image.items() if (name, value) not in bare.items()}
        classes = braces.pop("class", "")
        if missing := valueless(braces):
            return missing
        options = {name: self._plain(value) for name, value in braces.items()}
        src, alt, title = (self._plain(bare.get(name)) for name in ("src", "alt", "title"))
        file = ""
        if not self._is_ours(src):
            file, title = unquote(src), title[len(SCHEME) :].strip()
            if _NO_PATH.search(src) or _NO_PATH.search(file):
                expected = "the path of a file in the docs folder, relative to the page"
                fix = f"write such a path, or {SCHEME} alone"
                return (Diagnostic(expected, quoted(src), fix),)
        elif src != SCHEME:
            fix = "write the prompt in straight quotes behind the colon"
            return (Diagnostic(tree.INLINE, quoted(f"({src})"), fix),)
        if not title:
            return (Diagnostic(tree.INLINE, "no prompt", "write it in straight quotes"),)
        if any(STX in text for text in (alt, title, *options.values())):
            fix = "leave back-ticks and tags out"
            return (Diagnostic("plain text as alt and prompt", "code or HTML in it", fix),)
        names = tuple(self._plain(classes).split())
        return read_image(alt, title, options, classes=names, file=file)

    def _link(self, parent: etree.Element, link: etree.Element) -> None:
        if tree.lacks_mark(parent, link):
            source = self._plain(link.get("title") or link.get("href"))
            diagnostic = Diagnostic(tree.INLINE, "a link", "put ! before its bracket")
            self._elements.report((diagnostic,), source)

    def _is_ours(self, url: str | None) -> bool:
        """Tell our images from others; a Gemini capsule (`gemini://`) is not ours."""
        if not url or not (url[: len(SCHEME)].lower() == SCHEME or "&" in url or STX in url):
            return False
        plain = self._plain(url).lower()
        return plain.startswith(SCHEME) and not plain.startswith(f"{SCHEME}//")

    def _plain(self, value: str | None) -> str:
        """Read an attribute's value, which Markdown has escaped in two ways."""
        return html.unescape(UnescapeTreeprocessor(self._md).unescape(value or ""))
