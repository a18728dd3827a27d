"""Takes of a picture that has drifted: none is bought unasked, and they stay with their picture."""

import pytest

from tests.cli.command import plan, run
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence

INK = {"template": "In ink: {{ prompt }}"}
OIL = {"template": "In oil: {{ prompt }}"}


@pytest.fixture
def here(site: MakeSite) -> Site:
    made = site(fence("A fox", id="fox") + fence("A hen", id="hen"), presets={"art": INK})
    made.options["preset"] = "art"
    made.write()
    assert len(run(made, "draw", "fox", "--takes", "3").requests) == 3
    assert len(run(made, "draw", "hen").requests) == 1
    made.options["presets"] = {"art": OIL}
    made.write()
    return made


def test_takes_of_a_drifted_picture_are_not_bought_again(here: Site) -> None:
    done = run(here, "draw", "--yes", "fox", "--takes", "3")
    assert (done.code, done.requests) == (0, ())
    assert (
        "index.md:2: takes 2, 3 of 'A fox' drifted: the preset's words changed; "
        "gemini-images draw fox --takes 3 --drifted draws again" in done.stderr
    )
    done = run(here, "draw", "--yes", "hen", "--takes", "3")
    assert (done.code, done.requests) == (1, ())
    assert (
        "takes 2, 3 of 'A hen' are not drawn: the picture itself has drifted, and is kept; "
        "gemini-images draw hen --takes 3 --drifted draws again, gemini-images accept hen accepts"
    ) in done.stderr
    assert len(run(here, "draw", "--drifted", "hen", "--takes", "3").requests) == 3


def test_the_takes_of_a_drifted_picture_are_shown_kept_and_accepted(here: Site) -> None:
    table = run(here, "plan").stdout
    assert "(take 1, 3 in stock)" in " ".join(table.split())
    rows = {row["id"]: row for row in plan(here)["pictures"]}
    assert len(rows["fox"]["takes"]) == 3
    assert "0 pictures are shown by no page" in run(here, "prune").stdout
    done = run(here, "accept", "fox")
    assert [line.partition(", ")[2] for line in done.stdout.splitlines()] == [
        "",
        "take 2",
        "take 3",
    ]
    assert run(here, "draw", "--yes", "fox", "--takes", "3").requests == ()
    assert run(here, "pick", "fox", "3").code == 0
    rows = {row["id"]: row for row in plan(here)["pictures"] if row["state"] != "orphaned"}
    assert [(rows[id]["state"], rows[id]["take"]) for id in ("fox", "hen")] == [
        ("in stock", 3), ("drifted", 1),
    ]  # fmt: skip
    assert "3 pictures are shown by no page" in run(here, "prune").stdout


def test_takes_that_were_left_behind_are_carried_along_later(here: Site) -> None:
    assert len(run(here, "draw", "--drifted", "fox").requests) == 1
    assert "0 pictures are shown by no page" in run(here, "prune").stdout
    assert run(here, "draw", "fox", "--takes", "3").requests == ()
    done = run(here, "accept")
    assert done.stdout.count("accepted") == 3
    assert done.stdout.count(", take ") == 2
    assert run(here, "accept").stdout == "nothing has drifted\n"
