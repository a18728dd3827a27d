"""What became of the images that a build wanted to draw.

The generator fills a `GenerationResult`; a build reports from it. What was paid for is compared
with what was asked for. No effects.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.models.pricing.amounts import dollars
from mkdocs_gemini_images.store.record import Record

if TYPE_CHECKING:  # a build that draws nothing has no journal
    from mkdocs_gemini_images.generation.journal.journal import RefusedFile
    from mkdocs_gemini_images.generation.journal.laid_aside import UnknownOutcome, WaitingAnswer
    from mkdocs_gemini_images.generation.journal.recovery import Recovery
    from mkdocs_gemini_images.generation.progress import RequestOutcome
    from mkdocs_gemini_images.requests.planning import PlannedRequest

BELIEVABLE_FACTOR = 10.0
"""A bill above this factor of what was expected is a mistake in the answer."""
_ROUNDING = 1e-6
"""USD by which a sum in a sidecar may differ from its items."""
SHAPE_TOLERANCE = 0.03
"""How far a picture's shape may be from the documented one; pixels are rounded."""
SIZE_TOLERANCE = 0.5
"""The part of the documented pixels that a picture has at least; the next size has a quarter."""


class OrderedJob(NamedTuple):
    """A batch job that this build has ordered."""

    name: str
    requests: int
    price: float
    """USD it is expected to cost."""
    at_most: float
    """USD it costs at most."""


@dataclass(slots=True)
class GenerationResult:
    """What the generator drew and spent, and why it did not draw the rest."""

    records: dict[str, Record] = field(default_factory=dict)
    """Pictures drawn now, by key."""
    recovered: list[Record] = field(default_factory=list)
    """Pictures whose answers an earlier build had received but not stored."""
    collected: list[Record] = field(default_factory=list)
    """Pictures of batch jobs that were collected now."""
    ordered: list[OrderedJob] = field(default_factory=list)
    """The batch jobs that were ordered now."""
    batch_notes: list[str] = field(default_factory=list)
    """What is told of batch jobs."""
    freed: dict[str, str] = field(default_factory=dict)
    """Why pictures are no longer being drawn in batch, by key: the next command may draw them."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Why a picture was not drawn, by key."""
    shared: set[str] = field(default_factory=set)
    """Those of the reasons that end the requests of a build, or of one model in it."""
    refusal: str = ""
    """Why nothing at all was drawn, or empty."""
    spent: float = 0.0
    """USD, unknown outcomes of this build included."""
    under_way: dict[str, float] = field(default_factory=dict)
    """Prices, in USD, of requests that are planned and have no outcome yet, by key."""
    unknown: "list[UnknownOutcome]" = field(default_factory=list)
    """Requests that may have been billed without an answer, of this build and of earlier ones."""
    waiting: "list[WaitingAnswer]" = field(default_factory=list)
    """Answers of earlier builds that an error of the disk keeps from being stored."""
    foreign: list[Record] = field(default_factory=list)
    """Those of `recovered` whose answers this machine cannot prove to have received itself."""
    held: list[str] = field(default_factory=list)
    """Answers in the journal that were not taken in for lack of that proof, by file name."""
    refused_files: "list[RefusedFile]" = field(default_factory=list)
    """Files in the journal that are not as we write them."""
    dearer: list[tuple[str, float, float]] = field(default_factory=list)
    """Pictures that were billed more than they cost at most: model, USD billed, USD at most."""

    unbelievable: list[tuple[str, float, float]] = field(default_factory=list)
    """Pictures whose tokens make no sense: model, USD by the tokens, USD expected."""

    def add_recovery(self, recovery: "Recovery", told: set[str]) -> None:
        """Add what became of the journal's entries; `told` are those that a build tells of."""
        self.recovered += recovery.records
        for record in recovery.records:
            self.compare_bill(record)
        self.unknown += [each for each in recovery.unknown if each.name not in told]
        self.waiting += [each for each in recovery.waiting if each.path.name not in told]
        self.foreign += recovery.foreign
        self.held += [name for name in recovery.held.values() if name not in told]
        self.refused_files += [file for file in recovery.refused if file.name not in told]
        self.reasons |= {each.intent.key: str(each) for each in recovery.waiting}
        told.update(each.name for each in recovery.unknown)
        told.update(each.path.name for each in recovery.waiting)
        told.update(recovery.held.values(), (file.name for file in recovery.refused))

    def new_records(self) -> list[Record]:
        """Return the records of the pictures that came with this build."""
        return [*self.records.values(), *self.recovered, *self.collected]

    def add_pictures(self, other: "GenerationResult") -> None:
        """Add the pictures of another build, and what it has spent."""
        self.records |= other.records
        self.recovered += other.recovered
        self.collected += other.collected
        self.spent += other.spent

    def compare_bill(self, record: Record) -> None:
        """Note a picture whose bill is higher than it was quoted with at most."""
        at_most, billed = record.quoted.get("at_most"), record.price or 0.0
        if at_most and billed > at_most + _ROUNDING:
            self.dearer.append((record.model, billed, at_most))

    def add(self, outcome: "RequestOutcome") -> None:
        """Add the outcome of one request."""
        need, record = outcome.need, outcome.record
        self.under_way.pop(need.key, None)
        self.spent += outcome.spent
        self.unknown += outcome.unknown
        if outcome.failure is not None:
            self.reasons[need.key] = outcome.reason
        if record is None:
            return
        self.records[need.key] = record
        billed, expected = record.price or 0.0, need.price
        if not expected:
            return
        said = _price_by_tokens(record, need)
        if said is not None and is_beyond_belief(said, expected):
            self.unbelievable.append((need.request.model, said, expected))
        elif billed > need.at_most + _ROUNDING:
            self.dearer.append((need.request.model, billed, need.at_most))


def is_beyond_belief(billed: float, expected: float | None) -> bool:
    """Return whether a bill is a mistake, by the price that was expected."""
    return bool(expected) and billed > (expected or 0.0) * BELIEVABLE_FACTOR


def unlike_request(record: Record) -> str:
    """Return the documented size that a picture does not have, with ratio and size; "" if it has.

    What a server makes of `auto` is its own choice.
    """
    config = record.request.get("config")
    config = config if isinstance(config, dict) else {}
    ratio, size = str(config.get("aspectRatio", "")), str(config.get("imageSize", "1K"))
    try:
        width, height = catalogue.pixels(record.model, ratio, size)
    except KeyError:
        return ""  # auto, or of a later version
    shape = (record.width / record.height) / (width / height)
    is_other_shape = not 1 - SHAPE_TOLERANCE <= shape <= 1 + SHAPE_TOLERANCE
    is_smaller = record.width * record.height < width * height * SIZE_TOLERANCE
    return f"{width} x {height} ({ratio}, {size})" if is_other_shape or is_smaller else ""


def _price_by_tokens(record: Record, need: "PlannedRequest") -> float | None:
    if not record.tokens or record.request.get("emulated") is True:
        return None
    from mkdocs_gemini_images.gemini.answers.usage import Usage, searches_of

    names = Usage.__dataclass_fields__
    counts = {name: count for name in names if type(count := record.tokens.get(name)) is int}
    items = Usage(**counts).bill(need.prices, searches_of(record.grounding))
    return None if items is None else dollars(sum(items.values()))
