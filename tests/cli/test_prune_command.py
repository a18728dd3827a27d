"""The command prune: which pictures it lists, deletes and keeps."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import (
    drawn,
    files_of_fox,
    refusal,
    run,
    untouched,
)
from tests.integration.conftest import MakeSite
from tests.integration.site import DARK, Site, fence


def git(site: Site, *arguments: str) -> None:
    """Run git in a site's folder with a test identity."""
    who = {f"GIT_{role}_{what}": "tester@example.com" for role in ("AUTHOR", "COMMITTER")
           for what in ("NAME", "EMAIL")}  # fmt: skip
    subprocess.run(
        ["git", "-C", str(site.root), *arguments], check=True, capture_output=True,
        env={**os.environ, **who},
    )  # fmt: skip


def committed(site: Site) -> None:
    if not (site.root / ".git").exists():
        git(site, "init", "-q")
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "pictures")


@pytest.fixture
def orphaned(here: Site) -> Site:
    """Make a site with one picture that no page shows."""
    drawn(here)
    here.pages["index.md"] = "# Empty\n"
    here.write()
    return here


def pruned(site: Site, *arguments: str) -> tuple[str, set[str]]:
    """Prune; return the output and the names of the deleted files."""
    before = {path.name for path in site.stock.glob("*")}
    done = run(site, "prune", *arguments)
    assert (done.code, done.requests) == (0, ())
    return done.stdout, before - {path.name for path in site.stock.glob("*")}


def test_orphans_are_listed_and_nothing_is_deleted(orphaned: Site) -> None:
    committed(orphaned)
    with untouched(orphaned.stock):
        for arguments in ([], ["--force"]):
            told, _ = pruned(orphaned, *arguments)
            assert told.splitlines() == [
                f"{files_of_fox(orphaned)[0]}  A fox",
                "1 picture is shown by no page; --delete deletes unused pictures",
            ]


def test_prune_deletes_what_git_can_restore(orphaned: Site) -> None:
    committed(orphaned)
    files = files_of_fox(orphaned)
    told = "1 deleted, 0 kept because git does not have them\n"
    assert pruned(orphaned, "--delete") == (told, set(files))
    assert pruned(orphaned, "--delete")[0].startswith("0 deleted, 0 kept")
    git(orphaned, "checkout", "--", ".")
    orphaned.pages["index.md"] = fence("A fox", id="fox")
    assert orphaned.build().requests == ()


def outside(site: Site) -> None:
    """Leave the site outside of a repository."""


def untracked(site: Site) -> None:
    git(site, "init", "-q")
    git(site, "add", "docs")
    git(site, "commit", "-q", "-m", "docs")


def unborn(site: Site) -> None:
    git(site, "init", "-q")
    git(site, "add", "-A")


def staged(site: Site) -> None:
    untracked(site)
    git(site, "add", "-A")


def ignored(site: Site) -> None:
    (site.root / ".gitignore").write_text("gemini-images/\n")
    committed(site)


def modified(site: Site) -> None:
    committed(site)
    file = site.stock / files_of_fox(site)[1]
    file.write_text(file.read_text() + "\n")


def modified_and_staged(site: Site) -> None:
    modified(site)
    git(site, "add", "-A")


def half_committed(site: Site) -> None:
    """Commit the sidecar and not the picture."""
    committed(site)
    git(site, "rm", "-q", "--cached", f"gemini-images/{files_of_fox(site)[0]}")
    git(site, "commit", "-q", "-m", "half")


def unlisted(site: Site) -> None:
    """Let git not list untracked files."""
    untracked(site)
    git(site, "config", "status.showUntrackedFiles", "no")


def assumed(site: Site) -> None:
    """Let git assume that a changed file is unchanged."""
    committed(site)
    for name in files_of_fox(site):
        git(site, "update-index", "--assume-unchanged", f"gemini-images/{name}")
    file = site.stock / files_of_fox(site)[1]
    file.write_text(file.read_text() + "\n")


@pytest.mark.parametrize(
    "how",
    [
        outside, untracked, unborn, staged, ignored, modified, modified_and_staged, half_committed,
        unlisted, assumed,
    ],
)  # fmt: skip
def test_prune_deletes_uncommitted_files_with_force_only(orphaned: Site, how: object) -> None:
    assert callable(how)
    how(orphaned)
    files = set(files_of_fox(orphaned))
    with untouched(orphaned.stock):
        assert pruned(orphaned, "--delete")[0].startswith("0 deleted, 1 kept because git")
    assert pruned(orphaned, "--delete", "--force") == (
        "1 deleted, 0 kept because git does not have them\n", files,
    )  # fmt: skip


def test_prune_without_a_git_executable_deletes_nothing(
    orphaned: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(orphaned)
    monkeypatch.setenv("PATH", str(orphaned.root))
    assert pruned(orphaned, "--delete")[1] == set()


def test_takes_of_a_shown_picture_and_what_it_was_made_from_are_no_orphans(site: MakeSite) -> None:
    made = site(
        fence("A base", id="base", edits="[add snow]", dark="at night")
        + fence("A scene", references="['#base']"),
        config=DARK,
    )
    made.write()
    run(made, "draw", "--yes", "--takes", "3")
    assert pruned(made, "--delete", "--force")[1] == set()


def test_drifted_and_earlier_pictures_that_are_shown_are_no_orphans(orphaned: Site) -> None:
    orphaned.options["aspect_ratio"] = "1:1"
    orphaned.pages["index.md"] = fence("A fox in rain", id="fox")
    orphaned.write(frozen=True)
    assert pruned(orphaned, "--delete", "--force")[1] == set()


def test_prune_deletes_nothing_while_a_directive_is_in_error(orphaned: Site) -> None:
    committed(orphaned)
    orphaned.pages["index.md"] = "\n" + fence("A fox", id="fox", sise="2K")
    orphaned.write()
    with untouched(orphaned.stock):
        for force in ([], ["--force"]):
            done = run(orphaned, "prune", "--delete", *force)
            assert (done.code, done.stdout) == (1, "")
            assert "nothing was deleted" in done.stderr
            assert (
                "index.md:7: expected a known option, got 'sise:': did you mean 'size'?; "
                in done.stderr
            )


def test_prune_leaves_other_files_in_the_folder(orphaned: Site) -> None:
    files = set(files_of_fox(orphaned))
    for name in ("notes.txt", "fox.json", "0" * 64 + ".json", "0" * 64 + ".png"):
        (orphaned.stock / name).write_text("{}")
    assert pruned(orphaned, "--delete", "--force")[1] == files


MAP = '![A map](images/{0}.webp "gemini: {1}")\n'


def notes(site: Site) -> set[str]:
    return {path.name for path in (site.stock / "files").iterdir()}


def test_named_files_and_notes_that_no_page_needs_are_found(site: MakeSite) -> None:
    here = site({"guide/index.md": MAP.format("map", "A map"), "b.md": MAP.format("sea", "A sea")})
    here.write()
    drawn(here)
    said, _ = pruned(here)
    assert said == "0 pictures are shown by no page\n"
    here.pages = {"guide/index.md": MAP.format("chart", "A map"), "b.md": MAP.format("sea", "Fog")}
    here.write()
    drawn(here)
    assert (
        len(notes(here)) == 3
    )  # of the map and the chart, which have the same bytes, and two seas
    listed = [
        "1 note is of a file that is gone; --delete deletes unused notes",
        "docs/guide/images/map.webp was drawn, and no page names it; delete it yourself",
    ]
    said, _ = pruned(here)
    assert said.splitlines()[-2:] == listed

    # A page that shows the file as a picture of the author's, as after eject, uses it.
    ejected = here.root / "docs" / "other.md"
    ejected.write_text("![A map](./guide/images/map.webp)\n")
    said, _ = pruned(here)
    assert said.splitlines()[-1] == listed[0]
    ejected.unlink()

    # What Git does not have stays, and so does the file among the author's.
    assert pruned(here, "--delete")[0].splitlines()[-1] == "0 of 1 notes deleted"
    committed(here)
    before = notes(here)
    assert pruned(here, "--delete")[0].splitlines()[-1] == "1 of 1 notes deleted"
    assert len(before - notes(here)) == 1
    assert (here.root / "docs" / "guide" / "images" / "map.webp").exists()
    said, _ = pruned(here)
    assert said.splitlines()[-1] == listed[1]
    assert run(here, "draw", "--yes").requests == ()


def test_prune_refuses_a_bucket(here: Site, tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    (tmp_path / "shared").mkdir()
    here.write(stock=(tmp_path / "shared").as_uri())
    assert "the stock is a bucket, and is not pruned" in refusal(run(here, "prune"))
