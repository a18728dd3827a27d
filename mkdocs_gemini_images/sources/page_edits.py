"""Edit pages in memory and write them all together, or none of them.

In goes a function that returns the file of a page; out come new texts, and files written whole and
durably, with their mode and newlines. A page that has changed since it was read is not written.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError


class PageEdits:
    """The texts of some pages, with their changes.

    `source` returns the file of a page, or None for a page without one.
    """

    def __init__(self, source: Callable[[str], Path | None]) -> None:
        self._source = source
        self._files: dict[str, Path] = {}
        self._read: dict[Path, str] = {}
        self._drafts: dict[Path, str] = {}

    def text(self, page: str, fix: str) -> str:
        """Return a page's text with its changes.

        Raises `DiagnosticError` with `fix` for a page without a file in UTF-8, and `OSError`.
        """
        if page not in self._files:
            path = self._source(page)
            if path is None:
                got = f"{page}, which has none"
                raise DiagnosticError(Diagnostic("a page with a file", got, fix))
            path = path.resolve()
            try:
                self._read.setdefault(path, path.read_bytes().decode())
            except UnicodeDecodeError as error:
                got = f"{page} in another encoding"
                raise DiagnosticError(Diagnostic("a page in UTF-8", got, fix)) from error
            self._files[page] = path
        path = self._files[page]
        return self._drafts.get(path, self._read[path])

    def put(self, page: str, text: str) -> None:
        """Set the new text of a page that has been read."""
        path = self._files[page]
        if text == self._read[path]:
            self._drafts.pop(path, None)
        else:
            self._drafts[path] = text

    def withdraw(self, page: str) -> None:
        """Discard the changes of a page."""
        self._drafts.pop(self._files[page], None)

    def changed(self) -> dict[str, str]:
        """Return the new texts of the pages that have changes."""
        files = self._files.items()
        return {page: self._drafts[path] for page, path in files if path in self._drafts}

    def write(self) -> None:
        """Write all pages that have changes, or none.

        Raises `DiagnosticError` where a file has changed since it was read, and `OSError`.
        """
        for path in self._drafts:
            if path.read_bytes() != self._read[path].encode():
                expected = f"{path.name} as it was read"
                raise DiagnosticError(Diagnostic(expected, "another", "do it once more"))
        written: list[Path] = []
        try:
            for path, text in self._drafts.items():
                _write(path, text)
                written.append(path)
        except OSError:
            for path in written:
                with suppress(OSError):
                    _write(path, self._read[path])
            raise


def _write(path: Path, text: str) -> None:
    mode = path.stat().st_mode
    atomic_files.write(path, text.encode())
    path.chmod(mode)
