"""What each change of a picture is called, and what a whole review comes to."""

from dataclasses import replace

import pytest

from mkdocs_gemini_images.reports.review.changes import Review, compare, find_changes
from mkdocs_gemini_images.reports.review.sides import Shown
from mkdocs_gemini_images.reports.survey import SurveyRow
from tests.unit.reports.review.shown import OTHER, shown, undrawn

FOX = shown()
DRIFTED = shown(state="drifted", note="model a -> b")
BROKEN = Shown(SurveyRow("broken", "expected a known option, got 'sise:'", ("index.md:4",)))
DAMAGED = Shown(FOX.row, None, "the sidecar is damaged")
KEPT = Shown(replace(FOX.row, state="new", what="A red fox", requests=1), FOX.record)
"""Its prompt is another, and the earlier picture is shown."""
OWN = Shown(replace(FOX.row, state="your own"))


@pytest.mark.parametrize(
    ("before", "after", "state", "differs"),
    [
        (None, FOX, "new", ()),
        (None, undrawn(), "new", ()),
        (undrawn(), FOX, "new", ()),
        (BROKEN, FOX, "new", ()),
        (FOX, shown(data=OTHER), "redrawn", ("size",)),
        (FOX, shown(take=2, data=OTHER), "redrawn", ("size", "take")),
        (FOX, shown("A red fox", data=OTHER), "redrawn", ("prompt", "size")),
        (FOX, shown(alt="Another"), "re-worded", ("alt",)),
        (FOX, shown(other_alts=("Ein Fuchs",)), "re-worded", ("alt",)),
        (shown(other_alts=("Fuchs",)), shown(other_alts=("Ein Fuchs",)), "re-worded", ("alt",)),
        (FOX, undrawn("A red fox"), "re-worded", ("prompt",)),
        (FOX, KEPT, "re-worded", ("prompt",)),
        (undrawn(), undrawn("A red fox"), "re-worded", ("prompt",)),
        (FOX, DRIFTED, "drifted", ()),
        (DRIFTED, shown(state="drifted", note="size 1K -> 2K"), "drifted", ()),
        (FOX, None, "removed", ()),
        (FOX, undrawn(key=FOX.row.key), "removed", ()),
        (FOX, OWN, "removed", ()),
        (FOX, DAMAGED, "broken", ()),
        (None, BROKEN, "broken", ()),
    ],
)
def test_a_change_has_a_name_and_says_what_differs(
    before: Shown | None, after: Shown | None, state: str, differs: tuple[str, ...]
) -> None:
    change = compare(before, after)
    assert change is not None
    assert (change.state, change.differs) == (state, differs)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (FOX, FOX),
        (FOX, shown(place="index.md:40")),
        (undrawn(), undrawn()),
        (DRIFTED, DRIFTED),
        (BROKEN, BROKEN),
        (DAMAGED, DAMAGED),
        (DAMAGED, FOX),
        (BROKEN, None),
        (KEPT, KEPT),
        (OWN, OWN),
    ],
)
def test_what_is_as_it_was_is_no_change(before: Shown, after: Shown | None) -> None:
    assert compare(before, after) is None


def test_changes_come_by_state_and_then_by_page_and_line() -> None:
    found = find_changes(
        [shown("A gone one", place="old.md:1")],
        [shown("A fox", place="b.md:12"), shown("A hen", place="b.md:2"), BROKEN],
    )
    assert [(each.state, each.main.row.places[0]) for each in found] == [
        ("broken", "index.md:4"), ("new", "b.md:2"), ("new", "b.md:12"), ("removed", "old.md:1"),
    ]  # fmt: skip


def test_a_review_without_changes_ends_with_0_and_says_so() -> None:
    review = Review("main", ())
    assert (review.exit_code, review.sums()) == (0, "no picture has changed")


def test_the_exit_code_tells_a_change_from_what_is_broken() -> None:
    changed = find_changes([], [FOX])
    assert Review("main", changed).exit_code == 3
    assert Review("main", (*changed, *find_changes([], [BROKEN]))).exit_code == 1


def test_the_sums_name_each_kind_the_money_and_what_is_to_be_drawn() -> None:
    found = find_changes([], [FOX, undrawn("A hen")])
    said = Review("main", found, spent=0.134, unshown=1).sums()
    assert said == (
        "2 new; 1 not drawn yet; drawn for $0.13; 1 new picture in stock is on no page"
    )  # fmt: skip


def test_a_picture_that_stays_is_one_picture() -> None:
    drifted, redrawn = compare(FOX, DRIFTED), compare(FOX, shown(data=OTHER))
    assert drifted is not None
    assert redrawn is not None
    assert drifted.is_one_picture
    assert not redrawn.is_one_picture
