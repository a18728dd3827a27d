"""What became of the images that a build wanted to draw.

The generator fills a `GenerationResult`; a build reports from it. No effects.
"""

from dataclasses import dataclass, field

from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.store.record import Record

PRICE_TOLERANCE = 1.25
"""A bill up to this factor above the table's price is not reported: thinking is billed, too."""


@dataclass(slots=True)
class GenerationResult:
    """What the generator drew and spent, and why it did not draw the rest."""

    records: dict[str, Record] = field(default_factory=dict)
    """Pictures drawn now, by key."""
    recovered: list[Record] = field(default_factory=list)
    """Pictures whose answers an earlier build had received but not stored."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Why a picture was not drawn, by key."""
    refusal: str = ""
    """Why nothing at all was drawn, or empty."""
    spent: float = 0.0
    """USD, unknown outcomes of this build included."""
    unknown: list[float] = field(default_factory=list)
    """Prices, in USD, of requests of earlier builds that may have been billed without an answer."""
    dearer: list[tuple[str, float, float]] = field(default_factory=list)
    """Pictures that cost more than their table says: model, USD as billed, USD expected."""

    def add(self, outcome: RequestOutcome) -> None:
        """Add the outcome of one request."""
        need, record = outcome.need, outcome.record
        self.spent += outcome.spent
        if outcome.failure is not None:
            paid = f"; about ${outcome.spent:.2f} may have been billed" if outcome.spent else ""
            self.reasons[need.key] = outcome.failure.what + paid
        if record is None:
            return
        self.records[need.key] = record
        billed, expected = record.price or 0.0, need.price
        if expected and billed > expected * PRICE_TOLERANCE:
            self.dearer.append((need.request.model, billed, expected))
