"""Write a review as a comment under a pull request, in Markdown.

In: a review, and where its files are. Out: text below the limit of GitHub's comments; what does
not fit is counted. Prompts, alts and names of files are other people's: they stay text, make no
link and notify no one. The first line is a mark by which a job finds its comment again. Pure.
"""

from collections.abc import Iterable, Iterator

from mkdocs_gemini_images.core.diagnostics import counted, single_line
from mkdocs_gemini_images.reports.markdown_cells import cell, entities
from mkdocs_gemini_images.reports.review.changes import Change, Review
from mkdocs_gemini_images.reports.review.revision_files import Files
from mkdocs_gemini_images.reports.review.sides import Shown

MARK = "<!-- gemini-images review -->"
MOST = 60_000
"""Characters; GitHub takes 65,536, and a job may add a line of its own."""
_LONGEST = 300
"""Characters of a prompt or an alt."""
_WIDTH = 380
"""Pixels; two pictures fill a comment."""
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
    lines, size = head, _length("\n".join(head))
    for number, change in enumerate(review.changes):
        part = _part(change, before, after, images=len(review.changes) <= _MOST_WITH_PICTURES)
        size += _length(part) + 1
        left = len(review.changes) - number
        if size > most - 200:
            lines += ["", f"And {counted(left, 'more change')}, for which there is no room here."]
            break
        lines.append(part)
    return "\n".join(lines) + "\n"


def _part(change: Change, before: Files, after: Files, *, images: bool) -> str:
    """Return a heading, what is to be said, and a table of the pictures that there are.

    The table has pictures alone, so that words take no room from them, also on a phone.
    """
    files = before if change.after is None else after
    places = [_link(cell(place), files.page(place)) for place in change.main.row.places[:3]]
    lines = ["", f"#### {change.state} {', '.join(places)}".rstrip(), ""]
    lines += [f"- {fact}" for fact in _facts(change) if fact]
    if shown := _pictures(change, before, after, images=images):
        names, cells = zip(*shown, strict=True)
        lines += ["", _row(names), _row(["---"] * len(names)), _row(cells)]
    return "\n".join(lines)


def _pictures(
    change: Change, before: Files, after: Files, *, images: bool
) -> list[tuple[str, str]]:
    """Return the columns of a change: their titles, and their pictures."""
    new = _picture(change.new, after, images=images)
    if change.is_one_picture:
        return [("before and after", new)]
    columns = [("before", _picture(change.old, before, images=images)), ("after", new)]
    return [(title, picture) for title, picture in columns if picture]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _facts(change: Change) -> Iterator[str]:
    if change.note:
        yield cell(_cut(change.note))
    if change.main.row.state != "broken":
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
    alts = (each.row.alt or "decorative", *each.row.other_alts)
    return cell(_cut(" / ".join(alts)))


def _picture(side: Shown | None, files: Files, *, images: bool) -> str:
    """Return the cell of a picture: itself, where its host is known, or its size; or nothing."""
    if side is None or side.record is None:
        return ""
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
