"""Addresses of files at a revision, from what a job, a remote or a person names."""

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.reports.review.links import Links, repository_address


@pytest.mark.parametrize(
    ("remote", "begins"),
    [
        ("https://github.com/owner/name.git", "https://github.com/owner/name"),
        ("https://user:secret@github.com/owner/name", "https://github.com/owner/name"),
        ("git@github.com:owner/name.git", "https://github.com/owner/name"),
        ("ssh://git@host.example:2222/owner/name.git", "https://host.example/owner/name"),
        ("git@gitlab.com:group/sub/name.git", "https://gitlab.com/group/sub/name/-"),
        ("/srv/git/name.git", ""),
        ("file:///srv/git/name.git", ""),
        ("http://host.example/owner/name", ""),
        ('https://host.example/a"b/name', ""),
        ("https://host.example/../name", ""),
        ("ext::sh -c id", ""),
        ("", ""),
    ],
)
def test_a_remote_leads_to_the_page_of_its_repository(remote: str, begins: str) -> None:
    assert repository_address("", {}, remote) == begins


def test_a_job_names_its_repository() -> None:
    github = {"GITHUB_REPOSITORY": "owner/name", "GITHUB_SERVER_URL": "https://code.example"}
    assert repository_address("", github, "git@elsewhere:a/b") == "https://code.example/owner/name"
    gitlab = {"CI_PROJECT_URL": "https://code.example/group/name"}
    assert repository_address("", gitlab, "") == "https://code.example/group/name/-"


def test_an_address_that_is_typed_must_be_one() -> None:
    assert repository_address("https://host.example/a/b", {}, "git@x:y/z") == (
        "https://host.example/a/b"
    )
    with pytest.raises(DiagnosticError, match="must be the https address of a repository"):
        repository_address("javascript:alert(1)", {}, "")


def test_only_files_of_the_commit_have_addresses() -> None:
    links = Links("https://host.example/a/b", "c0ffee", {"docs/a b.md"}.__contains__)
    assert links.page("docs/a b.md", 4) == "https://host.example/a/b/blob/c0ffee/docs/a%20b.md#L4"
    assert links.raw("docs/a b.md") == "https://host.example/a/b/raw/c0ffee/docs/a%20b.md"
    assert links.page("docs/other.md", 4) == ""
    assert Links("", "c0ffee", lambda path: True).page("docs/a.md") == ""
