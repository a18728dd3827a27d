"""Edit pages in memory and write them all together, or none of them.

In goes a function that returns the file of a page; out come new texts, and files written whole and
durably, with their mode and newlines. A page that has changed since it was read is not written. A
file that a page includes is edited like a page, under its path.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files.write_together import rewrite, write_together
from mkdocs_gemini_images.sources.included_files import included_files


class PageEdits:
    """The texts of some pages, with their changes.

    `source` returns the file of a page, or None for a page without one; `folders` are those in
    which Markdown looks for files that pages include.
    """

    def __init__(self, source: Callable[[str], Path | None], folders: Sequence[Path] = ()) -> None:
        self._source = source
        self._folders = folders
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
                raise DiagnosticError(Diagnostic.sentence(f"{page} has no file", fix))
            path = path.resolve()
            try:
                self._read.setdefault(path, path.read_bytes().decode())
            except UnicodeDecodeError as error:
                said = f"{page} is not in UTF-8"
                raise DiagnosticError(Diagnostic.sentence(said, fix)) from error
            self._files[page] = path
        path = self._files[page]
        return self._drafts.get(path, self._read[path])

    def place(self, page: str, fix: str, has: Callable[[str], bool]) -> str:
        """Return the page, or the path of the only file that it includes, whose text `has`.

        Where neither has, or several files have, the result is the page. Raises as `text` does.
        """
        text = self.text(page, fix)
        if has(self._read[self._files[page]]):
            return page
        folders = [self._files[page].parent, *self._folders]
        found = [(file, each) for file, each in included_files(text, folders) if has(each)]
        if len(found) != 1:
            return page
        ((file, included),) = found
        self._files[str(file)] = file
        self._read.setdefault(file, included)
        return str(file)

    def original(self, page: str) -> str:
        """Return the text of a page that has been read, without its changes."""
        return self._read[self._files[page]]

    def file(self, page: str) -> Path:
        """Return the file of a page that has been read."""
        return self._files[page]

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

    @contextmanager
    def included_on_trial(self) -> Iterator[None]:
        """Write the included files that have changes, and take it back where the block raises.

        A build reads them from the disk, and cannot be given a draft. Raises `DiagnosticError` and
        `OSError`.
        """
        files = [path for name, path in self._files.items() if name == str(path)]
        before = {path: self._read[path] for path in files if path in self._drafts}
        pages = {path: text for path, text in self._drafts.items() if path not in before}
        self._drafts = {path: self._drafts[path] for path in before}
        self.write()
        self._drafts = pages
        try:
            yield
        except BaseException:
            for path, text in before.items():
                rewrite(path, text.encode())
            raise

    def changed(self) -> dict[str, str]:
        """Return the new texts of the pages that have changes."""
        files = self._files.items()
        return {page: self._drafts[path] for page, path in files if path in self._drafts}

    def write(self) -> None:
        """Write all pages that have changes, or none.

        Raises `DiagnosticError` where a file has changed since it was read, and `OSError`.
        """
        drafts = self._drafts.items()
        write_together({path: (self._read[path].encode(), text.encode()) for path, text in drafts})
