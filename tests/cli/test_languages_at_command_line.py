"""Commands over sites with several languages and over several configurations of one stock."""

import json

import pytest

from mkdocs_gemini_images.cli.pictures import draw
from mkdocs_gemini_images.requests.planning import Plan
from tests.cli.command import drawn, plan, run
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence
from tests.integration.test_languages_of_site import EDIT, FOX_EN, FOX_FR, SIGN, translated

PAGES = {
    "index.md": FOX_EN + SIGN,
    "index.fr.md": FOX_FR + SIGN + fence("A map of France", id="map"),
    "more.md": fence("A heron"),
}


def test_a_plan_has_each_picture_once_with_its_places_in_all_languages(site: MakeSite) -> None:
    here = site(PAGES, config=translated())
    here.write()
    found = plan(here)
    assert {(row["id"], *row["places"]) for row in found["pictures"]} == {
        ("fox", "index.fr.md:2", "index.md:2"), ("sign@en", "index.md:9"),
        ("map", "index.fr.md:16"), ("sign@fr", "index.fr.md:9"), ("", "more.md:2"),
    }  # fmt: skip
    assert found["requests"] == 5


def test_all_languages_are_drawn_after_one_question(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, asked, answers = site(PAGES, config=translated(), max_new=4), list[Plan](), [False, True]
    here.write()

    def ask(plan: Plan, *, batch: bool) -> bool:
        assert not batch
        asked.append(plan)
        return answers[len(asked) - 1]

    monkeypatch.setattr(draw, "ask_to_spend", ask)
    done = run(here, "draw")
    assert (done.code, done.requests) == (1, ())
    done = run(here, "draw")
    assert (done.code, len(done.requests)) == (0, 5)
    assert [len(plan.needs) for plan in asked] == [5, 5]
    assert "5 pictures, 5 drawn" in done.text.splitlines()[-1]
    assert run(here, "check").code == 0
    assert here.build().requests == ()


def test_a_picture_of_any_language_is_no_orphan(site: MakeSite) -> None:
    here = site(PAGES, config=translated())
    drawn(here)
    assert "0 pictures are shown by no page" in run(here, "prune").stdout
    here.pages["index.fr.md"] = FOX_FR
    here.write()
    done = run(here, "prune")
    assert "2 pictures are shown by no page" in done.stdout
    assert "map of France" in done.stdout


def test_a_language_that_is_not_built_is_named(site: MakeSite) -> None:
    config = translated()
    config["plugins"][0]["i18n"]["build_only_locale"] = "fr"
    here = site({"index.md": FOX_EN}, config=config)
    here.write()
    said = "not looked at: language en (it is not built), language de (it is not built)\n"
    assert run(here, "prune").stderr == said


def test_a_picture_of_one_language_is_drawn_by_its_page_or_its_id(site: MakeSite) -> None:
    here = site(PAGES, config=translated())
    here.write()
    assert len(run(here, "draw", "--yes", "sign@fr").requests) == 1
    assert len(run(here, "draw", "--yes", "sign").requests) == 1
    assert run(here, "draw", "--yes", "index.fr.md").prompts == [
        "A fox in snow", "A map of France"
    ]  # fmt: skip
    wrong = run(here, "draw", "--yes", "sign@de", "more.md")
    assert (wrong.code, wrong.requests) == (1, ())
    assert "did you mean 'sign@" in wrong.text


def test_a_picture_is_adopted_for_one_language(site: MakeSite) -> None:
    here = site({"index.md": SIGN, "index.fr.md": SIGN}, config=translated())
    drawn(here, "sign@en")
    (path,) = [path for path in here.stock.iterdir() if path.suffix != ".json"]
    assert "write sign@en or sign@fr" in run(here, "adopt", "sign", str(path)).text
    assert run(here, "adopt", "sign@fr", str(path)).code == 0
    assert sorted(each["id"] for each in here.sidecars) == ["sign@en", "sign@fr"]
    assert plan(here)["requests"] == 0


def test_each_damaged_picture_is_reported_once_for_all_languages(site: MakeSite) -> None:
    here = site({"index.md": FOX_EN, "index.fr.md": FOX_FR + SIGN}, config=translated())
    drawn(here)
    for path in here.stock.iterdir():
        if path.suffix != ".json":
            path.write_bytes(b"no picture")
    done = run(here, "check")
    assert done.code == 1
    lines = [line for line in done.text.splitlines() if "WARNING" in line]
    assert [line.split()[2] for line in lines] == [
        "index.fr.md:2:", "index.fr.md:9:", "index.md:2:"
    ]  # fmt: skip
    assert all(line.endswith("; it is not drawn again by itself") for line in lines)


def other(here: Site) -> str:
    """Write a second configuration of the same stock, with pages of its own."""
    (here.root / "fr").mkdir()
    (here.root / "fr" / "index.md").write_text(FOX_FR + fence("A map of France"))
    file = here.root / "mkdocs.fr.yml"
    file.write_text("INHERIT: ./mkdocs.yml\ndocs_dir: fr\n")
    return str(file)


def test_several_configurations_of_one_stock_are_combined(site: MakeSite) -> None:
    here = site(FOX_EN)
    here.write()
    both = ("-f", other(here))
    found = json.loads(run(here, "plan", "--json", *both).stdout)
    assert [row["places"] for row in found["pictures"]] == [
        ["docs/index.md:2", "fr/index.md:2"], ["fr/index.md:9"]
    ]  # fmt: skip
    done = run(here, "draw", *both, "--yes")
    assert (done.code, len(done.requests)) == (0, 2)
    alone, together = run(here, "prune"), run(here, "prune", *both)
    assert "1 picture is shown by no page" in alone.stdout
    assert "not looked at: mkdocs.fr.yml (name it with -f as well)" in alone.stderr
    assert "0 pictures are shown by no page" in together.stdout
    assert together.stderr == ""


def test_configurations_of_several_stocks_are_refused(site: MakeSite) -> None:
    here, there = site(FOX_EN), site(FOX_EN)
    here.write()
    done = run(here, "prune", "-f", str(there.write()))
    assert done.code == 1
    assert "the configurations have different stocks" in done.text


def test_the_lowest_limits_of_several_configurations_apply(site: MakeSite) -> None:
    here = site(FOX_EN, max_new=9)
    both = ("-f", other(here))
    config = json.loads(here.write(max_new=0).read_text())
    (here.root / "mkdocs.fr.yml").write_text(json.dumps({**config, "docs_dir": "fr"}))
    here.write()
    done = run(here, "draw", *both)
    assert (done.code, done.requests) == (1, ())
    assert "though 2 requests are more than max_new: 0" in done.text
    assert len(run(here, "draw", *both, "--yes").requests) == 2


def test_a_plan_shows_the_languages_of_a_translated_picture_together(site: MakeSite) -> None:
    pages = {
        "index.md": fence("A heron") + EDIT, "index.fr.md": fence("Un héron") + EDIT,
        "other.de.md": fence("Ein Schild", localized="edit"), "other.md": "Words.",
    }  # fmt: skip
    here = site(pages, config=translated())
    here.write()
    found = plan(here)
    rows = [(row["id"], row["requests"], bool(row["made_from"])) for row in found["pictures"]]
    assert rows == [
        ("", 1, False), ("", 1, False), ("sign@en", 1, False), ("sign@fr", 1, True), ("", 2, True),
    ]  # fmt: skip
    assert found["requests"] == 6
    done = run(here, "draw", "sign@fr")
    assert (done.code, len(done.requests)) == (0, 2), "with the picture that it is made from"
    assert run(here, "draw", "sign").requests == ()
    assert "1 picture is shown" not in run(here, "prune").stdout
