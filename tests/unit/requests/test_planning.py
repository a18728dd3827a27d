"""What a build would buy: each picture once, after those it builds on, and all or nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.requests import dependencies
from mkdocs_gemini_images.requests.planning import Plan, plan_requests
from mkdocs_gemini_images.requests.request import PicturePart, RequestPart, key
from mkdocs_gemini_images.requests.resolved_image import (
    ResolvedImage,
    apply_defaults,
    compose_image,
)

ANY = SpendingLimits(max_new=100, budget=100.0)


def resolved(prompt: str, *parts: RequestPart, **more: Any) -> ResolvedImage:
    full = apply_defaults(Directive(prompt, **more), ImageDefaults())
    return compose_image(full, ImageDefaults(), parts)


def never(key: str) -> bool:
    return False


def planned(
    *pictures: ResolvedImage,
    stocked: Callable[[str], bool] = never,
    refused: Callable[[str], bool] = never,
    limits: SpendingLimits = ANY,
) -> Plan:
    named = {each.directive.id: each for each in pictures if each.directive.id}
    keys, wrong = dependencies.resolve_references(
        {id: each.light.request for id, each in named.items()}
    )
    assert wrong == {}
    return plan_requests(pictures, keys, named, stocked, refused, limits)


def texts(found: Plan) -> list[str]:
    return [need.request.text for need in found.needs]


def test_each_picture_is_bought_once() -> None:
    found = planned(
        resolved("a"), resolved("b"), resolved("a", alt="x"), resolved(" a ", caption="y")
    )
    assert texts(found) == ["a", "b"]
    assert found.refusal == ""


def test_a_picture_in_stock_is_not_bought() -> None:
    a, b = resolved("a"), resolved("b")
    assert texts(planned(a, b, stocked={key(a.light.request)}.__contains__)) == ["b"]
    assert planned(a, stocked=lambda name: True) == Plan()


def test_edits_and_the_dark_twin_come_in_their_order_each_after_the_one_before() -> None:
    found = planned(resolved("a", edits=("b", "c"), dark="d", id="fox"))
    assert texts(found) == ["a", "b", "c", "d"]
    names = [need.key for need in found.needs]
    assert [need.after for need in found.needs] == [(), (names[0],), (names[1],), (names[2],)]
    assert [need.id for need in found.needs] == ["", "", "fox", ""]


def test_only_the_requests_that_pages_show_have_an_author_digest() -> None:
    picture = resolved("a", edits=("b",), dark="d")
    assert picture.dark is not None
    digests = ["", picture.light.author_digest, picture.dark.author_digest]
    assert [need.author_digest for need in planned(picture).needs] == digests


@pytest.mark.parametrize("edited_first", [True, False])
def test_an_image_that_is_also_anothers_first_turn_keeps_its_own_author_digest(
    edited_first: bool,
) -> None:
    alone, edited = resolved("a", id="alone"), resolved("a", edits=("b",))
    both = (edited, alone) if edited_first else (alone, edited)
    needs = {need.request.text: need for need in planned(*both).needs}
    assert (needs["a"].author_digest, needs["a"].id) == (alone.directive.author_digest, "alone")
    assert len(needs) == 2


def test_an_edit_of_what_is_in_stock_is_one_request_that_builds_on_it() -> None:
    picture = resolved("a", edits=("b",))
    first = key(next(iter(picture.light.request.chain())))
    found = planned(picture, stocked=first.__eq__)
    assert texts(found) == ["b"]
    assert found.needs[0].after == (first,)


def test_a_picture_of_another_picture_waits_for_it_wherever_it_stands() -> None:
    refers = resolved("b", PicturePart("fox"), references=("#fox",))
    fox = resolved("a", id="fox")
    for pictures in ((refers, fox), (fox, refers)):
        found = planned(*pictures)
        assert texts(found) == ["a", "b"]
        assert found.needs[1].after == (found.needs[0].key,)
        assert found.needs[0].author_digest == fox.directive.author_digest
        assert found.needs[0].id == "fox"


def test_a_picture_that_is_only_referred_to_is_bought_too() -> None:
    refers, fox = resolved("b", PicturePart("fox"), references=("#fox",)), resolved("a", id="fox")
    found = plan_requests(
        [refers], {"fox": key(fox.light.request)}, {"fox": fox}, never, never, ANY
    )
    assert texts(found) == ["a", "b"]


def test_a_refused_request_and_those_that_build_on_it_are_left_out() -> None:
    picture, other = resolved("a", edits=("b",), dark="d"), resolved("e")
    first = key(next(iter(picture.light.request.chain())))
    assert texts(planned(picture, other, refused=first.__eq__)) == ["e"]
    assert texts(planned(picture, other, refused=key(picture.light.request).__eq__)) == ["a", "e"]


(ONE,) = planned(resolved("fox 1")).needs
PRICE, AT_MOST = ONE.price or 0.0, ONE.at_most
FREE = {"1K": 0.0, "input_picture": 0.0, "text_in": 0.0, "text_out": 0.0, "search": 0.0}


@pytest.mark.parametrize(
    ("count", "limits", "refusal"),
    [
        (10, SpendingLimits(), ""),
        (11, SpendingLimits(), "11 requests are more than max_new: 10"),
        (1, SpendingLimits(max_new=0), "1 request is more than max_new: 0"),
        (3, SpendingLimits(budget=3 * AT_MOST), ""),
        (4, SpendingLimits(budget=3 * AT_MOST), "up to $0.26 is more than budget: 0.19"),
        (1, SpendingLimits(budget=0), "up to $0.07 is more than budget: 0.00"),
        (99, SpendingLimits(free=True, max_new=0, budget=0), ""),
        (2, SpendingLimits(prices={"gemini-nano-banana-2.1": {"1K": 1.5}}),
         "up to $3.07 is more than budget: 2.00"),
        (9, SpendingLimits(budget=0, prices={"gemini-nano-banana-2.1": FREE}), ""),
        (9, SpendingLimits(budget=0.6, prices={"gemini-nano-banana-2.1": {"2K": 0.0}}), ""),
    ],
)  # fmt: skip
def test_the_limits_allow_all_requests_or_none(
    count: int, limits: SpendingLimits, refusal: str
) -> None:
    found = planned(*(resolved(f"fox {number}") for number in range(count)), limits=limits)
    assert found.refusal == refusal
    assert len(found.needs) == count


def test_every_turn_counts() -> None:
    picture = resolved("a", edits=("b", "c"), dark="d")
    # Three of the turns send again what is before them: a picture, two and two.
    assert planned(picture).cost == pytest.approx(4 * PRICE + 6 * 0.00168, rel=0.01)
    assert (
        planned(picture, limits=SpendingLimits(max_new=3)).refusal
        == "4 requests are more than max_new: 3"
    )


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        (SpendingLimits(), "no price is known for gemini-9-image; set prices or max_new"),
        (SpendingLimits(counted=True), ""),
        (SpendingLimits(prices={"gemini-9-image": {"1K": 0.5}}), ""),
        (
            SpendingLimits(prices={"gemini-9-image": {"2K": 0.5}}),
            "no price is known for gemini-9-image; set prices or max_new",
        ),
        (SpendingLimits(free=True), ""),
    ],
    ids=["nothing", "max_new", "prices", "another size", "free"],
)
def test_a_model_without_a_price_needs_one_or_a_number_of_requests(
    limits: SpendingLimits, refusal: str
) -> None:
    found = planned(resolved("a", model="gemini-9-image"), resolved("b"), limits=limits)
    assert found.refusal == refusal


def test_builds_of_one_command_share_their_limits() -> None:
    limits = SpendingLimits(max_new=3, budget=1.0, counted=True, sent=2, spent=0.93)
    assert planned(resolved("a"), limits=limits).refusal == ""
    assert planned(resolved("a"), resolved("b"), limits=limits).refusal == (
        "2 requests after 2 before are more than max_new: 3"
    )
    assert planned(resolved("a", size="2K"), limits=limits).refusal == (
        "up to $0.09 after $0.93 before is more than budget: 1.00"
    )


def test_nothing_to_buy_is_never_refused() -> None:
    assert planned(limits=SpendingLimits(max_new=0, budget=0)) == Plan()


def test_a_plan_names_its_requests_where_they_are_more_than_its_pictures() -> None:
    assert planned(resolved("a"), resolved("b", dark="c")).amount == "3 pictures"
    assert planned(resolved("a")).amount == "1 picture"
    assert planned(resolved("a"), resolved("b", edits=("c",))).amount == "3 requests for 2 pictures"


def test_a_plan_names_its_models_and_its_cost() -> None:
    found = planned(resolved("a"), resolved("b", model="gemini-3-pro-image"), resolved("c"))
    assert found.models == "gemini-3-pro-image, gemini-nano-banana-2.1"
    assert found.cost == pytest.approx(2 * PRICE + 0.1344 + 0.0072, abs=1e-5)
