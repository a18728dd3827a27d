"""The command `costs`: what is in the stock adds up to what the server billed."""

import json

import pytest

from tests.cli.command import drawn, offline, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import fence


def test_the_stock_adds_up_to_the_bill_without_key_or_network(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = site({"index.md": fence("A fox", edits="now in snow"), "b.md": fence("An owl")})
    billed = sum(entry.price for entry in drawn(made).requests)
    made.pages["b.md"] = "# Empty\n"
    made.write()
    monkeypatch.delenv("GEMINI_API_KEY")
    with offline(monkeypatch), untouched(made.root):
        found = json.loads(run(made, "costs", "--by", "page", "--json").stdout)
        table = run(made, "costs", "--by", "page").stdout
    assert found["total"]["billed"] == pytest.approx(billed)
    assert [(row["name"], row["pictures"]) for row in found["rows"]] == [("index.md", 2)]
    assert found["unshown"]["pictures"] == 1
    assert "shown by no page" in table
    assert max(map(len, table.splitlines())) <= 80


def test_what_cannot_be_counted_is_said(site: MakeSite) -> None:
    made = site(fence("A fox") + fence("An owl"))
    drawn(made)
    sidecar = min(made.stock.glob("*.json"))
    sidecar.write_text(json.dumps(json.loads(sidecar.read_text()) | {"price": -5}))
    done = run(made, "costs")
    assert done.stdout.splitlines()[1].split()[1] == "1"
    assert "1 file in the stock cannot be read, and so not counted" in done.stdout
    assert "Neither are proposed alts" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_day_that_is_none_is_refused(site: MakeSite) -> None:
    made = site(fence("A fox"))
    made.write()
    done = run(made, "costs", "--since", "yesterday")
    assert done.code == 2
    assert "must be a day such as 2026-11-28 (you wrote 'yesterday')" in done.stderr
