"""What a build would buy: each picture once, what it builds on first, all of it or nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.requests import dependencies
from mkdocs_gemini_images.requests.plan import Plan, Walls, plan
from mkdocs_gemini_images.requests.request import (
    Defaults,
    Part,
    PicturePart,
    Wanted,
    compose,
    key,
    settle,
)

ANY = Walls(max_new=100, budget=100.0)


def wanted(prompt: str, *parts: Part, **more: Any) -> Wanted:
    directive = Directive(prompt, **more)
    full = settle(directive, Defaults())
    assert isinstance(full, Directive), full
    return replace(compose(full, Defaults(), parts), directive=directive)


def never(key: str) -> bool:
    return False


def planned(
    *pictures: Wanted,
    stocked: Callable[[str], bool] = never,
    refused: Callable[[str], bool] = never,
    walls: Walls = ANY,
) -> Plan:
    named = {each.directive.id: each for each in pictures if each.directive.id}
    keys, wrong = dependencies.resolve({id: each.step for id, each in named.items()})
    assert wrong == {}
    return plan(pictures, keys, named, stocked, refused, walls)


def texts(found: Plan) -> list[str]:
    return [need.step.text for need in found.needs]


def test_each_picture_is_bought_once() -> None:
    found = planned(wanted("a"), wanted("b"), wanted("a", alt="x"), wanted(" a ", caption="y"))
    assert texts(found) == ["a", "b"]
    assert found.refusal == ""


def test_what_is_in_stock_is_not_bought() -> None:
    a, b = wanted("a"), wanted("b")
    assert texts(planned(a, b, stocked={key(a.step)}.__contains__)) == ["b"]
    assert planned(a, stocked=lambda name: True) == Plan()


def test_edits_and_the_dark_twin_come_in_their_order_each_after_the_one_before() -> None:
    found = planned(wanted("a", edits=("b", "c"), dark="d", id="fox"))
    assert texts(found) == ["a", "b", "c", "d"]
    names = [need.key for need in found.needs]
    assert [need.after for need in found.needs] == [(), (names[0],), (names[1],), (names[2],)]
    assert [need.id for need in found.needs] == ["", "", "fox", ""]


def test_only_the_picture_that_is_shown_fulfils_the_wish() -> None:
    picture = wanted("a", edits=("b",), dark="d")
    (_, light), (_, dark) = picture.shown()
    assert [need.wish for need in planned(picture).needs] == ["", light, dark]


@pytest.mark.parametrize("edited_first", [True, False])
def test_a_picture_that_is_also_anothers_first_step_keeps_its_own_wish(edited_first: bool) -> None:
    alone, edited = wanted("a", id="alone"), wanted("a", edits=("b",))
    both = (edited, alone) if edited_first else (alone, edited)
    needs = {need.step.text: need for need in planned(*both).needs}
    assert (needs["a"].wish, needs["a"].id) == (alone.directive.wish, "alone")
    assert len(needs) == 2


def test_an_edit_of_what_is_in_stock_is_one_request_that_builds_on_it() -> None:
    picture = wanted("a", edits=("b",))
    first = key(next(iter(picture.step.chain())))
    found = planned(picture, stocked=first.__eq__)
    assert texts(found) == ["b"]
    assert found.needs[0].after == (first,)


def test_a_picture_of_another_picture_waits_for_it_wherever_it_stands() -> None:
    refers = wanted("b", PicturePart("fox"), references=("#fox",))
    fox = wanted("a", id="fox")
    for pictures in ((refers, fox), (fox, refers)):
        found = planned(*pictures)
        assert texts(found) == ["a", "b"]
        assert found.needs[1].after == (found.needs[0].key,)
        assert found.needs[0].wish == fox.directive.wish
        assert found.needs[0].id == "fox"


def test_a_picture_that_is_only_referred_to_is_bought_too() -> None:
    refers, fox = wanted("b", PicturePart("fox"), references=("#fox",)), wanted("a", id="fox")
    found = plan([refers], {"fox": key(fox.step)}, {"fox": fox}, never, never, ANY)
    assert texts(found) == ["a", "b"]


def test_what_was_refused_and_all_that_builds_on_it_is_left_out() -> None:
    picture, other = wanted("a", edits=("b",), dark="d"), wanted("e")
    first = key(next(iter(picture.step.chain())))
    assert texts(planned(picture, other, refused=first.__eq__)) == ["e"]
    assert texts(planned(picture, other, refused=key(picture.step).__eq__)) == ["a", "e"]


PRICE = 0.0336


@pytest.mark.parametrize(
    ("count", "walls", "refusal"),
    [
        (10, Walls(), ""),
        (11, Walls(), "11 requests are more than max_new: 10"),
        (1, Walls(max_new=0), "1 requests are more than max_new: 0"),
        (3, Walls(budget=3 * PRICE), ""),
        (4, Walls(budget=3 * PRICE), "about $0.13 is more than budget: 0.10"),
        (1, Walls(budget=0), "about $0.03 is more than budget: 0.00"),
        (99, Walls(free=True, max_new=0, budget=0), ""),
        (2, Walls(prices={"gemini-nano-banana-2.1": {"1K": 1.5}}),
         "about $3.00 is more than budget: 2.00"),
        (9, Walls(budget=0, prices={"gemini-nano-banana-2.1": {"1K": 0.0}}), ""),
        (9, Walls(budget=0.31, prices={"gemini-nano-banana-2.1": {"2K": 0.0}}), ""),
    ],
)  # fmt: skip
def test_the_walls_stand_before_all_or_nothing(count: int, walls: Walls, refusal: str) -> None:
    found = planned(*(wanted(f"fox {number}") for number in range(count)), walls=walls)
    assert found.refusal == refusal
    assert len(found.needs) == count


def test_every_turn_counts() -> None:
    picture = wanted("a", edits=("b", "c"), dark="d")
    assert planned(picture).cost == pytest.approx(4 * PRICE)
    assert planned(picture, walls=Walls(max_new=3)).refusal == "4 requests are more than max_new: 3"


@pytest.mark.parametrize(
    ("walls", "refusal"),
    [(Walls(), "no price is known for gemini-9-image; set prices or max_new"),
     (Walls(counted=True), ""), (Walls(prices={"gemini-9-image": {"1K": 0.5}}), ""),
     (Walls(prices={"gemini-9-image": {"2K": 0.5}}),
      "no price is known for gemini-9-image; set prices or max_new"),
     (Walls(free=True), "")],
    ids=["nothing", "max_new", "prices", "another size", "free"],
)  # fmt: skip
def test_a_model_without_a_price_needs_one_or_a_number_of_requests(
    walls: Walls, refusal: str
) -> None:
    found = planned(wanted("a", model="gemini-9-image"), wanted("b"), walls=walls)
    assert found.refusal == refusal


def test_builds_of_one_command_share_their_walls() -> None:
    walls = Walls(max_new=3, budget=1.0, counted=True, sent=2, spent=0.96)
    assert planned(wanted("a"), walls=walls).refusal == ""
    assert planned(wanted("a"), wanted("b"), walls=walls).refusal == (
        "2 requests after 2 before are more than max_new: 3"
    )
    assert planned(wanted("a", size="2K"), walls=walls).refusal == (
        "about $0.05 after $0.96 before is more than budget: 1.00"
    )


def test_nothing_to_buy_is_never_refused() -> None:
    assert planned(walls=Walls(max_new=0, budget=0)) == Plan()


def test_a_plan_names_its_models_and_its_cost() -> None:
    found = planned(wanted("a"), wanted("b", model="gemini-3-pro-image"), wanted("c"))
    assert found.models == "gemini-3-pro-image, gemini-nano-banana-2.1"
    assert found.cost == pytest.approx(2 * PRICE + 0.134)
