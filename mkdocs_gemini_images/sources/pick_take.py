"""Put a take of a picture in another's place: on every page that shows it, or on none.

In come the places of a picture and the number its author has picked. Pages are written whole, or
none of them is, and what comes back is the first that could not be and what to write there by hand.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.sources import take_option
from mkdocs_gemini_images.sources.page_edits import PageEdits


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A place that is left to its author, and so are all others of that picture."""

    use: Use
    why: Diagnostic

    def __str__(self) -> str:
        return f"{self.use.page}: {self.why}"


def retake(uses: Iterable[Use], take: int, drafts: PageEdits, *, braces: bool) -> Unwritten | None:
    """Write `take` wherever a picture stands. Raises `OSError`."""
    uses = tuple(uses)
    return draft(uses, take, drafts, braces=braces) or write(uses, drafts)


def draft(uses: Iterable[Use], take: int, drafts: PageEdits, *, braces: bool) -> Unwritten | None:
    """Draft `take` wherever a picture stands. Raises `OSError`."""
    for use in uses:
        if use.name:
            fix = f"write take: {take} below {use.name}: there"
            got = f"one of pictures: in {use.page}"
            return Unwritten(use, Diagnostic("a picture of the text", got, fix))
        try:
            text = drafts.text(use.page, f"write take: {take} where it is made")
            new = take_option.with_take(text, use.directive.source, take, braces=braces)
        except DiagnosticError as error:
            return Unwritten(use, error.diagnostics[0])
        drafts.put(use.page, new)
    return None


def unproven(
    uses: Iterable[Use], old: str, new: str, take: int, shown: Mapping[str, Collection[str]]
) -> Unwritten | None:
    """Find a place that does not change with its draft; `shown` are the keys that pages then show.

    `old` and `new` are those of the picture. An example can look like a directive made elsewhere.
    """
    for use in uses:
        keys = shown.get(use.page, ())
        if new not in keys or (old in keys and old != new):
            fix = f"write take: {take} where it is made"
            return Unwritten(use, Diagnostic("a directive that is shown", "an example of it", fix))
    return None


def write(uses: Sequence[Use], drafts: PageEdits) -> Unwritten | None:
    """Write what is drafted. Raises `OSError`."""
    try:
        drafts.write()
    except DiagnosticError as error:
        return Unwritten(uses[0], error.diagnostics[0])
    return None
