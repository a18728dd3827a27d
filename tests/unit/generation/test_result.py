"""What a result keeps of the outcomes of a build's requests."""

from dataclasses import replace

import pytest

from mkdocs_gemini_images.gemini.failure import Failure
from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.requests.request import key
from tests.unit.flat_prices import flat
from tests.unit.pictures import png, record, step

NEED = PlannedRequest(key(step()), step(), "", "", flat(0.04))
RECORD = record(step(), png())


@pytest.mark.parametrize(
    ("spent", "reason"),
    [(0.0, "HTTP 500"), (0.04, "HTTP 500; about $0.04 may have been billed")],
)
def test_a_failure_is_a_reason_with_what_it_may_have_cost(spent: float, reason: str) -> None:
    result = GenerationResult()
    result.add(RequestOutcome(NEED, failure=Failure("HTTP 500"), spent=spent))
    assert result == GenerationResult(reasons={NEED.key: reason}, spent=spent)


@pytest.mark.parametrize(
    ("quoted", "dearer"),
    [({}, False), ({"expected": 0.03, "at_most": 0.05}, False),
     ({"expected": 0.03, "at_most": 0.04}, True)],
)  # fmt: skip
def test_a_picture_that_comes_later_is_held_against_its_own_quote(
    quoted: dict[str, float], dearer: bool
) -> None:
    result = GenerationResult()
    result.compare_bill(RECORD._replace(price=0.05, quoted=quoted))
    assert result.dearer == ([(RECORD.model, 0.05, 0.04)] if dearer else [])


@pytest.mark.parametrize(
    ("billed", "expected", "dearer"),
    [(0.03, 0.04, False), (0.04, 0.04, False), (0.041, 0.04, True),
     (0.06, None, False), (0.06, 0.0, False), (None, 0.04, False)],
)  # fmt: skip
def test_a_picture_that_costs_more_than_at_most_is_noted(
    billed: float | None, expected: float | None, dearer: bool
) -> None:
    result, need = GenerationResult(), replace(NEED, prices=flat(expected))
    drawn = RECORD._replace(price=billed)
    result.add(RequestOutcome(need, drawn, spent=billed or 0.0))
    assert result.records == {NEED.key: drawn}
    assert result.spent == (billed or 0.0)
    assert result.dearer == ([(step().model, billed, expected)] if dearer else [])
