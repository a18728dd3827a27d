"""What a build says of money that brought no picture, and where."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.build.collecting.image_ids import ImageIds
from mkdocs_gemini_images.build.finish import FinishedBuild
from mkdocs_gemini_images.build.messages.money_notices import of_bills, of_broken_off
from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.journal.intent import Intent
from mkdocs_gemini_images.generation.journal.laid_aside import UnknownOutcome, WaitingAnswer
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.lookup import Missing
from tests.unit.pictures import png, record
from tests.unit.site_images import site_image

IMAGE = site_image(Directive("A fox", source="source"), Missing(), "a.md", "b.md")
KEY = key(IMAGE.request)
OTHER = "b" * 64


def outcome(number: int, key: str = KEY, *, earlier: bool = True) -> UnknownOutcome:
    return UnknownOutcome(f"{key}.{number}", key, 0.0336, "2026-11-22T10:00:00Z", earlier)


def told(generated: GenerationResult) -> list[Notice]:
    finished = FinishedBuild({IMAGE.key: IMAGE}, ImageIds(), generated)
    reasons = [Notice("warning", f"not drawn: {why}") for why in generated.reasons.values()]
    return list(of_bills(finished, reasons))


def test_a_request_of_an_earlier_build_is_told_once_at_the_picture_it_was_for() -> None:
    assert told(GenerationResult(unknown=[outcome(1)])) == [
        Notice("info", "a request of an earlier build for 'A fox' was sent and its answer never "
               "arrived; about $0.03 may have been billed", "a.md", "source",
               bills=(f"{KEY}.1",))
    ]  # fmt: skip


def test_several_requests_for_a_picture_are_one_notice_with_their_sum() -> None:
    drawn = {KEY: record(IMAGE.request, png())}
    (found,) = told(GenerationResult(unknown=[outcome(1), outcome(2)], records=drawn))
    assert found.text == (
        "2 requests of an earlier build for 'A fox' were sent and their answers never "
        "arrived; about $0.07 may have been billed, and it was drawn again"
    )
    assert found.bills == (f"{KEY}.1", f"{KEY}.2")


def test_a_request_for_a_picture_that_no_page_shows_is_told_with_its_key() -> None:
    (found,) = told(GenerationResult(unknown=[outcome(1, OTHER)]))
    assert (found.page, "bbbbbbbbbbbb…" in found.text) == ("", True)


def test_what_the_reason_of_a_missing_picture_says_is_not_told_twice() -> None:
    reasons = {KEY: "cut; about $0.03 may have been billed"}
    now = GenerationResult(unknown=[outcome(1, earlier=False)], reasons=reasons)
    assert told(now) == []
    now.unknown.append(outcome(2))
    assert [found.bills for found in told(now)] == [(f"{KEY}.2",)]


def test_a_retry_that_brought_the_picture_is_told() -> None:
    (found,) = told(GenerationResult(unknown=[outcome(1, earlier=False)]))
    assert found.text.startswith("a request for 'A fox' was sent")


WAITING = WaitingAnswer(
    Path(f"/elsewhere/{KEY}.1.answer"), Intent(KEY, {}, "w", "fox", 0.03, ""), "no room"
)


def test_the_command_for_an_answer_runs_nothing_that_its_names_hold() -> None:
    hostile = WaitingAnswer(Path("/a b/$(id).answer"), Intent(KEY, {}, "w", "$(id)", 0.03, ""), "")
    assert str(hostile).endswith("gemini-images adopt '$(id)' '/a b/$(id).answer'")


@pytest.mark.parametrize(("reasons", "count"), [({}, 1), ({KEY: str(WAITING)}, 0)])
def test_an_answer_that_waits_elsewhere_is_a_warning_at_its_picture(
    reasons: dict[str, str], count: int
) -> None:
    found = told(GenerationResult(waiting=[WAITING], reasons=reasons))
    assert len(found) == count
    for each in found:
        assert (each.level, each.page) == ("warning", "a.md")
        assert each.text == (
            "'A fox' is not drawn: its paid answer (about $0.03) waits in "
            f"{WAITING.path} (no room); make room, and the next build stores it; or gemini-images "
            f"adopt fox {WAITING.path}"
        )


def test_a_build_that_was_broken_off_tells_what_it_has_spent() -> None:
    generated = GenerationResult(
        records={KEY: record(IMAGE.request, png())}, spent=0.1, reasons={OTHER: "no room"},
        unknown=[outcome(1)], under_way={KEY: 0.03, OTHER: 0.04}, dearer=[("gemini-x", 1.0, 0.1)],
    )  # fmt: skip
    texts = [each.text for each in of_broken_off(generated)]
    assert texts[:2] == [
        "1 picture drawn for $0.10, and kept, before the build was stopped; gemini-images draw "
        "draws the rest",
        "2 requests under way when the build was stopped; about $0.07 may have been billed; "
        "the next build stores what has arrived and reports what has not",
    ]
    del texts[0]
    assert len(texts) == 4
    assert texts[1] == "a picture is not drawn: no room"
    assert "was billed $1.000" in texts[2]
    assert "of an earlier build" in texts[3]
