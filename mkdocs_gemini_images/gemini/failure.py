"""What a failed request was, and what follows from that: a value, with its cost.

`gemini/failure_reasons.py` makes it from what the client saw. Pure.
"""

from dataclasses import dataclass
from typing import Literal

from mkdocs_gemini_images.gemini.answers.usage import Usage
from mkdocs_gemini_images.models.pricing.item_prices import ItemPrices

Billed = Literal["no", "unknown", "yes"]
Again = Literal["never", "soon", "once"]
"""`soon`: as often as `retries` allows; `once`: one more time, and the first counts as billed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One request that ended without a picture."""

    what: str
    """A message for the author; it may quote the model or the server."""
    billed: Billed = "no"
    """Whether it cost money; what was billed is never sent again, by this build or a later one."""
    again: Again = "never"
    wait: float | None = None
    """Seconds the server asks to wait, when it says so."""
    ends_build: bool = False
    """Whether every other request of this build would fail the same way; such are not billed."""
    ends_model: bool = False
    """Whether every other request of this build to the same model would fail the same way."""
    unreachable: bool = False
    """Whether the server was not reached: given up once, it ends all other requests, too."""
    slow_down: bool = False
    """Whether the whole build should send more slowly."""
    refuses_history: bool = False
    """Whether the server may refuse earlier turns of a conversation, and not its last one."""
    unreadable: bool = False
    """Whether an answer arrived that may hold a picture: it is kept, to be read again."""
    remembered: bool = False
    """Whether it is the model's own refusal, which the next builds do not ask for again."""
    usage: Usage | None = None
    """The tokens that the answer reports."""

    def cost(self, prices: ItemPrices | None, quoted: float, searches: float = 0.0) -> float:
        """Return the USD that it may have cost: as reported, with `searches`, else as `quoted`."""
        if self.billed == "no":
            return 0.0
        reported = self.usage.price_without_picture(prices, searches) if self.usage else None
        return quoted if reported is None else min(reported, quoted)


class RequestFailed(Exception):
    """Raised by the client and by the reader of answers when a request yields no picture."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.what)
        self.failure = failure
