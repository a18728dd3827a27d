"""Finish a build when all its pages are rendered: this is the story of a build, in order.

collect -> plan -> generate -> store -> tell -> publish -> correct

Pages have been rendered, and their images are collected. What is missing and may be drawn is
planned as a whole and held against the limits; the generator draws it and stores each picture as
it arrives. Then the files of all images are published, and the pages on which something else was
promised are corrected.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_gemini_images.build.build_tools import BuildTools, Images
from mkdocs_gemini_images.build.collecting.collection import Collection, look_up_image, suspect_lost
from mkdocs_gemini_images.build.collecting.image_ids import (
    BlockingReferences,
    ImageIds,
    resolve_ids,
)
from mkdocs_gemini_images.build.showing import echoes
from mkdocs_gemini_images.build.showing.presentation import present, publish_job
from mkdocs_gemini_images.build.showing.publishing import (
    publish,
    shown_of,
    with_focal_point,
    with_light,
)
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.directives.languages import language_name
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.rendering.corrections.correction import Correction
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    InStock,
    LookupResult,
    Missing,
    UserFile,
    look_up,
)
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Store

if TYPE_CHECKING:
    from mkdocs_gemini_images.build.takes import AskedTakes


class FinishedBuild(NamedTuple):
    """What became of a build's images."""

    images: Images
    ids: ImageIds
    generated: GenerationResult
    corrections: tuple[Correction, ...] = ()
    seconds: float = 0.0
    """How long the generator took."""


def finish(
    collection: Collection,
    tools: BuildTools,
    *,
    may_draw: bool = True,
    on_drawn: Callable[[FinishedBuild], None] = lambda drawn: None,
) -> FinishedBuild:
    """Draw what is missing and may be drawn, publish every image, and say what pages show instead.

    `on_drawn` is called with what was drawn and spent before the site is written, which may fail.
    Raises `KeyboardInterrupt`; what had arrived by then is stored. Raises `OSError` where the site
    cannot be written.
    """
    images, ids = resolve_images(collection, tools)
    collection.close(ids)

    generated, seconds = tools.generator.result, 0.0
    if may_draw and images_to_draw(images, ids, tools):
        begun = time.monotonic()
        tools.generator.generate(
            _still_wanted(images, ids, tools),
            keys=ids.keys,
            named=ids.directives,
            on_record=_publish_on_arrival(images, ids, tools),
        )
        seconds = time.monotonic() - begun

    settled = _settle(images, ids, generated, tools)
    on_drawn(FinishedBuild(settled, ids, generated, seconds=seconds))
    published = settled if tools.mode.dry else publish(settled, tools)
    corrections = tuple(
        Correction(*pair)
        for key, image in images.items()
        if image.promised or published[key].lookup is not settled[key].lookup
        for pair in zip(shown_of(image, tools), shown_of(published[key], tools), strict=True)
    )
    if collection.promised_echoes:
        now = echoes.echo_corrections(
            *collection.echoes(), published, lambda image: shown_of(image, tools)
        )
        corrections += tuple(now)
    return FinishedBuild(published, ids, generated, corrections, seconds)


def resolve_images(collection: Collection, tools: BuildTools) -> tuple[Images, ImageIds]:
    """Return all images with their references resolved, now that all ids are known."""
    images = collection.images()
    ids = resolve_ids(
        images.values(),
        collection.directives,
        tools.store,
        all_pages=tools.mode.all_pages,
        described=collection.described,
    )
    for key, image in images.items():
        if image.request.lasting_key is not None or image.damage:
            continue  # it refers to no id
        if error := ids.error(image):
            lookup = Missing(str(error), at=error.at, other=error.other)
            images[key] = image._replace(lookup=lookup)
        elif not isinstance(image.lookup, UserFile):
            images[key] = image._replace(lookup=look_up_image(image, ids, tools.store))
    if tools.settings.defaults.language and tools.on_drift == "keep":
        images |= _edits_of_drifted(images, ids, tools.store)
    if tools.mode.dry or tools.mode.serving or not tools.refusal:  # something may be drawn of it
        images |= suspect_lost(images, ids, tools.store)
    return images, ids


def _edits_of_drifted(images: Images, ids: ImageIds, store: Store) -> Images:
    """Return the images that wait, since what they are an edit of has drifted and is kept."""
    found: Images = {}
    for name, image in images.items():
        base = image.authored.base
        if base is None or not image.needs_drawing("keep"):
            continue
        key = ids.key(base.request)
        digests = base.author_digests()
        if key and isinstance(look_up(base.request, key, digests, "", store), Drifted):
            said = f"it is translated from the picture in {language_name(base.language)}"
            waits = f"{said}, which has drifted; draw or accept that one first"
            found[name] = image._replace(waits=waits)
    return found


def images_to_draw(images: Images, ids: ImageIds, tools: BuildTools) -> list[ResolvedImage]:
    """Return the images that are missing and that the build may draw, and takes asked for."""
    if tools.refusal:
        return []
    on_drift = tools.on_drift
    blocking = BlockingReferences(images, ids, on_drift)
    lacking = [
        image.resolved
        for image in images.values()
        if image.promised
        and image.needs_drawing(on_drift)
        and tools.mode.asks_for(image)
        and not blocking.reason(image)
    ]
    if tools.mode.draw_command is None:
        return lacking  # only a command asks for takes
    from mkdocs_gemini_images.build.takes import asked_takes

    takes = [
        take
        for image in images.values()
        if not image.damage and not blocking.reason(image)
        for take in asked_takes(image, tools.mode, ids, tools.store).to_draw(image, on_drift)
    ]
    return lacking + takes


def _still_wanted(images: Images, ids: ImageIds, tools: BuildTools) -> Iterator[ResolvedImage]:
    """Yield what is to be drawn as the store is when this is read.

    Meanwhile another build may have drawn it, also for the same words with other defaults.
    """
    on_drift = tools.on_drift
    now = {
        key: image._replace(lookup=look_up_image(image, ids, tools.store))
        if image.promised and image.needs_drawing(on_drift)
        else image
        for key, image in images.items()
    }
    yield from images_to_draw(now, ids, tools)


def takes_of_finished(
    finished: FinishedBuild, tools: BuildTools
) -> "Iterator[tuple[SiteImage, AskedTakes]]":
    """Yield each image that is there, with the takes that a command asks for and it lacks."""
    if tools.mode.draw_command is None:
        return
    from mkdocs_gemini_images.build.takes import asked_takes

    key, in_batch = finished.ids.key, tools.generator.in_batch
    for image in finished.images.values():
        if isinstance(image.lookup, InStock | Drifted):
            takes = asked_takes(image, tools.mode, finished.ids, tools.store)
            lacking = [each for each in takes.lacking if not in_batch(key(each.light.request))]
            yield image, replace(takes, lacking=lacking)


def _publish_on_arrival(
    images: Images, ids: ImageIds, tools: BuildTools
) -> Callable[[Record], None]:
    """Return what encodes a picture that has just been stored, while others are on their way."""
    waiting = defaultdict[str | None, list[SiteImage]](list)
    for image in images.values():
        if image.promised:
            waiting[ids.key(image.request)].append(image)

    def start(record: Record) -> None:
        for image in waiting[record.key]:
            image = image._replace(lookup=InStock(record))
            if image.crops or image.shapes:
                image = with_focal_point(image, tools)
            with suppress(OSError):  # `publish` tries again once all is drawn, and raises it
                tools.publisher.start(publish_job(image, tools.settings, record))

    return start


def _settle(
    promised: Images, ids: ImageIds, generated: GenerationResult, tools: BuildTools
) -> Images:
    """Return all images with what became of those that were promised or ordered in batch."""
    on_drift = tools.on_drift
    blocking = BlockingReferences(promised, ids, on_drift)
    settled: Images = {}
    for name, image in promised.items():
        if image.light is not None:
            image = with_light(image, settled, tools)
        if image.promised:
            key = ids.key(image.request) or ""
            image = image._replace(
                promised=False,
                lookup=_lookup_after(image, generated.records.get(key), ids, tools),
                reason=blocking.reason(image)
                or generated.reasons.get(key)
                or generated.refusal
                or tools.refusal
                or "it was not asked for",
            )
        lacks = image.needs_drawing(on_drift)
        if how := tools.generator.in_batch(ids.key(image.request)) if lacks else "":
            image = image._replace(in_batch=how, reason=f"it is {how}")
        if promised[name].promised or how:
            image = present(image, tools.settings, serving=tools.mode.serving)
        settled[name] = image
    return settled


def _lookup_after(
    image: SiteImage, drawn: Record | None, ids: ImageIds, tools: BuildTools
) -> LookupResult:
    """Return what the store has for a promised image after the generator has run."""
    if drawn is not None:
        return InStock(drawn)
    if image.damage or tools.mode.dry:
        return image.lookup
    # Another process may have drawn it, or an earlier build's answer was recovered.
    return look_up_image(image, ids, tools.store)
