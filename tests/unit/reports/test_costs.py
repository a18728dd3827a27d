"""The costs of a stock: each picture once, the sum exact, and a stranger's texts harmless."""

import csv
import io
import json

import pytest

from mkdocs_gemini_images.reports.costs import (
    By,
    cost_lines,
    cost_notes,
    costs_csv,
    costs_json,
    costs_of,
)
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record, step

FOX = record(step("A fox"), png())._replace(price=0.04, time="2026-10-31T23:59:59Z",
    billed={"picture": 0.0336, "text_out": 0.0064}, quoted={"expected": 0.037, "at_most": 0.065},
)  # fmt: skip
OWL = record(step("An owl"), png())._replace(price=0.05, time="2026-11-01T00:00:00Z")
MAP = record(step("A map"), png())._replace(price=None, time="")
STOCK = [FOX, OWL, MAP]
PAGES = {FOX.key: "a.md", OWL.key: "b.md"}


@pytest.mark.parametrize(
    ("by", "names"),
    [("model", ["gemini-nano-banana-2.1"]), ("page", ["a.md", "b.md"]),
     ("month", ["2026-10", "2026-11"])],
)  # fmt: skip
def test_a_row_is_a_model_a_page_or_a_month(by: By, names: list[str]) -> None:
    found = costs_of(STOCK, PAGES, by)
    assert [row.name for row in found.rows] == names
    assert sum(row.billed for row in found.rows) == found.total.billed == 90_000_000


def test_what_no_page_shows_stands_apart() -> None:
    found = costs_of(STOCK, {FOX.key: "a.md"}, "page")
    assert [row.name for row in found.rows] == ["a.md"]
    assert (found.unshown.pictures, found.unshown.billed) == (2, 50_000_000)


@pytest.mark.parametrize(
    ("since", "pictures", "undated"),
    [("", 3, 0), ("2026-10-31", 2, 1), ("2026-11-01", 1, 1), ("2027-01-01", 0, 1)],
)
def test_only_days_since_are_counted(since: str, pictures: int, undated: int) -> None:
    found = costs_of(STOCK, PAGES, "model", since)
    assert (found.total.pictures, found.undated) == (pictures, undated)


def test_the_table_ends_with_the_sum_and_what_it_was_for() -> None:
    found = costs_of(STOCK, PAGES, "page")
    assert cost_lines(found) == [
        ("a.md", "1", "$0.0400", "$0.0370"),
        ("b.md", "1", "$0.0500", "$0.0500"),
        ("shown by no page", "1", "$0.0000", "$0.0000"),
        ("together", "3", "$0.0900", "$0.0870"),
    ]
    assert cost_notes(found) == [
        "drawn from 2026-10-31 to 2026-11-01 (UTC)",
        "pictures drawn: $0.0336",
        "thinking and text: $0.0064",
        "not itemised, from sidecars without items: $0.0500",
        "of unknown price: 1 of 3",
    ]


def test_json_has_the_amounts_in_usd() -> None:
    value = json.loads(costs_json(costs_of(STOCK, PAGES, "page")))
    assert value["total"] == {
        "name": "together", "pictures": 3, "billed": 0.09, "quoted": 0.087,
        "items": {"picture": 0.0336, "text_out": 0.0064}, "unpriced": 1,
    }  # fmt: skip
    assert [row["name"] for row in value["rows"]] == ["a.md", "b.md"]


def test_csv_has_a_column_for_each_item_and_no_sum() -> None:
    rows = list(csv.DictReader(io.StringIO(costs_csv(costs_of(STOCK, PAGES, "page")))))
    assert [row["page"] for row in rows] == ["a.md", "b.md", "shown by no page"]
    assert rows[0]["picture"] == "0.0336"
    assert [row["without_items"] for row in rows] == ["0", "0.05", "0"]


@pytest.mark.parametrize("name", ["=1+1", "+a", "-a", "@a", "a\n=1+1", "\x1b[31m"])
def test_a_strangers_text_is_no_formula_and_no_escape(name: str) -> None:
    stranger: Record = OWL._replace(request={"model": name})
    found = costs_of([stranger], {OWL.key: "a.md"}, "model")
    (cell,) = [row["model"] for row in csv.DictReader(io.StringIO(costs_csv(found)))][:1]
    assert cell[0] not in "=+-@"
    assert "\n" not in cell
    assert "\x1b" not in costs_csv(found) + str(cost_lines(found))
