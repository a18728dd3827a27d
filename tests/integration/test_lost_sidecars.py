"""A picture whose sidecar is lost is damage that is told and mended, and never a purchase."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.store import pairs
from tests.cli.command import plan, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import DARK, FOX, Site, fence
from tests.unit.pictures import png

FOX_PAGE = fence("A fox in snow", id="fox")


@pytest.fixture(autouse=True)
def _soon_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a tenth of a second for a sidecar: no other process puts a picture here."""
    monkeypatch.setattr(pairs, "_BETWEEN", 0.1)


def lose_sidecars(here: Site, *words: str) -> list[Path]:
    """Delete the sidecars of the prompts named, or all; return the pictures left alone."""
    lost: list[Path] = []
    for sidecar in here.sidecars:
        if not words or sidecar["request"]["text"] in words:
            (here.stock / f"{sidecar['key']}.json").unlink()
            lost += here.stock.glob(f"{sidecar['key']}.*")
    return lost


def test_a_lost_sidecar_is_told_with_what_mends_it_and_a_neighbour_is_drawn(site: MakeSite) -> None:
    here = site(FOX_PAGE)
    here.build()
    (picture,) = lose_sidecars(here)
    whole = picture.read_bytes()
    here.pages["index.md"] += fence("A heron")
    built = here.build()
    assert built.prompts == ["A heron"]
    (warning,) = built.warnings
    assert warning.startswith("index.md:2: the sidecar of gemini-images/")
    assert f"git checkout -- gemini-images/{picture.stem}.json" in warning
    assert f"gemini-images adopt ID gemini-images/{picture.name}" in warning
    assert picture.read_bytes() == whole
    assert here.build().requests == ()


def test_a_clone_without_any_sidecar_buys_nothing(site: MakeSite) -> None:
    """As when `*.json` is in `.gitignore`."""
    page = FOX + FOX_PAGE + fence("A heron", edits="[at dusk]") + fence("A town", take=2)
    here = site(page)
    here.build()
    assert len(lose_sidecars(here)) == 4
    built = here.build()
    assert built.requests == ()
    assert len(built.warnings) == 4
    assert built.pictures == {}


@pytest.mark.parametrize("changes", [{"aspect_ratio": "1:1"}, {"size": "1K"}], ids=str)
def test_a_picture_that_has_drifted_and_lost_its_sidecar_is_not_bought_under_its_new_key(
    site: MakeSite, changes: dict[str, Any]
) -> None:
    here = site(FOX_PAGE)
    here.build()
    (picture,) = lose_sidecars(here)
    built = here.build(**changes)
    assert built.requests == ()
    (warning,) = built.warnings
    assert picture.name in warning
    assert "since this may be that picture" in warning
    assert picture.name in here.build(serving=True, **changes).text, "a press draws it neither"
    here.write(**changes)
    assert plan(here)["exit_code"] == 1
    assert run(here, "draw", "--yes").requests == ()
    done = run(here, "adopt", "fox", str(picture))
    assert done.code == 0, done.text
    assert run(here, "check").code == 0, "the old file is a copy of a picture in stock"
    here.pages["index.md"] += fence("A heron")
    again = here.build(**changes)
    assert again.prompts == ["A heron"]
    assert again.loud == ()


def test_a_picture_for_dark_pages_that_lost_its_sidecar_is_not_bought(site: MakeSite) -> None:
    here = site(fence("A fox", dark="at night"), config=DARK)
    here.build()
    lose_sidecars(here, "at night")
    built = here.build()
    assert built.requests == ()
    (warning,) = built.warnings
    assert "the sidecar of" in warning


def test_an_earlier_turn_that_lost_its_sidecar_is_not_bought_again(site: MakeSite) -> None:
    here = site(fence("A fox", edits="[at night]"))
    here.build()
    (picture,) = lose_sidecars(here, "A fox")
    assert here.build().closing == "1 picture, 1 from stock"
    here.pages["index.md"] = fence("A fox", edits="[at noon]")
    built = here.build()
    assert built.requests == ()
    assert picture.name in built.text


def test_a_take_that_lost_its_sidecar_is_not_bought_again(site: MakeSite) -> None:
    here = site(FOX_PAGE)
    here.write()
    assert len(run(here, "draw", "--takes", "3").requests) == 3
    second = next(each for each in here.sidecars if each["request"].get("take") == 2)
    (here.stock / f"{second['key']}.json").unlink()
    done = run(here, "draw", "--takes", "4")
    assert len(done.requests) == 1
    here.pages["index.md"] += fence("A heron")
    assert here.build().prompts == ["A heron"], "it is known whose the lone picture is"


def test_a_lone_sidecar_of_a_drifted_picture_is_damage_too(site: MakeSite) -> None:
    here = site(FOX_PAGE)
    here.build()
    (picture,) = [path for path in here.stock.iterdir() if path.suffix != ".json"]
    picture.unlink()
    for cached in here.cache.glob("*/*.db"):
        cached.unlink()
    built = here.build(aspect_ratio="1:1", quality=70)
    assert built.requests == ()
    assert "is missing beside its sidecar" in built.text


def test_commands_tell_of_a_lost_sidecar_and_change_nothing(site: MakeSite) -> None:
    here = site(FOX_PAGE)
    here.build()
    (picture,) = lose_sidecars(here)
    with untouched(here.root):
        for command in ("check", "doctor", "plan"):
            done = run(here, command)
            assert done.code == 1, command
            assert done.requests == ()
            said = " ".join(done.text.split())
            assert said.count(f"the sidecar of gemini-images/{picture.stem[:40]}") == 1
    assert run(here, "draw", "--yes", "fox").requests == ()


def test_check_and_doctor_tell_of_a_lost_sidecar_that_no_page_needs(site: MakeSite) -> None:
    here = site(FOX_PAGE)
    here.build()
    lone = here.stock / f"{'a' * 64}.webp"
    lone.write_bytes(png())
    for command in ("check", "doctor"):
        done = run(here, command)
        assert done.code == 1
        assert lone.name in " ".join(done.text.split())


def test_adopt_writes_the_sidecar_of_a_picture_that_is_in_the_stock(site: MakeSite) -> None:
    here = site(FOX_PAGE)
    before = here.build()
    (picture,) = lose_sidecars(here)
    whole = picture.read_bytes()
    done = run(here, "adopt", "fox", str(picture))
    assert done.stdout == f"adopted {picture} as {picture.name}\n"
    assert picture.read_bytes() == whole
    (sidecar,) = here.sidecars
    assert (sidecar["key"], sidecar["origin"], sidecar["id"]) == (picture.stem, "adopted", "fox")
    after = here.build()
    assert (after.requests, after.loud) == ((), ())
    assert len(after.pictures) == len(before.pictures)


def test_adopt_takes_no_other_file_over_a_picture_that_lost_its_sidecar(site: MakeSite) -> None:
    here = site(FOX_PAGE)
    here.build()
    (picture,) = lose_sidecars(here)
    other = here.root / "other.png"
    other.write_bytes(png(64, 36))
    with untouched(here.stock):
        done = run(here, "adopt", "fox", str(other))
    assert done.code == 1
    assert picture.name in " ".join(done.text.split())


# What Git would leave out


@pytest.mark.parametrize(
    ("rules", "left_out"),
    [
        ("*.json\n", "*.json, gemini-images/files/*.json"),
        ("*.png\n*.jpg\n", "*.png"),
        ("gemini-images/\n", "*.json, gemini-images/*.png"),
        ("files/\n", "files/*.json"),
    ],
)
def test_doctor_tells_which_files_of_the_stock_git_would_leave_out(
    site: MakeSite, rules: str, left_out: str
) -> None:
    here = site(FOX_PAGE)
    here.build()
    subprocess.run(["git", "init", "-q", here.root], check=True)
    (here.root / ".gitignore").write_text(rules)
    done = run(here, "doctor")
    assert done.code == 1
    assert f"Git ignores gemini-images/{left_out}" in done.stdout
    assert ".gitignore:1:" in done.stdout


@pytest.mark.parametrize("rules", ["", "*.json\n!gemini-images/**\n", "site/\n.cache/\n"])
@pytest.mark.parametrize("drawn", [True, False], ids=["with a stock", "before the first picture"])
def test_doctor_has_nothing_to_say_of_a_stock_that_git_takes(
    site: MakeSite, rules: str, drawn: bool
) -> None:
    here = site(FOX_PAGE)
    here.write()
    if drawn:
        here.build()
    subprocess.run(["git", "init", "-q", here.root], check=True)
    (here.root / ".gitignore").write_text(rules)
    done = run(here, "doctor")
    assert "Git ignores" not in done.stdout
    assert done.code == 0, done.stdout
