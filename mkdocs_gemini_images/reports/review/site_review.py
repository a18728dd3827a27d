"""The story of one review: the site at a commit is built beside today's, and both are compared.

In: where the site is, a revision, and today's build. Out: a `Review`, and the pictures of both
sides to show. Effects: a temporary folder, and a process that builds in it. Where the site cannot
be built as it was, its stock alone says what there was, and the review says so.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.reports.review.base.base_commit import Base, choose_base
from mkdocs_gemini_images.reports.review.base.base_survey import BaseSurvey
from mkdocs_gemini_images.reports.review.base.committed_stock import CommittedFiles, CommittedStock
from mkdocs_gemini_images.reports.review.base.export import export
from mkdocs_gemini_images.reports.review.base.git_objects import Blobs, Repository, find_repository
from mkdocs_gemini_images.reports.review.changes import Review, find_changes
from mkdocs_gemini_images.reports.review.links import Links, repository_address
from mkdocs_gemini_images.reports.review.revision_files import Files
from mkdocs_gemini_images.reports.review.sides import from_stock, shown_rows
from mkdocs_gemini_images.reports.site_survey import survey_of
from mkdocs_gemini_images.reports.survey import Survey, SurveyRow
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record

ReadBytes = Callable[[Record], bytes]
"""Returns the bytes of a picture. Raises `DiagnosticError`."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A review, and where its pictures are."""

    review: Review
    read_before: ReadBytes
    read_after: ReadBytes
    before: Files
    """The files at the commit that is compared with."""
    after: Files
    """The files at HEAD."""


class BaseSite:
    """The site as it was at a commit, whose build is under way. Opened by `base_site`."""

    def __init__(
        self, repository: Repository, base: Base, files: CommittedFiles, survey: BaseSurvey | None,
        refusal: str,
    ) -> None:  # fmt: skip
        self._repository = repository
        self._base = base
        self._files = files
        self._survey = survey
        self._refusal = refusal

    def compare(self, group: SiteGroup, address: str, environment: Mapping[str, str]) -> Compared:
        """Return what has changed since then.

        `address` is that of the repository's page, where the job and the remote do not say it.
        Raises `DiagnosticError`.
        """
        links = repository_address(address, environment, self._repository.remote_url())
        survey = survey_of(group)
        top, settings = self._repository.top, group.settings
        stock = CommittedStock(self._files, _below(top, settings.owned))
        in_folder = isinstance(group.store, FolderStore)
        find = stock.find if in_folder else group.store.find
        rows, notes = self._rows()
        if survey.emulated:
            notes.append("base_url is emulator, whose pictures are in no stock: words alone differ")
        nothing = (lambda _: None) if survey.emulated else None
        before = list(
            from_stock(stock.records()) if rows is None else shown_rows(rows, nothing or find)
        )
        after = list(shown_rows(survey.rows, nothing or group.store.find))
        review = Review(
            self._base.name,
            find_changes(before, after),
            _spent(group, stock) if in_folder and not survey.emulated else 0.0,
            _unshown(survey, stock) if in_folder and not survey.emulated else 0,
            tuple(notes),
        )
        head = self._repository.commit("HEAD")
        head_tree = self._repository.tree(head)
        folders = (_below(top, settings.root / settings.docs), _below(top, settings.root))
        here = _below(top, settings.owned) if in_folder else ""
        return Compared(
            review,
            stock.read if in_folder else group.store.read,
            group.store.read,
            Files(Links(links, self._base.commit, self._files.tree.__contains__), folders,
                  stock.path if in_folder else lambda record: ""),
            Files(Links(links, head, head_tree.__contains__), folders,
                  lambda record: f"{here}/{record.file_name}" if here else ""),
        )  # fmt: skip

    def _rows(self) -> tuple[list[SurveyRow] | None, list[str]]:
        """Return the rows of the survey, or None where there is none, and a note that says so."""
        why = self._refusal
        if self._survey is not None:
            try:
                return self._survey.rows(), []
            except DiagnosticError as error:
                why = str(error)
        said = f"the site at {self._base.name} is not built ({why})"
        return None, [f"{said}: what it showed is read from its stock alone"]


@contextmanager
def base_site(
    config_files: Sequence[Path], revision: str, environment: Mapping[str, str]
) -> Iterator[BaseSite]:
    """Begin to build the site as it was at a revision; what it leaves is gone after the block.

    Raises `DiagnosticError` when the folder is in no repository, or the clone lacks the commit.
    """
    start = config_files[0].absolute().parent if config_files else Path.cwd()
    repository = find_repository(start)
    base = choose_base(repository, revision, environment)
    with ExitStack() as stack:
        blobs = stack.enter_context(Blobs(repository))
        files = CommittedFiles(repository.tree(base.commit), blobs, repository.common_folder)
        temporary = tempfile.TemporaryDirectory(prefix="gemini-images-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(temporary))
        survey, refusal = None, ""
        try:
            named = [folder / _within(repository.top, file) for file in config_files]
            export(files, folder)
            there = folder / _below(repository.top, Path.cwd())
            there.mkdir(parents=True, exist_ok=True)
            survey = BaseSurvey(there, named)
            stack.callback(survey.stop)
        except (DiagnosticError, OSError) as error:
            refusal = str(error)
        yield BaseSite(repository, base, files, survey, refusal)


def _within(top: Path, file: Path) -> str:
    """Return a path in the tree. Raises `DiagnosticError` for a file outside of it."""
    real = Path(os.path.normpath(file.absolute()))
    with suppress(ValueError):
        return (real.parent.resolve() / real.name).relative_to(top).as_posix()
    said = f"{file} is not in the repository {top}"
    raise DiagnosticError(Diagnostic.sentence(said, "review the site in its own repository"))


def _below(top: Path, folder: Path) -> str:
    """Return a folder's path in the tree: empty at its top, `.` in it and outside of it alike."""
    with suppress(ValueError):
        path = folder.resolve().relative_to(top).as_posix()
        return "" if path == "." else path
    return ""


def _spent(group: SiteGroup, stock: CommittedStock) -> float:
    return sum(record.price or 0.0 for record in group.store.records() if not stock.has(record.key))


def _unshown(survey: Survey, stock: CommittedStock) -> int:
    return sum(row.state == "orphaned" and not stock.has(row.key) for row in survey.rows)
