"""Read inline images, `![alt](gemini: "prompt"){ options }`, from a Markdown tree.

In go the `<img>` elements that Markdown has made. The prompt is the title, or the title behind
`gemini:` of an ordinary image. Out come directives, or a `DiagnosticError` with all mistakes. The
attributes are kept before `attr_list` runs, since its braces may overwrite them.
"""

import html
import re
import xml.etree.ElementTree as etree
from functools import partial
from urllib.parse import unquote

from markdown import Markdown
from markdown.treeprocessors import UnescapeTreeprocessor
from markdown.util import STX

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, last_of, quoted
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.portable_names import backslash
from mkdocs_gemini_images.directives.readers import read_image
from mkdocs_gemini_images.markdown.recorded_fences import check_options_have_values, with_values

SCHEME = "gemini:"
IMAGE_EXAMPLE = '![alt](gemini: "prompt")'
UNREAD_IMAGE = re.compile(r"\[[^\[\]\n]*\](?:\(|:)[ ]*<?gemini:(?!//)[^\n]*")
"""A `gemini:` image or definition in text that Markdown has not read as one."""

_NO_PATH = re.compile(r"^/|^[A-Za-z][\w+.-]*:|[?#\\]|[\x00-\x1f]")


class InlineImages:
    """The inline images of one conversion, with their attributes before `attr_list` has run."""

    def __init__(self, md: Markdown) -> None:
        self._md = md
        self._attributes: dict[etree.Element, dict[str, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._attributes)

    def __contains__(self, element: etree.Element) -> bool:
        return element in self._attributes

    def remember(self, root: etree.Element) -> None:
        """Keep the attributes of all images that are directives."""
        for image in root.iter("img"):
            if self.is_directive(image.get("src", ""), image.get("title", "")):
                self._attributes[image] = dict(image.attrib)

    def source(self, image: etree.Element) -> str:
        """Return the text by which a message finds the image's line: its title, or its path."""
        attributes = self._attributes[image]
        return self.unescape(attributes.get("title") or attributes["src"])

    def read(self, image: etree.Element) -> Directive:
        """Return the directive of an image, or raise `DiagnosticError` with all mistakes."""
        own = self._attributes[image]
        braces = {name: value for name, value in image.items() if (name, value) not in own.items()}
        classes = braces.pop("class", "")
        options = {name: self.unescape(value) for name, value in with_values(braces).items()}
        src, alt, title = (self.unescape(own.get(name)) for name in ("src", "alt", "title"))
        file = ""
        if not self.has_scheme(src):
            file, title = unquote(src), title[len(SCHEME) :].strip()
            if (wrong := backslash(file, "the named file")) is not None:
                raise DiagnosticError(wrong)
            if _NO_PATH.search(src) or _NO_PATH.search(file):
                expected = "the path of a file in the docs folder, relative to the page"
                raise _refused(expected, quoted(src), f"write such a path, or {SCHEME} alone")
        elif src != SCHEME:
            fix = "write the prompt in straight quotes behind the colon"
            raise _refused(IMAGE_EXAMPLE, quoted(f"({src})"), fix)
        if not title:
            raise _refused(IMAGE_EXAMPLE, "no prompt", "write it in straight quotes")
        if any(STX in text for text in (alt, title, *options.values())):
            fix = "leave back-ticks and tags out"
            raise _refused("plain text as alt and prompt", "code or HTML in it", fix)
        names = tuple(self.unescape(classes).split())
        directive: Directive = last_of(
            partial(check_options_have_values, braces),
            partial(read_image, alt, title, options, classes=names, file=file),
        )
        return directive

    def is_directive(self, src: str, title: str) -> bool:
        """Return whether an image with this URL and title is a directive, or nearly one."""
        return self.has_scheme(src) or self.has_scheme(title)

    def has_scheme(self, url: str | None) -> bool:
        """Return whether a URL or title begins with `gemini:`, but not `gemini://` (a capsule)."""
        if not url or not (url[: len(SCHEME)].lower() == SCHEME or "&" in url or STX in url):
            return False
        plain = self.unescape(url).lower()
        return plain.startswith(SCHEME) and not plain.startswith(f"{SCHEME}//")

    def unescape(self, value: str | None) -> str:
        """Return an attribute's value as typed: Markdown escapes it in two ways."""
        return html.unescape(UnescapeTreeprocessor(self._md).unescape(value or ""))


def _refused(expected: str, got: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(expected, got, fix))
