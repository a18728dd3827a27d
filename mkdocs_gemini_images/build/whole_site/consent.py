"""Ask once for the requests of all builds of a command, or hold them against an approved plan.

In: the builds, and the command. Out: a `Consent`. Sends nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.generation.draw_command import DrawCommand
from mkdocs_gemini_images.requests.planning import Plan, refusal_by_limits, requests_by_key
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.store import Store


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to."""

    keys: frozenset[str] = frozenset()
    """Of the requests that may be sent."""
    at_most: float = 0.0
    """USD."""
    otherwise: tuple[str, ...] = ()
    """What would be done otherwise than in the approved plan, a sentence each."""


def ask_for_consent(builds: Sequence[SiteBuild], command: DrawCommand, store: Store) -> Consent:
    """Return the consent to all requests of `builds`, against the lowest limits, or to none."""
    planned = requests_by_key(build.plan() for build in builds)
    needs = tuple(planned.values())
    limits = (build.tracker.applied_to(build.settings.limits) for build in builds)
    refusals = (refusal_by_limits(needs, each) for each in limits)
    strictest = Plan(needs, next(filter(None, refusals), ""))
    if command.approved is not None:
        if otherwise := _differences(command, strictest, builds[0], store):
            return Consent(otherwise=otherwise)
    elif not strictest.needs or not command.agree(strictest):
        return Consent()
    return Consent(frozenset(planned), strictest.at_most)


def _differences(
    command: DrawCommand, planned: Plan, build: SiteBuild, store: Store
) -> tuple[str, ...]:
    """Return what `planned` does otherwise than the plan that the command has."""
    from mkdocs_gemini_images.requests.approved_plan import differences

    approved, settings = command.approved, build.settings
    if approved is None:
        return ()

    def is_there(key: str) -> bool:
        return is_stocked(store, key) or bool(build.tools.generator.in_batch(key))

    found = differences(approved, planned.needs, is_there, settings.server.base_url)
    limits = settings.limits
    lowered = limits.max_new < approved.max_new or limits.budget < approved.budget
    if planned.refusal and lowered:
        found.append(f"a limit is lower than when it was approved: {planned.refusal}")
    return tuple(found)
