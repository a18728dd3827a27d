"""Whether Git tracks a file of a folder is read from what Git itself has written."""

import os
import subprocess
from pathlib import Path

import pytest

from mkdocs_gemini_images.core import git_index

VERSIONS = ["2", "3", "4"]


def git(place: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "protocol.file.allow=always", "-c", "user.name=A", "-c", "user.email=a@b.c",
         *arguments],
        cwd=place, check=True, capture_output=True,
    )  # fmt: skip


def repository(place: Path, *files: str, version: str = "2", hashes: str = "sha1") -> Path:
    """Make a repository that tracks files."""
    place.mkdir(parents=True, exist_ok=True)
    git(place, "init", "-q", f"--object-format={hashes}")
    git(place, "config", "index.version", version)
    for file in files:
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(file, encoding="utf-8")
    git(place, "add", "-f", "--", *files)
    return place


@pytest.mark.parametrize("hashes", ["sha1", "sha256"])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_that_git_tracks_is_found_in_every_form_of_the_index(
    tmp_path: Path, version: str, hashes: str
) -> None:
    names = [f"docs/page-{number:03}.md" for number in range(50)]
    here = repository(
        tmp_path, "-first", ".cache/a/b/journal/x", *names, "z" * 200 + "/last",
        version=version, hashes=hashes,
    )  # fmt: skip
    if version == "3":
        git(here, "add", "-f", "--intent-to-add", *[_new(here / ".cache/a/b/later")])
    assert git_index.tracked_file(here / ".cache" / "a" / "b") == here / ".cache/a/b/journal/x"
    assert git_index.tracked_file(here / ("z" * 200)) == here / ("z" * 200) / "last"
    assert git_index.tracked_file(here / "docs") == here / names[0]
    for other in (".cache/a/c", ".cache/a/bb", ".cach", "cache", "docs/page-000.md/x", "site"):
        assert git_index.tracked_file(here / other) is None


def _new(file: Path) -> str:
    file.write_text("x", encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_the_same_name_elsewhere_is_another(tmp_path: Path, version: str) -> None:
    here = repository(tmp_path, "sub/.cache/x", ".cachette/x", version=version)
    assert git_index.tracked_file(here / ".cache") is None
    assert git_index.tracked_file(here / "sub" / ".cache") is not None


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_is_tracked_until_it_is_taken_out(tmp_path: Path, version: str) -> None:
    here = repository(tmp_path, "a/x", "b/x", version=version)
    assert git_index.tracked_file(here / "b") is not None
    git(here, "rm", "-r", "-q", "--cached", "b")
    assert (here / "b" / "x").exists()
    assert git_index.tracked_file(here / "b") is None


def test_what_is_only_there_is_not_tracked(tmp_path: Path) -> None:
    here = repository(tmp_path, "a/x")
    (here / "b").mkdir()
    (here / "b" / "x").write_text("b/x", encoding="utf-8")
    assert git_index.tracked_file(here / "b") is None


def test_a_repository_inside_the_folder_brings_what_it_tracks(tmp_path: Path) -> None:
    source = repository(tmp_path / "source", "journal/x")
    git(source, "commit", "-q", "-m", "x")
    here = repository(tmp_path / "here", "a")
    git(here, "submodule", "-q", "add", str(source), ".cache/b")
    assert git_index.tracked_file(here / ".cache" / "b") is not None
    assert git_index.tracked_file(here / ".cache" / "b" / "journal") is not None
    assert git_index.tracked_file(here / ".cache" / "b" / "variants") is None


def test_a_second_working_tree_has_an_index_of_its_own(tmp_path: Path) -> None:
    here = repository(tmp_path / "here", "a/x")
    git(here, "commit", "-q", "-m", "x")
    git(here, "worktree", "add", "-q", str(tmp_path / "second"))
    assert git_index.tracked_file(tmp_path / "second" / "a") == tmp_path / "second" / "a" / "x"
    assert git_index.tracked_file(tmp_path / "second" / "b") is None


def test_a_name_in_other_letters_is_the_folder_only_where_the_system_says_so(
    tmp_path: Path,
) -> None:
    here = repository(tmp_path, ".Cache/x")
    (here / ".cache").mkdir(exist_ok=True)
    same = (here / ".cache").samefile(here / ".Cache")
    assert (git_index.tracked_file(here / ".cache") is not None) is same


def test_without_a_repository_nothing_is_tracked(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert git_index.tracked_file(tmp_path / "a") is None


@pytest.mark.parametrize(
    "raw",
    [b"", b"DIRC", b"DIRC\0\0\0\2\xff\xff\xff\xff", b"DIRC\0\0\0\4\xff\xff\xff\xff" + b"\x84" * 999,
     b"DIRC\0\0\0\2\0\0\0\1" + b"a/" * 500, os.urandom(9999), b"\0" * 9999],
)  # fmt: skip
def test_an_index_that_cannot_be_read_tracks_nothing(tmp_path: Path, raw: bytes) -> None:
    here = repository(tmp_path, "a/x")
    (here / ".git" / "index").write_bytes(raw)
    assert git_index.tracked_file(here / "a") is None


@pytest.mark.parametrize("pointer", ["gitdir: nowhere", "gitdir: \0", "", "x" * 100_000])
def test_a_pointer_that_leads_nowhere_tracks_nothing(tmp_path: Path, pointer: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / ".git").write_text(pointer, encoding="utf-8")
    assert git_index.tracked_file(tmp_path / "a") is None
