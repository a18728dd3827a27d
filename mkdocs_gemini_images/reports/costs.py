"""What the pictures in stock have cost: their sidecars added up, as rows, JSON and CSV.

Records and the pages that show them go in. Out come rows of a page, a model or a month each, apart
from the pictures that no page shows. A sidecar may be a stranger's: its texts are printed on one
line. Pure.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mkdocs_gemini_images.core.diagnostics import single_line
from mkdocs_gemini_images.models.pricing.amounts import (
    BILLED_ITEMS,
    ITEM_NAMES,
    Item,
    Nanos,
    dollars,
    nanos,
    summed,
)
from mkdocs_gemini_images.store.record import Record

By = Literal["model", "page", "month"]
BY: tuple[By, ...] = ("model", "page", "month")
UNSHOWN = "shown by no page"
_MONTH = re.compile(r"\d{4}-\d\d")


@dataclass(frozen=True, slots=True)
class CostRow:
    """The pictures of one page, model or month, and their cost in nano-dollars."""

    name: str
    pictures: int = 0
    billed: Nanos = 0
    quoted: Nanos = 0
    """What was expected; a picture without a quote counts with what it cost."""
    items: Mapping[Item, Nanos] = field(default_factory=dict)
    """As billed, for the pictures whose sidecar has items."""
    unpriced: int = 0
    """Pictures whose cost is not known."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of a stock: a row for each group, and what no page shows apart."""

    by: By
    since: str
    """The first day that is counted, or empty."""
    rows: tuple[CostRow, ...]
    unshown: CostRow
    total: CostRow
    first: str = ""
    """The first day on which one of them was drawn, or empty."""
    last: str = ""
    undated: int = 0
    """Pictures without a date, which are left out where only some days are counted."""


def costs_of(records: Iterable[Record], pages: Mapping[str, str], by: By, since: str = "") -> Costs:
    """Return the costs of `records`, from the day `since` on.

    `pages` gives by key the page with which a picture is counted: the first that shows it, or that
    shows what is made from it.
    """
    listed = list(records)
    dated = [each for each in listed if _MONTH.match(each.time)]
    counted = [each for each in dated if each.time[:10] >= since] if since else listed
    groups: Mapping[By, Callable[[Record], str]] = {
        "model": lambda record: record.model or "not drawn by a model",
        "page": lambda record: pages[record.key],
        "month": _month,
    }
    shown: dict[str, list[Record]] = {}
    for record in counted:
        if record.key in pages:
            shown.setdefault(groups[by](record), []).append(record)
    return Costs(
        by,
        since,
        tuple(_row(name, shown[name]) for name in sorted(shown)),
        _row(UNSHOWN, [each for each in counted if each.key not in pages]),
        _row("together", counted),
        *_days(counted),
        len(listed) - len(dated) if since else 0,
    )


def _days(records: list[Record]) -> tuple[str, str]:
    """Return the first and the last day of records; empty texts where none has a date."""
    days = [single_line(each.time[:10]) for each in records if _MONTH.match(each.time)]
    return min(days, default=""), max(days, default="")


def _month(record: Record) -> str:
    found = _MONTH.match(record.time)
    return found[0] if found else "without a date"


def _row(name: str, records: list[Record]) -> CostRow:
    billed = [nanos(each.price or 0.0) for each in records]
    quoted = [nanos(each.quoted.get("expected", each.price or 0.0)) for each in records]
    items = summed(
        {item: nanos(usd) for item in BILLED_ITEMS if (usd := each.billed.get(item))}
        for each in records
    )
    return CostRow(
        single_line(name),
        len(records),
        sum(billed),
        sum(quoted),
        items,
        sum(each.price is None for each in records),
    )


def costs_json(costs: Costs) -> str:
    """Return costs as JSON, for scripts: amounts are USD."""
    value = {
        "v": 1,
        "by": costs.by,
        "since": costs.since,
        "rows": [_json(row) for row in costs.rows],
        "unshown": _json(costs.unshown),
        "total": _json(costs.total),
        "first": costs.first,
        "last": costs.last,
        "undated": costs.undated,
    }
    # A CI runner that shows the output would take `##[error]` in a text as a command.
    return json.dumps(value, indent=1).replace("##", r"\u0023\u0023")


def _json(row: CostRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "pictures": row.pictures,
        "billed": dollars(row.billed),
        "quoted": dollars(row.quoted),
        "items": {item: dollars(amount) for item, amount in row.items.items()},
        "unpriced": row.unpriced,
    }


def costs_csv(costs: Costs) -> str:
    """Return costs as CSV, for a spreadsheet: amounts are USD, and the sum is left to it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([costs.by, "pictures", "billed", "quoted", *BILLED_ITEMS, "without_items"])
    for row in (*costs.rows, *([costs.unshown] if costs.unshown.pictures else [])):
        items = [row.items.get(item, 0) for item in BILLED_ITEMS]
        amounts = [row.billed, row.quoted, *items, row.billed - sum(items)]
        writer.writerow([_cell(row.name), row.pictures, *map(_usd, amounts)])
    return file.getvalue()


def _usd(amount: Nanos) -> str:
    return f"{dollars(amount):.9f}".rstrip("0").rstrip(".")


def _cell(text: str) -> str:
    """Return text that a spreadsheet takes for text, also where it begins like a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


CostLine = tuple[str, str, str, str]
"""Name, number of pictures, USD billed and USD quoted, as text."""


def cost_lines(costs: Costs) -> list[CostLine]:
    """Return the cells of each row for a table on a terminal, those of the sum last."""
    rows = [*costs.rows, *([costs.unshown] if costs.unshown.pictures else []), costs.total]
    return [
        (row.name, str(row.pictures), f"${dollars(row.billed):.4f}", f"${dollars(row.quoted):.4f}")
        for row in rows
    ]


def cost_notes(costs: Costs) -> list[str]:
    """Return the lines below the table: what the money was billed for, and what is not in it."""
    total = costs.total
    notes = [f"drawn from {costs.first} to {costs.last} (UTC)"] if costs.first else []
    notes += [
        f"{ITEM_NAMES[item]}: ${dollars(total.items[item]):.4f}"
        for item in BILLED_ITEMS
        if total.items.get(item)
    ]
    rest = total.billed - sum(total.items.values())
    if rest > 0 and total.items:
        notes.append(f"not itemised, from sidecars without items: ${dollars(rest):.4f}")
    if total.unpriced:
        notes.append(f"of unknown price: {total.unpriced} of {total.pictures}")
    if costs.undated:
        notes.append(f"left out, because they have no date: {costs.undated}")
    return notes
