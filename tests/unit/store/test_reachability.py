"""Which pictures a site needs, which are takes of one request, and which are earlier versions."""

from dataclasses import replace
from typing import Any

import pytest

from mkdocs_gemini_images.requests.request import PicturePart, canonical, key
from mkdocs_gemini_images.store.reachability import earlier, family, orphans, takes
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record, step

FOX = record(step("A fox"), png())


@pytest.mark.parametrize("parts", [7, "x", True, {"a": 1}, [7], [{"picture": 7}]])
def test_a_malformed_request_keeps_no_other_picture(parts: Any) -> None:
    odd = replace(FOX, key="0" * 64, request={"parts": parts, "after": 7})
    assert orphans([odd, FOX], [odd.key], []) == [FOX]


FIRST = step("A fox")
EDITED = step("Add an owl", after=FIRST)
REFERRING = step("A den", parts=(PicturePart("fox"),))
KEYS = {"fox": key(EDITED)}
DEN = record(step(), png(), key=key(REFERRING, KEYS), request=canonical(REFERRING, KEYS))
OWL = record(EDITED, png(14))
TAKE = record(replace(FIRST, take=3), png(15))
CAT = record(step("A cat"), png(16))


@pytest.mark.parametrize(
    ("shown", "requests", "unneeded"),
    [
        ([], [], [FOX, OWL, DEN, TAKE, CAT]),
        ([CAT.key], [], [FOX, OWL, DEN, TAKE]),
        ([OWL.key], [], [DEN, CAT]),
        ([DEN.key], [], [CAT]),
        ([], [CAT.request], [FOX, OWL, DEN, TAKE]),
        ([], [TAKE.request], [OWL, DEN, CAT]),
    ],
    ids=["nothing", "one", "an edit", "a reference", "a request", "a take of a request"],
)
def test_a_picture_is_needed_with_its_takes_and_what_it_was_made_from(
    shown: list[str], requests: list[dict[str, Any]], unneeded: list[Record]
) -> None:
    assert orphans([FOX, OWL, DEN, TAKE, CAT], shown, requests) == unneeded


def test_takes_of_one_request_are_listed_in_their_order() -> None:
    assert takes([TAKE, CAT, FOX]) == {
        family(FOX.request): [FOX.key, TAKE.key],
        family(CAT.request): [CAT.key],
    }


def test_earlier_versions_are_older_pictures_of_other_requests_the_newest_first() -> None:
    old = replace(CAT, time="2026-11-20T10:00:00Z")
    older = replace(DEN, time="2026-11-19T10:00:00Z", sha256="d" * 64)
    newer = replace(CAT, key="c" * 64, time="2026-11-29T10:00:00Z")
    copy = replace(CAT, key="e" * 64, sha256=FOX.sha256)
    assert earlier(FOX, [older, newer, copy, TAKE, old, FOX], ()) == [old, older]
    assert earlier(FOX, [older, old], [old.key]) == [older]
    assert earlier(OWL, [FOX], ()) == []
