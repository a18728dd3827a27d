"""Git is asked for objects alone: a stranger's repository runs no program of its own."""

import os
import re
from pathlib import Path

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.reports.review.base.git_objects import Blobs, Repository, find_repository
from tests.unit.reports.review.repositories import commit, git, repository


def test_a_tree_has_the_files_of_a_commit_and_a_blob_its_bytes(tmp_path: Path) -> None:
    root = repository(tmp_path / "site", {"a\tb \u00e9.md": b"one\0two", "docs/b.md": b""})
    found = Repository(root)
    tree = found.tree(found.commit("main"))
    assert set(tree) == {"a\tb \u00e9.md", "docs/b.md"}
    with Blobs(found) as blobs:
        assert blobs.read(tree["docs/b.md"].blob, "b", 10) == b""
        assert blobs.read(tree["a\tb \u00e9.md"].blob, "a", 10) == b"one\0two"


def test_a_blob_that_is_too_large_is_not_kept_and_the_next_is_read(tmp_path: Path) -> None:
    root = repository(tmp_path / "site", {"large": b"x" * 3_000_000, "small": b"y"})
    found = Repository(root)
    tree = found.tree(found.commit("main"))
    with Blobs(found) as blobs:
        with pytest.raises(DiagnosticError, match="large has 3 MB"):
            blobs.read(tree["large"].blob, "large", 1000)
        assert blobs.read(tree["small"].blob, "small", 1000) == b"y"


def test_a_blob_that_the_clone_lacks_is_told_with_what_to_do(tmp_path: Path) -> None:
    found = Repository(repository(tmp_path / "site"))
    with Blobs(found) as blobs, pytest.raises(DiagnosticError, match="clone without --filter"):
        blobs.read("0" * 40, "gemini-images/a.png", 1000)


def test_a_partial_clone_fetches_nothing(tmp_path: Path) -> None:
    root = repository(tmp_path / "site", {"a.md": b"text"})
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{root}", "part")
    found = Repository(tmp_path / "part")
    tree = found.tree(found.commit("HEAD"))
    with Blobs(found) as blobs, pytest.raises(DiagnosticError, match="partial clone"):
        blobs.read(tree["a.md"].blob, "a.md", 1000)


PROGRAMS = [
    "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "diff.external",
    "core.gitProxy", "gpg.program", "core.askPass", "alias.ls-tree", "alias.rev-parse",
    "filter.x.smudge", "filter.x.process", "diff.x.textconv", "core.alternateRefsCommand",
    "credential.helper", "remote.origin.uploadpack",
]  # fmt: skip


def test_no_program_that_a_repository_names_is_run(tmp_path: Path) -> None:
    root = repository(
        tmp_path / "site", {"a.md": b"text", ".gitattributes": b"* filter=x diff=x\n"}
    )
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n")
    program.chmod(0o755)
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc"):
        (root / ".git" / "hooks" / hook).parent.mkdir(exist_ok=True)
        (root / ".git" / "hooks" / hook).write_bytes(program.read_bytes())
        (root / ".git" / "hooks" / hook).chmod(0o755)
    config = root / ".git" / "config"
    lines = [f'[remote "origin"]\n url = ext::{program}\n promisor = true\n']
    for name in PROGRAMS:
        section, _, rest = name.partition(".")
        part, _, key = rest.rpartition(".")
        head = f'[{section} "{part}"]' if part else f"[{section}]"
        value = f"!{program}" if section == "alias" else program
        lines.append(f"{head}\n {key} = {value}\n")
    config.write_text(config.read_text() + "".join(lines))
    found = Repository(root)
    tree = found.tree(found.commit("main"))
    assert found.merge_base(found.commit("HEAD"), found.commit("main"))
    assert not found.is_shallow
    with Blobs(found) as blobs:
        assert blobs.read(tree["a.md"].blob, "a.md", 10) == b"text"
        with pytest.raises(DiagnosticError):
            blobs.read("1" * 40, "gone", 10)
    assert not ran.exists()


def test_committed_files_named_as_a_repository_are_none(tmp_path: Path) -> None:
    root = repository(tmp_path / "site", {"bare/HEAD": b"ref: refs/heads/main\n", "bare/x": b""})
    assert find_repository(root / "bare").top == root.resolve()


def test_a_folder_outside_of_any_repository_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticError, match=r"is in no Git repository.*run it in a clone"):
        find_repository(tmp_path)


def test_without_git_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Repository(repository(tmp_path / "site"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DiagnosticError, match=r"Git is not installed.*: install git"):
        found.commit("main")
    with pytest.raises(DiagnosticError, match="Git is not installed"):
        Blobs(found)


@pytest.mark.parametrize("typed", ["--upload-pack=id", "-h", "main; id", "a\nb", "", "HEAD:a.md"])
def test_what_is_no_revision_names_no_commit(typed: str, tmp_path: Path) -> None:
    assert Repository(repository(tmp_path / "site")).commit(typed) == ""


def test_a_hook_s_environment_leads_to_no_other_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository(tmp_path / "other", {"other.md": b""})
    found = Repository(repository(tmp_path / "site"))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert set(found.tree(found.commit("main"))) == {"a.md"}


def test_another_user_s_repository_is_told_with_git_s_own_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "site")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(DiagnosticError, match=re.escape(f"safe.directory {root}")):
        Repository(root).commit("main")


def test_a_commit_is_the_same_from_a_working_tree_of_its_own(tmp_path: Path) -> None:
    root = repository(tmp_path / "site")
    last = commit(root, {"b.md": b"B"})
    git(root, "worktree", "add", "-q", os.fspath(tmp_path / "beside"), "-b", "beside")
    beside = find_repository(tmp_path / "beside")
    assert beside.commit("HEAD") == last
    assert beside.common_folder.resolve() == (root / ".git").resolve()
