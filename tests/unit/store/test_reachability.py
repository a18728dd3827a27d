"""Which pictures of a stock a site still needs: those on pages, their takes and their sources."""

from collections.abc import Sequence
from typing import Any

import pytest

from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart, canonical, key
from mkdocs_gemini_images.store.reachability import earlier, family, orphans, takes_by_family
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record, step

DATA, OTHER = png(), png(9, 9)
FOX = step("A fox")
SNOW = step("Add snow", after=FOX)
NIGHT = step("At night", after=SNOW)
OWL = step("An owl")
KEYS = {"fox": key(FOX), "snow": key(SNOW)}
SCENE = step("A scene", parts=(PicturePart("snow"),))


def drawn(request: ImageRequest, take: int = 1) -> Record:
    """Make the record of a request, or of another take of it."""
    taken = request._replace(take=take)
    return record(taken, DATA, key=key(taken, KEYS), request=canonical(taken, KEYS))


STOCK = {
    "fox": drawn(FOX), "fox 2": drawn(FOX, 2), "snow": drawn(SNOW), "snow 2": drawn(SNOW, 2),
    "night": drawn(NIGHT), "owl": drawn(OWL), "scene": drawn(SCENE), "scene 3": drawn(SCENE, 3),
}  # fmt: skip


def orphan_names(shown: Sequence[str], requests: Sequence[ImageRequest] = ()) -> set[str]:
    found = orphans(
        STOCK.values(), [STOCK[name].key for name in shown],
        [canonical(each, KEYS) for each in requests],
    )  # fmt: skip
    return {name for name, each in STOCK.items() if each in found}


@pytest.mark.parametrize(
    ("shown", "needed"),
    [
        ([], set()),
        (["owl"], {"owl"}),
        (["fox"], {"fox", "fox 2"}),
        (["fox 2"], {"fox", "fox 2"}),
        (["snow"], {"snow", "snow 2", "fox", "fox 2"}),
        (["night"], {"night", "snow", "snow 2", "fox", "fox 2"}),
        (["scene"], {"scene", "scene 3", "snow", "snow 2", "fox", "fox 2"}),
        (["scene 3", "owl"], {"scene", "scene 3", "snow", "snow 2", "fox", "fox 2", "owl"}),
    ],
)
def test_a_shown_picture_keeps_its_takes_and_all_pictures_it_was_made_from(
    shown: list[str], needed: set[str]
) -> None:
    assert orphan_names(shown) == STOCK.keys() - needed


@pytest.mark.parametrize(
    ("requests", "needed"),
    [
        ([OWL], {"owl"}),
        ([FOX._replace(take=7)], {"fox", "fox 2"}),
        ([SNOW], {"snow", "snow 2"}),
        ([FOX, SNOW], {"fox", "fox 2", "snow", "snow 2"}),
        ([step("A hen")], set()),
        ([OWL._replace(size="2K")], set()),
    ],
)
def test_a_request_of_today_keeps_all_takes_that_were_drawn_for_it(
    requests: list[ImageRequest], needed: set[str]
) -> None:
    assert orphan_names([], requests) == STOCK.keys() - needed


def test_a_picture_that_only_refers_to_a_shown_picture_is_an_orphan() -> None:
    assert {"scene", "scene 3", "night"} <= orphan_names(["snow"])


def test_orphans_are_in_the_order_of_the_records() -> None:
    records = [STOCK["owl"], STOCK["night"], STOCK["fox"]]
    assert orphans(records, [], []) == records
    assert orphans(reversed(records), [], []) == records[::-1]


def test_keys_that_are_not_in_stock_keep_nothing() -> None:
    assert orphans([], ["0" * 64], [canonical(FOX)]) == []
    assert orphans([STOCK["owl"]], ["0" * 64], [canonical(FOX)]) == [STOCK["owl"]]


def test_records_that_were_made_from_each_other_are_kept() -> None:
    one = STOCK["fox"]._replace(request={"after": STOCK["owl"].key})
    other = STOCK["owl"]._replace(request={"parts": [{"picture": STOCK["fox"].key}]})
    assert orphans([one, other], [one.key], []) == []


# family and takes


@pytest.mark.parametrize(
    ("more", "same"),
    [
        ({"take": 2}, True),
        ({"take": 9999}, True),
        ({"spelled": "1k"}, True),
        ({"text": "A foxx"}, False),
        ({"size": "2K"}, False),
        ({"model": "gemini-3-pro-image"}, False),
        ({"temperature": 0.5}, False),
        ({"after": OWL}, False),
        ({"emulated": True}, False),
    ],
)
def test_requests_of_a_family_differ_in_take_alone(more: dict[str, Any], same: bool) -> None:
    assert (family(canonical(FOX._replace(**more))) == family(canonical(FOX))) is same


def test_takes_are_listed_by_family_in_the_order_of_their_numbers() -> None:
    numbers = (10, 2, 1, 3)
    foxes = {number: drawn(FOX, number) for number in numbers}
    found = takes_by_family([*foxes.values(), STOCK["owl"]])
    assert found == {
        family(canonical(FOX)): [foxes[number].key for number in sorted(numbers)],
        family(canonical(OWL)): [STOCK["owl"].key],
    }
    assert takes_by_family([]) == {}


@pytest.mark.parametrize("take", ["2", None, [], {}, 2.5])
def test_a_take_that_is_not_a_number_counts_as_the_first(take: Any) -> None:
    odd = STOCK["fox"]._replace(key="f" * 64, request=canonical(FOX) | {"take": take})
    assert takes_by_family([STOCK["fox 2"], odd]) == {
        family(canonical(FOX)): [odd.key, STOCK["fox 2"].key]
    }


# earlier


NOW = record(FOX, DATA, time="2026-11-22T10:00:00Z", id="fox")
NOW_OF_BASE = step("A fox", parts=(PicturePart("base"),))


def before(text: str, time: str, data: bytes = OTHER, **more: Any) -> Record:
    return record(step(text, **more), data, time=f"2026-11-{time}:00:00Z", id="fox")


@pytest.mark.parametrize(
    ("other", "listed"),
    [
        (before("A cub", "21T10"), True),
        (before("A cub", "22T10"), True),
        (before("A cub", "22T11"), False),
        (before("A cub", "21T10", DATA), False),
        (before("A fox", "21T10", take=2), False),
        (before("A fox", "21T10", size="2K"), True),
        (NOW, False),
    ],
    ids=["before", "at once", "later", "the same bytes", "a take", "another size", "itself"],
)
def test_an_earlier_version_has_other_bytes_and_an_earlier_time(
    other: Record, listed: bool
) -> None:
    assert earlier(NOW, [other], []) == ([other] if listed else [])


def test_a_picture_that_another_was_made_from_is_not_its_earlier_version() -> None:
    base, cub = before("A base", "20T10"), before("A cub", "21T10")
    made = NOW._replace(request=canonical(NOW_OF_BASE, {"base": base.key}))
    assert earlier(made, [base, cub], []) == [cub]
    edited = NOW._replace(request={"after": base.key})
    assert earlier(edited, [base, cub], []) == [cub]
    assert earlier(NOW, [base, cub], [cub.key]) == [base]


def test_the_newest_earlier_version_comes_first() -> None:
    listed = [before(f"{day}", f"{day}T10") for day in (19, 21, 20)]
    assert [each.time[8:10] for each in earlier(NOW, listed, [])] == ["21", "20", "19"]


# Sidecars that the plugin did not write


@pytest.mark.parametrize("parts", [7, "x", True, {"a": 1}, [7], [{"picture": 7}]])
def test_a_malformed_request_keeps_no_other_picture(parts: Any) -> None:
    malformed = STOCK["fox"]._replace(key="0" * 64, request={"parts": parts, "after": 7})
    assert orphans([malformed, STOCK["owl"]], [malformed.key], []) == [STOCK["owl"]]
