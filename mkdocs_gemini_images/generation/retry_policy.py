"""Decide whether a failed request is sent again, and after how long. Change the retries here.

In: the failure and what its request may have cost. Out: a `Retry`. Failures say what kind of
repetition is right (gemini/failure_reasons.py); this module says how often and when. It does
not wait.
"""

from dataclasses import dataclass

from mkdocs_gemini_images.gemini.failure import Failure

BACKOFF = (2.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds before each repetition, where the server names none; the last one serves for the rest."""


@dataclass(frozen=True, slots=True)
class Retry:
    """What the worker does after a failure."""

    again: bool
    """Whether the request is sent again."""
    wait: float = 0.0
    """Seconds to wait before that; where the whole build waits, this request waits with it."""
    slow_down: float | None = None
    """Seconds for which the build sends nothing, and then more slowly; None for no change."""


@dataclass(slots=True)
class RetryPolicy:
    """The retries of one build."""

    retries: int
    """Per request."""
    spare: float
    """USD that the limits leave beyond the plan, to repeat what may have been billed."""
    spare_requests: float
    """Requests that they leave."""

    def spend(self, price: float) -> bool:
        """Spend one spare request of so many USD; return whether the limits leave as much."""
        if self.spare_requests < 1 or self.spare < price - 1e-9:
            return False
        self.spare -= price
        self.spare_requests -= 1
        return True


@dataclass(slots=True)
class RequestRetries:
    """The retries of one request."""

    _policy: RetryPolicy
    _repeated: int = 0
    _repeated_once: bool = False

    def after(self, failure: Failure, price: float | None) -> Retry:
        """Return what to do after a failure.

        `price` is the USD that may have been billed, or None where it is unknown.
        """
        backoff = BACKOFF[min(self._repeated, len(BACKOFF) - 1)]
        wait = backoff if failure.wait is None else failure.wait
        slow_down = wait if failure.slow_down else None
        if failure.again == "soon" and self._repeated < self._policy.retries:
            self._repeated += 1
            return Retry(again=True, wait=0.0 if failure.slow_down else wait, slow_down=slow_down)
        if failure.again == "once" and self._may_repeat_once(price):
            self._repeated_once = True
            return Retry(again=True, slow_down=slow_down)
        return Retry(again=False, slow_down=slow_down)

    def _may_repeat_once(self, price: float | None) -> bool:
        if self._repeated_once or self._policy.retries == 0 or price is None:
            return False  # no budget can allow a price that is unknown
        return self._policy.spend(price)
