"""Which requests go out first, in which jobs, and what is given up."""

from mkdocs_gemini_images.generation.batch.rounds import (
    JobLimits,
    WaitingRequest,
    first_round,
    split,
    still_waiting,
    waiting,
)
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.requests.request import ImageRequest
from tests.unit.flat_prices import flat

AT = "2026-11-28T14:02:00Z"


def need(key: str, *after: str) -> PlannedRequest:
    request = ImageRequest("gemini-3-pro-image", f"Picture {key}", "16:9", "1K")
    return PlannedRequest(key, request, "", "", flat(0.1), after)


def keys(needs: list[PlannedRequest]) -> list[str]:
    return [each.key for each in needs]


def test_what_builds_on_another_picture_of_the_order_waits_for_it() -> None:
    ready, later = first_round([need("a"), need("b", "a"), need("c", "b"), need("d")])
    assert keys(ready) == ["a", "d"]
    assert keys(later) == ["b", "c"]


def test_what_builds_on_a_picture_in_stock_does_not_wait() -> None:
    ready, later = first_round([need("b", "in stock")])
    assert keys(ready) == ["b"]
    assert later == []


def test_what_waits_keeps_its_price_and_what_it_builds_on() -> None:
    found = waiting([need("b", "a")], AT)
    assert found == {"b": WaitingRequest(0.1, ("a",), AT)}


def jobs(sizes: list[tuple[str, int]], limits: JobLimits) -> list[list[tuple[str, int]]]:
    return list(split(sizes, limits, lambda each: each[0], lambda each: each[1]))


def test_a_job_is_for_one_model() -> None:
    found = jobs([("flash", 1), ("pro", 2), ("flash", 3)], JobLimits(10, 100))
    assert found == [[("flash", 1), ("flash", 3)], [("pro", 2)]]


def test_a_job_holds_no_more_requests_than_its_limit() -> None:
    found = jobs([("pro", 1)] * 5, JobLimits(2, 100))
    assert [len(each) for each in found] == [2, 2, 1]


def test_a_job_holds_no_more_bytes_than_its_limit() -> None:
    found = jobs([("pro", 40), ("pro", 40), ("pro", 40)], JobLimits(10, 100))
    assert [len(each) for each in found] == [2, 1]


def test_a_request_larger_than_a_job_gets_one_of_its_own() -> None:
    found = jobs([("pro", 10), ("pro", 500), ("pro", 10)], JobLimits(10, 100))
    assert [len(each) for each in found] == [1, 1, 1]


def test_nothing_makes_no_job() -> None:
    assert jobs([], JobLimits(10, 100)) == []


def later(**after: list[str]) -> dict[str, WaitingRequest]:
    return {key: WaitingRequest(0.1, tuple(before), AT) for key, before in after.items()}


def test_what_waits_for_a_job_or_for_the_stock_goes_on_waiting() -> None:
    kept = later(b=["a"], c=["s"])
    assert still_waiting(kept, lambda key: key == "s", {"a"}, AT) == kept


def test_what_waits_for_a_picture_that_does_not_come_is_given_up_with_all_behind_it() -> None:
    kept = later(b=["lost"], c=["b"], d=["c"], e=["a"])
    assert still_waiting(kept, lambda key: False, {"a"}, AT) == later(e=["a"])


def test_what_is_ordered_or_in_stock_waits_no_more() -> None:
    kept = later(b=["a"], c=["a"], d=["b"])
    assert still_waiting(kept, lambda key: key in ("a", "b"), {"c"}, AT) == later(d=["b"])


def test_what_was_agreed_to_long_ago_is_given_up() -> None:
    assert still_waiting(later(b=["a"]), lambda key: False, {"a"}, "2026-11-28T14:02:01Z") == {}
