"""Write a review as a comment under a pull request, in Markdown.

In: a review, and where its files are. Out: text below the limit of GitHub's comments; what does
not fit is counted. Prompts, alts and names of files are other people's: they stay text, make no
link and call nobody. The first line is a mark by which a job finds its comment again. Pure.
"""

from collections.abc import Iterator

from mkdocs_gemini_images.core.diagnostics import counted, single_line
from mkdocs_gemini_images.reports.markdown_cells import cell, entities
from mkdocs_gemini_images.review.changes import Change, Review
from mkdocs_gemini_images.review.places import Files
from mkdocs_gemini_images.review.sides import Shown

MARK = "<!-- gemini-images review -->"
MOST = 60_000
"""Characters; GitHub takes 65,536, and a job may add a line of its own."""
_LONGEST = 300
"""Characters of a prompt or an alt."""
_WIDTH = 240
_MOST_WITH_PICTURES = 30
"""Changes; where there are more, each picture is a link."""


def comment(review: Review, before: Files, after: Files, *, most: int = MOST) -> str:
    """Return a review as Markdown of at most `most` characters, as UTF-16 counts them."""
    head = [
        MARK,
        "### Pictures",
        "",
        f"**{single_line(review.sums())}**, compared with {cell(review.base)}.",
    ]
    head += [f"\n{cell(note)}" for note in review.notes[:5]]
    if review.changes:
        head += ["", "| what | before | after |", "|---|---|---|"]
    lines, size = head, _length("\n".join(head))
    for number, change in enumerate(review.changes):
        row = _row(change, before, after, images=len(review.changes) <= _MOST_WITH_PICTURES)
        size += _length(row) + 1
        left = len(review.changes) - number
        if size > most - 200:
            lines += ["", f"And {counted(left, 'more change')}, for which there is no room here."]
            break
        lines.append(row)
    return "\n".join(lines) + "\n"


def _row(change: Change, before: Files, after: Files, *, images: bool) -> str:
    what = "<br>".join(filter(None, _facts(change, before, after)))
    new = _picture(change.new, after, images=images)
    old = "the same" if change.is_one_picture else _picture(change.old, before, images=images)
    return f"| {what} | {old} | {new} |"


def _facts(change: Change, before: Files, after: Files) -> Iterator[str]:
    main = change.main
    files = before if change.after is None else after
    places = [_link(cell(place), files.page(place)) for place in main.row.places[:3]]
    yield f"**{change.state}** {', '.join(places)}".rstrip()
    if change.note:
        yield cell(_cut(change.note))
    if main.row.state != "broken":
        yield from _words(change)
    yield " · ".join(_numbers(change))


def _words(change: Change) -> Iterator[str]:
    main, old = change.main, change.before
    if old is not None and "prompt" in change.differs:
        yield f"prompt {cell(_cut(old.row.what))} → {cell(_cut(main.row.what))}"
    else:
        yield f"prompt {cell(_cut(main.row.what))}"
    if old is not None and "alt" in change.differs:
        yield f"alt {_alt(old)} → {_alt(main)}"
    elif main.row.alt:
        yield f"alt {_alt(main)}"


def _numbers(change: Change) -> Iterator[str]:
    main, old = change.main, change.before
    for name, was, now in (
        ("model", old.model if old else "", main.model),
        ("size", old.size if old else "", main.size),
        ("take", str(old.row.take) if old else "", str(main.row.take)),
    ):
        if old is not None and name in change.differs and was and now:
            yield f"{name} {cell(was)} → {cell(now)}"
        elif now and (name != "take" or now != "1"):
            yield f"{name} {cell(now)}" if name == "take" else cell(now)
    if main.price_text:
        yield main.price_text


def _alt(each: Shown) -> str:
    if each.row.alt is None:
        return "none"
    return cell(_cut(each.row.alt)) or "decorative"


def _picture(side: Shown | None, files: Files, *, images: bool) -> str:
    """Return the cell of a picture: itself, where its host is known, or its size."""
    if side is None or side.record is None:
        return "–"
    record = side.record
    text = cell(f"{record.width} × {record.height}")
    if images and (raw := files.raw(record)):
        width = min(_WIDTH, record.width)
        alt = entities(_cut(side.row.alt or ""))
        text = f'<img src="{raw}" width="{width}" alt="{alt}">'
    return _link(text, files.shown(record))


def _link(text: str, url: str) -> str:
    return f'<a href="{url}">{text}</a>' if url else text


def _cut(text: str) -> str:
    flat = single_line(text)
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2
