"""`plan --out` and `draw --plan`: what was approved is drawn, all of it or nothing."""

import json
from pathlib import Path

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.cli.command import run, untouched
from tests.integration.conftest import MakeSite, sites_in
from tests.integration.site import Site, fence


@pytest.fixture
def approved(site: MakeSite) -> tuple[Site, Path]:
    """Make a site beyond its limits, and the plan of it."""
    made = site({"index.md": fence("A fox") + fence("An owl")}, max_new=1)
    made.write()
    file = made.root.parent / "plan.json"
    with untouched(made.root):
        assert run(made, "plan", "--out", str(file)).code == 3
    return made, file


def test_what_was_approved_is_drawn_beyond_the_limits(approved: tuple[Site, Path]) -> None:
    made, file = approved
    done = run(made, "draw", "--plan", str(file))
    assert (done.code, done.prompts) == (0, ["A fox", "An owl"])
    billed = sum(entry.price for entry in done.requests)
    assert billed <= json.loads(file.read_text())["cost_at_most"]
    again = run(made, "draw", "--plan", str(file))
    assert (again.code, again.prompts) == (0, []), "all of it is in stock"


def test_what_is_in_a_batch_is_still_as_approved(tmp_path: Path) -> None:
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger, clock=Clock(polls=1))) as url:
        made = sites_in(tmp_path, (url, ledger))(fence("A fox", edits="[In snow]"), max_new=1)
        made.write()
        file = str(tmp_path / "plan.json")
        run(made, "plan", "--out", file)
        codes = [run(made, "draw", "--plan", file, "--batch").code for _ in range(5)]
    assert codes == [0] * 5
    assert (len(made.owned), len(ledger.batches)) == (4, 2)


def test_a_plan_that_is_refused_orders_no_later_round(site: MakeSite, tmp_path: Path) -> None:
    made = site(fence("A fox", edits="[In snow]"), max_new=1)
    made.write()
    file = str(tmp_path / "plan.json")
    run(made, "plan", "--out", file)
    assert run(made, "draw", "--plan", file, "--batch").code == 0
    made.pages["index.md"] += fence("An owl")
    made.write()
    ordered = len(made.ledger.batches)
    done = run(made, "draw", "--plan", file, "--batch")
    assert (done.code, len(made.ledger.batches)) == (3, ordered)
    assert "ordering" not in done.stderr


def test_anything_otherwise_is_refused_before_the_first_request(
    approved: tuple[Site, Path],
) -> None:
    made, file = approved
    made.pages["index.md"] = fence("A fox") + fence("An elk")
    made.options["prices"] = {"gemini-3.1-flash-image": {"512": 0.2}}
    made.write()
    done = run(made, "draw", "--plan", str(file))
    assert (done.code, done.requests) == (3, ())
    for said in (
        "not as approved: 'An elk' is not in the plan",
        "not as approved: 'An owl' is in the plan and would not be drawn",
        "not as approved: 'A fox' costs $0.2",
        "nothing is drawn: gemini-images plan --out writes a new plan to approve",
    ):
        assert said in done.stderr


@pytest.mark.parametrize("more", [["index.md"], ["--yes"], ["--takes", "2"], ["--drifted"]])
def test_a_plan_says_alone_what_is_drawn(approved: tuple[Site, Path], more: list[str]) -> None:
    made, file = approved
    done = run(made, "draw", "--plan", str(file), *more)
    assert (done.code, done.requests) == (1, ())
    assert "--plan says what is drawn" in done.stderr


def test_a_file_that_is_no_plan_ends_with_one_line(approved: tuple[Site, Path]) -> None:
    made, file = approved
    file.write_text("{}")
    done = run(made, "draw", "--plan", str(file))
    assert (done.code, done.requests) == (1, ())
    assert "'plan.json' is no plan" in done.stderr
