"""The stock by hand: adopt, accept, prune and check, each by the rules that drawing has."""

import os
import subprocess
from pathlib import Path

import pytest

from mkdocs_gemini_images.store.prune import is_in_git
from tests.cli.command import Done, drawn, plan, run, untouched
from tests.integration.conftest import MakeSite
from tests.integration.site import DARK, Site, fence
from tests.unit.pictures import jpeg, png, webp

PICTURE = png(64, 36)


@pytest.fixture
def here(site: MakeSite) -> Site:
    made = site(
        {
            "index.md": fence("A fox", id="fox"),
            "guide/page.md": fence("A heron", id="heron") + fence("A town"),
            "named.md": '![A map](images/map.webp "gemini: A map")\n',
        }
    )
    made.write()
    return made


def handed(site: Site, data: bytes = PICTURE, name: str = "mine.png") -> str:
    """Put a picture beside the site."""
    file = site.root.parent / f"{site.root.name}-{name}"
    file.write_bytes(data)
    return str(file)


def git(site: Site, *arguments: str) -> None:
    """Run git in a site's folder, by nobody in particular."""
    who = {f"GIT_{role}_{what}": "nobody@example.com" for role in ("AUTHOR", "COMMITTER")
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


def said(done: Done) -> str:
    """Give what a refused command says."""
    assert done.code == 1
    assert done.noted.count("Error: expected") == 1
    assert done.requests == ()
    return " ".join(done.noted.split())


# adopt


@pytest.mark.parametrize("data", [png(64, 36), jpeg(64, 36), webp(64, 36), png(9, 9, "RGBA")])
def test_an_adopted_picture_is_shown_and_never_bought(here: Site, data: bytes) -> None:
    done = run(here, "adopt", "fox", handed(here, data))
    assert (done.code, done.requests) == (0, ())
    (sidecar,) = here.sidecars
    assert (sidecar["origin"], sidecar["price"], sidecar["id"]) == ("adopted", 0.0, "fox")
    picture = next(path for path in here.stock.glob("*") if path.suffix != ".json")
    assert picture.read_bytes() == data
    assert done.said.endswith(f" as {picture.name}\n")
    built = here.build(frozen=True)
    assert [text for text in built.warnings if "A fox" in text] == []
    assert built.images()[0]["width"] == str(sidecar["width"])
    assert run(here, "draw", "--yes", "fox").requests == ()


@pytest.mark.parametrize(
    ("name", "id"), [("index.md", "fox"), ("images/map.webp", "file:images/map.webp"),
                     ("named.md", "file:images/map.webp")],
)  # fmt: skip
def test_a_page_or_a_file_names_its_one_picture(here: Site, name: str, id: str) -> None:
    assert run(here, "adopt", name, handed(here)).code == 0
    assert here.sidecars[0]["id"] == id


def test_what_was_edited_is_adopted_as_its_last_step(site: MakeSite) -> None:
    made = site(fence("A fox", edits="[add snow]", id="fox"))
    made.write()
    assert run(made, "adopt", "fox", handed(made)).code == 0
    assert made.build().requests == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"GIF89a", PICTURE[:-20], PICTURE[:40], b"<svg xmlns='x'/>", jpeg(64, 36)[:200],
     b"version https://git-lfs.github.com/spec/v1\n"],
)  # fmt: skip
def test_a_damaged_file_is_not_adopted(here: Site, data: bytes) -> None:
    with untouched(here.root):
        done = run(here, "adopt", "fox", handed(here, data))
    assert "expected a whole PNG, JPEG or WebP" in said(done)


def test_what_is_in_stock_stays(here: Site) -> None:
    drawn(here, "fox")
    with untouched(here.stock):
        done = run(here, "adopt", "fox", handed(here))
    assert "one key is one picture for ever; write another take: in the directive" in said(done)
    here.pages["index.md"] = fence("A fox", id="fox", take=2)
    here.write()
    assert run(here, "adopt", "fox", handed(here)).code == 0
    assert len(here.sidecars) == 2


def test_what_is_in_stock_behind_a_file_of_the_authors_own_stays_too(here: Site) -> None:
    drawn(here, "named.md")
    (here.root / "docs/images/map.webp").write_bytes(webp(9, 9))
    with untouched(here.stock):
        assert "got one that is" in said(run(here, "adopt", "images/map.webp", handed(here)))


def test_what_is_damaged_in_stock_is_mended_and_not_adopted_over(here: Site) -> None:
    drawn(here, "fox")
    next(here.stock.glob("*.json")).write_text("{")
    with untouched(here.stock):
        assert "git checkout" in said(run(here, "adopt", "fox", handed(here)))


@pytest.mark.parametrize(
    ("name", "words"),
    [("heorn", "did you mean 'heron'"), ("guide/page.md", "which has 2"),
     ("zebra", "known are fox, guide/page.md, heron, images/map.webp"), ("", "known are fox")],
)  # fmt: skip
def test_a_name_of_no_single_picture_is_refused(here: Site, name: str, words: str) -> None:
    with untouched(here.root):
        assert words in said(run(here, "adopt", name, handed(here)))


def test_a_picture_without_a_key_is_refused_in_words(site: MakeSite) -> None:
    made = site(fence("A fox", id="fox", references="['#gone']"))
    made.write()
    assert "the id of another directive" in said(run(made, "adopt", "fox", handed(made)))
    assert "the id of another directive" in said(run(made, "accept", "fox"))


def test_a_stock_that_cannot_be_written_is_told_in_one_line(here: Site) -> None:
    here.stock.write_bytes(b"a file where a folder is wanted")
    assert "Not a directory" in said(run(here, "adopt", "fox", handed(here)))


def test_a_file_that_is_not_there_is_a_mistake_of_use(here: Site) -> None:
    assert run(here, "adopt", "fox", str(here.root / "none.png")).code == 2


# accept


@pytest.fixture
def drifted(here: Site) -> Site:
    drawn(here)
    here.options["aspect_ratio"] = "1:1"
    here.write()
    return here


def test_an_accepted_picture_keeps_its_bytes_and_is_todays(drifted: Site) -> None:
    before = {each["key"]: each for each in drifted.sidecars}
    done = run(drifted, "accept", "fox")
    assert (done.code, done.requests) == (0, ())
    (new,) = (each for each in drifted.sidecars if each["key"] not in before)
    old = next(each for each in before.values() if each["id"] == "fox")
    assert done.said == f"accepted {new['key']}.jpg\n"
    assert (new["origin"], new["price"]) == (f"accepted {old['key']}", 0.0)
    assert (new["sha256"], new["wish"], new["width"]) == (old["sha256"], old["wish"], old["width"])
    assert new["request"]["config"]["aspectRatio"] == "1:1"
    assert old["turn"]
    assert new["turn"] == [], "a conversation is not continued from it"
    pair = [(drifted.stock / f"{each['key']}.jpg").read_bytes() for each in (old, new)]
    assert pair[0] == pair[1]
    states = [row["state"] for row in plan(drifted)["pictures"] if row["what"] == "A fox"]
    assert states == ["in stock", "orphaned"], "the old pair can be pruned"


def test_without_names_all_that_drifted_is_accepted_once(drifted: Site) -> None:
    assert run(drifted, "accept").said.count("accepted ") == 4
    assert run(drifted, "accept").said == "nothing has drifted\n"
    built = drifted.build()
    assert built.closing == "4 pictures, 4 from stock"


def test_a_name_given_twice_is_accepted_once(drifted: Site) -> None:
    assert run(drifted, "accept", "fox", "fox").said.count("accepted ") == 1


def test_a_picture_is_accepted_with_its_dark_twin(site: MakeSite) -> None:
    made = site(fence("A fox", id="fox", dark="at night"), config=DARK)
    drawn(made)
    made.options["aspect_ratio"] = "1:1"
    made.write()
    assert run(made, "accept", "fox").said.count("accepted ") == 2
    assert "drifted" not in made.build().text


def test_an_edit_of_an_accepted_picture_is_drawn_from_its_bytes(drifted: Site) -> None:
    run(drifted, "accept", "fox")
    drifted.pages["index.md"] = fence("A fox", id="fox", edits="[add snow]")
    drifted.write()
    done = run(drifted, "draw", "--yes", "fox")
    assert (done.code, done.prompts) == (0, ["add snow"])


@pytest.mark.parametrize(
    ("name", "words"),
    [("fox", "expected a picture that has drifted, got one that has not"),
     ("heorn", "did you mean 'heron'"), ("guide/page.md", "which has 2")],
)  # fmt: skip
def test_what_has_not_drifted_is_not_accepted(here: Site, name: str, words: str) -> None:
    drawn(here)
    with untouched(here.stock):
        assert words in said(run(here, "accept", name))


def test_a_drifted_picture_whose_bytes_are_damaged_is_not_accepted(drifted: Site) -> None:
    old = next(each for each in drifted.sidecars if each["id"] == "fox")
    (drifted.stock / f"{old['key']}.jpg").write_bytes(b"other")
    with untouched(drifted.stock):
        assert "git checkout" in said(run(drifted, "accept", "fox"))


# prune


@pytest.fixture
def orphaned(here: Site) -> Site:
    """Make a site with one picture that no page shows."""
    drawn(here)
    here.pages["index.md"] = "# Empty\n"
    here.write()
    return here


def fox(site: Site) -> list[str]:
    """Name the files of the fox's picture."""
    key = next(each["key"] for each in site.sidecars if each["id"] == "fox")
    return sorted(path.name for path in site.stock.glob(f"{key}*"))


def pruned(site: Site, *arguments: str) -> tuple[str, set[str]]:
    """Prune, and give what was said and which files are gone."""
    before = {path.name for path in site.stock.glob("*")}
    done = run(site, "prune", *arguments)
    assert (done.code, done.requests) == (0, ())
    return done.said, before - {path.name for path in site.stock.glob("*")}


def test_orphans_are_listed_and_nothing_is_deleted(orphaned: Site) -> None:
    committed(orphaned)
    with untouched(orphaned.stock):
        for arguments in ([], ["--force"]):
            told, _ = pruned(orphaned, *arguments)
            assert told.splitlines() == [
                f"{fox(orphaned)[0]}  A fox",
                "1 picture is shown by no page; --delete deletes them",
            ]


def test_what_git_has_is_deleted_and_can_be_had_again(orphaned: Site) -> None:
    committed(orphaned)
    files = fox(orphaned)
    told = "1 deleted, 0 kept because git does not have them\n"
    assert pruned(orphaned, "--delete") == (told, set(files))
    assert pruned(orphaned, "--delete")[0].startswith("0 deleted, 0 kept")
    git(orphaned, "checkout", "--", ".")
    orphaned.pages["index.md"] = fence("A fox", id="fox")
    assert orphaned.build().requests == ()


def outside(site: Site) -> None:
    """No repository at all."""


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
    file = site.stock / fox(site)[1]
    file.write_text(file.read_text() + "\n")


def modified_and_staged(site: Site) -> None:
    modified(site)
    git(site, "add", "-A")


def half(site: Site) -> None:
    """The sidecar is committed, and the picture is not."""
    committed(site)
    git(site, "rm", "-q", "--cached", f"gemini-images/{fox(site)[0]}")
    git(site, "commit", "-q", "-m", "half")


def unlisted(site: Site) -> None:
    """Git is told not to list what it does not have."""
    untracked(site)
    git(site, "config", "status.showUntrackedFiles", "no")


def assumed(site: Site) -> None:
    """Git is told to take a changed file for unchanged."""
    committed(site)
    for name in fox(site):
        git(site, "update-index", "--assume-unchanged", f"gemini-images/{name}")
    file = site.stock / fox(site)[1]
    file.write_text(file.read_text() + "\n")


@pytest.mark.parametrize(
    "how",
    [outside, untracked, unborn, staged, ignored, modified, modified_and_staged, half, unlisted,
     assumed],
)  # fmt: skip
def test_what_no_commit_has_is_deleted_by_force_alone(orphaned: Site, how: object) -> None:
    assert callable(how)
    how(orphaned)
    files = set(fox(orphaned))
    with untouched(orphaned.stock):
        assert pruned(orphaned, "--delete")[0].startswith("0 deleted, 1 kept because git")
    assert pruned(orphaned, "--delete", "--force") == (
        "1 deleted, 0 kept because git does not have them\n", files,
    )  # fmt: skip


def test_a_file_is_in_git_when_the_last_commit_has_its_very_bytes(here: Site) -> None:
    committed(here)
    page = here.root / "docs/index.md"
    assert is_in_git(page)
    assert not is_in_git(page.with_name("none.md"))
    assert not is_in_git(here.root / "nowhere" / "none.md")
    page.write_text("changed")
    assert not is_in_git(page)


def test_without_git_nothing_is_deleted(orphaned: Site, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_while_a_page_is_in_error_nothing_is_deleted(orphaned: Site) -> None:
    committed(orphaned)
    orphaned.pages["index.md"] = "\n" + fence("A fox", id="fox", sise="2K")
    orphaned.write()
    with untouched(orphaned.stock):
        for force in ([], ["--force"]):
            done = run(orphaned, "prune", "--delete", *force)
            assert (done.code, done.said) == (1, "")
            assert "nothing was deleted" in done.noted
            assert "index.md:4: expected a known option" in done.noted


def test_strangers_in_the_stocks_folder_are_left_alone(orphaned: Site) -> None:
    files = set(fox(orphaned))
    for name in ("notes.txt", "fox.json", "0" * 64 + ".json", "0" * 64 + ".png"):
        (orphaned.stock / name).write_text("{}")
    assert pruned(orphaned, "--delete", "--force")[1] == files


# check


def test_check_is_content_when_all_is_in_stock_and_whole(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn(here)
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("CI", "true")
    with untouched(here.root):
        done = run(here, "check")
    assert (done.code, done.requests) == (0, ())
    assert "4 pictures, 4 from stock" in done.noted


def test_check_names_what_is_missing_with_its_line(here: Site) -> None:
    here.write()
    with untouched(here.root):
        done = run(here, "check")
    assert (done.code, done.requests) == (1, ())
    assert "index.md:3: expected a picture of 'A fox'" in done.noted
    assert "run gemini-images draw" in done.noted


@pytest.mark.parametrize("used", [True, False])
def test_check_reads_every_picture(here: Site, used: bool) -> None:
    drawn(here)
    name = fox(here)[0]
    if not used:
        here.pages["index.md"] = "# Empty\n"
        here.write()
    (here.stock / name).write_bytes(b"other bytes")
    done = run(here, "check")
    assert done.code == 1
    assert name in done.noted
    (here.stock / name).unlink()
    assert run(here, "check").code == 1


def test_a_drifted_picture_is_there_for_check(drifted: Site) -> None:
    done = run(drifted, "check")
    assert done.code == 0
    assert "drifted: aspect_ratio 16:9 -> 1:1" in done.noted


# sync


def test_a_folder_is_not_synced(here: Site) -> None:
    assert "got a folder: commit it instead" in said(run(here, "sync"))


def test_a_bucket_is_not_pruned(here: Site, tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    (tmp_path / "shared").mkdir()
    here.write(stock=(tmp_path / "shared").as_uri())
    assert "got a bucket: it is not pruned" in said(run(here, "prune"))


def test_what_waits_for_a_bucket_is_put_there(here: Site, tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    shared = tmp_path / "shared"
    here.options["stock"] = shared.as_uri()
    here.write()
    shared.mkdir()
    assert run(here, "sync").said == "0 pushed, 0 yielded to another's, 0 waiting\n"
    assert run(here, "adopt", "fox", handed(here)).code == 0
    done = run(here, "draw", "--yes")
    assert (done.code, len(done.requests)) == (0, 3)
    assert len(list(shared.glob("*.json"))) == 4
    shared.rename(tmp_path / "away")
    built = here.build()
    assert built.requests == (), "nothing is bought while the bucket cannot be had"
    (tmp_path / "away").rename(shared)
    assert run(here, "sync").code == 0
    assert run(here, "check").code == 0
    assert not here.stock.exists()


def test_two_machines_adopt_one_picture_and_the_second_is_told(here: Site, tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    (tmp_path / "shared").mkdir()
    here.options["stock"] = (tmp_path / "shared").as_uri()
    here.write()
    assert run(here, "adopt", "fox", handed(here)).code == 0
    here.write(cache_dir=".cache/other")
    assert "got one that is" in said(run(here, "adopt", "fox", handed(here, jpeg(8, 8))))


def test_a_bucket_that_is_gone_makes_sync_fail_in_words(here: Site, tmp_path: Path) -> None:
    pytest.importorskip("obstore")
    here.options["stock"] = (tmp_path / "none").as_uri()
    here.write()
    run(here, "adopt", "fox", handed(here))
    done = run(here, "sync")
    assert done.code == 1
    assert "make it, or mount it" in done.noted
    assert not (tmp_path / "none").exists()
