"""What a build would do, before it does it: the plan, as a person, a script or a reviewer reads it.

In come the posts of a build that looked and drew nothing, the stock's records and what the walls
say; out come rows, and the same rows as text, JSON or Markdown. Nothing is sent, nothing written.
A picture is new, drifted, in stock, orphaned (in stock, and no page shows it) or broken.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from mkdocs_gemini_images.core.diagnostics import single_line

SurveyState = Literal["new", "drifted", "in stock", "orphaned", "broken", "your own"]

SURVEY_STATES: tuple[SurveyState, ...] = (
    "broken",
    "new",
    "drifted",
    "in stock",
    "your own",
    "orphaned",
)
"""In the order of what wants attention first."""

NOTHING, ERRORS, WOULD_DRAW, OVER_LIMITS = 0, 1, 2, 3
"""Exit codes: nothing to do; something is broken; a build would draw; it would but may not."""


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One picture, or one directive that cannot become one."""

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
    price: float | None = 0.0
    """USD that drawing it would cost at the table's prices; None when unknown."""
    note: str = ""
    alt: str | None = None
    """Its text alternative; None when its author wrote none."""
    take: int = 1
    takes: tuple[str, ...] = ()
    """Keys of the drawings in stock whose requests differ in `take` alone, its own among them."""
    flaws: tuple[str, ...] = ()
    """What is wrong with how it is shown, each with its place."""
    draft: str = ""
    """The model's own words about it, where its alt has a flaw: to be read, mended and written."""


@dataclass(frozen=True, slots=True)
class Survey:
    """All rows of a site, and the sums."""

    rows: tuple[SurveyRow, ...]
    refusal: str = ""
    """Why a build would not draw what is new, or empty."""
    spent: float = 0.0
    """USD that the pictures in stock have cost so far."""
    emulated: bool = False
    """Whether they are the emulator's: then none of them is really in stock."""

    @property
    def requests(self) -> int:
        """How many requests would be sent."""
        return sum(row.requests for row in self.rows)

    @property
    def cost(self) -> float:
        """USD they would cost; unknown prices count nothing."""
        return sum(row.price or 0.0 for row in self.rows if row.requests)

    @property
    def exit_code(self) -> int:
        """What a script is told."""
        if any(row.state == "broken" for row in self.rows):
            return ERRORS
        if not self.requests:
            return NOTHING
        return OVER_LIMITS if self.refusal else WOULD_DRAW

    def sums(self) -> str:
        """Sum it up in one line."""
        counts = {state: sum(row.state == state for row in self.rows) for state in SURVEY_STATES}
        parts = [f"{count} {state}" for state, count in counts.items() if count]
        line = ", ".join(parts) or "no pictures"
        if self.emulated:
            return f"{line}; the emulator draws for nothing, and keeps what it draws in its cache"
        if self.requests:
            noun = "request" if self.requests == 1 else "requests"
            unknown = sum(row.price is None for row in self.rows if row.requests)
            more = f" and {unknown} of unknown price" if unknown else ""
            line += f"; {self.requests} {noun}, about ${self.cost:.2f}{more}"
        return f"{line}; spent so far ${self.spent:.2f}"


def merge_rows(rows: Iterable[SurveyRow]) -> Iterator[SurveyRow]:
    """Make one row of all rows of one picture, as builds of one site have them, for all places."""
    found: dict[tuple[object, ...], SurveyRow] = {}
    for row in rows:
        # What has no key, such as a directive in error, is the same at the same place alone.
        name = (row.state, row.note, row.id, row.key or (row.what, row.places))
        first = found.setdefault(name, row)
        if first is not row:
            found[name] = replace(
                first,
                places=tuple(sorted({*first.places, *row.places})),
                requests=first.requests + row.requests,
                price=_sum(first.price, row.price),
                flaws=tuple(dict.fromkeys((*first.flaws, *row.flaws))),
                draft=first.draft or row.draft,
            )
    yield from found.values()


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def sort_rows(rows: Iterable[SurveyRow]) -> tuple[SurveyRow, ...]:
    """Put rows in the order of what wants attention first, then of their places."""

    def rank(row: SurveyRow) -> tuple[int, list[tuple[str, int]], str, str]:
        return (
            SURVEY_STATES.index(row.state),
            [_by_line(each) for each in row.places],
            row.what,
            row.key,
        )

    return tuple(sorted(rows, key=rank))


def _by_line(place: str) -> tuple[str, int]:
    """Take `page:line` apart, so that line 6 comes before line 17."""
    page, _, line = place.rpartition(":")
    return (page, int(line)) if page and line.isdecimal() else (place, 0)


def survey_json(survey: Survey) -> str:
    """Write a survey for a script."""
    pictures = [
        {name: getattr(row, name) for name in SurveyRow.__dataclass_fields__} for row in survey.rows
    ]
    value: Mapping[str, object] = {
        "v": 1,
        "requests": survey.requests,
        "cost": round(survey.cost, 6),
        "spent": round(survey.spent, 6),
        "refusal": survey.refusal,
        "exit_code": survey.exit_code,
    }
    # A line for each picture: the encoder that indents is the slow one.
    lines = ",".join(f"\n  {json.dumps(each)}" for each in pictures)
    return f'{json.dumps(value, indent=1)[:-2]},\n "pictures": [{lines}\n ]\n}}'


def survey_markdown(survey: Survey) -> str:
    """Write a survey as a comment under a pull request: what is as it was needs no row."""
    shown = [row for row in survey.rows if row.state not in ("in stock", "your own")]
    lines = [f"**Pictures:** {survey.sums()}"]
    if survey.refusal:
        lines += ["", f"A build would not draw them: {_cell(survey.refusal)}"]
    if shown:
        lines += ["", "| | where | picture | model | price |", "|---|---|---|---|---:|"]
        lines += [
            f"| {row.state} | {_cell(', '.join(row.places[:3]))} | {_cell(_told(row))} "
            f"| {_cell(_drawn_by(row))} | {row_price(row)} |"
            for row in shown
        ]
    if any(row.flaws for row in survey.rows):
        lines += ["", "**Shown, and to be mended:**", ""]
    for row in survey.rows:
        lines += [f"- {_cell(flaw)}" for flaw in row.flaws]
        lines += [f"  - {DRAFT}: {_cell(row.draft)}"] if row.draft else []
    return "\n".join(lines) + "\n"


def survey_flaws(survey: Survey) -> list[str]:
    """List what is wrong with how pictures are shown, and what may help, line by line."""
    found = []
    for row in survey.rows:
        found += [single_line(flaw) for flaw in row.flaws]
        found += [f"  {DRAFT}: {row.draft}"] if row.draft else []
    return found


DRAFT = "draft from the model"
_MOST_DRAFT = 300
"""Characters of a draft; an alt has less."""


def shorten_draft(words: str) -> str:
    """Cut a model's words about its picture to a draft of an alt, which nobody publishes unread."""
    flat = single_line(words)
    return flat if len(flat) <= _MOST_DRAFT else f"{flat[: _MOST_DRAFT - 1]}…"


def survey_lines(survey: Survey) -> list[tuple[str, str, str, str, str]]:
    """Give state, place, picture, model and price of each row, for a table on a terminal."""
    return [
        (
            row.state,
            "\n".join(map(single_line, row.places[:3])),
            _told(row),
            single_line(_drawn_by(row)),
            row_price(row),
        )
        for row in survey.rows
    ]


def row_price(row: SurveyRow) -> str:
    """Write what a row would cost; nothing where nothing would be sent."""
    if not row.requests:
        return ""
    return "?" if row.price is None else f"${row.price:.3f}"


def _told(row: SurveyRow) -> str:
    flat = single_line(row.what)
    short = flat if len(flat) <= 80 else f"{flat[:79]}…"
    name = f"#{row.id} " if row.id and ":" not in row.id else ""
    return f"{name}{short}" + (f" ({single_line(row.note)})" if row.note else "")


def _drawn_by(row: SurveyRow) -> str:
    return f"{row.model} {row.size}".strip()


_MARKS = frozenset("&<>|\\*_`[](){}@#~!:$\"'+^=")
"""What begins something in some Markdown: a link, a mention, an issue, an emoji, a formula."""


def _cell(text: str) -> str:
    """Keep a stranger's words inside their cell, as text that nobody is told or led anywhere by.

    In `<code>`, because hosts look for mentions and addresses in what Markdown has left as text.
    """
    marked = "".join(f"&#{ord(each)};" if each in _MARKS else each for each in single_line(text))
    marked = marked.replace("www.", "www&#46;")
    return f"<code>{marked}</code>" if marked else ""
