"""Plan what a build would buy, and decide whether it may, before anything is sent.

Resolved images and functions that say what is in stock and what was refused go in. Out comes a
`Plan`: each request once, after those that it builds on, with its quote; or the reason why the
limits forbid all of them. A build buys all or nothing. Pure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.core.diagnostics import counted, quoted
from mkdocs_gemini_images.models.pricing.amounts import about, cents, dollars
from mkdocs_gemini_images.models.pricing.item_prices import FREE, ItemPrices
from mkdocs_gemini_images.models.pricing.quote import Quote, total
from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart, key
from mkdocs_gemini_images.requests.request_quote import quote_request, tier_of
from mkdocs_gemini_images.requests.resolved_image import AuthoredRequest, ResolvedImage


@dataclass(frozen=True)
class PlannedRequest:
    """One request that has to be sent, what it builds on, and the directive it is sent for.

    Where no directive asks for this very picture, `author_digest`, `id`, `alt` and `prompt` are
    empty: it is an earlier turn of another picture. A dark twin has an `author_digest` alone.
    """

    key: str
    request: ImageRequest
    author_digest: str
    id: str
    """The name under which the directive's picture is kept in the store."""
    prices: ItemPrices | None
    """What it is quoted and billed by, or None where no price is known."""
    after: tuple[str, ...] = ()
    """Keys of the pictures that have to be there first."""
    alt: str = ""
    """The text alternative that goes with `id`."""
    prompt: str = ""
    """The author's own words, without a preset's."""

    @cached_property
    def quote(self) -> Quote | None:
        """What sending it once costs, or None where no price is known."""
        if self.prices is None:
            return None
        return Quote() if self.prices == FREE else quote_request(self.request, self.prices)

    @cached_property
    def price(self) -> float | None:
        """USD that it is expected to cost, or None where no price is known."""
        return None if self.quote is None else self.quote.usd

    @cached_property
    def at_most(self) -> float:
        """USD that sending it once costs at most; an unknown price counts as nothing."""
        return 0.0 if self.quote is None else self.quote.usd_at_most

    @property
    def searches_at_most(self) -> float:
        """USD of `at_most` that are for searches."""
        return 0.0 if self.quote is None else dollars(self.quote.most.get("search", 0))

    @property
    def display_name(self) -> str:
        """The request's name in messages."""
        return self.id.removeprefix("file:") or quoted(self.prompt or self.request.text, most=40)


@dataclass(frozen=True)
class Plan:
    """The requests of a build in an order in which they can be sent, and whether they may be."""

    needs: tuple[PlannedRequest, ...] = ()
    refusal: str = ""
    """Why none of them is sent, or empty."""

    @cached_property
    def quote(self) -> Quote:
        """What all requests cost; one without a known price counts as nothing."""
        return total(need.quote for need in self.needs)

    @property
    def cost(self) -> float:
        """USD that all requests are expected to cost."""
        return self.quote.usd

    @cached_property
    def at_most(self) -> float:
        """USD that all requests cost at most, each sent once: the limits hold against this."""
        return self.quote.usd_at_most

    @property
    def price_text(self) -> str:
        """What it costs, for messages: `about $0.13 (at most $0.21)`, or that it is not known."""
        unknown = sum(need.price is None for need in self.needs)
        if unknown == len(self.needs):
            return "at a price that is not known"
        more = f", and {unknown} of unknown price" if unknown else ""
        return f"{about(self.cost, self.at_most)}{more}"

    @property
    def amount(self) -> str:
        """How many pictures it draws, and the requests where these are more, for messages."""
        # Without author's options, a request is an earlier turn of another picture.
        asked = sum(bool(need.author_digest) for need in self.needs) or len(self.needs)
        pictures = counted(asked, "picture")
        if asked == len(self.needs):
            return pictures
        return f"{counted(len(self.needs), 'request')} for {pictures}"

    @property
    def models(self) -> str:
        """The models that would draw, for messages."""
        return ", ".join(sorted({need.request.model for need in self.needs}))


def plan_requests(
    resolved: Iterable[ResolvedImage],
    keys: Mapping[str, str],
    named: Mapping[str, ResolvedImage],
    stocked: Callable[[str], bool],
    refused: Callable[[str], bool],
    limits: SpendingLimits,
) -> Plan:
    """Return what has to be drawn for `resolved`, checked against the limits.

    `keys` gives the key, and `named` the image, of each id that is referred to. `stocked` and
    `refused` say of a key whether its picture is in stock, and whether the model refused to draw it
    lately: a refused request is left out, and what builds on it.

    Raises `KeyError` for an id that has no key.
    """
    planner = _Planner(keys, named, stocked, refused, limits)
    for image in resolved:
        planner.add_light(image)
        if image.dark is not None:
            planner.add_dark(image.dark)
    needs = tuple(planner.needs.values())
    return Plan(needs, refusal_by_limits(needs, limits))


def built_on_refused(
    wanted: Iterable[ResolvedImage],
    keys: Mapping[str, str],
    named: Mapping[str, ResolvedImage],
    refused: Mapping[str, str],
) -> dict[str, str]:
    """Return by key why images are left out: what they build on was `refused` for a reason.

    `refused` and the arguments are those of `plan_requests`. Raises `KeyError`.
    """
    found: dict[str, str] = {}

    def behind(request: ImageRequest) -> str:
        """Return the reason of what a request builds on; each request is looked at once."""
        name = key(request, keys)
        if name not in found:
            before = [] if request.after is None else [request.after]
            parts = (part for part in request.parts if isinstance(part, PicturePart))
            before += (named[part.id].light.request for part in parts)
            reasons = (refused.get(key(each, keys)) or behind(each) for each in before)
            found[name] = next(filter(None, reasons), "")
        return found[name]

    return {
        key(request, keys): f"it builds on another picture: {reason}"
        for image in wanted
        for request in image.requests
        if (reason := behind(request))
    }


@dataclass(slots=True)
class _Planner:
    """Collects the requests of one plan. The arguments are those of `plan_requests`."""

    keys: Mapping[str, str]
    named: Mapping[str, ResolvedImage]
    stocked: Callable[[str], bool]
    refused: Callable[[str], bool]
    limits: SpendingLimits
    needs: dict[str, PlannedRequest] = field(default_factory=dict)
    """By key, each after those that it builds on."""
    _left_out: set[str] = field(default_factory=set)
    _prices: dict[tuple[str, str], ItemPrices | None] = field(default_factory=dict)
    """By model and size, which most requests of a site share."""

    def add_light(self, image: ResolvedImage) -> str:
        """Add the light request of an image with its name, and return its key."""
        name = self._add(image.light.request)
        # Whether it is planned, and no directive has asked for its picture yet.
        if (need := self.needs.get(name)) is not None and not need.author_digest:
            self.needs[name] = replace(
                need,
                author_digest=image.light.author_digest,
                id=image.name,
                alt=(image.directive.alt or "") if image.name else "",
                prompt=image.directive.prompt,
            )
        return name

    def add_dark(self, dark: AuthoredRequest) -> None:
        """Add the request of a dark twin, which has no name of its own."""
        name = self._add(dark.request)
        if (need := self.needs.get(name)) is not None and not need.author_digest:
            self.needs[name] = replace(need, author_digest=dark.author_digest)

    def _add(self, request: ImageRequest) -> str:
        """Add a request after those that it builds on, unless it is in stock; return its key."""
        name = key(request, self.keys)
        if name in self.needs or name in self._left_out or self.stocked(name):
            return name
        before = [] if request.after is None else [self._add(request.after)]
        for part in request.parts:
            if isinstance(part, PicturePart):
                before.append(self.add_light(self.named[part.id]))
        if self.refused(name) or not self._left_out.isdisjoint(before):
            self._left_out.add(name)
        else:
            sort = request.model, request.size
            if sort not in self._prices:
                self._prices[sort] = self.limits.prices_of(*sort)
            prices = self._prices[sort]
            if prices is not None and request.request:  # raw JSON may name a service tier
                prices = prices.times(tier_of(request))
            self.needs[name] = PlannedRequest(name, request, "", "", prices, tuple(before))
        return name


def refusal_by_limits(needs: Collection[PlannedRequest], limits: SpendingLimits) -> str:
    """Return why the limits forbid to send requests, or empty."""
    if limits.free or not needs:
        return ""
    if len(needs) + limits.sent > limits.max_new:
        before = f" after {limits.sent} before" if limits.sent else ""
        are = "is" if len(needs) == 1 else "are"
        requests = counted(len(needs), "request")
        return f"{requests}{before} {are} more than max_new: {limits.max_new}"
    unknown = sorted({need.request.model for need in needs if need.price is None})
    if unknown and not limits.counted:
        return f"no price is known for {', '.join(unknown)}; set prices or max_new"
    at_most = total(need.quote for need in needs).usd_at_most
    if at_most + limits.spent > limits.budget + 1e-9:
        before = f" after ${limits.spent:.2f} before" if limits.spent else ""
        return f"up to ${cents(at_most)}{before} is more than budget: {limits.budget:.2f}"
    return ""


def requests_by_key(plans: Iterable[Plan]) -> dict[str, PlannedRequest]:
    """Return the requests of several plans, each once, by key.

    One that a directive asks for stands before one that other pictures build on.
    """
    found: dict[str, PlannedRequest] = {}
    for need in (need for plan in plans for need in plan.needs):
        if not found.setdefault(need.key, need).author_digest:
            found[need.key] = need
    return found
