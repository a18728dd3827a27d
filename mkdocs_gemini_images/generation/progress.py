"""What the generator reports while it draws: the outcome of each request.

A terminal and the live preview implement the protocol `Progress`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from mkdocs_gemini_images.store.record import Record

if TYPE_CHECKING:  # a build that draws nothing loads neither
    from mkdocs_gemini_images.gemini.failure import Failure
    from mkdocs_gemini_images.generation.journal.laid_aside import UnknownOutcome
    from mkdocs_gemini_images.requests.planning import Plan, PlannedRequest


@dataclass(frozen=True, slots=True)
class RequestOutcome:
    """What became of one planned request: either a record or a failure is set."""

    need: "PlannedRequest"
    record: Record | None = None
    """The picture's record, once the picture is in stock."""
    failure: "Failure | None" = None
    spent: float = 0.0
    """USD that were or may have been billed for it, unknown outcomes included."""
    counted: float = 0.0
    """The same for the limits: where no bill is known, USD that were billed at most."""
    billed: int = 0
    """How often it was sent and was or may have been billed."""
    unknown: "tuple[UnknownOutcome, ...]" = ()
    """Attempts that may have been billed and brought no answer that is kept."""

    @property
    def reason(self) -> str:
        """Why it failed, and what that may have cost; less than a cent is not worth it."""
        paid = f"; about ${self.spent:.2f} may have been billed" if self.spent >= 0.005 else ""
        return "" if self.failure is None else self.failure.what + paid


class Progress(Protocol):
    """Follows the drawing of a plan; the generator calls it from the thread that draws."""

    def begin(self, plan: "Plan") -> None:
        """Begin a plan, before its first request is sent."""

    def say(self, text: str) -> None:
        """Say at once what an earlier request for a picture may have cost."""

    def advance(self, outcome: RequestOutcome, spent: float) -> None:
        """Report the outcome of one request, and the USD that the build has spent so far."""

    def end(self) -> None:
        """End: no request is under way any more."""
