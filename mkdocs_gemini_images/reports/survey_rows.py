"""Make the rows of a survey from the images of a build and from the records of the stock.

In: an image, the requests that it would take, and what is in stock. Out: a `SurveyRow`. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.whole_site.status import BuildStatus
from mkdocs_gemini_images.reports.survey import SurveyRow, SurveyState, other_alts
from mkdocs_gemini_images.requests.planning import PlannedRequest
from mkdocs_gemini_images.sources.alts.alt_drafts import draft_of_alt
from mkdocs_gemini_images.store import reachability
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile
from mkdocs_gemini_images.store.record import Record

_STATES: dict[type, SurveyState] = {
    InStock: "in stock",
    Drifted: "drifted",
    UserFile: "your own",
    Fallback: "new",
    Missing: "new",
}


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
    firsts: dict[str, SurveyRow] = {}
    flaws = list(dict.fromkeys(each for each in status.build.notices if each.kind != "broken"))
    for image, chain in status.chains():
        keys = [key for key, _ in chain]
        needs = [prices.pop(key) for key in keys if key in prices]
        located = (Notice("info", "", use.page, use.directive.source) for use in image.uses)
        places = tuple(sorted({locate(each) for each in located}))
        key, request = status.own_request(image, chain)
        # The other takes of what has drifted are those of the request that drew it.
        drew = image.lookup.record.request if isinstance(image.lookup, Drifted) else request
        family = takes.get(reachability.family(drew), ()) if takes and drew else ()
        refused = next((said for key in keys if (said := status.refused(key))), "")
        found = image_row(image, needs, places, tuple(family), refused, key)
        if made_from := status.base_key(image):
            found = replace(found, made_from=made_from)
        first = firsts.setdefault(found.key, found) if found.state == "new" else found
        if first is not found and found.key and not found.requests:
            found = replace(
                found, note=f"same as {f'#{first.id}' if first.id else first.places[0]}"
            )
        # A dark twin has no flaws of its own.
        uses = {(use.page, use.directive.source) for use in image.uses if image.light is None}
        its = [each for each in flaws if (each.page, each.source) in uses] if flaws else []
        yield with_flaws(found, its, image.record, locate) if its else found
    yield from broken_rows(status.build.notices, locate)


def broken_rows(notices: Iterable[Notice], locate: Callable[[Notice], str]) -> Iterator[SurveyRow]:
    """Yield one row for all mistakes of a directive, and one for each mistake of something else."""
    told: dict[tuple[str, str], dict[str, str]] = {}
    for each in notices:
        if each.level == "warning" and each.kind == "broken":
            place = locate(each)
            one = (each.page, each.source) if each.source else (place, each.text)
            told.setdefault(one, {}).setdefault(each.text, place)
    for mistakes in told.values():
        places = tuple(dict.fromkeys(mistakes.values()))
        yield SurveyRow("broken", "; ".join(mistakes), places)


def image_row(
    image: SiteImage,
    needs: Sequence[PlannedRequest],
    places: tuple[str, ...],
    takes: tuple[str, ...] = (),
    refused: str = "",
    key: str = "",
) -> SurveyRow:
    """Return the row of one image.

    `needs` are the requests that drawing it would send, `takes` the keys in stock of the takes of
    its request, `refused` what the model answered lately instead of a picture, and `key` the key of
    its request, empty when that cannot be known.
    """
    step, directive = image.request, image.resolved.directive
    note = "for dark pages" if image.light is not None else ""
    damage = image.lookup.damage if isinstance(image.lookup, Missing) else ""
    if isinstance(image.lookup, Drifted):
        note = image.lookup.why
    elif refused and image.record is None:
        note = refused
    prices = [need.price for need in needs if need.price is not None]
    if image.in_batch:
        note = image.in_batch.removeprefix("being drawn in batch ").partition(" (job")[0]
    state: SurveyState = "in batch" if image.in_batch else _STATES[type(image.lookup)]
    return SurveyRow(
        state="broken" if damage else state,
        what=damage or directive.prompt,
        places=places,
        id=image.resolved.display_name if directive.id else "",
        key=image.record.key if image.record is not None else needs[-1].key if needs else key,
        model=step.model,
        size=step.size,
        requests=len(needs),
        price=sum(prices) if len(prices) == len(needs) else None,
        cost_at_most=sum(need.at_most for need in needs) if len(prices) == len(needs) else None,
        note=note,
        alt=directive.alt,
        other_alts=other_alts(directive.alt, (use.directive.alt for use in image.uses)),
        take=step.take,
        takes=takes,
    )


def with_flaws(
    row: SurveyRow, flaws: Sequence[Notice], record: Record | None, place: Callable[[Notice], str]
) -> SurveyRow:
    """Return a row with the notices about how pages show its picture.

    When one of them is about the alt, the model's description becomes the draft of another.
    """
    texts = tuple(f"{place(flaw)}: {flaw.text}" for flaw in flaws)
    has_alt_flaw = any(flaw.kind == "alt" for flaw in flaws)
    description = record.text if record is not None and has_alt_flaw else ""
    return replace(row, flaws=texts, draft=draft_of_alt(description))


def orphan_row(record: Record) -> SurveyRow:
    """Return the row of a picture in stock that no page shows."""
    config = record.request.get("config", {})
    size = config.get("imageSize", "1K") if isinstance(config, dict) else ""
    prompt = str(record.request.get("text", ""))
    return SurveyRow(
        "orphaned", prompt, (), record.id, record.key, record.model, str(size),
        take=reachability.take_number(record.request),
    )  # fmt: skip
