"""Render every picture of a site on one HTML page for the site's owner.

In: the rows of a survey, the records of the stock, and a thumbnail of each. Out: one document that
contains its style, script and thumbnails; its Content-Security-Policy forbids every request. The
template escapes all text, because prompts come from other people. Without a script the page is a
plain list. Pure.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath, PureWindowsPath
from types import ModuleType
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from mkdocs_gemini_images.rendering.templating.page_environment import page_environment
from mkdocs_gemini_images.reports.survey import Survey, SurveyRow, SurveyState
from mkdocs_gemini_images.store.reachability import family
from mkdocs_gemini_images.store.record import Record

if TYPE_CHECKING:
    from mkdocs_gemini_images.imaging.thumbnails import Thumbnails

CardState = SurveyState | Literal["spare"]
"""A spare picture is another take of one that is shown: no page shows it, and it can be picked."""

CARD_STATES: Mapping[CardState, str] = {
    "broken": "Broken", "new": "Not drawn", "in batch": "In batch", "drifted": "Drifted",
    "in stock": "In stock", "spare": "Spare take", "your own": "Your own", "orphaned": "Orphaned",
}  # fmt: skip
"""The label of each state, in the order in which the page lists them."""


_NOT_DRAWN = ("new", "in batch")


@dataclass(frozen=True, slots=True)
class GalleryCard:
    """One picture on the page, or the place of one that is missing or broken."""

    state: CardState
    prompt: str = ""
    alt: str | None = None
    """None when its author wrote none; empty when the picture is decorative."""
    id: str = ""
    model: str = ""
    size: str = ""
    """The size in the request, such as `2K`."""
    width: int = 0
    height: int = 0
    """Width and height of the original in pixels; 0 when there is none."""
    price: float | None = None
    """USD that it cost, or that drawing it would cost; None when unknown."""
    time: str = ""
    take: int = 1
    family: str = ""
    """Equal on the takes of one request, see `reachability.family`; empty when it is not known."""
    key: str = ""
    """The key of its request, or empty."""
    made_from: str = ""
    """The key of the picture in another language that this one is an edit of, or empty."""
    places: tuple[str, ...] = ()
    """`page:line`, or the page alone."""
    note: str = ""
    """What changed since it was drawn, or another remark."""
    wrong: str = ""
    """Why it cannot be shown."""
    thumbnail: bytes = b""
    """A small WebP."""
    original: str = ""
    """The original's address, from the page, or empty."""
    draft: str = ""
    """The model's description of it, when its alt has a flaw; never used as the alt."""

    @property
    def drawn(self) -> bool:
        """Whether the stock has an original to show."""
        return self.width > 0


def file_address(file: PurePath, page: PurePath, *, path: ModuleType = os.path) -> str:
    """Return where a file is for a page in the folder `page`: a path with slashes, or a URL.

    `path` has the rules of the system. On Windows a file on another drive has an address of its
    own alone.
    """
    try:
        return str(path.relpath(file, page)).replace(path.sep, "/")
    except ValueError:
        return PureWindowsPath(file).as_uri()


def gallery_cards(
    survey: Survey,
    records: Iterable[Record],
    thumbnails: "Thumbnails",
    *,
    original: Callable[[Record], str] = lambda record: "",
) -> list[GalleryCard]:
    """Return a card for each row, and for each take in stock that no row describes.

    `thumbnails` has, by key, a small WebP or what is wrong with the original. `original` returns
    where a picture's file is, as `file_address` does; where that is empty, its card has no link.
    """
    by_key = {record.key: record for record in records}
    cards = []
    for row in _merge_by_key(survey.rows):
        record = None if row.state in ("broken", "your own") else by_key.get(row.key)
        relative = record if row.state not in _NOT_DRAWN else None
        relative = relative or next((by_key[key] for key in row.takes if key in by_key), None)
        card = GalleryCard(
            row.state,
            prompt="" if row.state == "broken" else row.what,
            alt=row.alt,
            id=row.id,
            model=row.model,
            size=row.size,
            price=row.price,
            take=row.take,
            family=family(relative.request) if relative else "",
            key=row.key,
            made_from=row.made_from,
            places=tuple(place for place in row.places if place),
            note=row.note,
            wrong=row.what if row.state == "broken" else "",
            draft=row.draft,
        )
        cards.append(card if record is None else _with_record(card, record, thumbnails, original))
    rows = {row.key for row in survey.rows}
    spare = {key: row for row in survey.rows for key in row.takes if key not in rows}
    for key, row in spare.items():
        if (record := by_key.get(key)) is not None:
            card = GalleryCard(
                "spare", prompt=row.what, size=row.size, family=family(record.request)
            )
            cards.append(_with_record(card, record, thumbnails, original))
    return cards


def render_gallery(
    cards: Sequence[GalleryCard], *, title: str, prompts: bool = True, spent: float | None = None
) -> Iterator[str]:
    """Yield the pieces of the page.

    Without `prompts`, it contains no prompt and no text that may quote one.
    `spent` is what all pictures cost in USD. The sum of the cards, which is used without it, leaves
    out the earlier steps of conversations.
    """
    listed = [card if prompts else _without_prompt(card) for card in cards]
    if spent is None:
        spent = sum(
            card.price or 0.0 for card in listed if card.drawn and card.state not in _NOT_DRAWN
        )
    missing = [card for card in listed if card.state == "new"]
    yield from _ENVIRONMENT.get_template("gallery.html").generate(
        title=title,
        prompts=prompts,
        groups=_groups(listed),
        count=len(listed),
        drawn=sum(card.drawn and card.state not in _NOT_DRAWN for card in listed),
        spent=spent,
        missing=len(missing),
        cost=sum(card.price or 0.0 for card in missing),
        states={
            state: (label, count)
            for state, label in CARD_STATES.items()
            if (count := sum(card.state == state for card in listed))
        },
        models=sorted({card.model for card in listed if card.model}),
    )


def _quoted(address: str) -> str:
    return address if address.startswith("file:") else quote(address)


def _with_record(
    card: GalleryCard,
    record: Record,
    thumbnails: "Thumbnails",
    original: Callable[[Record], str],
) -> GalleryCard:
    """Return a card with the facts of a record and its thumbnail."""
    card = replace(
        card,
        width=record.width,
        height=record.height,
        original=_quoted(original(record)),
    )
    if (
        card.state in _NOT_DRAWN
    ):  # an earlier picture is shown, whose facts are not those of the new one
        card = replace(card, note=card.note or "an earlier picture of this name is shown instead")
    else:
        take = record.request.get("take", 1)
        card = replace(
            card,
            id=card.id or record.id.removeprefix("file:"),
            model=record.model,
            price=record.price,
            time=record.time,
            take=take if isinstance(take, int) else 1,
            note=card.note or record.origin.partition(" ")[0],
        )
    if (diagnostic := thumbnails.failures.get(record.key)) is not None:
        return replace(card, state="broken", wrong=str(diagnostic), original="")
    return replace(card, thumbnail=thumbnails.files.get(record.key, b""))


def _merge_by_key(rows: Iterable[SurveyRow]) -> Iterator[SurveyRow]:
    """Merge the rows of one picture that has several names, and sort the rows."""
    merged: dict[tuple[str, str], SurveyRow] = {}
    for number, row in enumerate(rows):
        identity = (row.state, row.key or str(number))
        if (first := merged.get(identity)) is not None:
            ids = dict.fromkeys(id for id in (first.id, row.id) if id)
            places = tuple(sorted({*first.places, *row.places}))
            row = replace(first, id=", ".join(ids), places=places)
        merged[identity] = row
    return iter(sorted(merged.values(), key=_rank))


def _rank(row: SurveyRow) -> tuple[int, str, int, str]:
    """Return a sort key: state, page, line as a number, note."""
    page, _, line = (row.places or ("",))[0].rpartition(":")
    state = list(CARD_STATES).index(row.state)
    return (state, page, int(line), row.note) if line.isdigit() else (state, line, 0, row.note)


def _groups(cards: Sequence[GalleryCard]) -> list[list[GalleryCard]]:
    """Group the takes of one request, and those made from them for other languages.

    Each group stands at the position of its first card.
    """
    groups: dict[str, list[GalleryCard]] = {}
    own = [card.family or card.key or str(number) for number, card in enumerate(cards)]
    bases = {card.key: name for card, name in zip(cards, own, strict=True) if card.key}
    for card, name in zip(cards, own, strict=True):
        groups.setdefault(bases.get(card.made_from, name), []).append(card)
    return [
        sorted(group, key=lambda card: (card.made_from, card.take)) for group in groups.values()
    ]


def _without_prompt(card: GalleryCard) -> GalleryCard:
    """Return a card without its prompt and without the texts that may repeat it."""
    wrong = card.wrong and "it cannot be shown; the build says why"
    return replace(card, prompt="", wrong=wrong, draft="")


_ENVIRONMENT = page_environment()
_ENVIRONMENT.globals["labels"] = CARD_STATES
