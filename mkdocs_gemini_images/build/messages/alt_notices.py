"""Composes the notices about text alternatives that were written for an earlier picture.

In: the images of a build, and what the store remembers of their names. Out: a notice for each place
whose alt is that of another picture. Reads the store; writes nothing.
"""

from collections.abc import Iterable, Iterator

from mkdocs_gemini_images.build.collecting.image_ids import ImageIds
from mkdocs_gemini_images.build.finish import FinishedBuild
from mkdocs_gemini_images.build.messages.notices import Notice
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.directives import alt_rules
from mkdocs_gemini_images.store import reachability
from mkdocs_gemini_images.store.lookup import InStock
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


def of_alts(finished: FinishedBuild, images: Iterable[SiteImage], store: Store) -> Iterator[Notice]:
    """Yield a notice for each alt that was written for an earlier image of the same name.

    Only an image that came with this build is compared with those before it: the alt of one that
    was in stock has been looked at, by who committed both.
    """
    new = {record.key for record in finished.generated.new_records()}
    for image in images:
        if image.name and isinstance(image.lookup, InStock) and image.lookup.record.key in new:
            yield from older_alts(image, finished.ids, store)


def older_alts(image: SiteImage, ids: ImageIds, store: Store) -> Iterator[Notice]:
    """Yield a notice for each use of an image whose alt was written for an earlier image."""
    if image.name and isinstance(image.lookup, InStock):
        made_from = [key for step in image.request.chain() if (key := ids.key(step))]
        yield from _of_alt(image, store.remembered(image.name), made_from)


def _of_alt(
    image: SiteImage, records: Iterable[Record], made_from: Iterable[str]
) -> Iterator[Notice]:
    with_alt = [each for each in records if each.alt]
    if not with_alt or not isinstance(image.lookup, InStock):
        return
    by_words: dict[tuple[str, ...], Record] = {}
    for record in reachability.earlier(image.lookup.record, with_alt, made_from):
        by_words.setdefault(alt_rules.words(record.alt), record)
    for use in image.uses if by_words else ():
        alt = use.directive.alt or ""
        same = by_words.get(alt_rules.words(alt)) if alt else None
        if same is not None:
            text = str(alt_rules.older(alt, same.key))
            yield Notice("warning", text, use.page, use.directive.source, "alt")
