"""Find images and links to `gemini:` in finished HTML, which no step has turned into pictures.

Raw HTML, notebooks and plugins that write their own `<img>` never reach the Markdown extension. In
goes the HTML of a page; out comes the HTML without the prompts, and the places for messages. Text,
comments, scripts and code that shows tags stay as they are. Pure.
"""

import html
import re
from typing import NamedTuple

from mkdocs_gemini_images.core.diagnostics import Diagnostic, quoted

_MAY_HAVE = re.compile("gemini(?::|&#0*58;|&#x0*3a;|&colon;)")
"""For a text in lower case: a search that ignores case takes ten times as long."""
# These are compiled where a page has such an image.
_SKIPPED_OR_TAG = r"""
    <!-- .*? (?: --> | \Z )
    | <(?P<raw>script|style|textarea|template|title)\b .*? (?: </(?P=raw)\s*> | \Z )
    | < (?P<name>[A-Za-z][\w-]*) (?P<attributes>(?: [^<>"'] | "[^"]*" | '[^']*' )*+ ) >
"""
_ATTRIBUTE = r"""
    \s*+ (?P<name> [^\s=>"'/]++ )
    (?: \s*+ = \s*+ (?: "(?P<double>[^"]*+)" | '(?P<single>[^']*+)' | (?P<bare>[^\s"'>]++) ) )?
"""
_READ = {"src", "href", "title", "data-src", "data-href", "data-title"}
_BOX = (
    '<span class="gemini-image-error"><strong>Picture not drawn</strong> '
    "this place is not Markdown</span>"
)


class UnreadImage(NamedTuple):
    """One tag with an address or a title that begins with `gemini:`."""

    tag: str
    """The tag's name, such as `img`."""
    attribute: str
    """The attribute that begins with `gemini:`."""
    value: str
    """The value of that attribute."""
    title: str = ""
    """The title beside it, if it has one."""

    @property
    def text(self) -> str:
        """The words by which a message finds the line: the title, or the attribute's value."""
        return self.title or self.value

    @property
    def diagnostic(self) -> Diagnostic:
        """What the author is told."""
        shown = {self.attribute: self.value} | ({"title": self.title} if self.title else {})
        attributes = " ".join(f"{name}={quoted(value)}" for name, value in shown.items())
        got = f"<{self.tag} {attributes}> in the finished page"
        fix = "write it where Markdown is read; to show it as an example, put it into code"
        return Diagnostic("a picture that Markdown has read", got, fix)


def without_unread_images(page: str) -> tuple[str, list[UnreadImage]]:
    """Return a page without the prompts of images that are not drawn, and those images.

    An `<img>` without another address becomes an error box; of another tag the attributes go.
    """
    found: list[UnreadImage] = []
    if _MAY_HAVE.search(page.lower()) is None:
        return page, found

    def replace(match: re.Match[str]) -> str:
        if match["name"] is None or _MAY_HAVE.search(match["attributes"].lower()) is None:
            return match[0]
        attributes = [
            (each, html.unescape(each["double"] or each["single"] or each["bare"] or ""))
            for each in re.finditer(_ATTRIBUTE, match["attributes"], re.VERBOSE | re.IGNORECASE)
        ]
        values = {each["name"].lower(): value for each, value in attributes}
        unread = [name for name, value in values.items() if name in _READ and _is_ours(value)]
        if not unread:
            return match[0]
        tag = match["name"].lower()
        found.append(UnreadImage(tag, unread[0], values[unread[0]], values.get("title", "")))
        if tag == "img" and "src" in unread:
            return _BOX
        kept = [each[0] for each, _ in attributes if each["name"].lower() not in {*unread, "title"}]
        return f"<{match['name']}{''.join(kept)}>"

    flags = re.VERBOSE | re.DOTALL | re.IGNORECASE
    return re.sub(_SKIPPED_OR_TAG, replace, page, flags=flags), found


def _is_ours(value: str) -> bool:
    plain = value.strip().lower()
    return plain.startswith("gemini:") and not plain.startswith("gemini://")
