"""Find the alts of a site that are to be looked at, each with its place, its picture and why.

In: the builds of a command, and the sources of their pages. Out: `AltPlace` values in the order of
pages and lines. Reads pages and the stock, writes nothing.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from mkdocs_gemini_images.build.messages.alt_notices import older_alts
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives import alt_rules
from mkdocs_gemini_images.directives.alt_weights import Rule
from mkdocs_gemini_images.sources.alts.question import AltQuestion
from mkdocs_gemini_images.sources.alts.section import section_at
from mkdocs_gemini_images.sources.directive_choice import find_alike
from mkdocs_gemini_images.sources.editing.page_edits import PageEdits
from mkdocs_gemini_images.sources.occurrences import find_all
from mkdocs_gemini_images.store.lookup import Drifted, InStock
from mkdocs_gemini_images.store.record import Record

LOOKED_AT: tuple[Rule, ...] = ("missing", "prompt", "file", "long")
"""The rules whose breach lets an alt be looked at, with that of an older picture."""


@dataclass(frozen=True, slots=True)
class AltPlace:
    """One directive on a page, whose alt may be proposed."""

    use: Use
    record: Record
    """The picture that the page shows."""
    reasons: tuple[str, ...] = ()
    """What is wrong with its alt, if anything."""
    page: str = ""
    """The page or the included file that it is written in, or empty where no file has it."""
    line: int | None = None
    """The line where it begins, or None where no file has it."""
    last_line: int = 0
    question: AltQuestion = field(default_factory=lambda: AltQuestion(""))


def places_of(builds: Iterable[SiteBuild], edits: PageEdits, *, braces: bool) -> Iterator[AltPlace]:
    """Yield the places of all light pictures that are drawn, each once for all languages."""
    seen = set[tuple[Use, int | None]]()
    for build in builds:
        for image in build.images:
            record = _shown(image)
            if record is None:
                continue
            older = _older_texts(image, build)
            for use in image.uses:
                for place in places_of_uses([use], record, edits, braces=braces):
                    if (use, place.line) in seen:
                        continue
                    seen.add((use, place.line))
                    yield _with_reasons(place, is_older=use.directive.source in older)


def _shown(image: SiteImage) -> Record | None:
    """Return the picture of a light image, unless an earlier one stands in for it."""
    is_own = isinstance(image.lookup, InStock | Drifted)
    return image.record if is_own and image.light is None else None


def places_of_uses(
    uses: Iterable[Use], record: Record, edits: PageEdits, *, braces: bool
) -> Iterator[AltPlace]:
    """Yield a place for each directive of pages that shows a picture, without its reasons."""
    for use in uses:
        yield from _places(use, record, edits, braces=braces)


def _places(use: Use, record: Record, edits: PageEdits, *, braces: bool) -> Iterator[AltPlace]:
    directive, language = use.directive, use.language
    plain = AltQuestion(record.sha256, caption=directive.caption, language=language)
    try:
        page = edits.place(use.page, "", lambda text: bool(find_all(text, directive.source)))
        text = edits.text(page, "")
    except (DiagnosticError, OSError):
        yield AltPlace(use, record, question=plain)
        return
    found = find_alike(text, directive, braces=braces)
    for each in found:
        lines = each.lines_in(text)
        section = section_at(text, lines.start)
        asked = AltQuestion(record.sha256, section, directive.caption, language)
        yield AltPlace(
            use, record, page=page, line=lines.start, last_line=lines.stop - 1, question=asked
        )
    if not found:
        yield AltPlace(use, record, question=plain)


def _older_texts(image: SiteImage, build: SiteBuild) -> frozenset[str]:
    """Return the texts of the directives whose alt was written for an earlier picture."""
    if image.name:
        build.store.find_named(image.name)  # lets the store read what it is to remember
    return frozenset(each.source for each in older_alts(image, build.finished.ids, build.store))


def _with_reasons(place: AltPlace, *, is_older: bool) -> AltPlace:
    broken = dict(alt_rules.breaches(place.use.directive, place.use.language))
    said = [broken[rule].got for rule in LOOKED_AT if rule in broken]
    said += ["the alt was written for an earlier picture"] if is_older else []
    return replace(place, reasons=tuple(said))


def is_wanted(place: AltPlace, *, every: bool, named: bool) -> bool:
    """Return whether an alt is looked at: a flawed one, or with `every` each that has words.

    An empty alt is its author's decision that the picture decorates the page: it is looked at where
    its picture is `named`.
    """
    if place.use.directive.alt == "" and not named:
        return False
    return every or bool(place.reasons)


def named_places(places: Iterable[AltPlace], names: Callable[[AltPlace], bool]) -> list[AltPlace]:
    """Return the places that a command's names stand for, in the order of pages and lines."""
    kept = [place for place in places if names(place)]
    return sorted(kept, key=lambda place: (place.page or place.use.page, place.line or 0))


def written_in(place: AltPlace, root: Path) -> str:
    """Return where an alt is written, for messages: the page, and its line."""
    name = place.page or place.use.page
    shown = os.path.relpath(name, root) if Path(name).is_absolute() else name
    return f"{shown}:{place.line}" if place.line else shown
