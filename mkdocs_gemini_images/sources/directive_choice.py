"""Choose the one occurrence of a directive that an edit is about, among all with its text.

In go a page's source, a directive that was read from it, and the line that the author named, if
any. Out comes the occurrence, or a `DiagnosticError` that names the lines of those it may be.
Occurrences are told apart by their options and alt, and by their line. Pure.
"""

from markdown.extensions.attr_list import get_attrs_and_remainder

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.fence_syntax import ATTRIBUTE_LIST
from mkdocs_gemini_images.directives.readers import read_image
from mkdocs_gemini_images.sources.line_numbers import SourceLines
from mkdocs_gemini_images.sources.occurrences import (
    FenceOccurrence,
    ImageOccurrence,
    Occurrence,
    find_all,
)


def find_once(
    page: str, directive: Directive, fix: str, *, braces: bool = True, line: int | None = None
) -> Occurrence:
    """Return the only occurrence of a directive in `page`, or the one on a line.

    `braces` says whether the site's Markdown reads attribute lists. Raises `DiagnosticError` with
    `fix` where there is none or more than one.
    """
    found = find_all(page, directive.source)
    if line is not None:
        found = [each for each in found if line in each.lines_in(page)]
    if len(found) > 1:
        found = _alike(page, found, directive, braces=braces) or found
    if len(found) == 1:
        return found[0]
    said = "the picture's directive is not written in this page"
    if not found and line is not None and find_all(page, directive.source):
        said = f"the page has changed: the picture's directive is not on line {line}"
    elif found:
        lines = ", ".join(str(each.lines_in(page).start) for each in found)
        said = f"the picture's directive is written {len(found)} times, on lines {lines}"
    raise DiagnosticError(Diagnostic.sentence(said, fix))


def find_alike(page: str, directive: Directive, *, braces: bool) -> list[Occurrence]:
    """Return the occurrences with the options of a directive, and with its alt if any has it.

    `braces` says whether the site's Markdown reads attribute lists.
    """
    return _alike(page, find_all(page, directive.source), directive, braces=braces)


def stands_at(page: str, directive: Directive, line: int, *, braces: bool) -> bool:
    """Return whether a directive stands on a line of a page, counted from 1.

    What is not in the page stands on the line that messages name.
    """
    found = find_all(page, directive.source)
    alike = [each for each in found if _is(page, each, directive, braces=braces)] or found
    if not alike:
        return line == SourceLines(page).line_of(directive.source)
    return any(line in each.lines_in(page) for each in alike)


def read_written_image(
    page: str, image: ImageOccurrence, directive: Directive, *, braces: bool
) -> tuple[Directive, int] | None:
    """Return an image with the options in its braces, and the position behind them.

    Its prompt and alt are those of `directive`, with which its text is equal. Returns None where
    the braces are not understood.
    """
    end = image.end
    classes: tuple[str, ...] = ()
    options: dict[str, str] = {}
    written = ATTRIBUTE_LIST.match(page, end) if braces else None
    if written is not None:
        pairs, remainder = get_attrs_and_remainder(written["inner"].removeprefix(":"))
        if remainder:
            return None
        end = written.end()
        options = {name: value for name, value in pairs if name not in (".", "class")}
        classes = tuple(
            each for name, value in pairs if name in (".", "class") for each in value.split()
        )
    elif braces and page[end : end + 1] == "{":
        return None
    try:
        read = read_image(
            directive.alt or "", directive.source, options, classes=classes, file=directive.file
        )
    except DiagnosticError:
        return None
    return read, end


def _alike(
    page: str, found: list[Occurrence], directive: Directive, *, braces: bool
) -> list[Occurrence]:
    alike = [each for each in found if _is(page, each, directive, braces=braces)]
    return [each for each in alike if _has_alt(each, directive)] or alike


def _is(page: str, occurrence: Occurrence, directive: Directive, *, braces: bool) -> bool:
    """Return whether an occurrence has the options of a directive."""
    if isinstance(occurrence, FenceOccurrence):
        read = occurrence.read()
        return read is not None and read._replace(source="") == directive._replace(source="")
    written = read_written_image(page, occurrence, directive, braces=braces)
    return written is not None and written[0]._replace(prompt="") == directive._replace(prompt="")


def _has_alt(occurrence: Occurrence, directive: Directive) -> bool:
    return isinstance(occurrence, FenceOccurrence) or occurrence.alt == (directive.alt or "")
