"""Whether a failed request is sent again, and after how long."""

import pytest

from mkdocs_gemini_images.gemini.failure import Failure
from mkdocs_gemini_images.generation.retry_policy import (
    BACKOFF,
    RequestRetries,
    Retry,
    RetryPolicy,
)

SOON = Failure("HTTP 500", again="soon")
BUSY = Failure("HTTP 429", again="soon", slow_down=True)
CUT = Failure("the answer did not arrive", billed="unknown", again="once")
NEVER = Failure("HTTP 400")


def decisions(
    *failures: Failure,
    retries: int = 3,
    spare: float = 1.0,
    price: float = 0.1,
    spare_requests: float = 9,
) -> list[Retry]:
    """Return the decisions after the successive failures of one request."""
    request = RequestRetries(RetryPolicy(retries, spare, spare_requests))
    return [request.after(failure, price) for failure in failures]


@pytest.mark.parametrize(
    ("failure", "decision"),
    [
        (NEVER, Retry(again=False)),
        (SOON, Retry(again=True, wait=BACKOFF[0])),
        (Failure("HTTP 503", again="soon", wait=7.0), Retry(again=True, wait=7.0)),
        (Failure("HTTP 503", again="soon", wait=0.0), Retry(again=True, wait=0.0)),
        (BUSY, Retry(again=True, slow_down=BACKOFF[0])),
        (Failure("HTTP 429", again="soon", wait=9.0, slow_down=True),
         Retry(again=True, slow_down=9.0)),
        (Failure("HTTP 429", wait=200.0, slow_down=True), Retry(again=False, slow_down=200.0)),
        (CUT, Retry(again=True)),
    ],
    ids=["never", "soon", "a wait", "no wait", "busy", "busy with a wait", "busy and final", "cut"],
)  # fmt: skip
def test_the_first_failure_of_a_request_is_decided_by_its_kind(
    failure: Failure, decision: Retry
) -> None:
    assert decisions(failure) == [decision]


def test_each_repetition_waits_longer_up_to_the_last_backoff() -> None:
    found = decisions(*[SOON] * 8, retries=7)
    assert [each.wait for each in found[:7]] == [*BACKOFF, BACKOFF[-1], BACKOFF[-1]]
    assert not found[7].again


@pytest.mark.parametrize("failure", [SOON, BUSY, CUT])
def test_without_retries_nothing_is_sent_again(failure: Failure) -> None:
    assert not decisions(failure, retries=0)[0].again


def test_the_last_failure_of_a_busy_server_still_slows_the_build_down() -> None:
    assert decisions(BUSY, BUSY, retries=1) == [
        Retry(again=True, slow_down=BACKOFF[0]),
        Retry(again=False, slow_down=BACKOFF[1]),
    ]


def test_a_request_that_may_have_been_billed_is_sent_again_once() -> None:
    assert [each.again for each in decisions(CUT, CUT)] == [True, False]


def test_both_kinds_of_repetition_are_counted_apart() -> None:
    assert [each.again for each in decisions(SOON, CUT, SOON, CUT, retries=2)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_repetitions_of_all_requests_share_the_spare_budget() -> None:
    policy = RetryPolicy(3, 0.2, 9)
    found = [RequestRetries(policy).after(CUT, 0.1).again for _ in range(3)]
    assert found == [True, True, False]


def test_repetitions_of_what_may_have_been_billed_count_as_requests() -> None:
    policy = RetryPolicy(3, 1.0, 2)
    found = [RequestRetries(policy).after(CUT, 0.1).again for _ in range(3)]
    assert found == [True, True, False]


def test_a_repetition_without_a_bill_takes_no_spare_request() -> None:
    found = decisions(SOON, BUSY, CUT, retries=2, spare_requests=1)
    assert [each.again for each in found] == [True, True, True]
    assert decisions(SOON, spare_requests=0, spare=0.0)[0].again


def test_a_repetition_that_the_budget_forbids_takes_no_spare_request() -> None:
    policy = RetryPolicy(3, 0.1, 1)
    found = [RequestRetries(policy).after(CUT, price).again for price in (0.2, 0.1)]
    assert found == [False, True]


def test_a_price_that_leaves_exactly_nothing_is_affordable() -> None:
    assert decisions(CUT, spare=0.3, price=0.1 + 0.2)[0].again


def test_a_request_of_unknown_price_that_may_have_been_billed_is_not_repeated() -> None:
    request = RequestRetries(RetryPolicy(3, 100.0, 100))
    assert not request.after(CUT, None).again
    assert request.after(SOON, None).again
