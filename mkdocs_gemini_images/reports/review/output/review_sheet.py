"""Write the pictures of a review on one PNG, before and after, numbered in the review's order."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mkdocs_gemini_images.core.diagnostics import counted, single_line
from mkdocs_gemini_images.imaging.picture_stream import small_pictures
from mkdocs_gemini_images.imaging.sheet import SheetCell, draw_sheet, in_letters_of_the_font
from mkdocs_gemini_images.reports.review.changes import Change
from mkdocs_gemini_images.reports.review.output.review_page import MOST_KEPT, jobs
from mkdocs_gemini_images.reports.review.site_review import Compared

MOST_ON_A_SHEET = MOST_KEPT
_SIDE = 320
_BY_NUMBER = "letters without a font on this sheet appear as numbers"
_ABSENT = {"removed": "removed", "broken": "cannot be shown"}


def review_sheet(compared: Compared, made: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Return the PNG. Beyond `MOST_ON_A_SHEET` changes it says how many there are.

    `made` are small pictures that the page has already, by the digests of their originals.
    """
    review = compared.review
    changes = review.changes[:MOST_ON_A_SHEET]
    more = len(review.changes) - len(changes)
    end = [f"and {counted(more, 'more change')}, not on this sheet"] if more else []
    if any(_has_foreign_letters(change) for change in changes):
        end.append(_BY_NUMBER)
    title = ", ".join(f"{number} {state}" for state, number in review.counts.items())
    return draw_sheet(
        _cells(changes, compared, made),
        len(changes),
        title or "No picture has changed",
        "; ".join(end),
    )


def _cells(
    changes: tuple[Change, ...], compared: Compared, made: Mapping[str, bytes]
) -> Iterator[SheetCell]:
    pictures = small_pictures(jobs(changes, compared), max_side=_SIDE, made=made)
    for number, change in enumerate(changes, 1):
        before, after = next(pictures), next(pictures)
        where = _where(change)
        differs = f"  ({', '.join(change.differs)})" if change.differs else ""
        yield SheetCell(
            _picture(before, "the same" if change.is_one_picture else "no picture before"),
            _picture(after, _ABSENT.get(change.state, "not drawn yet")),
            f"{number}.  {change.state}  {where}{differs}",
            single_line(change.main.row.what),
        )


def _where(change: Change) -> str:
    return ", ".join(map(single_line, change.main.row.places[:2])) or change.main.row.id


def _has_foreign_letters(change: Change) -> bool:
    words = f"{_where(change)}{change.main.row.what[:300]}"
    return in_letters_of_the_font(words) != words


def _picture(small: object, absence: str) -> bytes | str:
    return small if isinstance(small, bytes) else "cannot be shown" if small else absence
