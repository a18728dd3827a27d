"""Tests of what Git is asked about files of the stock, in repositories that a stranger filled."""

import os
import subprocess
from pathlib import Path

import pytest

from mkdocs_gemini_images.store import git

PICTURE = f"{'a' * 64}.png"


def test_a_repository_among_the_committed_files_is_not_asked_and_runs_nothing(
    tmp_path: Path,
) -> None:
    stock, ran = tmp_path / "gemini-images", tmp_path / "ran"
    stock.mkdir()
    (stock / PICTURE).write_bytes(b"a picture that its owner has not committed")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "commit", "-q", "--allow-empty", "-m", "x")
    # What a pull request brings: a bare repository, whose HEAD has the picture already.
    _git(stock, "init", "-q", "--bare", ".")
    _git(stock, "--work-tree=.", "add", "-f", PICTURE)
    _git(stock, "--work-tree=.", "commit", "-q", "-m", "x")
    (stock / ".gitattributes").write_text("*.png filter=x\n")
    (stock / "info" / "exclude").write_text("*.json\n")
    for name, value in (
        ("core.bare", "false"),
        ("core.worktree", "."),
        ("core.fsmonitor", f"echo > {ran}"),
        ("filter.x.clean", f"echo > {ran}; cat"),
    ):
        _git(stock, "config", name, value)

    assert not git.is_in_git(stock / PICTURE)
    assert git.ignored(stock, ["b.json"]) == {}
    assert not ran.exists()


def test_a_rule_and_a_folder_may_have_any_bytes_in_their_names(tmp_path: Path) -> None:
    stock = tmp_path / 'Bilder "für" alle' / "gemini-images"
    stock.mkdir(parents=True)
    _git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_bytes(b"*.[\xffj]son\n!*.png\n")

    found = git.ignored(stock, ["a.json", "a.png"])

    assert found == {"a.json": f".gitignore:1:{os.fsdecode(b'*.[' + bytes([255]) + b'j]son')}"}


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("attributes", "damaged"),
    [
        ("* text eol=crlf\n", True),
        ("* text\n", True),
        ("* eol=lf\n", True),
        ("*.png text\n", True),
        ("* text=input\n", True),
        ("* crlf\n", True),
        ("* crlf=input\n", True),
        ("* text=perhaps eol=lf\n", True),
        ("gemini-images/** -text\ngemini-images/** text\n", True),
        ("* -crlf eol=lf\n", False),
        ("* -text crlf\n", False),
        ("* text=auto crlf\n", False),
        ("* text=auto\n", False),
        ("* text=auto eol=crlf\n", False),
        ("* text eol=crlf\ngemini-images/** -text\n", False),
        ("* text eol=crlf\n*.png binary\n", False),
        ("*.md text eol=crlf\n", False),
        ("", False),
    ],
)
def test_git_changes_pictures_that_an_attribute_calls_text(
    tmp_path: Path, attributes: str, damaged: bool
) -> None:
    _git(tmp_path, "init", "-q")
    (tmp_path / ".gitattributes").write_text(attributes)
    stock = tmp_path / "gemini-images"
    assert git.with_changed_line_ends(stock, ["a.png"]) == (["a.png"] if damaged else [])


def test_without_a_repository_nothing_is_changed(tmp_path: Path) -> None:
    assert git.with_changed_line_ends(tmp_path, ["a.png"]) == []


@pytest.mark.parametrize("file", ["docs/.gitattributes", ".git/info/attributes"])
def test_the_attributes_of_every_place_count(tmp_path: Path, file: str) -> None:
    _git(tmp_path, "init", "-q")
    (tmp_path / ".gitattributes").write_text("docs/gemini-images/** -text\n")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("*.png text\n")
    stock = tmp_path / "docs" / "gemini-images"
    assert git.with_changed_line_ends(stock, ["a.png", "a.jpg"]) == ["a.png"]
