"""Say why a name that an author types at the command line stands for no picture.

In: the finished builds of a command, and names. Out: one diagnostic for each name that is known
after all, since its directive has a mistake or its page has no picture, and one for all others.
Reads no page; looks whether a file of the docs folder has such a name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
)

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup

_PAGES = {".md", ".markdown", ".mdown", ".mkdn", ".mkd"}


def unknown_names_error(typed: Sequence[str], group: "SiteGroup") -> DiagnosticError:
    """Return the error for names that stand for no picture of a command's builds."""
    explained = {name: _explained(name, group) for name in typed}
    unknown = [name for name, said in explained.items() if said is None]
    told = [said for said in explained.values() if said is not None]
    return DiagnosticError(*told, *([unknown_names(unknown, group.names())] if unknown else []))


def unknown_names(typed: Sequence[str], names: Iterable[str]) -> Diagnostic:
    """Return the diagnostic for typed names that stand for no image; `names` are those that do."""
    known = sorted(names)
    fix = did_you_mean(typed[0], known) if known else "no page has a picture"
    listed = ", ".join(map(quoted, typed))
    return Diagnostic.sentence(f"no picture has the id, named file or page {listed}", fix)


def _explained(typed: str, group: "SiteGroup") -> Diagnostic | None:
    """Return what is known of the directive or the page that a name stands for, or None."""
    page, line = _page_of(typed, group)
    for notice in _mistakes(typed, page, group):
        where = group.locate(notice)
        if not line or where == f"{page}:{line}":
            said = f"{where}: the directive has a mistake, so {quoted(typed)} names no picture"
            return Diagnostic.sentence(said, notice.text)
    if page and not any(
        use.page == page for image in group.gathered_images() for use in image.uses
    ):
        said = f"the page {quoted(page)} has no pictures"
        return Diagnostic.sentence(said, "describe one there, or name another page")
    return None


def _mistakes(typed: str, page: str, group: "SiteGroup") -> Iterator[Notice]:
    """Yield the messages about broken directives of an id, or of a page."""
    broken = [each for each in group.notices if each.kind == "broken" and each.source]
    for status, _ in group.statuses:
        described = status.build.finished.ids.described
        if described.is_broken(typed):
            place = described.place(typed)
            yield from (each for each in broken if (each.page, each.source) == place)
    yield from (each for each in broken if page and each.page == page)


def _page_of(typed: str, group: "SiteGroup") -> tuple[str, str]:
    """Return the page whose file a name leads to, relative to the docs folder, and its line."""
    match = re.fullmatch(r"(.+?):([1-9]\d{0,8})(?::\d*)?", typed)
    name, line = (match[1], match[2]) if match else (typed, "")
    slashed = name.replace("\\", "/")
    for settings, _ in group.named_files():
        docs = (settings.root / settings.docs).resolve()
        for base in (docs, settings.root, Path()):
            try:
                file = (base / slashed).resolve()
                is_page = file.suffix.lower() in _PAGES and file.is_file()
            except (OSError, ValueError):  # no file can have this name
                continue
            if is_page and file.is_relative_to(docs):
                return file.relative_to(docs).as_posix(), line
    return "", ""
