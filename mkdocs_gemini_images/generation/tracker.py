"""The account of what one command, or one session of a live preview, has spent so far.

A command runs one build per language, and a preview one build per change; all of them share the
spending limits. What is about to be sent is held at what it costs at most, and corrected by what
was billed. An answer of the in-process emulator is free, and is not counted.
"""

import threading
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_gemini_images.config.limits import SpendingLimits

if TYPE_CHECKING:  # a build that draws nothing does not load it
    from mkdocs_gemini_images.gemini.failure import Failure


class Amount(NamedTuple):
    """A number of requests, and USD."""

    requests: int = 0
    usd: float = 0.0

    def __add__(self, other: "Amount") -> "Amount":  # type: ignore[override]
        return Amount(self.requests + other.requests, self.usd + other.usd)


_NOTHING = Amount()


class Ahead:
    """What a command has agreed to for builds that have not drawn yet.

    No build repeats requests at the cost of another's pictures.
    """

    def __init__(self, requests: int = 0, cost: float = 0.0) -> None:
        self.requests = requests
        self.cost = cost
        """USD at most."""

    def take(self, requests: int, cost: float) -> None:
        """Take off what a build is about to send."""
        self.requests = max(0, self.requests - requests)
        self.cost = max(0.0, self.cost - cost)


class SpendTracker:
    """The requests, the money and the failures of a command's or a session's builds so far."""

    def __init__(self, *, total: Amount = _NOTHING, ceiling: SpendingLimits | None = None) -> None:
        self.total = total
        """What was billed, may have been billed, or is held for requests under way."""
        self.ahead = Ahead()
        self.failed: dict[str, str] = {}
        """Why pictures were not drawn, by key: the next language's build does not ask for them."""
        self.ended: dict[str, Failure] = {}
        """Failures that end the requests to a model, or with an empty name to any."""
        self.in_batch: dict[str, str] = {}
        """How pictures are being drawn that this command has ordered in batch, by key.

        The builds of one command may share a stock and have journals of their own.
        """
        self.looked_at: set[str] = set()
        """Batch jobs that this command has ordered or looked at, by name: it looks at each once.

        So what is said of one language's pictures holds until the command ends.
        """
        self.ceiling = ceiling
        """Limits above which none hold: those with which a session began; its prices hold, too."""
        self.told: set[str] = set()
        """What a build tells of the journal: the next language's build does not tell it again."""
        self._lock = threading.Lock()

    def hold(self, planned: Amount) -> None:
        """Count requests before they are sent, at what they cost at most."""
        self.settle(Amount(), planned)

    def settle(self, held: Amount, billed: Amount) -> None:
        """Replace an amount that was held by the one that was, or may have been, billed."""
        with self._lock:
            requests = self.total.requests - held.requests + billed.requests
            # Rounded, so that what is held and given back leaves exactly nothing.
            self.total = Amount(requests, round(self.total.usd - held.usd + billed.usd, 9))

    def applied_to(self, limits: SpendingLimits) -> SpendingLimits:
        """Return limits with what has been spent of them, none above the ceiling."""
        total = self.total
        if (most := self.ceiling) is not None:
            limits = limits._replace(
                max_new=min(limits.max_new, most.max_new),
                budget=min(limits.budget, most.budget),
                counted=limits.counted and most.counted,
                prices=most.prices,
            )
        return limits._replace(sent=total.requests, spent=total.usd)
