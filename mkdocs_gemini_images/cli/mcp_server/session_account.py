"""What one run of the server may spend, and has spent.

The limits of `mkdocs.yml` are those of one build. An assistant may call a tool any number of times,
so all its drawings together are held against them. The limits that hold are those with which the
run began: a change of `mkdocs.yml` lowers them at once, and raises them when the server is started
anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.generation.tracker import Amount, SpendTracker


class SessionAccount:
    """The account of one run."""

    def __init__(self) -> None:
        self._ceiling: SpendingLimits | None = None
        self._spent = Amount()

    def begin(self, limits: SpendingLimits) -> None:
        """Take the limits of the run from its first build; those of later builds change nothing."""
        if self._ceiling is None:
            self._ceiling = limits

    @contextmanager
    def tracker(self) -> Iterator[SpendTracker]:
        """Yield a tracker for one command that has what was spent before, and keep what it counts.

        What was billed counts whatever ends the command.
        """
        tracker = SpendTracker(total=self._spent, ceiling=self._ceiling)
        try:
            yield tracker
        finally:
            self._spent = tracker.total

    def line(self, limits: SpendingLimits) -> str:
        """Return how much of the limits is spent; `limits` are those of `mkdocs.yml` now."""
        if limits.free:
            return "the emulator draws: nothing costs anything"
        held = SpendTracker(total=self._spent, ceiling=self._ceiling).applied_to(limits)
        requests = f"{held.sent} of {counted(held.max_new, 'request')}"
        spent = f"${held.spent:.2f} of ${held.budget:.2f}"
        return f"this server has sent {requests} and spent {spent} since it was started"
