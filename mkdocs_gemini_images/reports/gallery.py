"""Every picture of a site on one page that stands alone: a contact sheet for whoever owns it.

In come a survey's rows, the stock's records and a thumbnail of each; out comes one HTML document
with its style, its script and its pictures inside, which asks no server for anything and says so in
a policy of its own. It reads as a plain list where no script runs. Everything is escaped, since
prompts are other people's text; without `prompts`, no word of one is on it. Pure.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

import jinja2

from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.reports.survey import Row, State, Survey
from mkdocs_gemini_images.store.record import Record

if TYPE_CHECKING:
    from mkdocs_gemini_images.imaging.publisher import Thumbnails

CardState = State | Literal["spare"]
"""A spare picture is another take of one that is shown: nobody shows it, and it may be picked."""

STATES: Mapping[CardState, str] = {
    "broken": "Broken", "new": "Not drawn", "drifted": "Drifted", "in stock": "In stock",
    "spare": "Spare take", "your own": "Your own", "orphaned": "Orphaned",
}  # fmt: skip
"""What a state is called, in the order in which they are listed."""


@dataclass(frozen=True, slots=True)
class Card:
    """One picture as the page shows it, or one that should be there."""

    state: CardState
    prompt: str = ""
    alt: str | None = None
    """None when nobody wrote one; empty when the picture is decorative."""
    id: str = ""
    model: str = ""
    size: str = ""
    """As it was asked for, such as `2K`."""
    width: int = 0
    height: int = 0
    """The original's, in pixels; 0 when there is none."""
    price: float | None = None
    """USD it cost, or would cost where it is not drawn; None when unknown."""
    time: str = ""
    take: int = 1
    series: str = ""
    """What takes of one request have in common; empty where there can be no other."""
    places: tuple[str, ...] = ()
    """`page:line`, or the page alone."""
    note: str = ""
    """What changed, or what else there is to know."""
    wrong: str = ""
    """Why it cannot be shown."""
    thumbnail: bytes = b""
    """A small WebP."""
    original: str = ""
    """The original's address, from the page, or empty."""
    draft: str = ""
    """The model's words about it, where its alt wants mending; never taken for the alt."""

    @property
    def drawn(self) -> bool:
        """Whether it is in stock."""
        return self.width > 0


def cards(
    survey: Survey,
    records: Iterable[Record],
    thumbnails: "Thumbnails",
    *,
    folder: str = "",
) -> list[Card]:
    """Make a card of each row, and of each take in stock that no row is about.

    `folder` is the stock's, as the page reaches it; without it no card leads to its original.
    """
    known = {record.key: record for record in records}
    found = []
    for row in _once(survey.rows):
        record = None if row.state in ("broken", "your own") else known.get(row.key)
        kin = record if row.state != "new" else None
        kin = kin or next((known[key] for key in row.takes if key in known), None)
        card = Card(
            row.state,
            prompt="" if row.state == "broken" else row.what,
            alt=row.alt,
            id=row.id,
            model=row.model,
            size=row.size,
            price=row.price,
            take=row.take,
            series=_series(kin.request) if kin else "",
            places=tuple(place for place in row.places if place),
            note=row.note,
            wrong=row.what if row.state == "broken" else "",
            draft=row.draft,
        )
        found.append(card if record is None else _of_record(card, record, thumbnails, folder))
    rows = {row.key for row in survey.rows}
    spare = {key: row for row in survey.rows for key in row.takes if key not in rows}
    for key, row in spare.items():
        if (record := known.get(key)) is not None:
            card = Card("spare", prompt=row.what, size=row.size, series=_series(record.request))
            found.append(_of_record(card, record, thumbnails, folder))
    return found


def render(
    cards: Sequence[Card], *, title: str, prompts: bool = True, spent: float | None = None
) -> str:
    """Write the page. `spent` is what all pictures cost, where that is not the sum of the cards'.

    A picture's price leaves out what earlier steps of its conversation cost.
    """
    listed = [card if prompts else _without_words(card) for card in cards]
    if spent is None:
        spent = sum(card.price or 0.0 for card in listed if card.drawn and card.state != "new")
    lacking = [card for card in listed if card.state == "new"]
    return _ENVIRONMENT.get_template("gallery.html").render(
        title=title,
        prompts=prompts,
        groups=_groups(listed),
        count=len(listed),
        drawn=sum(card.drawn and card.state != "new" for card in listed),
        spent=spent,
        lacking=len(lacking),
        cost=sum(card.price or 0.0 for card in lacking),
        states={
            state: (name, count)
            for state, name in STATES.items()
            if (count := sum(card.state == state for card in listed))
        },
        models=sorted({card.model for card in listed if card.model}),
    )


def _of_record(card: Card, record: Record, thumbnails: "Thumbnails", folder: str) -> Card:
    """Put what a record knows, and its thumbnail, on a card."""
    card = replace(
        card,
        width=record.width,
        height=record.height,
        original=f"{quote(folder)}/{record.file_name}" if folder else "",
    )
    if card.state == "new":  # what is shown in its place says nothing about the one to come
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


def _once(rows: Iterable[Row]) -> Iterator[Row]:
    """Make one row of those about one picture under several names."""
    merged: dict[tuple[str, str], Row] = {}
    for number, row in enumerate(rows):
        name = (row.state, row.key or str(number))
        if (first := merged.get(name)) is not None:
            ids = dict.fromkeys(id for id in (first.id, row.id) if id)
            places = tuple(sorted({*first.places, *row.places}))
            row = replace(first, id=", ".join(ids), places=places)
        merged[name] = row
    return iter(sorted(merged.values(), key=_order))


def _order(row: Row) -> tuple[int, str, int, str]:
    """Put first what wants attention, then go down the pages: line 8 before line 40."""
    page, _, line = (row.places or ("",))[0].rpartition(":")
    state = list(STATES).index(row.state)
    return (state, page, int(line), row.note) if line.isdigit() else (state, line, 0, row.note)


def _series(request: Mapping[str, Any]) -> str:
    return digest({name: value for name, value in request.items() if name != "take"})


def _groups(cards: Sequence[Card]) -> list[list[Card]]:
    """Put takes of one request together, where the first of them stands."""
    groups: dict[str, list[Card]] = {}
    for number, card in enumerate(cards):
        groups.setdefault(card.series or str(number), []).append(card)
    return [sorted(group, key=lambda card: card.take) for group in groups.values()]


def _without_words(card: Card) -> Card:
    """Take an author's prompt off a card; a complaint may quote it, and the model may repeat it."""
    wrong = card.wrong and "it cannot be shown; the build says why"
    return replace(card, prompt="", wrong=wrong, draft="")


def _usd(price: float | None) -> str:
    """Write a price with as many digits as small ones need."""
    if price is None:
        return "unknown"
    return f"${price:.2f}" if price >= 1 or round(price, 2) == round(price, 4) else f"${price:.3f}"


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("mkdocs_gemini_images"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "usd": _usd,
    "base64": lambda data: base64.b64encode(data).decode(),
    "digest": lambda text: base64.b64encode(sha256(text.encode()).digest()).decode(),
}
_ENVIRONMENT.globals["called"] = STATES
