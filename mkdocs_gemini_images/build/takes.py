"""Find the further takes of an image: those that a command asks for, and those that are spare.

In: an image whose look-up is known, and the store. Out: takes that are lacking and takes that have
drifted, which were drawn for the same options of the author when the site's defaults were others.
What has drifted is kept, and none of today's request is bought beside it unasked. Reads the store.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from mkdocs_gemini_images.build.collecting.image_ids import ImageIds
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.limits import MAX_TAKES
from mkdocs_gemini_images.config.settings import OnDrift
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage, another_take
from mkdocs_gemini_images.store import reachability
from mkdocs_gemini_images.store.lookup import Drifted, LookupResult, Missing, UserFile, look_up
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store


@dataclass(frozen=True, slots=True)
class AskedTakes:
    """The further takes of an image that a command to draw asks for and the store does not have."""

    lacking: list[ResolvedImage] = field(default_factory=list)
    drifted: list[ResolvedImage] = field(default_factory=list)
    why: str = ""
    """What changed since those that have drifted were drawn."""

    def to_draw(self, image: SiteImage, on_drift: OnDrift) -> list[ResolvedImage]:
        """Return those that are drawn; of a picture that has drifted and is kept, none is."""
        if on_drift == "draw":
            return [*self.lacking, *self.drifted]
        return [] if isinstance(image.lookup, Drifted) else self.lacking


def asked_takes(image: SiteImage, mode: BuildMode, ids: ImageIds, store: Store) -> AskedTakes:
    """Return the further takes of an image that a command to draw asks for."""
    command, asked = mode.draw_command, AskedTakes()
    if command is None or image.light is not None or isinstance(image.lookup, UserFile):
        return asked
    for number in range(2, command.takes + 1) if mode.asks_for(image) else ():
        take = another_take(image.resolved, number)
        found = _look_up(take, ids, store)
        if isinstance(found, Drifted):
            asked.drifted.append(take)
            asked = replace(asked, why=asked.why or found.why)
        elif found == Missing():  # a take that is damaged is repaired, not bought
            asked.lacking.append(take)
    return asked


def spare_takes(
    image: SiteImage, numbers: Collection[int], ids: ImageIds, store: Store
) -> Iterator[SiteImage]:
    """Yield the other takes of an image that have drifted, as images of their own.

    `numbers` are those that a take in the store has.
    """
    if image.light is not None or isinstance(image.lookup, UserFile):
        return
    for number in sorted({*numbers} - {image.request.take}):
        take = another_take(image.resolved, number)
        found = _look_up(take, ids, store)
        if isinstance(found, Drifted):
            yield image._replace(resolved=take, authored=take.light, lookup=found)


def take_numbers(records: Iterable[Record]) -> set[int]:
    """Return the numbers of takes among records, as far as `draw --takes` goes."""
    found = {reachability.take_number(record.request) for record in records}
    return {take for take in found if 1 <= take <= MAX_TAKES}


def _look_up(take: ResolvedImage, ids: ImageIds, store: Store) -> LookupResult:
    authored = take.light
    key = ids.key(authored.request)
    return look_up(authored.request, key, authored.author_digests(), "", store)
