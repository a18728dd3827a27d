"""Directives that are proposed for a page: shown as a diff, and written when they are applied.

In: a finished dry run, a page, a fence and its place. Out: a `PageProposal` whose directive is
proven: a second dry run reads the draft, shows the new picture and all others as before. Only
`apply` writes, and only where the page is still as it was read.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import join

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
from mkdocs_gemini_images.cli.host_build import Finished
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.core.hashing import digest
from mkdocs_gemini_images.hosts.setup.file_changes import FileChange, diff_lines
from mkdocs_gemini_images.sources.editing.new_directive import NewFence
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
from mkdocs_gemini_images.sources.occurrences import content_lines

_PAGES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_MOST_KEPT = 32
_DIGEST_LENGTH = 16


@dataclass(frozen=True, slots=True)
class PageProposal:
    """A directive that is not in its page yet."""

    digest: str
    """Of the page's name and text before and after."""
    file: str
    """The page's file, from the folder of the configuration."""
    diff: tuple[str, ...]
    edits: PageEdits
    group: SiteGroup
    """The builds that show it, in a dry run."""
    image: SiteImage
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class PageProposals:
    """The last proposals of one run, by their digests."""

    _kept: dict[str, PageProposal] = field(default_factory=dict)

    def keep(self, proposal: PageProposal) -> None:
        """Keep a proposal until it is applied, or many others have come."""
        self._kept[proposal.digest] = proposal
        while len(self._kept) > _MOST_KEPT:
            del self._kept[next(iter(self._kept))]

    def apply(self, digest: str) -> str:
        """Write a proposal into its page, and return the file.

        Raises `DiagnosticError` for an unknown digest and for a page that has changed, and
        `OSError`.
        """
        proposal = self._kept.get(digest)
        if proposal is None:
            said = f"no proposal has the digest {quoted(digest)}"
            raise DiagnosticError(Diagnostic.sentence(said, "propose it, and apply its digest"))
        proposal.edits.write()
        del self._kept[digest]
        return proposal.file


def page_named(typed: str, done: Finished) -> str:
    """Return the page of a site that a name stands for: below the docs folder, or with it.

    Raises `DiagnosticError` for anything else, and where a link leads out of the site's folder.
    """
    settings = done.group.settings
    path = PurePosixPath(typed)
    ordinary = not (path.is_absolute() or ".." in path.parts or any(c in typed for c in "\\:"))
    names = (str(path), str(path).removeprefix(f"{settings.docs}/"))
    for name in names if ordinary and path.suffix in _PAGES else ():
        file = done.source(name)
        if file is not None and file.resolve().is_relative_to(settings.root.resolve()):
            return name
    expected, fix = "a page of the site", "name its file below the docs folder, like guide/index.md"
    raise DiagnosticError(Diagnostic(expected, quoted(typed), fix))


def propose_directive(
    page: str,
    fence: NewFence,
    insert: Callable[[str], str],
    done: Finished,
    rebuild: Callable[[Mapping[str, str]], SiteGroup],
) -> PageProposal:
    """Return the proposal of a fence for a page; `insert` returns a text with it.

    `rebuild` makes a dry run of drafts. Raises `DiagnosticError` and `OSError`.
    """
    edits = PageEdits(done.source)
    old = edits.text(page, "name another page")
    new = insert(old)
    edits.put(page, new)
    group = rebuild(edits.changed())
    image, warnings = _proven(page, fence, done.group, group)
    file = join(group.settings.docs, page)
    shown = diff_lines([FileChange(edits.file(page), old, new)], group.settings.root.resolve())
    name = digest([file, old, new])[:_DIGEST_LENGTH]
    return PageProposal(name, file, tuple(shown), edits, group, image, warnings)


def _proven(
    page: str, fence: NewFence, before: SiteGroup, after: SiteGroup
) -> tuple[SiteImage, tuple[str, ...]]:
    """Return the image of a fence that a dry run has read, and what its build warns of.

    Raises `DiagnosticError` where the fence has a mistake, is no directive where it stands, or
    changes other pictures.
    """
    said = Counter(notice.text for notice in before.notices)
    new = [notice for notice in after.notices if _is_new(notice.text, said)]
    if wrong := [each.text for each in new if each.level == "warning" and each.kind == "broken"]:
        raise DiagnosticError(Diagnostic.sentence(f"a build refuses it: {'; '.join(wrong)}"))
    known = {image.handle for image in _shown_by(fence, page, before)}
    found = [image for image in _shown_by(fence, page, after) if image.handle not in known]
    earlier, later = before.keys_by_page(), after.keys_by_page()
    if any(not keys <= later.get(name, set()) for name, keys in earlier.items()):
        said_ = "other pictures of the site change with a directive there"
        raise DiagnosticError(Diagnostic.sentence(said_, "name another line"))
    if not found:
        said_ = (
            "a directive there shows no new picture: the place is in an example, or the page has"
        )
        raise DiagnosticError(
            Diagnostic.sentence(f"{said_} the same directive", "name another line")
        )
    return found[0], tuple(each.text for each in new if each.level == "warning")


def _is_new(text: str, said: Counter[str]) -> bool:
    said[text] -= 1
    return said[text] < 0


def _shown_by(fence: NewFence, page: str, group: SiteGroup) -> Iterator[SiteImage]:
    """Yield the images that a page shows by directives of this text."""
    lines = content_lines(fence.body)
    for image in group.gathered_images():
        uses = (use for use in image.uses if use.page == page and not use.name)
        if any(content_lines(use.directive.source) == lines for use in uses):
            yield image
