"""Make the rows of a survey from the images of a build and from the records of the stock.

In: an image, the requests that it would take, and what is in stock. Out: a `SurveyRow`. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mkdocs_gemini_images.build.notices import Notice
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.reports.survey import SurveyRow, SurveyState, shorten_draft
from mkdocs_gemini_images.requests.plan import PlannedRequest
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile
from mkdocs_gemini_images.store.record import Record

_STATES: dict[type, SurveyState] = {
    InStock: "in stock",
    Drifted: "drifted",
    UserFile: "your own",
    Fallback: "new",
    Missing: "new",
}


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
    step, directive = image.step, image.resolved.directive
    note = "for dark pages" if image.light is not None else ""
    damage = image.held.damage if isinstance(image.held, Missing) else ""
    if isinstance(image.held, Drifted):
        note = image.held.why
    elif refused and image.record is None:
        note = refused
    prices = [need.price for need in needs if need.price is not None]
    return SurveyRow(
        state="broken" if damage else _STATES[type(image.held)],
        what=damage or directive.prompt,
        places=places,
        id=image.resolved.display_name if directive.id else "",
        key=image.record.key if image.record is not None else needs[-1].key if needs else key,
        model=step.model,
        size=step.size,
        requests=len(needs),
        price=sum(prices) if len(prices) == len(needs) else None,
        note=note,
        alt=directive.alt,
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
    return replace(row, flaws=texts, draft=shorten_draft(description))


def orphan_row(record: Record) -> SurveyRow:
    """Return the row of a picture in stock that no page shows."""
    config = record.request.get("config", {})
    size = config.get("imageSize", "1K") if isinstance(config, dict) else ""
    prompt = str(record.request.get("text", ""))
    return SurveyRow("orphaned", prompt, (), record.id, record.key, record.model, str(size))
