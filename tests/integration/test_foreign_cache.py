"""A cache that a repository can have brought is not opened, and costs a build nothing but time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mkdocs_gemini_images.cli.main import main
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, begin_anew, fence

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege")

CACHE = ".cache/plugin/gemini-images"


@pytest.fixture
def stocked(site: MakeSite) -> Site:
    """A site whose picture is in stock, and that has no cache."""
    here = site(FOX)
    assert here.build().warnings == []
    shutil.rmtree(here.root / ".cache")
    shutil.rmtree(here.root / "site")
    return here


def victim(root: Path) -> dict[str, bytes]:
    """Put an author's own files where a link can lead, under names that tempt."""
    folder = root / "docs" / "images"
    names = ["a.md", ".hidden", ".a.12345678.part", "a.intent", "a.part", "cache.db", "0" * 16]
    for name in names:
        (folder / "below").mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
        (folder / "below" / name).write_text(name, encoding="utf-8")
    return seen(root / "docs")


def seen(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


def keyless(here: Site, monkeypatch: pytest.MonkeyPatch, **options: Any) -> list[str]:
    """Build without a key, and return the warnings; the stocked picture is on the page."""
    monkeypatch.delenv("GEMINI_API_KEY")
    built = here.build(**options)
    assert built.error is None
    assert len(built.pictures) == 2
    assert built.placeholders == []
    assert built.requests == ()
    return built.warnings


def linked(place: Path, target: Path, *, absolute: bool) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target if absolute else os.path.relpath(target, place.parent))


@needs_links
@pytest.mark.parametrize("part", [".cache", "ready", "variants", "journal"])
def test_a_link_in_place_of_a_folder_leads_to_nothing_that_is_changed(
    stocked: Site, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    before = victim(stocked.root)
    part = part if part == ".cache" else f"{CACHE}/{part}"
    linked(stocked.root / part, stocked.root / "docs" / "images", absolute=part == ".cache")
    (warning,) = keyless(stocked, monkeypatch)
    assert warning.startswith(f"the cache may not be this machine's own ({part} is a link): ")
    assert "): delete it, or name another cache_dir; until then the site is built with" in warning
    assert seen(stocked.root / "docs") == before


@needs_links
@pytest.mark.parametrize(
    ("name", "target"),
    [("buy.lock", "a.md"), ("variants/cache.db", "new"), ("variants/cache.db-wal", "a.md"),
     (".gitignore", "new")],
)  # fmt: skip
def test_a_link_in_place_of_a_file_is_neither_read_nor_written_through(
    stocked: Site, name: str, target: str
) -> None:
    before = victim(stocked.root)
    linked(stocked.cache / name, stocked.root / "docs" / "images" / target, absolute=False)
    stocked.pages["index.md"] += fence("An owl")
    built = stocked.build()
    assert built.requests == ()
    assert [text for text in built.warnings if f"({CACHE}/{name} is a link): " in text]
    assert {**seen(stocked.root / "docs"), "index.md": b""} == {**before, "index.md": b""}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_in_the_cache_stops_no_build(stocked: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    (stocked.cache / "variants").mkdir(parents=True)
    os.mkfifo(stocked.cache / "variants" / "cache.db")
    (warning,) = keyless(stocked, monkeypatch)
    assert f"({CACHE}/variants/cache.db is no regular file): " in warning


def commit_cache(here: Site) -> None:
    git(here.root, "init", "-q")
    git(here.root, "add", "-f", ".cache")
    git(here.root, "commit", "-q", "-m", "x")


def git(root: Path, *arguments: str) -> None:
    author = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *author, *arguments], cwd=root, check=True, capture_output=True)


def test_a_cache_that_git_tracks_is_not_opened(
    stocked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ready/x", "variants/cache.db", "journal/x.intent"):
        (stocked.cache / name).parent.mkdir(parents=True)
        (stocked.cache / name).write_text("from elsewhere", encoding="utf-8")
    commit_cache(stocked)
    before = seen(stocked.cache)
    (warning,) = keyless(stocked, monkeypatch)
    said = f"(Git tracks {CACHE}/journal/x.intent): run git rm -r --cached {CACHE} and delete"
    assert said in warning
    assert seen(stocked.cache) == before


def test_a_cache_that_was_taken_out_of_git_is_used_again(stocked: Site) -> None:
    stocked.cache.mkdir(parents=True)
    (stocked.cache / "x").write_text("x", encoding="utf-8")
    commit_cache(stocked)
    assert len(stocked.build().warnings) == 1
    git(stocked.root, "rm", "-r", "-q", "--cached", CACHE)
    assert stocked.build().warnings == []
    assert (stocked.cache / "variants" / "cache.db").is_file()


def test_a_repository_that_ignores_the_cache_changes_nothing(stocked: Site) -> None:
    git(stocked.root, "init", "-q")
    (stocked.root / ".gitignore").write_text("site\n", encoding="utf-8")
    git(stocked.root, "add", ".")
    assert stocked.build().warnings == []
    assert stocked.build().warnings == []


@needs_links
def test_with_a_cache_that_is_not_trusted_nothing_is_bought(site: MakeSite) -> None:
    here = site(FOX)
    linked(here.cache / "journal", here.root / "docs", absolute=False)
    built = here.build()
    assert built.requests == ()
    assert len(built.placeholders) == 1
    foreign, missing = sorted(built.warnings, key=lambda text: "is not drawn" in text)
    assert f"({CACHE}/journal is a link): " in foreign
    assert missing.endswith("the cache is not trusted; the warning about it says what to do")


@needs_links
def test_the_emulator_draws_nothing_into_a_cache_that_is_not_trusted(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    here = site(FOX, base_url="emulator")
    (here.root / "docs").mkdir()
    linked(here.cache / "emulator", here.root / "docs", absolute=False)
    built = here.build()
    assert built.error is None
    assert len(built.placeholders) == 1
    assert any("/emulator is a link): delete it" in text for text in built.warnings)
    assert [path.name for path in (here.root / "docs").iterdir()] == ["index.md"]


@needs_links
def test_an_owners_cache_outside_of_the_project_may_be_reached_through_a_link(
    site: MakeSite, tmp_path: Path
) -> None:
    mount = tmp_path / "disk" / "cache"
    mount.mkdir(parents=True)
    (tmp_path / "mnt").symlink_to(tmp_path / "disk")
    (tmp_path / "own").symlink_to(mount)
    for choice in (tmp_path / "mnt" / "cache", tmp_path / "own", "../own"):
        here = site(FOX, cache_dir=str(choice))
        git(here.root, "init", "-q")
        built = here.build()
        assert (built.warnings, len(built.pictures)) == ([], 2)
        assert (mount / "variants" / "cache.db").is_file()


@needs_links
def test_pictures_of_a_bucket_are_shown_without_a_cache_that_is_not_trusted(
    site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("obstore")
    (tmp_path / "bucket").mkdir()
    here = site(FOX, stock=(tmp_path / "bucket").as_uri())
    assert here.build().warnings == []
    (mirror,) = here.cache.glob("b-*")
    shutil.rmtree(mirror)
    linked(mirror, here.root / "docs", absolute=True)
    before = seen(here.root / "docs")
    (warning,) = keyless(here, monkeypatch, stock=(tmp_path / "bucket").as_uri())
    assert f"({CACHE}/{mirror.name} is a link): " in warning
    assert seen(here.root / "docs") == before


@needs_links
@pytest.mark.parametrize("command", ["sync", "doctor"])
def test_a_command_that_needs_the_cache_fails(
    site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    pytest.importorskip("obstore")
    monkeypatch.delenv("GEMINI_API_KEY")
    (tmp_path / "bucket").mkdir()
    here = site(FOX, stock=(tmp_path / "bucket").as_uri())
    linked(here.cache / "ready", here.root / "docs", absolute=False)
    begin_anew()
    done = CliRunner().invoke(main, [command, "-f", str(here.write())])
    assert done.exit_code == 1
    assert f"({CACHE}/ready is a link): delete it" in done.output


@needs_links
def test_the_temporary_cache_is_gone_when_the_command_ends(stocked: Site, tmp_path: Path) -> None:
    linked(stocked.cache / "ready", stocked.root / "docs", absolute=False)
    (tmp_path / "tmp").mkdir()
    stocked.write()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"],
        cwd=stocked.root, capture_output=True, text=True, check=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp"), "GEMINI_API_KEY": ""},
    )  # fmt: skip
    assert done.stderr.count(f"({CACHE}/ready is a link)") == 1
    assert list((tmp_path / "tmp").iterdir()) == []
