"""One side of a review: what pages show, each with its picture in stock.

In: the rows of a survey, and a stock. Out: `Shown` values. Only the facts of a record that a
review tells are kept in memory.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.models.pricing.amounts import about
from mkdocs_gemini_images.rendering.templating.page_environment import usd
from mkdocs_gemini_images.reports.notice_log import page_and_line
from mkdocs_gemini_images.reports.survey import SurveyRow
from mkdocs_gemini_images.store.reachability import take_number
from mkdocs_gemini_images.store.record import Record

FindRecord = Callable[[str], Record | None]
"""Returns the record of a key, or None. Raises `DiagnosticError` for one that is damaged."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What pages show for one directive, at one of the two revisions."""

    row: SurveyRow
    record: Record | None = None
    wrong: str = ""
    """Why its picture cannot be shown, although there is one."""
    from_stock: bool = False
    """Whether the stock alone is known: the author's words and the page are not."""

    @property
    def digest(self) -> str:
        """The digest of the picture's bytes; empty without one."""
        return "" if self.record is None else self.record.sha256

    @property
    def name(self) -> str:
        """Its id, or its named file; empty when it has neither."""
        return self.row.id or (self.record.id if self.record is not None else "")

    @property
    def is_asked_for(self) -> bool:
        """Whether a build would draw it: what is shown until then is an earlier picture."""
        return self.row.state in ("new", "in batch")

    @property
    def is_drawn(self) -> bool:
        """Whether it shows the picture that is asked for."""
        return self.record is not None and not self.is_asked_for

    @property
    def price(self) -> float | None:
        """USD that it cost, or would cost."""
        if self.row.state == "broken":
            return None
        return self.record.price if self.record is not None and self.is_drawn else self.row.price

    @property
    def price_text(self) -> str:
        """What it has cost, or what drawing it is expected to cost and costs at most."""
        if self.row.state == "broken":
            return ""
        if self.price is None or self.is_drawn:
            return usd(self.price)
        return about(self.price, self.row.cost_at_most or 0.0)

    @property
    def model(self) -> str:
        """The model that drew it, or would draw it."""
        return self.record.model if self.record is not None and self.is_drawn else self.row.model

    @property
    def size(self) -> str:
        """Width and height of its picture; the size that is asked for without one."""
        if self.record is not None and self.is_drawn:
            return f"{self.record.width} × {self.record.height}"
        return self.row.size


def shown_rows(rows: Iterable[SurveyRow], find: FindRecord) -> Iterator[Shown]:
    """Yield what pages show; pictures that no page shows are left out."""
    found = cache(lambda key: _found(find, key))
    for row in rows:
        if row.state == "orphaned":
            continue
        row = replace(row, places=tuple(sorted(row.places, key=page_and_line)))
        if row.state == "your own" or not row.key:
            yield Shown(row)
        else:
            record, wrong = found(row.key)
            yield Shown(row, record, wrong)


def from_stock(records: Iterable[Record]) -> Iterator[Shown]:
    """Yield the pictures of a stock, where what pages showed is not known."""
    for record in records:
        row = SurveyRow(
            "in stock", str(record.request.get("text", "")), (),
            record.id if not record.id.startswith("file:") else "", record.key, record.model,
            alt=record.alt or None, take=take_number(record.request),
        )  # fmt: skip
        yield Shown(row, lean(record), from_stock=True)


def lean(record: Record) -> Record:
    """Return a record without what a review does not tell and that may be long."""
    request = {
        name: record.request[name] for name in ("model", "take", "config") if name in record.request
    }
    return record._replace(turn=(), text="", grounding={}, backdrop="", tokens={}, sent=(),
                   request=request)  # fmt: skip


def _found(find: FindRecord, key: str) -> tuple[Record | None, str]:
    try:
        record = find(key)
    except DiagnosticError as error:
        return None, str(error)
    return (None if record is None else lean(record)), ""
