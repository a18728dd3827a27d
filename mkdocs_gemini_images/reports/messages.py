"""Log the notices of a build, each with the page and line of the directive it is about.

In: notices, and the text of the pages they belong to. Out: log records of the form
`page:line: what is wrong`, each logged once. Does not depend on a host.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.sources.line_numbers import Lines

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.notices import Notice

Log = logging.Logger | logging.LoggerAdapter[Any]


def say_all(
    notices: "Iterable[Notice]",
    place: "Callable[[Notice], str]",
    said: set[tuple[int, str]],
    log: Log,
) -> "list[Notice]":
    """Log the notices that are not in `said`, add them to it, and return those that are output.

    A quiet build outputs few of them, or none. `place` returns where a notice belongs. One without
    a place is logged every time, because two notices of the same words count separately.
    """
    output = []
    for notice in notices:
        where = place(notice)
        level = logging.WARNING if notice.level == "warning" else logging.INFO
        text = f"{where}: {notice.text}" if where else notice.text
        if log.isEnabledFor(level):
            output.append(notice)
        if where and (level, text) in said:
            continue
        said.add((level, text))
        log.log(level, "%s", text)
    return output


class Places:
    """Finds where notices belong: `page:line`, or the page alone.

    `read` returns the text of a page; `texts` are the texts of pages that are read already.
    """

    def __init__(self, read: Callable[[str], str], texts: Mapping[str, str]) -> None:
        self._read = read
        self._pages = {page: Lines(text) for page, text in texts.items()}

    def __call__(self, notice: "Notice") -> str:
        """Return where a notice belongs; empty when it belongs to no page."""
        page = notice.page
        if not page:
            return ""
        if page not in self._pages:
            self._pages[page] = Lines(self._read(page))
        line = self._pages[page].line_of(notice.source)
        return f"{page}:{line}" if line else page
