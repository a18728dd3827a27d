"""A plan as a file: what a person approves, and what is drawn then, all of it or nothing.

The requests that a build would send go in, with the limits, the server and the revision of the
site; a JSON text comes out, and the reverse. A plan that is read is untrusted. Compared with what a
build would send now, every difference is a sentence. Pure.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted, single_line
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.requests.request import UriPart

PLAN_VERSION = 1
MAX_PLAN_BYTES = 64 * 2**20
"""A request takes some hundred bytes."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})?")
_ROUNDING = 1e-9
_MOST = 1_000_000_000
_SHOWN = 5
"""How many differences of one kind are named."""


@dataclass(frozen=True, slots=True)
class ApprovedRequest:
    """One request of a plan. The names of the fields are those of the JSON."""

    key: str
    request: str
    """The digest of all that decides what is sent, also of what is not in the key."""
    name: str
    model: str
    cost: float | None
    """USD as expected, or None where no price is known."""
    cost_at_most: float | None


@dataclass(frozen=True, slots=True)
class ApprovedPlan:
    """The requests that a person has approved, and the circumstances."""

    requests: tuple[ApprovedRequest, ...]
    server: str
    """The address to which they are sent."""
    max_new: int
    budget: float
    revision: str = ""
    """The commit of the site's sources, where Git has them; else empty."""

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all requests."""
        return frozenset(each.key for each in self.requests)


def approvable(needs: Iterable[PlannedRequest], server: str) -> tuple[ApprovedRequest, ...]:
    """Return the requests of a plan as a file holds them."""
    return tuple(
        ApprovedRequest(
            need.key,
            _digest_of(need, server),
            need.display_name,
            need.request.model,
            need.price,
            None if need.quote is None else need.at_most,
        )
        for need in needs
    )


def plan_text(plan: ApprovedPlan, time: str) -> str:
    """Return a plan as JSON; `time` is when it was made, and is there for people."""
    costs = [each.cost or 0.0 for each in plan.requests]
    most = [each.cost_at_most or 0.0 for each in plan.requests]
    value = {
        "v": PLAN_VERSION,
        "made": time,
        "revision": plan.revision,
        "server": plan.server,
        "limits": {"max_new": plan.max_new, "budget": plan.budget},
        "cost": round(sum(costs), 9),
        "cost_at_most": round(sum(most), 9),
        "requests": [asdict(each) for each in plan.requests],
    }
    return json.dumps(value, indent=1) + "\n"


def read_plan(raw: bytes, name: str) -> ApprovedPlan:
    """Return the plan in the bytes of a file, which messages call `name`.

    Raises `DiagnosticError` for what `plan_text` has not written.
    """
    try:
        value = read_json(raw)
        if not isinstance(value, dict):
            raise ValueError("it is no mapping")
        if type(value.get("v")) is int and value["v"] > PLAN_VERSION:
            raise ValueError("a newer version of mkdocs-gemini-images has written it")
        return _from_json(value)
    except (ValueError, TypeError, KeyError) as error:
        why = str(error) if type(error) is ValueError else "a field is missing or wrong"
        said = f"{quoted(name)} is no plan ({why})"
        fix = "write one with gemini-images plan --out"
        raise DiagnosticError(Diagnostic.sentence(said, fix)) from error


def differences(
    plan: ApprovedPlan, needs: Iterable[PlannedRequest], stocked: Callable[[str], bool], server: str
) -> list[str]:
    """Return what a build would do otherwise than approved, a sentence each; empty if nothing.

    `needs` are what it would send now, to `server`. `stocked` says of a key whether its picture is
    in stock or in a batch: what was drawn or ordered since the approval is not drawn again.
    """
    now = {need.key: need for need in needs}
    approved = {each.key: each for each in plan.requests}
    found = []
    if plan.server != server:
        found.append(f"the server was {quoted(plan.server)} and is {quoted(server)}")
    new = [need.display_name for key, need in now.items() if key not in approved]
    absent = (each for key, each in approved.items() if key not in now and not stocked(key))
    gone = [single_line(each.name)[:80] for each in absent]
    both = [(need, approved[key]) for key, need in now.items() if key in approved]
    changed = [
        need.display_name for need, each in both if each.request != _digest_of(need, plan.server)
    ]
    found += _named(new, "is not in the plan", "are not in the plan")
    found += _named(gone, "is in the plan and would not be drawn",
                    "are in the plan and would not be drawn")  # fmt: skip
    found += _named(changed, "would be requested differently", "would be requested differently")
    found += _dearer(both)
    return found


def _dearer(both: Iterable[tuple[PlannedRequest, ApprovedRequest]]) -> Iterator[str]:
    for need, each in both:
        then = None if each.cost_at_most is None else each.cost_at_most
        now = None if need.quote is None else need.at_most
        if then is None or now is None:
            if then is not now:
                yield f"the price of {need.display_name} was {_usd(then)} and is {_usd(now)}"
        elif now > then + _ROUNDING:
            yield f"{need.display_name} costs {_usd(now)} at most, and {_usd(then)} is approved"


def _usd(amount: float | None) -> str:
    return "not known" if amount is None else f"${amount:.4f}"


def _named(names: list[str], one: str, several: str) -> Iterator[str]:
    """Yield one sentence about some pictures, of which a few are named."""
    shown = ", ".join(names[:_SHOWN])
    if len(names) > _SHOWN:
        shown += f" and {len(names) - _SHOWN} more"
    if names:
        yield f"{shown} {one if len(names) == 1 else several}"


def _digest_of(need: PlannedRequest, server: str) -> str:
    """Return the digest of all that decides what is sent for a request."""
    chain = list(need.request.chain())
    types = [part.mime_type for each in chain for part in each.parts if isinstance(part, UriPart)]
    return digest([need.key, [each.spelled for each in chain], types, server])


def _from_json(value: Mapping[str, Any]) -> ApprovedPlan:
    """Return the plan in a JSON value. Raises `ValueError`, `TypeError` or `KeyError`."""
    limits = value["limits"]
    requests = tuple(ApprovedRequest(**each) for each in value["requests"])
    plan = ApprovedPlan(
        requests, value["server"], limits["max_new"], limits["budget"], value["revision"]
    )
    texts = [plan.server, plan.revision]
    texts += [text for each in requests for text in (each.key, each.request, each.name, each.model)]
    amounts = [plan.max_new, plan.budget]
    costs = [cost for each in requests for cost in (each.cost, each.cost_at_most)]
    amounts += [cost for cost in costs if cost is not None]
    if not (
        type(value["v"]) is int
        and value["v"] == PLAN_VERSION
        and all(isinstance(text, str) for text in texts)
        and all(type(each) in (int, float) and 0 <= each < _MOST for each in amounts)
        and all(_DIGEST.fullmatch(text) for each in requests for text in (each.key, each.request))
        and _REVISION.fullmatch(plan.revision)
        and len(plan.keys) == len(requests)
    ):
        raise TypeError
    return plan
