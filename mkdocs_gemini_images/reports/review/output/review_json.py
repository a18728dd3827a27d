"""Write a review as JSON, for a script, and as the lines of a table, for a terminal. Pure."""

import json
from collections.abc import Iterator

from mkdocs_gemini_images.core.diagnostics import single_line
from mkdocs_gemini_images.reports.review.changes import Change, Review
from mkdocs_gemini_images.reports.review.revision_files import Files
from mkdocs_gemini_images.reports.review.sides import Shown
from mkdocs_gemini_images.reports.survey import SurveyLine


def review_json(review: Review, before: Files, after: Files) -> str:
    """Return a review as JSON."""
    value = {
        "v": 1,
        "base": before.links.commit,
        "head": after.links.commit,
        "counts": review.counts,
        "spent": round(review.spent, 6),
        "unshown": review.unshown,
        "notes": list(review.notes),
        "exit_code": review.exit_code,
    }
    lines = ",".join(f"\n  {json.dumps(_fields(each, before, after))}" for each in review.changes)
    written = f'{json.dumps(value, indent=1)[:-2]},\n "changes": [{lines}\n ]\n}}'
    # A CI runner that shows the output would take `##[error]` in a text as a command.
    return written.replace("##", r"\u0023\u0023")


def review_lines(review: Review) -> list[SurveyLine]:
    """Return the cells of each change, for a table on a terminal."""
    return [
        (
            each.state,
            "\n".join(map(single_line, each.main.row.places[:3])),
            _description(each),
            single_line(each.main.model),
            each.main.price_text,
        )
        for each in review.changes
    ]


def _description(change: Change) -> str:
    flat = single_line(change.main.row.what)
    if change.state == "broken":
        return single_line(change.note)
    short = flat if len(flat) <= 80 else f"{flat[:79]}…"
    name = f"#{single_line(change.main.row.id)} " if change.main.row.id else ""
    others = f"other {', '.join(change.differs)}" if change.differs else ""
    said = [text for text in (others, single_line(change.note)) if text]
    return f"{name}{short}" + (f" ({'; '.join(said)})" if said else "")


def _fields(change: Change, before: Files, after: Files) -> dict[str, object]:
    return {
        "state": change.state,
        "differs": list(change.differs),
        "note": change.note,
        "before": None if change.before is None else dict(_side(change.before, before)),
        "after": None if change.after is None else dict(_side(change.after, after)),
    }


def _side(side: Shown, files: Files) -> Iterator[tuple[str, object]]:
    row, record = side.row, side.record
    yield from (
        ("state", row.state), ("places", list(row.places)), ("prompt", row.what),
        ("alt", row.alt), ("other_alts", list(row.other_alts)), ("id", row.id), ("key", row.key),
        ("model", side.model), ("take", row.take), ("price", side.price),
        ("cost_at_most", row.cost_at_most), ("wrong", side.wrong),
    )  # fmt: skip
    picture = None
    if record is not None:
        picture = {
            "sha256": record.sha256, "width": record.width, "height": record.height,
            "price": record.price, "time": record.time, "file": files.picture(record),
            "url": files.shown(record),
        }  # fmt: skip
    yield "picture", picture
