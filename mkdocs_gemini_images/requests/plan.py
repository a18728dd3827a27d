"""What a build would buy, and whether it may: decided as a whole before the first cent.

In come the pictures that are wanted and a look-up that says what is in stock; out comes the list of
requests, each once, what it builds on before it, with its price at the table, or the reason why
nothing is bought. All or nothing: a site half drawn is no cheaper to look at. Pure.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.core.diagnostics import quoted
from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart, ResolvedImage, key


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request that has to be sent, and what it builds on."""

    key: str
    step: ImageRequest
    author_digest: str
    id: str
    price: float | None
    after: tuple[str, ...] = ()
    """Keys of the pictures that have to be there first."""
    alt: str = ""
    """The text alternative that goes with `id`."""
    prompt: str = ""
    """The author's own words, without a preset's, where a directive asks for this very picture."""

    @property
    def display_name(self) -> str:
        """What people know it by, for messages."""
        return self.id.removeprefix("file:") or quoted(self.prompt or self.step.text, most=40)


@dataclass(frozen=True, slots=True)
class Plan:
    """The requests of a build in a workable order, and what they cost together."""

    needs: tuple[PlannedRequest, ...] = ()
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
    resolved: Iterable[ResolvedImage],
    keys: Mapping[str, str],
    named: Mapping[str, ResolvedImage],
    stocked: Callable[[str], bool],
    refused: Callable[[str], bool],
    limits: SpendingLimits,
) -> Plan:
    """Find what has to be drawn for `resolved`, and hold it against the walls.

    `keys` gives the key, and `named` the directive, of each id that is referred to. What the model
    refused lately, and what builds on that, is left out.
    """
    found: dict[str, PlannedRequest] = {}
    left_out: set[str] = set()

    def visit(
        step: ImageRequest, author_digest: str = "", id: str = "", alt: str = "", prompt: str = ""
    ) -> str:
        name = key(step, keys)
        if author_digest and name in found and not found[name].author_digest:
            # First met as another's earlier step: now it is known whose wish it fulfils itself.
            found[name] = replace(
                found[name], author_digest=author_digest, id=id, alt=alt, prompt=prompt
            )
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
            price = limits.price(step.model, step.size)
            found[name] = PlannedRequest(
                name, step, author_digest, id, price, tuple(before), alt, prompt
            )
        return name

    for picture in resolved:
        for step, author_digest in picture.shown():
            visit(step, author_digest, *(_known(picture) if step is picture.step else ()))
    return held_against(found.values(), limits)


def _known(picture: ResolvedImage) -> tuple[str, str, str]:
    """Give the name of a directive's picture, the alt that goes with it, and its prompt."""
    alt = (picture.directive.alt or "") if picture.name else ""
    return picture.name, alt, picture.directive.prompt


def held_against(needs: Iterable[PlannedRequest], limits: SpendingLimits) -> Plan:
    """Make a plan of requests, refused as a whole where the walls are lower."""
    listed = tuple(needs)
    return Plan(listed, _refusal(listed, limits))


def _refusal(needs: tuple[PlannedRequest, ...], limits: SpendingLimits) -> str:
    if limits.free or not needs:
        return ""
    if len(needs) + limits.sent > limits.max_new:
        before = f" after {limits.sent} before" if limits.sent else ""
        return f"{len(needs)} requests{before} are more than max_new: {limits.max_new}"
    unknown = sorted({need.step.model for need in needs if need.price is None})
    if unknown and not limits.counted:
        return f"no price is known for {', '.join(unknown)}; set prices or max_new"
    cost = sum(need.price or 0.0 for need in needs)
    if cost + limits.spent > limits.budget + 1e-9:
        before = f" after ${limits.spent:.2f} before" if limits.spent else ""
        return f"about ${cost:.2f}{before} is more than budget: {limits.budget:.2f}"
    return ""
