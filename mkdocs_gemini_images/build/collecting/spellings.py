"""Find named files that are two on one system and one on another.

Windows and macOS do not tell `Fox.webp` from `fox.webp`, nor a letter with its accent from the two
written one after the other. There both pictures would be paid for and the second would replace the
first, so names are compared without these differences on every system.
"""

import unicodedata
from typing import NamedTuple

from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted


class _First(NamedTuple):
    file: str
    use: Use


class Spellings:
    """The named files of a site, as each was spelled first."""

    def __init__(self) -> None:
        self._first: dict[str, _First] = {}
        self.wrong: dict[str, Diagnostic] = {}
        """What is wrong with a file that a later directive spells otherwise, by its spelling."""
        self._untold: list[_First] = []

    def note(self, file: str, use: Use) -> None:
        """Note how a directive spells its file.

        Raises `DiagnosticError` where an earlier one has spelled the same file otherwise.
        """
        first = self._first.setdefault(one_file(file), _First(file, use))
        if first.file != file:
            if first.file not in self.wrong:
                self.wrong[first.file] = _two_spellings(first.file, file, use.page)
                self._untold.append(first)
            raise DiagnosticError(_two_spellings(file, first.file, first.use.page))

    def untold(self) -> list[tuple[str, Use]]:
        """Return each file that has got a second spelling since the last call, and its use."""
        found = list(self._untold)
        self._untold.clear()
        return [(each.file, each.use) for each in found]


def one_file(path: str) -> str:
    """Return what all spellings of a file's path have in common."""
    composed = unicodedata.normalize("NFC", path)
    return unicodedata.normalize("NFC", composed.casefold())


def _two_spellings(file: str, other: str, page: str) -> Diagnostic:
    said = f"{quoted(file)} and {quoted(other)} in {page} are one file on Windows and macOS"
    if unicodedata.normalize("NFC", file) == unicodedata.normalize("NFC", other):
        said += ", though one has its accents as characters of their own"
    return Diagnostic.sentence(said, "write one spelling, or give each a name of its own")
