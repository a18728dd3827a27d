"""Pictures as the rows of a survey: how each stands, where it is, and what it would cost.

In come posts, the requests they would take and what was said of them; out come rows, for whoever
prints them. Writes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from mkdocs_gemini_images.build.notices import Notice
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.status import BuildStatus
from mkdocs_gemini_images.reports.survey import SurveyRow, SurveyState, shorten_draft
from mkdocs_gemini_images.requests.plan import PlannedRequest
from mkdocs_gemini_images.store import reachability
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile
from mkdocs_gemini_images.store.record import Record


def build_rows(
    status: BuildStatus,
    locate: Callable[[Notice], str],
    prices: dict[str, PlannedRequest],
    takes: Mapping[str, Sequence[str]],
) -> Iterator[SurveyRow]:
    """Yield a row for each image of a build, and one for each directive in error.

    `locate` returns the page and line of a notice. The requests that an image needs are taken out
    of `prices`, by key, so that each request is counted with one image. `takes` are the keys in the
    store of each family of takes.
    """
    flaws = list(dict.fromkeys(each for each in status.build.notices if each.kind != "broken"))
    for image, chain in status.chains():
        keys = [key for key, _ in chain]
        needs = [prices.pop(key) for key in keys if key in prices]
        located = (Notice("info", "", use.page, use.directive.source) for use in image.uses)
        places = tuple(sorted({locate(each) for each in located}))
        key, request = status.own_request(image, chain)
        family = takes.get(reachability.family(request), ()) if takes and request else ()
        refused = next((said for key in keys if (said := status.refused(key))), "")
        found = image_row(image, needs, places, tuple(family), refused, key)
        # A dark twin has no flaws of its own.
        uses = {(use.page, use.directive.source) for use in image.uses if image.light is None}
        its = [each for each in flaws if (each.page, each.source) in uses] if flaws else []
        yield with_flaws(found, its, image.record, locate) if its else found
    for each in status.build.notices:
        if each.level == "warning" and each.kind == "broken":
            yield SurveyRow("broken", each.text, (locate(each),))


def image_row(
    image: SiteImage,
    needs: list[PlannedRequest],
    places: tuple[str, ...],
    takes: tuple[str, ...] = (),
    refused: str = "",
    key: str = "",
) -> SurveyRow:
    """Write one picture as a row of a survey; `key` is that of its request, where it has one.

    `needs` are the requests it would take, `refused` what the model answered lately instead.
    """
    step, directive = image.request, image.resolved.directive
    states: dict[type, SurveyState] = {
        InStock: "in stock",
        Drifted: "drifted",
        UserFile: "your own",
        Fallback: "new",
        Missing: "new",
    }
    note = "for dark pages" if image.light is not None else ""
    damage = image.lookup.damage if isinstance(image.lookup, Missing) else ""
    if isinstance(image.lookup, Drifted):
        note = image.lookup.why
    elif refused and image.record is None:
        note = refused
    known = [need.price for need in needs if need.price is not None]
    return SurveyRow(
        state="broken" if damage else states[type(image.lookup)],
        what=damage or directive.prompt,
        places=places,
        id=image.resolved.display_name if directive.id else "",
        key=image.record.key if image.record is not None else needs[-1].key if needs else key,
        model=step.model,
        size=step.size,
        requests=len(needs),
        price=sum(known) if len(known) == len(needs) else None,
        note=note,
        alt=directive.alt,
        take=step.take,
        takes=takes,
    )


def with_flaws(
    row: SurveyRow, flaws: Sequence[Notice], record: Record | None, place: Callable[[Notice], str]
) -> SurveyRow:
    """Add what is wrong with how a picture is shown; where it is the alt, the model's words."""
    said = tuple(f"{place(each)}: {each.text}" for each in flaws)
    words = record.text if record is not None and any(each.kind == "alt" for each in flaws) else ""
    return replace(row, flaws=said, draft=shorten_draft(words))


def orphan_row(record: Record) -> SurveyRow:
    """Write a picture that no page shows as a row of a survey."""
    config = record.request.get("config", {})
    size = config.get("imageSize", "1K") if isinstance(config, dict) else ""
    words = str(record.request.get("text", ""))
    return SurveyRow("orphaned", words, (), record.id, record.key, record.model, str(size))
