"""The account: what is held counts at once, and what was billed takes its place."""

import threading

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.generation.tracker import Amount, SpendTracker


def test_what_is_held_counts_and_is_replaced_by_what_was_billed() -> None:
    account = SpendTracker()
    account.hold(Amount(2, 0.09))
    assert account.total == Amount(2, 0.09)
    account.settle(Amount(1, 0.045), Amount(2, 0.13))  # repeated, and dearer
    account.settle(Amount(1, 0.045), Amount())  # not billed
    assert account.total == Amount(2, 0.13)


def test_what_is_given_back_leaves_exactly_nothing() -> None:
    account = SpendTracker()
    for usd in (0.1, 0.2, 0.0336):
        account.hold(Amount(1, usd))
    for usd in (0.2, 0.0336, 0.1):
        account.settle(Amount(1, usd), Amount())
    assert account.total == Amount(0, 0.0)


def test_limits_know_what_has_been_spent_of_them() -> None:
    account = SpendTracker()
    account.hold(Amount(3, 0.5))
    limits = account.applied_to(SpendingLimits(max_new=4, budget=1.0))
    assert (limits.max_new, limits.budget, limits.sent, limits.spent) == (4, 1.0, 3, 0.5)


def test_no_amount_of_concurrent_threads_is_lost() -> None:
    account = SpendTracker()

    def work() -> None:
        for _ in range(2_000):
            account.hold(Amount(1, 0.001))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert account.total == Amount(16_000, 16.0)


def test_a_ceiling_lets_limits_fall_and_never_rise() -> None:
    first = SpendingLimits(max_new=4, budget=1.0, prices={"a": {"1K": 0.1}})
    tracker = SpendTracker(total=Amount(3, 0.5), ceiling=first)
    raised = tracker.applied_to(
        SpendingLimits(max_new=9, budget=0.7, prices={"a": {"1K": 0}}, counted=True)
    )
    assert raised == first._replace(budget=0.7, sent=3, spent=0.5)
    assert tracker.applied_to(first._replace(max_new=2)).max_new == 2
