"""Pages as they would be written: read once, changed in memory, written all together or not at all.

In comes whatever finds the file of a page; out go whole, durable files with the mode and the
newlines they had. A page that somebody has changed meanwhile is not written over. Knows nothing
of what is in a page.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import Diagnostic


class PageEdits:
    """The sources of some pages, by the pages' names."""

    def __init__(self, source: Callable[[str], Path | None]) -> None:
        self._source = source
        self._files: dict[str, Path] = {}
        self._read: dict[Path, str] = {}
        self._drafts: dict[Path, str] = {}

    def text(self, page: str, fix: str) -> str | Diagnostic:
        """Give a page's text as it stands now; `fix` says what to do where it has no file.

        Raises `OSError`.
        """
        if page not in self._files:
            path = self._source(page)
            if path is None:
                return Diagnostic("a page with a file", f"{page}, which has none", fix)
            path = path.resolve()
            try:
                self._read.setdefault(path, path.read_bytes().decode())
            except UnicodeDecodeError:
                return Diagnostic("a page in UTF-8", f"{page} in another encoding", fix)
            self._files[page] = path
        path = self._files[page]
        return self._drafts.get(path, self._read[path])

    def put(self, page: str, text: str) -> None:
        """Change a page that has been read."""
        path = self._files[page]
        if text == self._read[path]:
            self._drafts.pop(path, None)
        else:
            self._drafts[path] = text

    def withdraw(self, page: str) -> None:
        """Leave a page as it was."""
        self._drafts.pop(self._files[page], None)

    def changed(self) -> dict[str, str]:
        """Give the new texts of the pages that would be changed."""
        found = self._files.items()
        return {page: self._drafts[path] for page, path in found if path in self._drafts}

    def write(self) -> Diagnostic | None:
        """Write all pages that are changed, or none. Raises `OSError`."""
        for path in self._drafts:
            if path.read_bytes() != self._read[path].encode():
                return Diagnostic(f"{path.name} as it was read", "another", "do it once more")
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
        return None


def _write(path: Path, text: str) -> None:
    mode = path.stat().st_mode
    atomic_files.write(path, text.encode())
    path.chmod(mode)
