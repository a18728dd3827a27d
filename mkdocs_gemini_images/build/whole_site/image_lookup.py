"""Find an image of a site by the name that an author types at the command line.

In: the images of a finished build, and an id, a named file, a page or a place. Out: the image, its
drifted relatives, or whether one of its takes can be shown. Every command reads names here. Reads
the stock, writes nothing.
"""

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.build.site_image import SiteImage, Use
from mkdocs_gemini_images.build.whole_site.unknown_names import unknown_names
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.requests.resolved_image import another_take
from mkdocs_gemini_images.store.lookup import Drifted, UserFile
from mkdocs_gemini_images.store.store import Store

StandsAt = Callable[[Use, int], bool]
"""Returns whether a use of an image stands on a line of its page, counted from 1."""

_PLACE = re.compile(r"(?P<page>.+?):(?P<line>[1-9]\d{0,8})(:\d*)?")


@dataclass(frozen=True, slots=True)
class NameReader:
    """Reads the names that an author types for the images of one build.

    A name may be typed as the build has it, or as the path of its file from the current folder,
    from that of `mkdocs.yml` or from the docs folder, with slashes or backslashes; a page also with
    the line of a directive.
    """

    images: Sequence[SiteImage]
    root: Path
    """The folder of `mkdocs.yml`."""
    docs: str
    """The docs folder, relative to `root`."""
    stands_at: StandsAt

    def read(self, typed: str) -> frozenset[str]:
        """Return the names of images for which a typed name stands; empty for an unknown one."""
        if (place := self.place(typed)) is None:
            return frozenset({self._name(typed)} - {""})
        return frozenset(image.handle for image in self.images if self.uses_at(place, image))

    def place(self, typed: str) -> tuple[str, int] | None:
        """Return the page and line in a name of the form `page:line`, or None for another name."""
        place = _PLACE.fullmatch(typed)
        if place is None or self._name(typed) or not (page := self._name(place["page"])):
            return None
        return page, int(place["line"])

    def uses_at(self, place: tuple[str, int], image: SiteImage) -> list[Use]:
        """Return the uses of an image that stand on a line of a page."""
        page, line = place
        return [use for use in image.uses if use.page == page and self.stands_at(use, line)]

    def _name(self, typed: str) -> str:
        """Return the name for which a typed one without a line stands, or an empty text."""
        names = frozenset[str]().union(*(image.names for image in self.images))
        return typed if typed in names else self._name_of_path(typed, names)

    def _name_of_path(self, typed: str, names: Set[str]) -> str:
        """Return the name of the page or named file that a path leads to, or an empty text."""
        slashed = typed.replace("\\", "/")
        paths = (typed, slashed, self.root / typed, self.root / slashed)
        files = {use.page for image in self.images for use in image.uses if not use.name}
        files |= {image.resolved.file for image in self.images} - {""}
        for absolute in (os.path.abspath, os.path.realpath):  # a link names what it leads to, too
            by_path = {
                os.path.normcase(absolute(self.root / self.docs / file)): file for file in files
            }
            for path in paths:
                if (file := by_path.get(os.path.normcase(absolute(path)))) is not None:
                    return file
        below_docs = posixpath.normpath(slashed)
        return below_docs if below_docs in names else ""


def find_image(images: Iterable[SiteImage], typed: str, names: Set[str] = frozenset()) -> SiteImage:
    """Return the one image that `typed` stands for: its id, its named file, or its only page.

    `names` are what a `NameReader` has read in it. An id or a file comes before a page. An image
    for dark pages is found with its light one alone. Raises `DiagnosticError` when no image or
    several images have that name.
    """
    names = names or {typed} - {""}
    light = [image for image in images if image.light is None]
    matching = [image for image in light if image.answers_to(names)]
    by_name = [image for image in matching if names.isdisjoint({use.page for use in image.uses})]
    found = by_name or matching
    if len(found) == 1:
        return found[0]
    if found:
        others = sorted({image.resolved.display_name for image in by_name} - {typed, ""})
        fix = f"write {' or '.join(others)}" if others else "give it an id and name that"
        raise DiagnosticError(Diagnostic.sentence(f"{typed} names {len(found)} pictures", fix))
    raise DiagnosticError(unknown_names([typed], {image.address for image in light}))


def drifted_of(images: Iterable[SiteImage], image: SiteImage) -> list[SiteImage]:
    """Return which of an image and its variant for dark pages have drifted."""
    pair = [each for each in images if each is image or each.light is image]
    return [each for each in pair if isinstance(each.lookup, Drifted)]


def require_take(image: SiteImage, take: int, key: str, stock: Store) -> None:
    """Raise `DiagnosticError` when a take of an image cannot be shown.

    `key` is the key of that take's request. A take that drifted together with its image is in stock
    under another key, and is found by the digest of the author's options.
    """
    name = image.address
    if isinstance(image.lookup, UserFile):
        raise DiagnosticError(Diagnostic.sentence(f"{name} is your own file", "move it away"))
    drifted_digest = another_take(image.resolved, take).light.author_digest
    if stock.find(key) is None and stock.find_by_author_digest(drifted_digest) is None:
        fix = f"gemini-images draw {name} --takes {take} draws it"
        raise DiagnosticError(Diagnostic.sentence(f"take {take} is not in stock", fix))
