"""Where the files of one revision are: its pages and its pictures, as addresses.

In: `page:line` or a record. Out: addresses, empty where there is no file or no known host. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mkdocs_gemini_images.reports.notice_log import page_and_line
from mkdocs_gemini_images.reports.review.links import Links
from mkdocs_gemini_images.store.record import Record


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a site at one revision."""

    links: Links
    folders: tuple[str, ...]
    """Where in the tree pages are: the docs folder, and that of the configuration."""
    picture: Callable[[Record], str]
    """Returns the path of a picture in the tree."""

    def page(self, place: str) -> str:
        """Return the address of `page:line`."""
        _, page, line = page_and_line(place)
        paths = (f"{folder}/{page}".lstrip("/") for folder in self.folders)
        return next((url for path in paths if (url := self.links.page(path, line))), "")

    def shown(self, record: Record) -> str:
        """Return the address of the page that shows a picture."""
        return self.links.page(self.picture(record))

    def raw(self, record: Record) -> str:
        """Return the address of a picture's bytes."""
        return self.links.raw(self.picture(record))
