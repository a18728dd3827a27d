"""A progress display that shows nothing, for tests."""

from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.requests.planning import Plan


class SilentProgress:
    """Takes what a generator reports, and keeps nothing of it."""

    def begin(self, plan: Plan) -> None:
        """Do nothing."""

    def say(self, text: str) -> None:
        """Do nothing."""

    def advance(self, outcome: RequestOutcome, spent: float) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""
