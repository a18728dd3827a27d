"""Read the HTML that a Markdown instance has stashed behind placeholders in its tree.

In go placeholders' numbers; out come raw HTML, recorded fences, and whether a text has any.
"""

from markdown import Markdown
from markdown.util import HTML_PLACEHOLDER_RE

from mkdocs_gemini_images.directives.page_image import PAGE_IMAGE_MARKER
from mkdocs_gemini_images.markdown import tree
from mkdocs_gemini_images.markdown.recorded_fences import RecordedFence, RecordedHtml
from mkdocs_gemini_images.markdown.unread_pages import may_hold_picture


class HtmlStash:
    """The stashed HTML of one Markdown instance's current conversion."""

    def __init__(self, md: Markdown) -> None:
        self._md = md

    def html(self, number: str) -> str:
        """Return the HTML behind a placeholder's number; "" where there is none."""
        blocks = self._md.htmlStash.rawHtmlBlocks
        block = blocks[int(number)] if int(number) < len(blocks) else ""
        return block if isinstance(block, str) else ""

    def fence(self, number: str) -> RecordedFence | None:
        """Return the recorded fence behind a placeholder's number, or None for other HTML."""
        block = self.html(number)
        return block.fence if isinstance(block, RecordedHtml) else None

    def is_page_image_marker(self, number: str) -> bool:
        """Return whether the marker of the page's own picture is behind a placeholder."""
        return self.html(number).strip() == PAGE_IMAGE_MARKER

    def has_page_image_marker(self) -> bool:
        """Return whether the text has the marker of the page's own picture."""
        blocks = self._md.htmlStash.rawHtmlBlocks
        return any(isinstance(each, str) and each.strip() == PAGE_IMAGE_MARKER for each in blocks)

    def is_idle(self, number: str) -> bool:
        """Return whether there is HTML behind a number that says nothing of pictures or code."""
        block = self.html(number)
        return bool(block) and not (
            isinstance(block, RecordedHtml) or may_hold_picture(block) or tree.has_raw_tags([block])
        )

    def has_fence_in(self, words: str) -> bool:
        """Return whether a text has the placeholder of a recorded fence."""
        return any(self.fence(number) is not None for number in HTML_PLACEHOLDER_RE.findall(words))

    def has_raw_tags(self) -> bool:
        """Return whether there are raw tags, for which `tree.between_raw_tags` is needed."""
        return tree.has_raw_tags(self._md.htmlStash.rawHtmlBlocks)
