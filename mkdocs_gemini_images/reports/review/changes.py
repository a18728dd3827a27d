"""What has changed about each picture between two revisions, and what that is called.

In: what pages showed and what they show. Out: `Change` values in the order in which a reviewer
looks at them, the sums, and an exit code. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.reports.notice_log import page_and_line
from mkdocs_gemini_images.reports.review.matching import pairs
from mkdocs_gemini_images.reports.review.sides import Shown

ChangeState = Literal["broken", "new", "redrawn", "re-worded", "drifted", "removed"]

CHANGE_STATES: dict[ChangeState, str] = {
    "broken": "A directive that is not understood, or a picture that cannot be shown.",
    "new": "A picture that was not there.",
    "redrawn": "The directive shows another picture.",
    "re-worded": "The prompt or the alt has changed, and the picture is the same or not drawn yet.",
    "drifted": "A default has changed, and the picture is kept as it was drawn.",
    "removed": "A picture that is no longer shown.",
}
"""In the order in which a review lists them."""

NOTHING, BROKEN, CHANGED = 0, 1, 3
"""Exit codes; 2 is a mistake at the command line."""


@dataclass(frozen=True, slots=True)
class Change:
    """One picture that has changed. At least one of the sides is there."""

    state: ChangeState
    before: Shown | None
    after: Shown | None
    differs: tuple[str, ...] = ()
    """What else is another: `prompt`, `alt`, `model`, `size`, `take`, `page`."""
    note: str = ""

    @property
    def main(self) -> Shown:
        """The side that says what the picture is: today's, if there is one."""
        side = self.after if self.after is not None else self.before
        if side is None:
            raise AssertionError("a change has a side")
        return side

    @property
    def old(self) -> Shown | None:
        """The side before, where it has a picture."""
        return self.before if self.before is not None and self.before.record is not None else None

    @property
    def is_one_picture(self) -> bool:
        """Whether both sides show the same picture."""
        sides = self.old, self.new
        return sides[0] is not None and sides[1] is not None and sides[0].digest == sides[1].digest

    @property
    def new(self) -> Shown | None:
        """The side after, where it has the picture that is asked for, and not an earlier one."""
        if self.after is None or self.after.record is None or self.state == "removed":
            return None
        return None if self.after.is_asked_for else self.after


@dataclass(frozen=True, slots=True)
class Review:
    """All changes between a commit and the site in this folder."""

    base: str
    """The commit, as people write it."""
    changes: tuple[Change, ...]
    spent: float = 0.0
    """USD that the pictures which came into the stock since then have cost."""
    unshown: int = 0
    """How many pictures came into the stock that no page shows."""
    notes: tuple[str, ...] = ()
    """What the review could not see, a sentence each."""

    @property
    def exit_code(self) -> int:
        """The exit code of `gemini-images review`."""
        if any(change.state == "broken" for change in self.changes):
            return BROKEN
        return CHANGED if self.changes else NOTHING

    @property
    def counts(self) -> dict[ChangeState, int]:
        """How many changes there are of each kind that there is."""
        counted_all = {
            state: sum(change.state == state for change in self.changes) for state in CHANGE_STATES
        }
        return {state: number for state, number in counted_all.items() if number}

    @property
    def to_draw(self) -> int:
        """How many of the pictures that pages ask for since then are not drawn yet."""
        return sum(each.after is not None and each.after.is_asked_for for each in self.changes)

    def sums(self) -> str:
        """Return the sums in one line."""
        listed = ", ".join(f"{number} {state}" for state, number in self.counts.items())
        parts = [listed or "no picture has changed"]
        if self.to_draw:
            parts.append(f"{self.to_draw} not drawn yet")
        if self.spent:
            parts.append(f"drawn for ${self.spent:.2f}")
        if self.unshown:
            are = "is" if self.unshown == 1 else "are"
            parts.append(f"{counted(self.unshown, 'new picture')} in stock {are} on no page")
        return "; ".join(parts)


def find_changes(before: Iterable[Shown], after: Iterable[Shown]) -> tuple[Change, ...]:
    """Return what has changed, sorted by state, page and line."""
    found = filter(None, (compare(old, new) for old, new in pairs(before, after)))
    return tuple(sorted(found, key=_rank))


def compare(old: Shown | None, new: Shown | None) -> Change | None:
    """Return what has changed about one directive, or None."""
    if new is None:
        gone = old is not None and (old.record is not None or old.row.state != "broken")
        return Change("removed", old, None) if gone else None
    if new.row.state == "broken" or new.wrong:
        if old is not None and (old.row.state == "broken" or old.wrong):
            return None
        return Change("broken", old, new, note=new.wrong or new.row.what)
    if old is None or old.row.state == "broken":
        return Change("new", None, new)
    differs = tuple(_differences(old, new))
    return _of_both(old, new, differs)


def _of_both(old: Shown, new: Shown, differs: tuple[str, ...]) -> Change | None:
    is_same_request = old.row.key == new.row.key
    reworded = "prompt" in differs or "alt" in differs
    if old.digest != new.digest and not (old.wrong and is_same_request):
        if not old.digest:
            return Change("new", old, new, differs)
        if new.digest:
            return Change("redrawn", old, new, differs, _why(new))
        if new.row.state != "your own" and is_same_request:
            note = "its page still asks for it: restore it, or a build draws it again"
            return Change("removed", old, new, differs, note)
        if new.row.state == "your own":
            return Change("removed", old, new, differs, "a file of the author's own is shown")
        return Change("re-worded", old, new, differs, "not drawn yet")
    if new.row.state == "drifted" and (old.row.state, old.row.note) != ("drifted", new.row.note):
        return Change("drifted", old, new, differs, new.row.note)
    if new.is_asked_for and not old.is_asked_for:
        note = "not drawn yet: the earlier picture is shown"
        return Change("re-worded", old, new, differs or ("prompt",), note)
    return Change("re-worded", old, new, differs) if reworded else None


def _why(new: Shown) -> str:
    return f"drifted since: {new.row.note}" if new.row.state == "drifted" else ""


def _differences(old: Shown, new: Shown) -> Iterator[str]:
    if old.row.what != new.row.what and not old.from_stock:
        yield "prompt"
    if not old.from_stock and _alts(old) != _alts(new):
        yield "alt"
    if old.model != new.model:
        yield "model"
    if _sizes(old, new):
        yield "size"
    if old.row.take != new.row.take:
        yield "take"
    if new.row.places and old.row.places and _page(old) != _page(new):
        yield "page"


def _alts(each: Shown) -> tuple[str | None, frozenset[str]]:
    return each.row.alt, frozenset(each.row.other_alts)


def _sizes(old: Shown, new: Shown) -> bool:
    """Return whether two pictures have another size, or another is asked for where one is none."""
    if old.is_drawn and new.is_drawn:
        return old.size != new.size
    return old.row.size != new.row.size


def _page(each: Shown) -> str:
    return page_and_line(each.row.places[0])[1]


def _rank(change: Change) -> tuple[int, tuple[bool, str, int], str]:
    place = page_and_line(next(iter(change.main.row.places), ""))
    return list(CHANGE_STATES).index(change.state), place, change.main.row.key
