"""What became of the images that a build wanted to draw.

The generator fills a `GenerationResult`; a build reports from it. No effects.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdocs_gemini_images.generation.progress import RequestOutcome
from mkdocs_gemini_images.store.record import Record

if TYPE_CHECKING:  # a build that draws nothing has no journal
    from mkdocs_gemini_images.generation.journal import RefusedFile
    from mkdocs_gemini_images.generation.recovery import Recovery

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
    foreign: list[Record] = field(default_factory=list)
    """Those of `recovered` whose answers this machine cannot prove to have received itself."""
    held: list[str] = field(default_factory=list)
    """Answers in the journal that were not taken in for lack of that proof, by file name."""
    refused_files: "list[RefusedFile]" = field(default_factory=list)
    """Files in the journal that are not as we write them."""
    dearer: list[tuple[str, float, float]] = field(default_factory=list)
    """Pictures that cost more than their table says: model, USD as billed, USD expected."""

    def add_recovery(self, recovery: "Recovery", told: set[str]) -> None:
        """Add what became of the journal's entries; `told` are files that a build has told of."""
        self.recovered += recovery.records
        self.unknown += recovery.unknown
        self.foreign += recovery.foreign
        self.held += [name for name in recovery.held.values() if name not in told]
        self.refused_files += [file for file in recovery.refused if file.name not in told]
        told.update(recovery.held.values(), (file.name for file in recovery.refused))

    def add_recovered(self, earlier: "GenerationResult") -> None:
        """Add what was found in the journal before."""
        self.recovered += earlier.recovered
        self.unknown += earlier.unknown
        self.foreign += earlier.foreign
        self.held += earlier.held
        self.refused_files += earlier.refused_files

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
