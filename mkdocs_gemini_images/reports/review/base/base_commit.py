"""Choose the commit with which a site is compared.

In: a repository, a revision if one was named, and the environment of a CI job. Out: the newest
commit that the revision and HEAD have in common, as a pull request shows it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted, single_line
from mkdocs_gemini_images.reports.review.base.git_objects import Repository, no_such_revision

_USUAL = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


@dataclass(frozen=True, slots=True)
class Base:
    """The commit that a review compares with, and the revision that led to it."""

    commit: str
    revision: str

    @property
    def name(self) -> str:
        """The commit, as people write it."""
        return f"{single_line(self.revision)} ({self.commit[:10]})"


def choose_base(repository: Repository, revision: str, environment: Mapping[str, str]) -> Base:
    """Return what to compare with: `revision`, or what the job or the repository begins from.

    Raises `DiagnosticError` when the clone does not have it.
    """
    head = repository.commit("HEAD")
    if not head:
        said = "the repository has no commit yet, and a review compares with one"
        raise DiagnosticError(Diagnostic.sentence(said, "commit the site"))
    if revision:
        if not (commit := repository.commit(revision)):
            raise no_such_revision(revision, shallow=repository.is_shallow)
        return _common(repository, head, commit, revision)
    from_job = list(_of_job(environment))
    for each in (*from_job, *(() if from_job else _USUAL)):
        if commit := repository.commit(each):
            return _common(repository, head, commit, each)
    if from_job:
        raise no_such_revision(from_job[0], shallow=repository.is_shallow)
    said = f"none of the branches {', '.join(_USUAL)} is there to compare with"
    raise DiagnosticError(Diagnostic.sentence(said, "name a revision with --base REF"))


def _of_job(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield the revisions from which a job's pull request begins, the best first."""
    if sha := environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"):  # GitLab
        yield sha
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        if branch := environment.get(name):
            yield f"origin/{branch}"


def _common(repository: Repository, head: str, commit: str, revision: str) -> Base:
    """Return the newest commit in common. Without one, a clone that is whole has the commit."""
    if common := repository.merge_base(head, commit):
        return Base(common, revision)
    if repository.is_shallow:
        said = f"this clone is shallow: it has no commit that HEAD and {quoted(revision)} share"
        fix = "git fetch --unshallow; in a job, fetch-depth: 0 or GIT_DEPTH: 0"
        raise DiagnosticError(Diagnostic.sentence(said, fix))
    return Base(commit, revision)
