"""Log the notices of a build, each with the page and line of what it is about.

In: notices, and the text of the files they belong to. Out: log records of the form
`page:line: what is wrong`, each logged once, in the order of pages and lines. Does not depend on a
host.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.sources.line_numbers import SourceLines

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.messages.notices import Notice

Log = logging.Logger | logging.LoggerAdapter[Any]

_SAID_BEFORE = "as above"


def say_all(
    notices: "Iterable[Notice]",
    place: "Callable[[Notice], str]",
    said: set[tuple[int, str]],
    log: Log,
) -> "list[Notice]":
    """Log the notices that are not in `said`, add them to it, and return those that are output.

    A quiet build outputs few of them, or none. `place` returns where a notice belongs. One without
    a page is logged every time, because two notices of the same words, such as those of two unknown
    bills, count separately.
    """
    output = []
    for notice, text in located(notices, place):
        level = logging.WARNING if notice.level == "warning" else logging.INFO
        if log.isEnabledFor(level):
            output.append(notice)
        if notice.page and (level, text) in said:
            continue
        said.add((level, text))
        log.log(level, "%s", text)
    return output


def located(
    notices: "Iterable[Notice]", place: "Callable[[Notice], str]"
) -> "Iterator[tuple[Notice, str]]":
    """Yield notices and their texts, each behind its place, in the order of pages and lines.

    A notice without a place comes last. A reason that several share is written in the first.
    """
    reasons = set[str]()
    placed = [(place(each), each) for each in _numbered(notices)]
    for where, notice in sorted(placed, key=lambda each: page_and_line(each[0])):
        text = notice.text
        if notice.reason and notice.reason in reasons:
            text = f"{text.removesuffix(notice.reason)}{_SAID_BEFORE}"
        reasons.add(notice.reason)
        if notice.other[0]:
            page, source = notice.other
            text += f", at {place(notice._replace(page=page, source=source, at='', nth=0))}"
        yield notice, f"{where}: {text}" if where else text


def _numbered(notices: "Iterable[Notice]") -> "Iterable[Notice]":
    """Number equal notices of a page: each is about another directive of the same text."""
    counts = Counter["Notice"]()
    for notice in notices:
        yield notice._replace(nth=counts[notice])
        counts[notice] += 1


def page_and_line(place: str) -> tuple[bool, str, int]:
    """Return `page:line` as what it is sorted by, so that line 6 comes before line 17."""
    match = re.fullmatch(r"(.+?):(\d+)", place)
    page, line = (place, 0) if match is None else (match[1], int(match[2]))
    return not page, page, line


class Places:
    """Finds where notices belong: `page:line`, or the page alone.

    `read` returns the text of a page; `texts` are the texts of files that are read already, such
    as the configuration. `known` has the lines of pages that earlier builds have read, and gets
    those of further ones.
    """

    def __init__(
        self,
        read: Callable[[str], str],
        texts: Mapping[str, str],
        known: dict[str, SourceLines] | None = None,
    ) -> None:
        self._read = read
        self._files = {name: SourceLines(text) for name, text in texts.items()}
        self._known = {} if known is None else known
        self._pages: dict[str, SourceLines] = {}

    def __call__(self, notice: "Notice") -> str:
        """Return where a notice belongs; empty when it belongs to no page."""
        page = notice.page
        if not page or re.search(r":\d+$", page):
            return page
        if page in self._files:
            keys = f"{notice.source}\n{notice.at}".split("\n")
            line = self._files[page].line_of_keys(*filter(None, keys))
        else:
            line = self._lines_of(page).line_of(notice.source, notice.at, nth=notice.nth)
        return f"{page}:{line}" if line else page

    def _lines_of(self, page: str) -> SourceLines:
        """Return the lines of a page, read once, and split once for all builds with this text."""
        if (lines := self._pages.get(page)) is None:
            text, lines = self._read(page), self._known.get(page)
            if lines is None or lines.page != text:
                lines = self._known[page] = SourceLines(text)
            self._pages[page] = lines
        return lines
