"""Write a review as one HTML page that needs no other file, with a slider between two pictures.

In: a review, and functions that read its pictures. Out: the page, a piece at a time, so that few
pictures are in memory. All text is escaped; the page's policy forbids every request. Without a
script, the two pictures stand beside each other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mkdocs_gemini_images.imaging.picture_stream import StreamJob, small_pictures
from mkdocs_gemini_images.rendering.templating.page_environment import page_environment
from mkdocs_gemini_images.reports.review.changes import CHANGE_STATES, Change
from mkdocs_gemini_images.reports.review.revision_files import Files
from mkdocs_gemini_images.reports.review.sides import Shown
from mkdocs_gemini_images.reports.review.site_review import Compared

MOST_WITH_PICTURES = 400
"""Changes; those after them are listed without pictures."""
MOST_KEPT = 60
"""Changes whose small pictures are kept for the sheet, which shows as many."""
_SIDE, _SIDE_OF_MANY, _MANY = 960, 480, 60


@dataclass(frozen=True, slots=True)
class View:
    """One side of a change, as the page shows it."""

    side: Shown
    small: bytes = b""
    wrong: str = ""
    """Why there is no picture, or empty."""
    url: str = ""
    places: tuple[tuple[str, str], ...] = ()
    """Places with their addresses."""


@dataclass(frozen=True, slots=True)
class Card:
    """A change, as the page shows it."""

    change: Change
    before: View | None
    after: View | None

    @property
    def main(self) -> View | None:
        """The side that says what the picture is."""
        return self.after or self.before


def review_page(
    compared: Compared, title: str, kept: dict[str, bytes] | None = None
) -> Iterator[str]:
    """Yield the pieces of the page; `kept` is given its first pictures, by their digests."""
    changes = compared.review.changes
    yield from _ENVIRONMENT.get_template("review.html").generate(
        title=title,
        review=compared.review,
        cards=_cards(changes, compared, {} if kept is None else kept),
        most=MOST_WITH_PICTURES,
        states=CHANGE_STATES,
    )


def jobs(changes: Iterable[Change], compared: Compared) -> Iterator[StreamJob]:
    """Yield the picture before and the picture after of each change; one for both if it is one."""
    for change in changes:
        old = None if change.is_one_picture else change.old
        for side, read in ((old, compared.read_before), (change.new, compared.read_after)):
            yield None if side is None or side.record is None else (side.record, read)


def _cards(
    changes: tuple[Change, ...], compared: Compared, kept: dict[str, bytes]
) -> Iterator[Card]:
    side = _SIDE if len(changes) <= _MANY else _SIDE_OF_MANY
    made = small_pictures(jobs(changes[:MOST_WITH_PICTURES], compared), max_side=side)
    for number, change in enumerate(changes):
        before, after = next(made, None), next(made, None)
        if number < MOST_KEPT:
            for one, small in ((change.old, before), (change.new, after)):
                if one is not None and one.record is not None and isinstance(small, bytes):
                    kept[one.record.sha256] = small
        yield Card(
            change,
            _view(change.before, before, compared.before),
            _view(change.after, after, compared.after),
        )


def _view(side: Shown | None, small: object, files: Files) -> View | None:
    if side is None:
        return None
    return View(
        side,
        small if isinstance(small, bytes) else b"",
        side.wrong or ("" if small is None or isinstance(small, bytes) else str(small)),
        "" if side.record is None else files.shown(side.record),
        tuple((place, files.page(place)) for place in side.row.places[:5]),
    )


_ENVIRONMENT = page_environment()
