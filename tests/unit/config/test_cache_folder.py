"""A cache is trusted if only this machine can have written it: without links, and not in Git."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from mkdocs_gemini_images.config.cache_folder import with_trusted_cache
from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation import journal
from mkdocs_gemini_images.generation.draw_command import DrawCommand
from mkdocs_gemini_images.generation.journal import names
from mkdocs_gemini_images.generation.permission import refusal_reason

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege")

CACHE = ".cache/plugin/gemini-images"
PARTS = [".cache", ".cache/plugin", CACHE]
JOURNALS = [names.JOURNAL, "alts/j", f"emulator/{names.EMULATED_JOURNAL}", "emulator/q"]
IN_JOURNAL = [*names.EARLIER, *names.EARLIER.values(), *names.JOB_FOLDERS]
FOLDERS = [
    "ready", "variants", "emulator", "emulator/files", "emulator/alts", "alts", *JOURNALS,
    *(f"{journal}/{name}" for journal in JOURNALS for name in IN_JOURNAL), "bucket-0123",
    "bucket-0123/mirror",
    "bucket-0123/waiting", "bucket-0123/aside", "bucket-0123/waiting/files",
    *(f"b-abcdefghij/{name}" for name in ("m", "w", "f", "a0")),
]  # fmt: skip
FILES = [
    "buy.lock", ".gitignore", "b-abcdefghij/proven", "variants/cache.db",
    "variants/cache.db-wal", "variants/cache.db-shm", "variants/cache.db-journal",
]  # fmt: skip
ALL = [*PARTS, *(f"{CACHE}/{name}" for name in (*FOLDERS, *FILES))]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    return place


def settings(root: Path, cache_dir: str | Path = CACHE) -> Settings:
    return Settings(root, root / "gemini-images", root / cache_dir, "docs", Server())


def refusal(root: Path, cache_dir: str | Path = CACHE) -> str:
    """Return why the cache is not trusted, or an empty text."""
    given = settings(root, cache_dir)
    found = with_trusted_cache(given)
    if found.cache_refusal is None:
        assert found == given
        return ""
    assert found.cache != given.cache
    assert list(found.cache.iterdir()) == []
    return str(found.cache_refusal)


def whole(root: Path) -> None:
    """Make a cache as this package makes it."""
    for name in FOLDERS:
        (root / CACHE / name).mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (root / CACHE / name).write_bytes(b"")


def git(place: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=place, check=True, capture_output=True)


def test_a_cache_that_is_missing_or_whole_is_trusted(root: Path) -> None:
    assert refusal(root) == ""
    whole(root)
    assert refusal(root) == ""
    git(root, "init", "-q")
    assert refusal(root) == ""


def test_the_folders_of_the_journal_are_all_that_it_makes(root: Path) -> None:
    """A folder that is not looked at could be a link, in which temporary files are deleted."""
    source = "".join(file.read_text() for file in Path(journal.__file__).parent.glob("*.py"))
    made = set(re.findall(r'_folder_aside\("?(\w+)"?\)', source))
    assert {getattr(names, name) for name in made} == set(names.EARLIER)


@needs_links
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("target", ["missing", "docs", "docs/page.md", "/", "..", "/dev/zero"])
def test_a_link_is_refused_wherever_it_stands_and_leads(root: Path, name: str, target: str) -> None:
    (root / "docs").mkdir()
    (root / "docs" / "page.md").write_text("A page", encoding="utf-8")
    place = root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target if target.startswith("/") else os.path.relpath(
        root / target, place.parent))  # fmt: skip
    assert refusal(root) == (
        f"the cache may not be this machine's own ({name} is a link): delete it, or "
        "name another cache_dir; until then the site is built without it, and nothing is drawn"
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
@pytest.mark.parametrize("name", ALL)
def test_a_pipe_is_refused_wherever_it_stands(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(root / name)
    what = "no folder" if name in PARTS else "no regular file"
    assert f"({name} is {what}): delete it" in refusal(root)


@pytest.mark.parametrize("name", PARTS)
def test_a_file_in_place_of_the_cache_is_refused(root: Path, name: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("a file", encoding="utf-8")
    assert f"({name} is no folder): " in refusal(root)


@pytest.mark.parametrize("name", ["ready/x", "variants/cache.db", "journal/x.intent", "x"])
def test_a_cache_with_a_file_that_git_tracks_is_refused(root: Path, name: str) -> None:
    git(root, "init", "-q")
    file = root / CACHE / name
    file.parent.mkdir(parents=True)
    file.write_text("from elsewhere", encoding="utf-8")
    assert refusal(root) == ""
    git(root, "add", "-f", CACHE)
    assert refusal(root) == (
        "the cache may not be this machine's own "
        f"(Git tracks {CACHE}/{name}): run git rm -r --cached {CACHE} and delete "
        "files there that you did not make; until then the site is built without it, and nothing "
        "is drawn"
    )
    git(root, "rm", "-q", "-r", "--cached", CACHE)
    assert refusal(root) == ""


def test_a_file_that_the_repository_above_the_project_tracks_is_found(root: Path) -> None:
    git(root.parent, "init", "-q")
    (root / CACHE / "ready").mkdir(parents=True)
    (root / CACHE / "ready" / "x").write_text("from elsewhere", encoding="utf-8")
    git(root.parent, "add", "-f", ".")
    assert f"(Git tracks {CACHE}/ready/x)" in refusal(root)


@needs_links
def test_an_owners_cache_outside_of_the_project_may_be_reached_through_links(
    root: Path, tmp_path: Path
) -> None:
    git(root, "init", "-q")
    (tmp_path / "disk" / "cache").mkdir(parents=True)
    (tmp_path / "mnt").symlink_to(tmp_path / "disk")
    (tmp_path / "own").symlink_to(tmp_path / "disk" / "cache")
    for choice in (tmp_path / "mnt" / "cache", tmp_path / "own", "../own", "../mnt/cache"):
        assert refusal(root, choice) == ""


@needs_links
def test_what_is_in_an_owners_cache_is_checked_as_well(root: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "ready").symlink_to(root)
    assert f"({tmp_path / 'cache' / 'ready'} is a link): " in refusal(root, tmp_path / "cache")


@needs_links
@pytest.mark.parametrize("written", ["../cache", "../cache/of/docs", "absolute"])
def test_a_cache_elsewhere_in_the_working_tree_is_brought_by_the_repository_too(
    root: Path, tmp_path: Path, written: str
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "cache").symlink_to("docs")
    choice = tmp_path / "cache" / "x" if written == "absolute" else written
    assert refusal(root, choice) == ""
    git(tmp_path, "init", "-q")
    assert f"({tmp_path / 'cache'} is a link): " in refusal(root, choice)


@needs_links
def test_a_project_under_another_name_is_the_same_project(root: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(root)
    (root / ".cache").symlink_to(tmp_path)
    assert " is a link): " in refusal(root, tmp_path / "alias" / ".cache" / "x")
    assert "(.cache is a link): " in refusal(tmp_path / "alias", ".cache/x")
    assert " is a link): " in refusal(tmp_path / "alias", root / ".cache" / "x")


@needs_links
def test_a_project_that_is_reached_through_a_link_has_its_cache(root: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(root)
    whole(root)
    assert refusal(tmp_path / "alias") == ""


@needs_links
def test_dots_after_a_link_mean_what_they_mean_to_the_system(root: Path, tmp_path: Path) -> None:
    (root / "docs").mkdir()
    (tmp_path / "alias").symlink_to(root / "docs")
    (root / "cache").symlink_to(tmp_path)
    git(root, "init", "-q")
    assert f"({root / 'cache'} is a link): " in refusal(tmp_path / "alias", "../cache")


def test_a_refused_cache_has_one_substitute_and_is_asked_about_once(root: Path) -> None:
    (root / ".cache").write_text("a file", encoding="utf-8")
    given = settings(root)
    first = with_trusted_cache(given)
    assert with_trusted_cache(given) == first
    assert with_trusted_cache(first) is first


def test_a_hostile_name_does_not_reach_the_terminal(root: Path) -> None:
    git(root, "init", "-q")
    (root / CACHE).mkdir(parents=True)
    (root / CACHE / "a\n\x1b[2J").write_text("x", encoding="utf-8")
    git(root, "add", "-f", CACHE)
    assert refusal(root).isprintable()


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may read anywhere")
def test_a_folder_that_cannot_be_read_is_an_error_of_its_own(root: Path) -> None:
    (root / ".cache").mkdir(mode=0)
    assert refusal(root) == ""


def test_nothing_is_drawn_without_a_trusted_cache(root: Path) -> None:
    (root / ".cache").write_text("a file", encoding="utf-8")
    found = with_trusted_cache(settings(root))
    emulated = found._replace(server=Server(emulated=True))
    for each in (found, emulated):
        for command in (None, DrawCommand(lambda plan: True)):
            assert refusal_reason(each, command).startswith("the cache is not trusted")
