"""A display of progress for tests that shows nothing."""

from mkdocs_gemini_images.gemini.failures import Failure
from mkdocs_gemini_images.requests.plan import Plan, PlannedRequest
from mkdocs_gemini_images.store.record import Record


class SilentProgress:
    """Takes what a generator reports, and keeps nothing of it."""

    def begin(self, plan: Plan) -> None:
        """Do nothing."""

    def advance(self, need: PlannedRequest, result: Record | Failure, spent: float) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""
