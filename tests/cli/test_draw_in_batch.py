"""`draw --batch`: what is ordered, what is said meanwhile, and what is collected."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.cli.pictures import batch_wait
from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.cli.command import CommandResult, drawn, plan, run
from tests.integration.conftest import MakeSite, sites_in
from tests.integration.site import Site, fence
from tests.integration.test_languages_of_site import translated

THREE = fence("A fox", id="fox") + fence("A heron", id="heron") + fence("A town", id="town")
CHAIN = fence("A fox", id="fox", edits="[In snow]") + fence(
    "The fox again", id="again", references='["#fox"]'
)
OF_ONE_REQUEST = ("price", "billed", "quoted", "time", "response_id", "tokens", "turn")
"""What the sidecars of two answers to one request differ in."""


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[MakeSite]:
    """Make sites whose server has a job done when it is asked for it a second time."""
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger, clock=Clock(polls=1))) as url:
        yield sites_in(tmp_path, (url, ledger))


def written(made: Site) -> Site:
    made.write()
    return made


def jobs(site: Site) -> list[str]:
    return sorted(path.name for path in (site.journal / "jobs").glob("????????.json"))


def names_of(site: Site) -> list[str]:
    """Return the `displayName` of each job."""
    return [json.loads((site.journal / "jobs" / each).read_bytes())["name"] for each in jobs(site)]


def states(site: Site) -> dict[str, str]:
    return {each["id"]: each["state"] for each in plan(site)["pictures"]}


def lines(done: CommandResult) -> str:
    return " ".join(done.stderr.split())


def lasting(site: Site) -> list[dict[str, Any]]:
    """Return the sidecars without what differs between two answers to one request."""
    return [
        {name: each[name] for name in each if name not in OF_ONE_REQUEST} for each in site.sidecars
    ]


def test_an_order_ends_at_once_and_costs_half(slow: MakeSite) -> None:
    here = written(slow(THREE))
    done = run(here, "draw", "--batch")
    (name,) = names_of(here)
    assert done.code == 0
    assert "ordering 3 pictures in batch with gemini-3.1-flash-image, about $0.07" in lines(done)
    assert f"3 requests ordered in batch for about $0.07 (job {name})" in lines(done)
    assert "3 pictures, 3 being drawn in batch" in lines(done)
    assert here.owned == []


def test_meanwhile_nothing_is_ordered_missing_or_planned(slow: MakeSite) -> None:
    here = written(slow(THREE))
    run(here, "draw", "--batch")
    sent = len(here.ledger)
    frozen = here.build(frozen=True, on_missing="fail")
    assert (frozen.error, frozen.warnings) == (None, [])
    said = (
        r"3 pictures are being drawn in batch since \d\d:\d\d \(job mgi-\S+\); gemini-images draw"
    )
    assert re.search(said, frozen.text)
    assert frozen.closing == "3 pictures, 3 being drawn in batch"
    assert len(frozen.placeholders) == 1
    assert plan(here)["requests"] == 0
    assert states(here) == {"fox": "in batch", "heron": "in batch", "town": "in batch"}
    assert run(here, "check").code == 0
    assert len(here.ledger) == sent
    again = run(here, "draw", "--batch", "fox")
    assert again.code == 0
    assert "ordered" not in again.text
    assert len(jobs(here)) == 1


def test_doctor_lists_open_jobs(slow: MakeSite) -> None:
    here = written(slow(THREE))
    run(here, "draw", "--batch")
    done = run(here, "doctor")
    (name,) = names_of(here)
    assert "3 pictures are being drawn in batch since" in " ".join(done.stdout.split())
    assert name in done.stdout


def test_a_build_with_a_key_collects_what_draw_would_have_stored(
    slow: MakeSite, site: MakeSite
) -> None:
    there = site(THREE)
    drawn(there)
    here = written(slow(THREE))
    run(here, "draw", "--batch")
    assert here.build().closing == "3 pictures, 3 being drawn in batch"
    built = here.build()
    assert "3 pictures, 3 collected from batch jobs for $0.07 (commit 6 files" in built.closing
    assert built.placeholders == []
    assert lasting(here) == lasting(there)
    assert [each["price"] for each in here.sidecars] == pytest.approx(
        [each["price"] / 2 for each in there.sidecars], rel=0.2
    )
    assert jobs(here) == []
    assert here.build().closing == "3 pictures, 3 from stock"


def test_a_translated_site_looks_at_a_job_once_in_a_command(site: MakeSite) -> None:
    here = written(site(THREE, config=translated()))
    ordered = run(here, "draw", "--batch")
    assert lines(ordered).endswith("3 pictures, 3 being drawn in batch")
    assert here.owned == [], "no language collects what another one has just ordered"
    collected = run(here, "draw")
    assert "3 pictures, 3 collected from batch jobs" in lines(collected)
    assert len(here.owned) == 6


def test_no_language_buys_what_another_one_learns_is_not_coming(site: MakeSite) -> None:
    pages = {
        "en/index.md": "# Empty\n",
        "fr/index.md": fence("Un renard [emulate: batch-expired]", id="renard"),
    }
    here = written(site(pages, config=translated("folder")))
    run(here, "draw", "--batch")
    sent = len(here.ledger)
    built = here.build()
    assert len(here.ledger) == sent
    assert "its batch job expired on the server" in built.text
    assert here.build().placeholders == []


def test_sync_collects(slow: MakeSite) -> None:
    here = written(slow(THREE))
    run(here, "draw", "--batch")
    early, done = run(here, "sync"), run(here, "sync")
    assert (early.code, done.code) == (0, 0)
    assert "3 pictures being drawn since" in early.stdout
    assert done.stdout == "3 pictures collected from batch jobs\n"
    assert len(here.owned) == 6


def test_pictures_made_from_others_are_ordered_in_rounds(site: MakeSite) -> None:
    here = written(site(CHAIN))
    assert plan(here)["requests"] == 3
    first = run(here, "draw", "--batch", "--yes")
    assert "1 request ordered in batch" in lines(first)
    assert set(states(here).values()) == {"in batch"}
    frozen = here.build(frozen=True)
    assert "2 pictures are ordered in batch at" in frozen.text
    assert frozen.warnings == []
    for stored in (2, 4):
        done = run(here, "draw")
        assert (done.code, len(here.owned)) == (0, stored)
        assert "1 request ordered in batch" in lines(done)
    last = run(here, "draw")
    assert "1 collected from batch jobs" in lines(last)
    assert len(here.owned) == 6


def test_without_files_jobs_hold_their_requests(tmp_path: Path) -> None:
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger, files=False)) as url:
        here = written(sites_in(tmp_path, (url, ledger))(THREE))
        run(here, "draw", "--batch")
        assert run(here, "draw").code == 0
    assert len(here.owned) == 6
    assert len(ledger.batches) == 1


@pytest.mark.parametrize("scenario", ["batch-reply-503", "batch-lost-and-late", "batch-twice",
                                      "batch-strange-key", "batch-reversed"])  # fmt: skip
def test_a_job_is_billed_once_and_its_pictures_are_right(site: MakeSite, scenario: str) -> None:
    here = written(site(THREE.replace("A fox", f"A fox [emulate: {scenario}]")))
    before = len(here.ledger.batches)
    for _ in range(6):
        done = run(here, "draw", "--batch")
    assert done.code == 0
    assert len(here.owned) == 6
    assert len(here.ledger.batches) == before + 1


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("batch-expired", "expired on the server before it was done"),
        ("batch-cancelled", "was cancelled"),
        ("batch-failed", "failed on the server"),
        ("batch-gone", "is lost"),
    ],
)
def test_a_job_that_ends_without_answers_frees_its_pictures(
    site: MakeSite, scenario: str, said: str
) -> None:
    here = written(site(THREE.replace("A fox", f"A fox [emulate: {scenario}]")))
    run(here, "draw", "--batch")
    built = here.build(max_new=0)
    (told,) = [text for text in built.infos if "the batch job" in text]
    assert said in told
    assert "3 pictures of it are not drawn" in told
    assert jobs(here) == []
    assert plan(here)["requests"] == 3


def test_an_item_that_failed_is_asked_for_again_by_a_person_alone(site: MakeSite) -> None:
    here = written(site(THREE.replace("A fox", "A fox [emulate: batch-item-errors]")))
    run(here, "draw", "--batch")
    built = here.build()
    (warned,) = built.warnings
    assert warned.startswith("index.md:8: 'A heron' is not drawn: HTTP 500")
    assert "draw with its id or page asks again" in warned
    assert len(here.owned) == 4
    sent = len(here.ledger)
    assert len(here.build().warnings) == 1
    assert run(here, "draw", "--batch").code == 1
    assert len(here.ledger) == sent
    assert run(here, "draw", "heron").code == 0
    assert len(here.owned) == 6


def test_a_picture_can_be_drawn_now_while_it_is_in_a_batch(slow: MakeSite) -> None:
    here = written(slow(THREE))
    run(here, "draw", "--batch")
    now = run(here, "draw", "fox")
    assert now.code == 0
    assert now.prompts == ["A fox"]
    assert "fox is drawn now: it is being drawn in batch since" in lines(now)
    assert "billed as well" in lines(now)
    owned = {name: (here.stock / name).read_bytes() for name in here.owned}
    run(here, "draw")
    assert len(here.owned) == 6
    assert owned.items() <= {name: (here.stock / name).read_bytes() for name in here.owned}.items()


def test_the_emulator_in_this_process_has_no_jobs(site: MakeSite) -> None:
    here = written(site(THREE, base_url="emulator"))
    done = run(here, "draw", "--batch")
    assert done.code == 1
    assert "has no batch jobs" in done.text
    assert jobs(here) == []


def test_draw_can_wait_until_all_rounds_have_come(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_wait, "POLL_SECONDS", 0.0)
    here = written(site(CHAIN))
    done = run(here, "draw", "--batch", "--wait", "fox", "again")
    assert (done.code, len(here.owned)) == (0, 6)
    assert "2 pictures are waited for" in done.stderr
    assert "1 collected from batch jobs" in lines(done)


def test_a_record_that_is_damaged_is_told_and_its_job_is_left(slow: MakeSite) -> None:
    here = written(slow(THREE))
    run(here, "draw", "--batch")
    (name,) = jobs(here)
    (here.journal / "jobs" / name).write_text("{")
    built = here.build(max_new=0)
    (warned,) = [text for text in built.warnings if "journal" in text]
    assert f"jobs/{name}, a record that is damaged" in warned
    assert jobs(here) == [name]


def test_waiting_is_for_batches(site: MakeSite) -> None:
    done = run(written(site(THREE)), "draw", "--wait")
    assert (done.code, done.requests) == (1, ())
    assert "--wait goes with --batch" in done.text


def test_an_order_beyond_the_limits_is_asked_for(site: MakeSite) -> None:
    here = written(site(THREE, budget=0.05))
    done = run(here, "draw", "--batch")
    assert done.code == 1
    assert "Order in batch 3 pictures with gemini-3.1-flash-image, about $0.07" in lines(done)
    assert "There is no terminal to ask on" in done.text
    assert jobs(here) == []


def test_half_the_price_may_be_within_the_limits(site: MakeSite) -> None:
    here = written(site(THREE, budget=0.12))
    assert run(here, "draw").code == 1
    assert run(here, "draw", "--batch").code == 0
    assert len(jobs(here)) == 1


def test_the_command_that_learns_of_a_lost_job_does_not_buy_its_pictures_again(
    site: MakeSite,
) -> None:
    here = written(site(THREE.replace("A fox", "A fox [emulate: batch-gone]")))
    run(here, "draw", "--batch")
    learns = run(here, "draw", "--yes")
    assert (learns.code, here.owned) == (1, [])
    assert "its batch job is lost" in lines(learns)
    assert "(3 pictures on 1 page)" in lines(learns)
    assert plan(here)["requests"] == 3


def test_a_result_that_is_missing_may_have_been_billed(site: MakeSite) -> None:
    here = written(site(THREE.replace("A fox", "A fox [emulate: batch-missing]")))
    run(here, "draw", "--batch")
    done = run(here, "draw")
    assert "ended without a result for it; about $0.02 may have been billed" in lines(done)
    assert done.text.count("may have been billed") == 1
    assert len(here.owned) == 4
    again = run(here, "draw", "fox")
    assert "1 earlier request brought no picture" in lines(again)
    assert len(here.owned) == 6


def test_configurations_with_journals_of_their_own_order_a_picture_once(slow: MakeSite) -> None:
    here = slow(THREE)
    other = here.write(cache_dir=".other").rename(here.root / "other.yml")
    here.write()
    done = run(here, "draw", "--batch", "-f", str(other))
    assert done.code == 0
    assert len(here.ledger.batches) == 1
    assert "3 pictures, 3 being drawn in batch" in lines(done)


def test_a_ci_machine_collects_no_job_of_another_machine(
    slow: MakeSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = written(slow(THREE))
    run(here, "draw", "--batch")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another machine"))
    monkeypatch.setenv("CI", "true")
    for _ in range(2):
        assert here.build(frozen=False).closing == "3 pictures, 3 being drawn in batch"
    assert here.owned == []
    for _ in range(2):
        done = run(here, "draw")
    assert len(here.owned) == 6
    assert "may be another machine's" in lines(done)
