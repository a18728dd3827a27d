"""Writes to the terminal what the live preview draws, and what it costs.

In: the plan and the outcome of each request. Out: one line for the plan and for each image.
"""

from collections.abc import Callable

from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.gemini.failures import Failure
from mkdocs_gemini_images.requests.plan import Plan, PlannedRequest
from mkdocs_gemini_images.store.record import Record


class TerminalProgress:
    """Writes to the terminal what is drawn, and what it costs."""

    def __init__(self, log: Callable[[str], None], *, free: bool) -> None:
        self._log = log
        self._free = free

    def begin(self, plan: Plan) -> None:
        """Write the price, before the first request."""
        models = "the emulator" if self._free else f"{plan.models}, about ${plan.cost:.2f}"
        self._log(f"drawing {counted(len(plan.needs), 'picture')} with {models}")

    def advance(self, need: PlannedRequest, result: Record | Failure, spent: float) -> None:
        """Write the name and the price of an image that is in stock now."""
        if isinstance(result, Record):
            price = "" if self._free or result.price is None else f" for ${result.price:.3f}"
            self._log(f"{need.display_name} drawn{price}")

    def end(self) -> None:
        """Do nothing: each line is complete."""
