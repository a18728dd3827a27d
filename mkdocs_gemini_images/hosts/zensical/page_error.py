"""The error that ends Zensical's build of a page, and how a terminal shows it.

Zensical wraps an error of a page in a `RuntimeError` whose text has the error's traceback, and
lets Python print that with a traceback of its own. A `PageError` is a sentence for the author, with
page and line: of such an ending, only the sentence is printed.
"""

import re
import sys
from types import TracebackType

from mkdocs_gemini_images.core.diagnostics import single_line

_WRAPPED = re.compile(
    r"\APython error: (?:\w+\.)*PageError: (?P<lines>.*?)(?=\nTraceback \(most recent call|\Z)",
    re.DOTALL,
)


class PageError(Exception):
    """Raised for a page that must not be published, with one line for each of its errors."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(map(single_line, lines)))
        _show_alone()


def _show_alone() -> None:
    """Let Python end with the lines of a `PageError`, and with any other error as before."""
    former = sys.excepthook
    if getattr(former, "shows_page_errors", False):
        return

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        wrapped = _WRAPPED.match(str(error)) if isinstance(error, RuntimeError) else None
        if wrapped is None:
            former(kind, error, trace)
        else:
            print(wrapped["lines"].rstrip(), file=sys.stderr)

    show.shows_page_errors = True  # type: ignore[attr-defined]
    sys.excepthook = show
