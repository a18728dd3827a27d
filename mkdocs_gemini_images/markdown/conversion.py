"""Convert the directives of one Markdown text: each becomes a picture in the tree.

Python-Markdown decides what a directive is and where it stands: only what reaches the tree is
drawn. In go recorded fences and inline images; out come their elements, and reports of mistakes and
near misses to the host. Everything else in the tree, examples of directives too, stays as it is.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from functools import partial
from typing import Any

from markdown import Markdown
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER, HTML_PLACEHOLDER_RE, STX

from mkdocs_gemini_images.core.diagnostics import Diagnostic, last_of
from mkdocs_gemini_images.markdown import near_misses, tree
from mkdocs_gemini_images.markdown.elements import ElementFactory
from mkdocs_gemini_images.markdown.html_stash import HtmlStash
from mkdocs_gemini_images.markdown.image_resolver import ImageResolver, PageResolver
from mkdocs_gemini_images.markdown.inline_images import IMAGE_EXAMPLE, SCHEME, InlineImages
from mkdocs_gemini_images.markdown.recorded_fences import (
    RecordedFence,
    join_superfences,
    read_recorded,
)
from mkdocs_gemini_images.markdown.steps import new_step
from mkdocs_gemini_images.markdown.tree import ChildEdits, Parents, Siblings, TextPlace
from mkdocs_gemini_images.markdown.typed_images import PRIORITY, TypedImageProcessor

_FENCE_LINE = re.compile(rf"[ ]*{HTML_PLACEHOLDER_RE.pattern}\s*")


class Conversion:
    """The steps of one Markdown instance over the directives of one text, in their order.

    `resolver` is the host of all pages. Without one, `page_resolver` makes a host for each page
    from the rendering context that Zensical gives its Markdown instances.
    """

    def __init__(
        self,
        md: Markdown,
        resolver: ImageResolver | None,
        page_resolver: Callable[[Any], PageResolver] | None = None,
    ) -> None:
        self._md = md
        self._resolver = resolver
        self._make_page_resolver = page_resolver if resolver is None else None
        self._page_resolver: PageResolver | None = None
        self._completed = False
        self._may_have_directives = False  # most texts have none, and all steps but one end there
        self._doubts: dict[str, Diagnostic] = {}  # by a fence's placeholder: it may be an example
        self._images = InlineImages(md)
        self._stash = HtmlStash(md)
        typed = TypedImageProcessor(md, self._images.is_directive)
        md.inlinePatterns.register(typed, "gemini_images_typed", PRIORITY)
        trees = md.treeprocessors
        trees.register(new_step(Treeprocessor, md, self.blocks), "gemini_images_blocks", 21)
        trees.register(new_step(Treeprocessor, md, self.remember), "gemini_images_remember", 8.5)
        trees.register(new_step(Treeprocessor, md, self.inline), "gemini_images_inline", 7.8)
        trees.register(new_step(Treeprocessor, md, self.complete), "gemini_images_complete", -1)
        if self._make_page_resolver is not None:
            finish = new_step(Postprocessor, md, self.finish)
            md.postprocessors.register(finish, "gemini_images_finish", -1)

    def begin(self, *, may_have_directives: bool) -> None:
        """Begin with another text, before its fences are read."""
        self._images = InlineImages(self._md)
        self._may_have_directives = may_have_directives
        self._page_resolver, self._completed = None, False
        if may_have_directives:
            join_superfences(self._md)
            if self._make_page_resolver is not None and (context := self._context()) is not None:
                self._page_resolver = self._make_page_resolver(context)
        self._factory = ElementFactory(self._md, self._page_resolver or self._resolver)

    def blocks(self, root: etree.Element) -> None:
        """Replace the fences that stand alone.

        A treeprocessor at 21: before `inline` (20), so that captions may contain Markdown.
        """
        if not self._may_have_directives:
            return
        words = "".join(root.itertext())
        self._doubts = {}
        if "```" in words or "~~~" in words:
            self._doubts = near_misses.placeholders_in_open_fences(root)
            for place in tree.texts(root):
                for source, diagnostic in near_misses.unread_fences(place.text):
                    self._factory.report((diagnostic,), source)
        if not (self._stash.has_fence_in(words) or self._stash.has_page_image_marker()):
            return
        edits = ChildEdits()
        for parent, element in list(tree.visible(root)):
            if STX not in (element.text or ""):
                continue  # a fence is a placeholder here
            if element.tag == "p":
                self._replace_paragraph(parent, element, edits)
            elif element.tag in tree.FLOW:
                self._replace_last_lines(element)
        edits.apply()

    def remember(self, root: etree.Element) -> None:
        """Keep the attributes of inline images.

        A treeprocessor at 8.5: before attr_list (8), whose braces may overwrite them.
        """
        if self._may_have_directives:
            self._images.remember(root)

    def inline(self, root: etree.Element) -> None:
        """Replace the fences amid text, and inline images.

        A treeprocessor at 7.8: after attr_list (8), which reads the images' options, and before
        other extensions that look at images, such as glightbox (7).
        """
        if not self._may_have_directives:
            return
        words = "".join(root.itertext())
        has_directive_text = SCHEME in words or self._stash.has_fence_in(words)
        has_link = any(self._images.has_scheme(link.get("href")) for link in root.iter("a"))
        if not (has_directive_text or has_link or self._images):
            return
        parents = {child: parent for parent in root.iter() for child in parent}
        hidden_numbers, hidden_elements = set[str](), set[etree.Element]()
        if self._stash.has_raw_tags():
            hidden_numbers, hidden_elements = tree.between_raw_tags(root, self._stash.html)
        edits = ChildEdits()
        for place in list(tree.texts(root)) if has_directive_text else ():
            for source, diagnostic in near_misses.unread_image_texts(place.text):
                self._factory.report((diagnostic,), source)
            if STX in place.text:
                self._replace_amid_text(place, parents, hidden_numbers, edits)
        edits.apply()
        edits, siblings = ChildEdits(), Siblings()
        for parent, element in list(tree.visible(root)):
            if element in hidden_elements:
                continue
            if element in self._images:
                self._replace_image(element, parents, siblings, edits)
            elif element.tag == "a" and self._images.has_scheme(element.get("href")):
                self._report_link(element, parent, siblings.before(parent, element))
        edits.apply()

    def complete(self, root: etree.Element) -> None:
        """Set what follows from the images' final URLs.

        A treeprocessor at -1: after relpath (0), which sets them.
        """
        if self._may_have_directives:
            self._factory.complete(root)
            self._completed = True

    def finish(self, text: str) -> str:
        """Return the text as the host of this page finishes it.

        A postprocessor at -1: after raw_html (30) and other extensions. `toc` runs postprocessors
        earlier, for its headings; those texts stay as they are.
        """
        if self._page_resolver is None or not self._completed:
            return text
        resolver, self._page_resolver = self._page_resolver, None
        return resolver.finish(text)

    def _context(self) -> Any:
        """Return Zensical's rendering context of the page, or None under another host."""
        steps = self._md.preprocessors
        if "rendering_context" not in steps:
            return None
        return steps["rendering_context"]

    def _fence(self, number: str) -> RecordedFence | None:
        """Return the recorded fence behind a placeholder, with the doubt that its place raises."""
        fence, doubt = self._stash.fence(number), self._doubts.get(number)
        return fence if fence is None or doubt is None else fence._replace(doubt=doubt)

    def _block(self, fence: RecordedFence) -> etree.Element:
        read = partial(read_recorded, fence)
        return self._factory.make(read, fence.body, markdown=True)

    def _replace_paragraph(
        self, parent: etree.Element, paragraph: etree.Element, edits: ChildEdits
    ) -> None:
        """Replace a paragraph that is one fence or the marker of the page's own picture."""
        match = HTML_PLACEHOLDER_RE.fullmatch(tree.text_before_backlinks(paragraph))
        if match is None:
            return
        if self._stash.is_page_image_marker(match[1]):
            hero = self._factory.hero()
            if hero is None:
                edits.replace(parent, paragraph, None)
            else:
                edits.take_place(parent, paragraph, hero)
            return
        fence = self._fence(match[1])
        if fence is not None and fence.doubt is None:
            edits.take_place(parent, paragraph, self._block(fence))

    def _replace_last_lines(self, element: etree.Element) -> None:
        """Replace the fences in the last lines of a tight item: no code span reaches over them."""
        lines, fences = (element.text or "").split("\n"), list[RecordedFence]()
        kept = at = len(lines)
        while at:
            at -= 1
            if not lines[at].strip():
                continue
            match = _FENCE_LINE.fullmatch(lines[at])
            fence = None if match is None else self._fence(match[1])
            if fence is None or fence.doubt is not None:
                break
            fences.append(fence)
            kept = at
        if fences:
            blocks = [self._block(fence) for fence in reversed(fences)]
            for block in blocks[:-1]:
                block.tail = "\n"
            element.text = "\n".join([*lines[:kept], ""]) if kept else "\n"
            element[:0] = blocks

    def _replace_amid_text(
        self, place: TextPlace, parents: Parents, hidden_numbers: set[str], edits: ChildEdits
    ) -> None:
        """Replace the fences amid a text by inline elements; a near miss stays, and is reported.

        `hidden_numbers` are the placeholders that the page shows as written.
        """
        before, *others = HTML_PLACEHOLDER_RE.split(place.text)
        new: list[etree.Element] = []
        texts = [[before]]  # before the first new element, and behind each
        for number, after in zip(others[::2], others[1::2], strict=True):
            fence = None if number in hidden_numbers else self._fence(number)
            if fence is not None and fence.doubt is None:
                new.append(self._inline_element(fence, place.container, after, parents))
                texts.append([after])
                continue
            if fence is not None and fence.doubt is not None:
                self._factory.report((fence.doubt,), fence.body)
            texts[-1] += (HTML_PLACEHOLDER % number, after)
        if new:
            setattr(place.element, place.slot, "".join(texts[0]))
            for element, behind in zip(new, texts[1:], strict=True):
                element.tail = "".join(behind)
            edits.insert(place, new)

    def _inline_element(
        self, fence: RecordedFence, container: etree.Element, after: str, parents: Parents
    ) -> etree.Element:
        check = partial(near_misses.check_for_misplaced_options, container, after, parents)
        read = partial(last_of, check, partial(read_recorded, fence))
        return self._factory.make(read, fence.body, beside=tree.TEXT_BESIDE)

    def _replace_image(
        self, image: etree.Element, parents: Parents, siblings: Siblings, edits: ChildEdits
    ) -> None:
        parent = parents[image]
        after = image.tail or (parent.tail if parent.tag == "a" else "") or ""

        check = partial(near_misses.check_for_misplaced_options, parent, after, parents)
        read = partial(last_of, check, partial(self._images.read, image))
        beside = siblings.beside(parent, image)
        new = self._factory.make(read, self._images.source(image), beside=beside)
        if not beside and parent.tag == "p":
            edits.take_place(parents[parent], parent, new)
        else:
            new.tail = image.tail
            edits.replace(parent, image, new)

    def _report_link(
        self, link: etree.Element, parent: etree.Element, before: etree.Element | None
    ) -> None:
        """Report a link to `gemini:` that was meant as an image."""
        if near_misses.lacks_exclamation_mark(parent, before):
            source = self._images.unescape(link.get("title") or link.get("href"))
            diagnostic = Diagnostic(IMAGE_EXAMPLE, "a link", "put ! before its bracket")
            self._factory.report((diagnostic,), source)
