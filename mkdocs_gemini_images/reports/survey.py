"""The survey of a site's pictures: a row for each, the sums, and both as text, JSON or Markdown.

In: rows as `survey_rows` makes them. Out: the rows merged and sorted, an exit code, and strings.
Pure: nothing is read, sent or written. A picture is new, being drawn in batch, drifted, in stock,
the author's own file, orphaned (in stock, but on no page) or broken.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from mkdocs_gemini_images.core.diagnostics import single_line
from mkdocs_gemini_images.models.pricing.amounts import about
from mkdocs_gemini_images.reports.markdown_cells import cell
from mkdocs_gemini_images.reports.notice_log import page_and_line

SurveyState = Literal["new", "in batch", "drifted", "in stock", "orphaned", "broken", "your own"]

SURVEY_STATES: tuple[SurveyState, ...] = (
    "broken", "new", "in batch", "drifted", "in stock", "your own", "orphaned",
)  # fmt: skip
"""In the order in which they need the author's attention."""

NOTHING, ERRORS, WOULD_DRAW, OVER_LIMITS = 0, 1, 2, 3
"""Exit codes: nothing to do; something is broken; a build would draw; it would but may not."""

DRAFT = "draft from the model"


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One picture, or one directive in error. The names of the fields are those of the JSON."""

    state: SurveyState
    what: str
    """Its prompt, or what is wrong."""
    places: tuple[str, ...] = ()
    """`page:line`, or the page alone."""
    id: str = ""
    key: str = ""
    model: str = ""
    size: str = ""
    requests: int = 0
    """How many requests drawing it would send."""
    price: float | None = 0.0
    """USD that drawing it is expected to cost; None when unknown."""
    cost_at_most: float | None = 0.0
    """USD that drawing it would cost at most, each request sent once; None when unknown."""
    note: str = ""
    alt: str | None = None
    """Its text alternative; None when its author wrote none."""
    other_alts: tuple[str, ...] = ()
    """Those of its other uses where they differ, such as on pages in another language."""
    take: int = 1
    takes: tuple[str, ...] = ()
    """Keys of the pictures in stock whose requests differ in `take` alone, its own among them."""
    flaws: tuple[str, ...] = ()
    """What is wrong with how pages show it, each with its place."""
    draft: str = ""
    """The model's description of it, when its alt has a flaw: a draft that the author edits."""
    made_from: str = ""
    """The key of the picture in the site's first language that this one is an edit of, or empty."""


@dataclass(frozen=True, slots=True)
class Survey:
    """All rows of a site, and the sums."""

    rows: tuple[SurveyRow, ...]
    refusal: str = ""
    """Why a build would not draw what is new, or empty."""
    spent: float = 0.0
    """USD that the pictures in stock have cost so far."""
    emulated: bool = False
    """Whether the emulator draws: its pictures are never really in stock."""
    quoted: float | None = None
    """USD that the pictures in stock were quoted with, or None where that is not known."""

    @property
    def requests(self) -> int:
        """How many requests a build would send."""
        return sum(row.requests for row in self.rows)

    @property
    def cost(self) -> float:
        """USD that these requests are expected to cost; an unknown price counts as 0."""
        return sum(row.price or 0.0 for row in self.rows if row.requests)

    @property
    def cost_at_most(self) -> float:
        """USD that these requests would cost at most; an unknown price counts as 0."""
        return sum(row.cost_at_most or 0.0 for row in self.rows if row.requests)

    @property
    def exit_code(self) -> int:
        """The exit code of `gemini-images plan`."""
        if any(row.state == "broken" for row in self.rows):
            return ERRORS
        if not self.requests:
            return NOTHING
        return OVER_LIMITS if self.refusal else WOULD_DRAW

    def sums(self) -> str:
        """Return the sums in one line."""
        counts = {state: sum(row.state == state for row in self.rows) for state in SURVEY_STATES}
        parts = [f"{count} {state}" for state, count in counts.items() if count]
        line = ", ".join(parts) or "no pictures"
        if self.emulated:
            return f"{line}; the emulator draws at no cost, and keeps what it draws in its cache"
        if self.requests:
            noun = "request" if self.requests == 1 else "requests"
            unknown = sum(row.price is None for row in self.rows if row.requests)
            more = f" and {unknown} of unknown price" if unknown else ""
            line += f"; {self.requests} {noun}, {about(self.cost, self.cost_at_most)}{more}"
        spent = f"${self.spent:.2f}"
        quoted = spent if self.quoted is None else f"${self.quoted:.2f}"
        return f"{line}; spent so far {spent}" + ("" if quoted == spent else f" (quoted {quoted})")


def merge_rows(rows: Iterable[SurveyRow]) -> Iterator[SurveyRow]:
    """Merge the rows of one picture from several builds into one row with all places."""
    merged: dict[tuple[object, ...], SurveyRow] = {}
    for row in rows:
        # A row without a key, such as that of a directive in error, is identified by its place.
        identity = (row.state, row.note, row.id, row.key or (row.what, row.places))
        first = merged.setdefault(identity, row)
        if first is not row:
            merged[identity] = replace(
                first,
                places=tuple(sorted({*first.places, *row.places})),
                other_alts=other_alts(first.alt, (*first.other_alts, row.alt, *row.other_alts)),
                requests=first.requests + row.requests,
                price=_sum(first.price, row.price),
                cost_at_most=_sum(first.cost_at_most, row.cost_at_most),
                flaws=tuple(dict.fromkeys((*first.flaws, *row.flaws))),
                draft=first.draft or row.draft,
            )
    yield from merged.values()


def other_alts(alt: str | None, found: Iterable[str | None]) -> tuple[str, ...]:
    """Return the alts that are not `alt`, each once."""
    return tuple(dict.fromkeys(each for each in found if each and each != alt))


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def sort_rows(rows: Iterable[SurveyRow]) -> tuple[SurveyRow, ...]:
    """Return rows in the order of `SURVEY_STATES`, and then of their places.

    A picture that is an edit of one in another language stands behind that one.
    """
    listed = list(rows)
    bases = {row.key: row for row in reversed(listed) if not row.made_from}

    def rank(row: SurveyRow) -> tuple[object, ...]:
        base = bases.get(row.made_from, row) if row.made_from else row
        first, own = ([page_and_line(each) for each in one.places] for one in (base, row))
        order = (SURVEY_STATES.index(row.state), first, base.what, base.key)
        return (*order, base is not row, own, row.what, row.key)

    return tuple(sorted(listed, key=rank))


def survey_json(survey: Survey) -> str:
    """Return a survey as JSON, for scripts."""
    pictures = [
        {name: getattr(row, name) for name in SurveyRow.__dataclass_fields__} for row in survey.rows
    ]
    value: Mapping[str, object] = {
        "v": 1,
        "requests": survey.requests,
        "cost": round(survey.cost, 6),
        "cost_at_most": round(survey.cost_at_most, 6),
        "spent": round(survey.spent, 6),
        "refusal": survey.refusal,
        "exit_code": survey.exit_code,
    }
    # One line per picture: with `indent`, Python's encoder is not the fast one written in C.
    lines = ",".join(f"\n  {json.dumps(each)}" for each in pictures)
    written = f'{json.dumps(value, indent=1)[:-2]},\n "pictures": [{lines}\n ]\n}}'
    # A CI runner that shows the output would take `##[error]` in a text as a command.
    return written.replace("##", r"\u0023\u0023")


def survey_markdown(survey: Survey) -> str:
    """Return a survey as a comment for a pull request, without the pictures that need no action."""
    listed = [row for row in survey.rows if row.state not in ("in stock", "your own")]
    lines = [f"**Pictures:** {survey.sums()}"]
    if survey.refusal:
        lines += ["", f"A build would not draw them: {cell(survey.refusal)}"]
    if listed:
        lines += ["", "| | where | picture | model | price |", "|---|---|---|---|---:|"]
        lines += [
            f"| {row.state} | {cell(', '.join(row.places[:3]))} | {cell(_description(row))} "
            f"| {cell(_model_and_size(row))} | {row_price(row)} |"
            for row in listed
        ]
    if any(row.flaws for row in survey.rows):
        lines += ["", "**Shown, but to be corrected:**", ""]
    for row in survey.rows:
        lines += [f"- {cell(flaw)}" for flaw in row.flaws]
        lines += [f"  - {DRAFT}: {cell(row.draft)}"] if row.draft else []
    return "\n".join(lines) + "\n"


def survey_flaws(survey: Survey) -> list[str]:
    """Return the lines that say what is wrong with how pages show pictures, with their drafts."""
    lines = []
    for row in survey.rows:
        lines += [single_line(flaw) for flaw in row.flaws]
        lines += [f"  {DRAFT}: {single_line(row.draft)}"] if row.draft else []
    return lines


SurveyLine = tuple[str, str, str, str, str]
"""State, places, picture, model and price of a row, as text."""


def survey_lines(survey: Survey) -> list[SurveyLine]:
    """Return the cells of each row, for a table on a terminal."""
    return [
        (
            row.state,
            "\n".join(map(single_line, row.places[:3])),
            _description(row),
            single_line(_model_and_size(row)),
            row_price(row),
        )
        for row in survey.rows
    ]


def row_price(row: SurveyRow) -> str:
    """Return what drawing a row's picture would cost; empty when no request would be sent."""
    if not row.requests:
        return ""
    return "?" if row.price is None else f"${row.price:.3f}"


def _description(row: SurveyRow) -> str:
    flat = single_line(row.what)
    # The end of a message says how to correct the mistake.
    short = flat if row.state == "broken" or len(flat) <= 80 else f"{flat[:79]}…"
    name = f"#{single_line(row.id)} " if row.id and ":" not in row.id else ""
    notes = [f"take {row.take}"] if row.take != 1 or len(row.takes) > 1 else []
    notes += [f"{len(row.takes)} in stock"] if len(row.takes) > 1 else []
    said = [", ".join(notes), single_line(row.note)]
    return f"{name}{short}" + "".join(f" ({each})" for each in said if each)


def _model_and_size(row: SurveyRow) -> str:
    return f"{row.model} {row.size}".strip()
