"""Writes to the terminal what the live preview draws, and what it costs.

In: the plan and the outcome of each request. Out: one line for the plan and for each image.
"""

from collections.abc import Callable

from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.preview.price_text import plan_price
from mkdocs_gemini_images.requests.planning import Plan


class TerminalProgress:
    """Writes to the terminal what is drawn, and what it costs."""

    def __init__(self, log: Callable[[str], None], *, free: bool) -> None:
        self._log = log
        self._free = free
        self.said: set[str] = set()
        """The keys of images that were not drawn, and whose reason was written."""

    def begin(self, plan: Plan) -> None:
        """Write the price, before the first request."""
        models = "the emulator" if self._free else f"{plan.models}, {plan_price(plan)}"
        self._log(f"drawing {counted(len(plan.needs), 'picture')} with {models}")

    def say(self, text: str) -> None:
        """Write what an earlier request for an image may have cost."""
        self._log(text)

    def advance(self, outcome: RequestOutcome, spent: float) -> None:
        """Write the name and the price of an image that is in stock now, or why it is not."""
        record = outcome.record
        if outcome.failure is not None:
            self.said.add(outcome.need.key)
            self._log(f"{outcome.need.display_name} not drawn: {outcome.reason}")
        if record is not None:
            price = "" if self._free or record.price is None else f" for ${record.price:.3f}"
            self._log(f"{outcome.need.display_name} drawn{price}")

    def end(self) -> None:
        """Do nothing: each line is complete."""
