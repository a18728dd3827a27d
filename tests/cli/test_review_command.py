"""The command `review`: what it calls each change, what it writes, and how it ends."""

from pathlib import Path

import pytest

from tests.cli.command import drawn, files_of_fox, refusal, untouched
from tests.cli.reviewed import committed, review, reviewed, states
from tests.integration.conftest import MakeSite
from tests.integration.site import Site, fence
from tests.unit.pictures import opened
from tests.unit.reports.review.repositories import git


def test_each_change_has_its_name(site: MakeSite) -> None:
    made = site(
        {
            "index.md": fence("A fox", id="fox") + fence("A heron") + fence("A town at night"),
            "guide/page.md": fence("A hill", model="gemini-3-pro-image", size="1K")
            + fence("An owl in a wood"),
            "old.md": fence("A gone one") + fence("A lynx", aspect_ratio="1:1"),
        }
    )
    drawn(made)
    committed(made)
    git(made.root, "checkout", "-q", "-b", "more")
    made.pages = {
        "index.md": fence("A fox", id="fox", take=2) + fence("A heron", alt="A grey heron")
        + fence("A town at noon"),
        "guide/page.md": fence("A new one")
        + fence("A hill", model="gemini-3-pro-image", size="1K") + fence("An owl in a barn"),
        "old.md": fence("A lynx", aspect_ratio="1:1") + fence("A bear", sise="2K"),
    }  # fmt: skip
    made.write()
    drawn(made, "fox", "guide/page.md")
    found = review(made)
    assert found["exit_code"] == 1
    assert found["base"] == git(made.root, "rev-parse", "main")
    assert states(found) == {
        "expected a known option, got 'sise:': did you mean 'size'?": "broken",
        "A new one": "new",
        "A fox": "redrawn",
        "An owl in a barn": "redrawn",
        "A heron": "re-worded",
        "A town at noon": "re-worded",
        "A gone one": "removed",
    }
    fox = next(each for each in found["changes"] if each["state"] == "redrawn"
               and each["after"]["prompt"] == "A fox")  # fmt: skip
    assert fox["differs"] == ["take"]
    assert fox["before"]["picture"]["sha256"] != fox["after"]["picture"]["sha256"]
    assert fox["after"]["places"] == ["index.md:2"]
    assert found["spent"] > 0


def redrawn_fox(site: MakeSite) -> Site:
    """Make a site of two pictures, of which a branch has redrawn one and a default has changed."""
    made = site({"index.md": fence("A fox", id="fox"), "b.md": fence("A hen", alt="A hen")})
    drawn(made)
    committed(made)
    git(made.root, "checkout", "-q", "-b", "more")
    git(made.root, "remote", "add", "origin", "https://me:secret@host.example/a/b.git")
    made.pages["index.md"] = fence("A fox", id="fox", take=2)
    drawn(made, "fox")
    committed(made)
    made.options["temperature"] = 0.5
    made.write()
    return made


def test_a_review_writes_a_comment_a_page_and_a_sheet_and_leaves_the_site_alone(
    site: MakeSite, tmp_path: Path
) -> None:
    made = redrawn_fox(site)
    out = tmp_path / "out"
    arguments = [f"--{each}={out / each}" for each in ("markdown", "html", "sheet")]
    with untouched(made.root / "docs"), untouched(made.stock), untouched(made.root / ".git"):
        done = reviewed(made, *arguments)
    assert done.code == 3
    assert "1 redrawn, 1 drifted; drawn for $0.05, compared with main (" in done.stdout
    comment = (out / "markdown").read_text()
    head = git(made.root, "rev-parse", "HEAD")
    assert f'<img src="https://host.example/a/b/raw/{head}/gemini-images/' in comment
    assert "secret" not in comment
    page = (out / "html").read_text()
    assert page.count("data:image/webp;base64,") == 3  # the drifted picture is the same
    assert page.count('type="range"') == 1
    assert opened((out / "sheet").read_bytes()).format == "PNG"


def test_without_a_change_a_review_says_so_and_ends_with_0(site: MakeSite) -> None:
    made = site(fence("A fox"))
    committed(made)
    done = reviewed(made, "--base", "main")
    assert (done.code, done.stdout.splitlines()[-1][:22]) == (0, "no picture has changed")


def test_where_the_base_cannot_be_built_its_stock_says_what_there_was(site: MakeSite) -> None:
    made = redrawn_fox(site)
    git(made.root, "checkout", "-q", "--", ".")
    good = (made.root / "mkdocs.yml").read_text()
    git(made.root, "checkout", "-q", "main")
    (made.root / "mkdocs.yml").write_text("site_name: Test\n")
    git(made.root, "commit", "-qam", "broken")
    git(made.root, "checkout", "-q", "-B", "new", "main")
    git(made.root, "checkout", "-q", "more", "--", ".")
    (made.root / "mkdocs.yml").write_text(good)
    found = review(made, "--base", "main")
    assert states(found) == {"A fox": "redrawn"}
    (note,) = found["notes"]
    assert "is not built (the configuration has no 'gemini-images'" in note
    assert "what it showed is read from its stock alone" in note


def test_a_damaged_sidecar_is_broken_and_told_with_what_to_do(site: MakeSite) -> None:
    made = site(fence("A fox", id="fox"))
    drawn(made)
    committed(made)
    name = next(each for each in files_of_fox(made) if each.endswith(".json"))
    (made.stock / name).write_text('{"v": 1, "key": "' + "\\u001b[31m" * 3)
    done = reviewed(made)
    assert done.code == 1
    said = " ".join(done.stdout.split())
    assert "broken" in said
    assert "git checkout --" in said
    assert "\x1b" not in said


def test_outside_of_a_repository_a_review_says_what_to_do(site: MakeSite) -> None:
    made = site(fence("A fox"))
    made.write()
    assert "is in no Git repository" in refusal(reviewed(made))


def test_the_emulator_s_pictures_are_no_change(site: MakeSite) -> None:
    made = site(fence("A fox") + fence("A hen"), base_url="emulator")
    committed(made)
    made.pages["index.md"] = fence("A fox") + fence("A red hen")
    drawn(made)
    found = review(made)
    assert states(found) == {"A red hen": "re-worded"}
    assert (found["spent"], found["unshown"]) == (0, 0)
    assert found["notes"] == [
        "base_url is emulator, whose pictures are in no stock: words alone differ"
    ]


HOOK = """
import os
from pathlib import Path

def on_config(config):
    if "gemini-images-" in config.config_file_path:  # the other commit's
        Path({told!r}).write_text(" ".join(os.environ))
"""


def test_hooks_of_the_base_see_no_secret_and_the_alt_of_another_page_is_compared(
    site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = site({"index.md": fence("A fox"), "de.md": fence("A fox", alt="Fuchs")})
    told = tmp_path / "told"
    (made.root / "hook.py").write_text(HOOK.format(told=str(told)))
    made.config["hooks"] = ["hook.py"]
    committed(made)
    made.pages["de.md"] = fence("A fox", alt="Ein Fuchs")
    made.write()
    monkeypatch.setenv("DEPLOY_TOKEN", "secret")
    found = review(made)
    (change,) = found["changes"]
    assert (change["state"], change["differs"]) == ("re-worded", ["alt"])
    alts = [[change[side]["alt"], *change[side]["other_alts"]] for side in ("before", "after")]
    assert alts[0] != alts[1]
    assert {"Fuchs"} == set(alts[0]) - set(alts[1])
    assert "PATH" in told.read_text()
    assert "DEPLOY_TOKEN" not in told.read_text()
