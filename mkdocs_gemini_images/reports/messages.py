"""Say messages to whoever builds, each with the place that its author finds it by.

In come notices and the texts of pages; out go lines of a log, `page:line: what is wrong`, each said
once. Which level a message has, and what is in it, was decided before. Knows no host.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mkdocs_gemini_images.sources.line_numbers import Lines

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.notices import Notice

Log = logging.LoggerAdapter[Any]


def say_all(
    notices: "Iterable[Notice]",
    place: "Callable[[Notice], str]",
    said: set[tuple[int, str]],
    log: Log,
) -> None:
    """Log messages that have not been `said` yet, each with its place."""
    for notice in notices:
        where = place(notice)
        level = logging.WARNING if notice.level == "warning" else logging.INFO
        text = f"{where}: {notice.text}" if where else notice.text
        if where and (level, text) in said:
            continue  # what stands on no page, such as what may have been billed, counts each time
        said.add((level, text))
        log.log(level, "%s", text)


class Places:
    """Writes where a message belongs: `page:line`, or the page alone.

    `read` gives a page's text; `texts` are those that are known already.
    """

    def __init__(self, read: Callable[[str], str], texts: Mapping[str, str]) -> None:
        self._read = read
        self._pages = {page: Lines(text) for page, text in texts.items()}

    def __call__(self, notice: "Notice") -> str:
        """Write a notice's place, nothing where it has none."""
        page = notice.page
        if not page:
            return ""
        if page not in self._pages:
            self._pages[page] = Lines(self._read(page))
        line = self._pages[page].line_of(notice.source)
        return f"{page}:{line}" if line else page
