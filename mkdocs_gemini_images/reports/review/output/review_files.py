"""Write a review into the files that a command names, each whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.reports.review.output.comment import comment
from mkdocs_gemini_images.reports.review.output.review_page import review_page
from mkdocs_gemini_images.reports.review.site_review import Compared

_TITLE = "Pictures in review"


def write_files(
    compared: Compared, *, markdown: Path | None, html: Path | None, sheet: Path | None
) -> Iterator[Path]:
    """Write the files that are named, and yield the path of each. Raises `OSError`."""
    if markdown is not None:
        text = comment(compared.review, compared.before, compared.after)
        atomic_files.write(markdown, text.encode("utf-8", "replace"))
        yield markdown
    small: dict[str, bytes] = {}
    if html is not None:
        with atomic_files.writing(html) as file:
            for piece in review_page(compared, _TITLE, small):
                file.write(piece.encode())
        yield html
    if sheet is not None:
        from mkdocs_gemini_images.reports.review.output.review_sheet import (
            review_sheet,  # imports Pillow
        )

        atomic_files.write(sheet, review_sheet(compared, small))
        yield sheet
