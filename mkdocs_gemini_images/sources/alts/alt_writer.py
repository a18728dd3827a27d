"""Put accepted alts into the sources of pages: all of those that can be written, and nothing else.

In: places with their new alts. Out: edited pages, and what to write by hand for the others. A dry
run of the host's build reads the edits before they are written: every page must show the new alt,
and no picture may change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.build.whole_site.site_group import SiteGroup
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, quoted
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.directives.page_image import PAGE_IMAGE_SOURCE
from mkdocs_gemini_images.sources.alts.alt_places import AltPlace
from mkdocs_gemini_images.sources.editing.alt_option import with_alt
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
from mkdocs_gemini_images.sources.occurrences import find_all

BuildAgain = Callable[[Mapping[str, str]], SiteGroup]
"""Builds the site with other texts of some pages, up to the barrier."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An alt that its author has approved."""

    place: AltPlace
    alt: str


@dataclass(slots=True)
class Written:
    """What came of accepted alts."""

    pages: list[str] = field(default_factory=list)
    """The pages and included files that were written."""
    done: list[Accepted] = field(default_factory=list)
    refused: list[tuple[Accepted, Diagnostic]] = field(default_factory=list)
    """Those that are not written, with what to do by hand."""


class _UnprovenError(Exception):
    """Raised to take back what was written on trial; the host does not show these alts."""

    def __init__(self, unproven: Sequence[Accepted]) -> None:
        super().__init__()
        self.unproven = unproven


@dataclass(frozen=True, slots=True)
class AltWriter:
    """Writes alts into the pages of one site."""

    before: SiteGroup
    """The builds of the pages as they are."""
    again: BuildAgain
    edits: Callable[[], PageEdits]
    """Makes an editor of the site's pages, without changes."""
    braces: bool
    """Whether the site's Markdown reads attribute lists."""

    def write(self, accepted: Sequence[Accepted]) -> Written:
        """Write the accepted alts. Raises `DiagnosticError` and `OSError`; then none is written."""
        edits, written = self.edits(), Written()
        for each in sorted(accepted, key=lambda one: -(one.place.line or 0)):
            # From the last line to the first, so that the lines of the others stay.
            try:
                self._draft(each, edits)
            except DiagnosticError as error:
                written.refused.append((each, error.diagnostics[0]))
            else:
                written.done.append(each)
        written.done.reverse()
        written.pages = sorted(edits.changed())
        if not written.pages:
            return written
        try:
            with edits.included_on_trial():
                self._prove(written.done, self.again(edits.changed()))
                edits.write()
        except _UnprovenError as error:
            rest = self.write([each for each in written.done if each not in error.unproven])
            rest.refused += [*written.refused, *((each, _unseen(each)) for each in error.unproven)]
            return rest
        return written

    def _draft(self, accepted: Accepted, edits: PageEdits) -> None:
        """Set an alt in the edited text of its page. Raises `DiagnosticError` and `OSError`."""
        place, use = accepted.place, accepted.place.use
        if use.name:
            said = f"the picture is one of pictures: in {use.page}"
            fix = f"write alt: {quoted(accepted.alt, most=300)} below {use.name}: there"
            raise DiagnosticError(Diagnostic.sentence(said, fix))
        if use.directive.source == PAGE_IMAGE_SOURCE:
            with_alt("", use.directive, accepted.alt)  # says what to write
        if not place.page:
            said = "the picture's directive is not written in this page"
            raise DiagnosticError(Diagnostic.sentence(said, _by_hand(accepted)))
        by_hand = _by_hand(accepted)
        page = edits.place(
            use.page, by_hand, lambda text: bool(find_all(text, use.directive.source))
        )
        text = edits.text(page, by_hand)
        new = with_alt(text, use.directive, accepted.alt, braces=self.braces, line=place.line)
        edits.put(page, new)

    def _prove(self, accepted: Sequence[Accepted], after: SiteGroup) -> None:
        """Raise `_UnprovenError` unless the pages show the new alts and the same pictures."""
        shown = {
            (use.page, _plain(use.directive, use.directive.alt))
            for image in after.gathered_images()
            for use in image.uses
        }
        was, now = self.before.keys_by_page(), after.keys_by_page()

        def is_proven(use: Use, alt: str) -> bool:
            is_shown = (use.page, _plain(use.directive, alt)) in shown
            return is_shown and was.get(use.page) == now.get(use.page)

        if wrong := [each for each in accepted if not is_proven(each.place.use, each.alt)]:
            raise _UnprovenError(wrong)


def _plain(directive: Directive, alt: str | None) -> Directive:
    return directive._replace(source="", alt=alt)


def _by_hand(accepted: Accepted) -> str:
    written = accepted.alt or '""'
    return f"write alt: {written} where it is made"


def _unseen(accepted: Accepted) -> Diagnostic:
    said = "the page has only an example of the directive, or a plugin changes what is written"
    return Diagnostic.sentence(said, _by_hand(accepted))
