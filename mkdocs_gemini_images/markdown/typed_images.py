"""Read inline images before any extension rewrites what stands between their brackets and quotes.

Extensions for math, keys or footnotes replace their syntax wherever they find it, also in a title:
`$x^2$` would become another prompt, and another picture. This step comes right behind code spans,
in which an image is an example. It makes the `<img>` of directives alone, as Python-Markdown would.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable

from markdown import Markdown
from markdown.inlinepatterns import IMAGE_LINK_RE, ImageInlineProcessor
from markdown.util import ETX, STX

PRIORITY = 189.95
"""Behind code spans (190) and before arithmatex (189.9), escapes (180) and links (160)."""

_ESCAPE = "\ue000"
"""Stands for the backslash of an escape while an image is read; the character behind it moves by
`_MOVED`, so that no escaped quote or bracket ends a text."""
_MOVED = 0xE100
_MASKED = re.compile(f"{_ESCAPE}(.)", re.DOTALL)


class TypedImageProcessor(ImageInlineProcessor):
    """Makes the `<img>` of an inline image that `is_directive` accepts, by its URL and title."""

    def __init__(self, md: Markdown, is_directive: Callable[[str, str], bool]) -> None:
        super().__init__(IMAGE_LINK_RE, md)
        self._is_directive = is_directive
        self._escapable = re.compile(rf"\\([{re.escape(''.join(md.ESCAPED_CHARS))}])")
        self._last = self._last_masked = ""
        self._last_bracket = -1

    def handleMatch(  # type: ignore[override]  # as every InlineProcessor does
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        """Return the image at `m` and its place in `data`; None three times for any other text."""
        if _ESCAPE in data:
            return None, None, None
        masked = self._mask(data)
        # Without a bracket behind it, the search for one would go to the end of the text.
        if masked[m.start()] != "!" or self._last_bracket < m.end():
            return None, None, None
        text, end, found = self.getText(masked, m.end())
        if not found:
            return None, None, None
        src, title, end, found = self.getLink(masked, end)
        if not found or not self._is_directive(src, title or ""):
            return None, None, None
        image = etree.Element("img", {"src": _unmasked(src)})
        if title is not None:
            image.set("title", _unmasked(title))
        image.set("alt", self.unescape(_unmasked(text)))
        return image, m.start(), end

    def _mask(self, data: str) -> str:
        """Return a text with its escapes masked; one text is asked about for each of its images."""
        if data is not self._last:
            escapes = self._escapable.sub(lambda e: f"{_ESCAPE}{chr(_MOVED + ord(e[1]))}", data)
            self._last, self._last_masked = data, escapes
            self._last_bracket = escapes.rfind(")")
        return self._last_masked


def _unmasked(text: str) -> str:
    """Return a text with its escapes as Python-Markdown keeps them until it writes HTML."""
    return _MASKED.sub(lambda e: f"{STX}{ord(e[1]) - _MOVED}{ETX}", text)
