"""What a build would buy, and whether it may: decided as a whole before the first cent.

In come the pictures that are wanted and a look-up that says what is in stock; out comes the list of
requests, each once, what it builds on before it, with its price at the table, or the reason why
nothing is bought. All or nothing: a site half drawn is no cheaper to look at. Pure.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from mkdocs_gemini_images.core.diagnostics import quoted
from mkdocs_gemini_images.models import catalogue
from mkdocs_gemini_images.requests.request import PicturePart, Step, Wanted, key

Prices = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Walls:
    """How much one build may buy; `free` builds (the emulator's) have no walls."""

    max_new: int = 10
    budget: float = 2.0
    """USD."""
    prices: Prices = field(default_factory=dict)
    """USD by model and size, where the owner knows better than the table."""
    counted: bool = False
    """Whether the owner wrote `max_new`: then a model without a price may draw."""
    free: bool = False
    sent: int = 0
    """Requests that the same command has sent before."""
    spent: float = 0.0
    """USD that the same command has spent before."""

    def price(self, step: Step) -> float | None:
        """USD of one step: the owner's figure, the table's, or None."""
        if self.free:
            return 0.0
        own = self.prices.get(step.model, {}).get(step.size)
        return catalogue.price(step.model, step.size) if own is None else own


@dataclass(frozen=True, slots=True)
class Need:
    """One request that has to be sent, and what it builds on."""

    key: str
    step: Step
    wish: str
    id: str
    price: float | None
    after: tuple[str, ...] = ()
    """Keys of the pictures that have to be there first."""
    alt: str = ""
    """The text alternative that goes with `id`."""
    prompt: str = ""
    """The author's own words, without a preset's, where a directive asks for this very picture."""

    @property
    def called(self) -> str:
        """What people know it by, for messages."""
        return self.id.removeprefix("file:") or quoted(self.prompt or self.step.text, most=40)


@dataclass(frozen=True, slots=True)
class Plan:
    """The requests of a build in a workable order, and what they cost together."""

    needs: tuple[Need, ...] = ()
    refusal: str = ""
    """Why none of them is sent, or empty."""

    @property
    def cost(self) -> float:
        """USD at the table's prices; unknown ones count nothing."""
        return sum(need.price or 0.0 for need in self.needs)

    @property
    def models(self) -> str:
        """The models that would draw, for messages."""
        return ", ".join(sorted({need.step.model for need in self.needs}))


def plan(
    wanted: Iterable[Wanted],
    keys: Mapping[str, str],
    named: Mapping[str, Wanted],
    stocked: Callable[[str], bool],
    refused: Callable[[str], bool],
    walls: Walls,
) -> Plan:
    """Find what has to be drawn for `wanted`, and hold it against the walls.

    `keys` gives the key, and `named` the directive, of each id that is referred to. What the model
    refused lately, and what builds on that, is left out.
    """
    found: dict[str, Need] = {}
    left_out: set[str] = set()

    def visit(step: Step, wish: str = "", id: str = "", alt: str = "", prompt: str = "") -> str:
        name = key(step, keys)
        if wish and name in found and not found[name].wish:
            # First met as another's earlier step: now it is known whose wish it fulfils itself.
            found[name] = replace(found[name], wish=wish, id=id, alt=alt, prompt=prompt)
        if name in found or name in left_out or stocked(name):
            return name
        before = []
        if step.after is not None:
            before.append(visit(step.after))
        for part in step.parts:
            if isinstance(part, PicturePart):
                other = named[part.id]
                before.append(visit(*other.shown()[0], *_known(other)))
        if refused(name) or not left_out.isdisjoint(before):
            left_out.add(name)
        else:
            price = walls.price(step)
            found[name] = Need(name, step, wish, id, price, tuple(before), alt, prompt)
        return name

    for picture in wanted:
        for step, wish in picture.shown():
            visit(step, wish, *(_known(picture) if step is picture.step else ()))
    return held_against(found.values(), walls)


def _known(picture: Wanted) -> tuple[str, str, str]:
    """Give the name of a directive's picture, the alt that goes with it, and its prompt."""
    alt = (picture.directive.alt or "") if picture.name else ""
    return picture.name, alt, picture.directive.prompt


def held_against(needs: Iterable[Need], walls: Walls) -> Plan:
    """Make a plan of requests, refused as a whole where the walls are lower."""
    listed = tuple(needs)
    return Plan(listed, _refusal(listed, walls))


def _refusal(needs: tuple[Need, ...], walls: Walls) -> str:
    if walls.free or not needs:
        return ""
    if len(needs) + walls.sent > walls.max_new:
        before = f" after {walls.sent} before" if walls.sent else ""
        return f"{len(needs)} requests{before} are more than max_new: {walls.max_new}"
    unknown = sorted({need.step.model for need in needs if need.price is None})
    if unknown and not walls.counted:
        return f"no price is known for {', '.join(unknown)}; set prices or max_new"
    cost = sum(need.price or 0.0 for need in needs)
    if cost + walls.spent > walls.budget + 1e-9:
        before = f" after ${walls.spent:.2f} before" if walls.spent else ""
        return f"about ${cost:.2f}{before} is more than budget: {walls.budget:.2f}"
    return ""
