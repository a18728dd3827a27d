"""Writes the number of a take into all directives of an image, or into none.

In: where an image is used, and the number that its author has picked. Out: pages, all written or
none. A place that cannot be edited raises `UnwrittenTakeError` with what the author writes by hand.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.sources.editing import take_option
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
from mkdocs_gemini_images.sources.occurrences import find_all


class UnwrittenTakeError(DiagnosticError):
    """Raised for a directive that cannot be edited; then none of the image's directives is."""

    def __init__(self, use: Use, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.use = use

    def __str__(self) -> str:
        return f"{self.use.page}: {self.diagnostics[0]}"


def pick_take(uses: Iterable[Use], take: int, edits: PageEdits, *, braces: bool) -> None:
    """Write `take` into all directives of an image. Raises `UnwrittenTakeError` and `OSError`.

    `braces` is whether the site's Markdown reads attribute lists.
    """
    uses = tuple(uses)
    draft_take(uses, take, edits, braces=braces)
    write_take(uses, edits)


def draft_take(
    uses: Iterable[Use], take: int, edits: PageEdits, *, braces: bool, line: int | None = None
) -> None:
    """Set `take` in the edited texts of the pages; `line` is that of one of equal directives.

    Raises `UnwrittenTakeError` and `OSError`.
    """
    edited: set[tuple[Path, Directive]] = set()
    for use in uses:
        if use.name:
            fix = f"write take: {take} below {use.name}: there"
            said = f"the picture is one of pictures: in {use.page}"
            raise UnwrittenTakeError(use, Diagnostic.sentence(said, fix))
        try:
            fix = f"write take: {take} where it is made"
            place = edits.place(use.page, fix, partial(_has, use.directive))
            edit = (edits.file(place), use.directive)
            if edit in edited:
                continue  # several pages include the file
            edited.add(edit)
            text = edits.text(place, fix)
            new = take_option.with_take(text, use.directive, take, braces=braces, line=line)
        except DiagnosticError as error:
            raise UnwrittenTakeError(use, error.diagnostics[0]) from error
        edits.put(place, new)


def _has(directive: Directive, text: str) -> bool:
    return bool(find_all(text, directive.source))


def verify_take(
    uses: Iterable[Use], old: str, new: str, take: int, keys_by_page: Mapping[str, Collection[str]]
) -> None:
    """Raise `UnwrittenTakeError` for a use whose image does not change with the edited page.

    `old` and `new` are the keys of the image, and `old` is empty where other directives keep it;
    `keys_by_page` are the keys that the edited pages
    show. The edited text can be an example of a directive, while a plugin generates the real one.
    """
    for use in uses:
        keys = keys_by_page.get(use.page, ())
        if new not in keys or (old in keys and old != new):
            fix = f"write take: {take} where it is made"
            diagnostic = Diagnostic.sentence("the page has only an example of the directive", fix)
            raise UnwrittenTakeError(use, diagnostic)


def write_take(uses: Sequence[Use], edits: PageEdits) -> None:
    """Write the edited pages. Raises `UnwrittenTakeError` and `OSError`."""
    try:
        edits.write()
    except DiagnosticError as error:
        raise UnwrittenTakeError(uses[0], error.diagnostics[0]) from error
