"""The commit that a review compares with."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.reports.review.base.base_commit import choose_base
from mkdocs_gemini_images.reports.review.base.git_objects import Repository
from tests.unit.reports.review.repositories import commit, git, repository


@pytest.fixture
def branched(tmp_path: Path) -> Path:
    """Make a repository whose `main` has gone on since `more` began from it."""
    root = repository(tmp_path / "site")
    git(root, "checkout", "-q", "-b", "more")
    commit(root, {"more.md": b"M"})
    git(root, "checkout", "-q", "main")
    commit(root, {"later.md": b"L"})
    git(root, "checkout", "-q", "more")
    return root


def test_it_is_where_the_branch_began(branched: Path) -> None:
    base = choose_base(Repository(branched), "", {})
    assert base.commit == git(branched, "rev-parse", "main~1")
    assert base.name == f"main ({base.commit[:10]})"


@pytest.mark.parametrize("name", ["GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"])
def test_a_job_names_the_branch_of_the_pull_request(branched: Path, name: str) -> None:
    git(branched, "update-ref", "refs/remotes/origin/main", "main")
    base = choose_base(Repository(branched), "", {name: "main"})
    assert base.commit == git(branched, "rev-parse", "main~1")
    with pytest.raises(DiagnosticError, match="there is no commit 'origin/gone' in this clone"):
        choose_base(Repository(branched), "", {name: "gone"})


def test_a_revision_that_is_named_comes_first(branched: Path) -> None:
    first = git(branched, "rev-parse", "main~1")
    assert choose_base(Repository(branched), "more~1", {"GITHUB_BASE_REF": "gone"}).commit == first


def test_a_revision_that_is_not_there_is_told_with_what_to_do(branched: Path) -> None:
    with pytest.raises(DiagnosticError, match=r"no commit '--output=x'.*--base REF"):
        choose_base(Repository(branched), "--output=x", {})


def test_a_shallow_clone_says_how_to_deepen_it(branched: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{branched}", "flat")
    with pytest.raises(DiagnosticError, match=r"this clone is shallow.*git fetch --unshallow"):
        choose_base(Repository(tmp_path / "flat"), "origin/main", {})
    with pytest.raises(DiagnosticError, match=r"which is shallow: git fetch --unshallow"):
        choose_base(Repository(tmp_path / "flat"), "HEAD~1", {})


def test_a_branch_of_another_origin_is_compared_with_itself(branched: Path) -> None:
    git(branched, "checkout", "-q", "--orphan", "alone")
    commit(branched, {"alone.md": b"A"})
    base = choose_base(Repository(branched), "main", {})
    assert base.commit == git(branched, "rev-parse", "main")


def test_a_repository_without_a_commit_has_none_to_compare_with(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    with pytest.raises(DiagnosticError, match="no commit yet"):
        choose_base(Repository(tmp_path), "", {})
