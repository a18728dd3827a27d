"""Find an image of a site by the name that an author types at the command line.

In: the images of a finished build, and an id, a named file or a page. Out: the image, its drifted
relatives, or whether one of its takes can be shown. Reads the stock, writes nothing.
"""

from collections.abc import Iterable
from dataclasses import replace

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.core.diagnostics import (
    Diagnostic,
    DiagnosticError,
    did_you_mean,
    quoted,
)
from mkdocs_gemini_images.store.lookup import Drifted, UserFile
from mkdocs_gemini_images.store.store import Store


def find_image(images: Iterable[SiteImage], name: str) -> SiteImage:
    """Return the one image that `name` stands for: its id, its named file, or its only page.

    An id or a file comes before a page. An image for dark pages is found with its light one alone.
    Raises `DiagnosticError` when no image or several images have that name.
    """
    light = [image for image in images if image.light is None]
    matching = [image for image in light if name and name in image.names]
    by_name = [image for image in matching if name not in {use.page for use in image.uses}]
    found = by_name or matching
    if len(found) == 1:
        return found[0]
    if found:
        names = sorted({image.resolved.display_name for image in by_name} - {name})
        fix = f"write {' or '.join(names)}" if names else "give it an id and name that"
        got = f"{name}, which has {len(found)}"
        raise DiagnosticError(Diagnostic("a name of one picture", got, fix))
    known = sorted({image.address for image in light})
    fix = did_you_mean(name, known) if known else "no page has a picture"
    raise DiagnosticError(Diagnostic("an id, a named file or a page", quoted(name), fix))


def drifted_of(images: Iterable[SiteImage], image: SiteImage) -> list[SiteImage]:
    """Return which of an image and its variant for dark pages have drifted.

    Where neither has, the result is the image itself.
    """
    pair = [each for each in images if each is image or each.light is image]
    return [each for each in pair if isinstance(each.lookup, Drifted)] or [image]


def require_take(image: SiteImage, take: int, key: str, stock: Store) -> None:
    """Raise `DiagnosticError` when a take of an image cannot be shown.

    `key` is the key of that take's request. A take that drifted together with its image is in stock
    under another key, and is found by the digest of the author's options.
    """
    directive, name = image.resolved.directive, image.address
    if isinstance(image.lookup, UserFile):
        raise DiagnosticError(
            Diagnostic("a drawn picture", f"{name}, your own file", "move it away")
        )
    drifted_digest = replace(directive, take=take).author_digest
    if stock.find(key) is None and stock.find_by_author_digest(drifted_digest) is None:
        fix = f"gemini-images draw {name} --takes {take} draws it"
        raise DiagnosticError(Diagnostic(f"take {take} in stock", "none", fix))
