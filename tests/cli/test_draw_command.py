"""The command `draw`: which pictures and takes it draws, and when it spends nothing."""

import shlex

import pytest

from mkdocs_gemini_images.cli.pictures.draw import arguments_of, draw_command
from tests.cli.command import drawn, plan, run
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence

PAGES = {
    "index.md": FOX,
    "guide/install.md": fence("A heron", id="heron")
    + fence("A town")
    + '\n![A map](map.webp "gemini: A map")\n',
}


@pytest.fixture
def here(site: MakeSite) -> Site:
    made = site(PAGES)
    made.write()
    return made


@pytest.mark.parametrize(
    ("names", "prompts"),
    [
        ([], ["A fox in snow", "A heron", "A map", "A town"]),
        (["heron"], ["A heron"]),
        (["index.md"], ["A fox in snow"]),
        (["guide/install.md"], ["A heron", "A map", "A town"]),
        (["index.md", "heron", "heron"], ["A fox in snow", "A heron"]),
        (["guide/map.webp"], ["A map"]),
        (["guide/map.webp", "heron"], ["A heron", "A map"]),
    ],
)
def test_names_choose_what_is_drawn(here: Site, names: list[str], prompts: list[str]) -> None:
    done = run(here, "draw", "--yes", *names)
    assert (done.code, done.prompts) == (0, prompts)
    assert ("wrote guide/map.webp" in done.stderr) == ("A map" in prompts)


@pytest.mark.parametrize("names", [[], ["heron"], ["--takes", "2", "heron"], ["--drifted"]])
def test_within_the_limits_draw_starts_at_once_after_printing_the_price(
    here: Site, names: list[str]
) -> None:
    done = run(here, "draw", *names)
    assert (done.code, bool(done.requests)) == (0, True)
    price, first = done.stderr.index(", about $"), done.stderr.index("1 of ")
    assert price < first
    assert "no terminal to ask on" not in done.stderr


def test_progress_names_pictures_by_file_id_or_prompt(site: MakeSite) -> None:
    images = '![A map](map.webp "gemini: A map")\n\n![A hen](gemini: "A hen")\n'
    fences = fence("A heron", id="heron") + fence("A base", edits="[add snow]")
    made = site(images + fences, presets={"ink": {"template": "Ink: {{ prompt }}"}}, preset="ink")
    noted = drawn(made).stderr
    told = {line.partition(": ")[2] for line in noted.splitlines() if " of 5: " in line}
    names = "map.webp", "'A hen'", "heron", "'Ink: A base'", "'A base'"
    assert {each.partition(": ")[2] for each in told} == {f"{name} drawn" for name in names}


LIMITS = {
    "max_new": ({"max_new": 0}, "though 1 request is more than max_new: 0?"),
    "budget": ({"budget": 0.01}, "though up to $0.06 is more than budget: 0.01?"),
    "price": ({"model": "another-model"}, "though no price is known for another-model"),
}


@pytest.mark.parametrize(("limits", "why"), LIMITS.values(), ids=LIMITS)
def test_beyond_a_limit_nothing_is_spent_without_a_terminal(
    here: Site, limits: dict[str, object], why: str
) -> None:
    here.write(**limits)
    done = run(here, "draw", "heron", typed="y\n")
    assert (done.code, done.requests, here.owned) == (1, (), [])
    assert why in done.stderr
    assert "There is no terminal to ask on; --yes draws without asking." in done.stderr


@pytest.mark.parametrize(
    "name", ["hreon", "install.md", "guide", "", "A heron", "../index.md", "#heron"]
)
def test_an_unknown_name_draws_nothing(here: Site, name: str) -> None:
    done = run(here, "draw", "--yes", name)
    assert (done.code, done.requests) == (1, ())
    assert "named file or page" in done.stderr


def test_a_misspelt_limit_draws_nothing(here: Site) -> None:
    here.write(max_nwe=1)
    done = run(here, "draw", "--yes")
    assert (done.code, done.requests) == (1, ())
    assert "got 'max_nwe': did you mean 'max_new'?" in done.stderr


def test_an_unknown_name_beside_a_known_one_draws_nothing(here: Site) -> None:
    done = run(here, "draw", "--yes", "heron", "hreon")
    assert (done.code, done.requests) == (1, ())


def test_the_closing_line_is_printed_when_a_name_is_unknown(here: Site) -> None:
    done = run(here, "draw", "--yes", "heron", "hreon")
    assert done.code == 1
    assert done.stderr.count("drawn in") == len(done.requests)


def test_further_takes_are_drawn_and_the_page_stays_the_same(here: Site) -> None:
    done = run(here, "draw", "--yes", "--takes", "3", "heron")
    assert (done.code, done.prompts) == (0, ["A heron"] * 3)
    takes = sorted(each["request"].get("take", 1) for each in here.sidecars)
    assert takes == [1, 2, 3]
    assert len({each["wish"] for each in here.sidecars}) == 3
    assert run(here, "draw", "--yes", "--takes", "3", "heron").requests == ()
    assert len(run(here, "draw", "--yes", "--takes", "4", "heron").requests) == 1
    here.pages["guide/install.md"] = fence("A heron", id="heron", take=3)
    here.write()
    assert {row["what"]: row["state"] for row in plan(here)["pictures"]} == {
        "A fox in snow": "new", "A heron": "in stock",
    }  # fmt: skip


def test_takes_become_orphans_with_their_picture(here: Site) -> None:
    run(here, "draw", "--yes", "--takes", "3", "heron")
    assert not [row for row in plan(here)["pictures"] if row["state"] == "orphaned"]
    here.pages["guide/install.md"] = "# Empty\n"
    here.write()
    assert len([row for row in plan(here)["pictures"] if row["state"] == "orphaned"]) == 3


@pytest.mark.parametrize("takes", ["0", "-1", "21", "many"])
def test_an_invalid_number_of_takes_is_a_usage_error(here: Site, takes: str) -> None:
    done = run(here, "draw", "--yes", "--takes", takes)
    assert (done.code, done.requests) == (2, ())


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"max_new": 1}, "not agreed to"),
        ({"enabled": False}, "pictures are switched off (enabled: false)"),
    ],
)
def test_a_missing_take_makes_draw_fail(
    site: MakeSite, changes: dict[str, object], why: str
) -> None:
    made = site(fence("A heron", id="heron"))
    drawn(made)
    made.write(**changes)
    done = run(made, "draw", "heron", "--takes", "3")
    assert (done.code, done.requests) == (1, ())
    assert f"index.md:2: takes 2, 3 of 'A heron' are not drawn: {why}" in done.stderr


def test_takes_of_a_conversation_share_its_first_steps(site: MakeSite) -> None:
    made = site(fence("A base", edits="[add snow]", id="base"))
    made.write()
    done = run(made, "draw", "--yes", "--takes", "2")
    assert done.prompts == ["A base", "add snow", "add snow"]


def test_drifted_pictures_are_drawn_with_the_option_drifted(here: Site) -> None:
    drawn(here)
    here.options["aspect_ratio"] = "1:1"
    here.write()
    assert run(here, "draw", "--yes").requests == ()
    assert run(here, "draw", "--yes", "--drifted", "heron").prompts == ["A heron"]
    done = run(here, "draw", "--yes", "--drifted")
    assert done.prompts == ["A fox in snow", "A map", "A town"]
    assert "wrote guide/map.webp" in done.stderr
    built = here.build()
    assert "drifted" not in built.text
    assert len(here.sidecars) == 8, "the old pictures are still owned"


def test_a_failed_picture_makes_draw_fail_and_the_others_are_kept(here: Site) -> None:
    here.pages["index.md"] = fence("A fox [emulate: image-safety]")
    here.write()
    done = run(here, "draw", "--yes")
    assert (done.code, len(done.requests)) == (1, 4)
    assert "3 drawn in" in done.stderr
    assert (here.root / "docs/guide/map.webp").is_file()
    assert len(here.sidecars) == 3


def test_draw_changes_no_site_and_no_page(here: Site) -> None:
    here.build()
    before = {path: path.read_bytes() for path in (here.root / "site").rglob("*") if path.is_file()}
    here.pages["index.md"] = FOX.replace("snow", "rain")
    drawn(here)
    after = {path: path.read_bytes() for path in (here.root / "site").rglob("*") if path.is_file()}
    assert before == after
    assert (here.root / "docs/index.md").read_text() == here.pages["index.md"]


def test_draw_asks_nothing_when_nothing_is_missing(here: Site) -> None:
    drawn(here)
    done = run(here, "draw")
    assert (done.code, done.requests) == (0, ())
    assert "Draw" not in done.stderr


@pytest.mark.parametrize(
    ("given", "again"),
    [
        (["heron"], "draw heron"),
        (["a b.md", "-y"], "draw --yes 'a b.md'"),
        (["--takes", "3", "--drifted", "-f", "x/mkdocs.yml"],
         "draw -f x/mkdocs.yml --drifted --takes 3"),
    ],
)  # fmt: skip
def test_the_command_that_goes_on_has_the_same_arguments(given: list[str], again: str) -> None:
    context = draw_command.make_context("draw", [*given])
    assert shlex.join(["draw", *arguments_of(context)]) == again
