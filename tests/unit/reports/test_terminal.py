"""What is printed about a plan and its progress, without a terminal."""

import logging

import pytest

from mkdocs_gemini_images.gemini.failure import Failure
from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.reports.terminal import ProgressDisplay, show_table
from mkdocs_gemini_images.requests.planning import Plan, PlannedRequest
from tests.unit.flat_prices import flat
from tests.unit.pictures import png, record, step

LOG = logging.getLogger("mkdocs_gemini_images.tests.terminal")


def plan_of(*prices: float | None) -> Plan:
    requests = (
        PlannedRequest(str(at), step("A fox"), "", "", flat(each)) for at, each in enumerate(prices)
    )
    return Plan(tuple(requests))


@pytest.mark.parametrize(
    ("prices", "text"),
    [
        ((0.04, 0.09), "about $0.13"),
        ((0.04, None), "about $0.04, and 1 of unknown price"),
        ((None, None), "at a price that is not known"),
    ],
)
def test_the_price_of_a_plan_names_unknown_prices(
    prices: tuple[float | None, ...], text: str
) -> None:
    assert plan_of(*prices).price_text == text


@pytest.mark.parametrize(
    ("free", "first"),
    [
        (False, "drawing 2 pictures with gemini-nano-banana-2.1, about $0.13"),
        (True, "drawing 2 pictures with the emulator"),
    ],
)
def test_without_a_terminal_each_outcome_is_a_line_of_the_log(
    caplog: pytest.LogCaptureFixture, free: bool, first: str
) -> None:
    caplog.set_level(logging.INFO, LOG.name)
    plan, display = plan_of(0.04, 0.09), ProgressDisplay(LOG, free=free)
    display.begin(plan)
    drawn = record(step("A fox"), png())
    display.advance(RequestOutcome(plan.needs[0], drawn), 0.04)
    display.advance(RequestOutcome(plan.needs[1], failure=Failure("refused")), 0.04)
    display.end()
    assert [each.getMessage() for each in caplog.records] == [
        first, "1 of 2: 'A fox' drawn", "2 of 2: 'A fox' not drawn",
    ]  # fmt: skip


def test_a_table_without_lines_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_table([])
    assert capsys.readouterr().out == ""


def test_a_table_prints_a_header_and_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show_table([("new", "a.md:3\nb.md", "A [red] fox", "model 1K", "$0.050")])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["where", "picture", "model", "price"],
        ["new", "a.md:3", "A", "[red]", "fox", "model", "1K", "$0.050"],
        ["b.md"],
    ]
