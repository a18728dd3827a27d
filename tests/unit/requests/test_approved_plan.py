"""A plan that a person approves: as a file, and held against what would be sent now."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.requests.approved_plan import (
    ApprovedPlan,
    approvable,
    differences,
    plan_text,
    read_plan,
)
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.requests.request import UriPart, key
from tests.unit.flat_prices import flat
from tests.unit.pictures import step

URL = "https://gateway.example"


def need(prompt: str, usd: float | None = 0.04) -> PlannedRequest:
    request = step(prompt)
    return PlannedRequest(key(request), request, "w", prompt, flat(usd))


FOX, OWL = need("fox"), need("owl")
PLAN = ApprovedPlan(approvable([FOX, OWL], URL), URL, 10, 2.0, "a" * 40)
TEXT = plan_text(PLAN, "2026-11-28T00:00:00Z")


def never(key: str) -> bool:
    return False


def test_a_plan_is_read_as_it_was_written() -> None:
    assert read_plan(TEXT.encode(), "plan.json") == PLAN
    assert json.loads(TEXT)["cost_at_most"] == 0.08


def test_what_is_as_approved_has_no_difference() -> None:
    assert differences(PLAN, [FOX, OWL], never, URL) == []
    assert differences(PLAN, [OWL], FOX.key.__eq__, URL) == [], "the fox is in stock by now"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ([FOX, OWL, need("elk")], "elk is not in the plan"),
        ([FOX], "owl is in the plan and would not be drawn"),
        ([FOX, need("owl", 0.0401)], "owl costs $0.0401 at most, and $0.0400 is approved"),
        ([FOX, need("owl", None)], "the price of owl was $0.0400 and is not known"),
        ([FOX, replace(OWL, request=OWL.request._replace(spelled="1k"))],
         "owl would be requested differently"),
        ([FOX, OWL, *(need(f"elk {at}") for at in range(7))],
         "elk 0, elk 1, elk 2, elk 3, elk 4 and 2 more are not in the plan"),
    ],
)  # fmt: skip
def test_each_difference_is_said(now: list[PlannedRequest], said: str) -> None:
    assert differences(PLAN, now, never, URL) == [said]


def test_a_cheaper_request_is_as_approved() -> None:
    assert differences(PLAN, [FOX, need("owl", 0.01)], never, URL) == []


def test_the_type_of_an_address_is_part_of_a_request_though_not_of_its_key() -> None:
    jpeg, png = (
        replace(FOX, request=FOX.request._replace(parts=(UriPart("https://x/y", f"image/{kind}"),)))
        for kind in ("jpeg", "png")
    )
    plan = replace(PLAN, requests=approvable([jpeg], URL))
    assert differences(plan, [png], never, URL) == ["fox would be requested differently"]


def test_another_server_is_a_difference() -> None:
    assert differences(PLAN, [FOX, OWL], never, "https://other.example") == [
        "the server was 'https://gateway.example' and is 'https://other.example'"
    ]


def changed(**fields: Any) -> bytes:
    return json.dumps(json.loads(TEXT) | fields).encode()


REQUEST = json.loads(TEXT)["requests"][0]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"{}", b"\xff", b"[" * 10**5, b'{"v": 1, "v": 1}', changed(v=2),
        changed(v=True),
        changed(requests=[REQUEST, REQUEST]), changed(requests=[REQUEST | {"cost_at_most": -1}]),
        changed(requests=[REQUEST | {"cost_at_most": float("nan")}]), changed(requests=7),
        changed(requests=[REQUEST | {"key": "../../x"}]), changed(requests=[REQUEST | {"more": 1}]),
        changed(requests=["fox"]), changed(revision="; rm -rf"), changed(revision=None),
        changed(limits=[]), changed(limits={"max_new": "9", "budget": 2}), changed(server=None),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_refused_in_one_line(raw: bytes) -> None:
    with pytest.raises(DiagnosticError, match=r"'plan\.json' is no plan \(.*plan --out"):
        read_plan(raw, "plan.json")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_plan_or_refused(raw: bytes) -> None:
    with pytest.raises(DiagnosticError):
        read_plan(raw, "plan.json")


def test_limits_are_in_the_plan() -> None:
    limits = SpendingLimits()
    assert json.loads(TEXT)["limits"] == {"max_new": limits.max_new, "budget": limits.budget}
