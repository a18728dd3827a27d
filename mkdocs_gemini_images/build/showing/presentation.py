"""Decide what pages show for an image, and which files are published for it.

File names and sizes follow from what is shown: the picture's own size where it is in the store, the
model's documented size where it is promised, a placeholder's where there is none. Pure.
"""

from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, assert_never

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.image_format import Picture
from mkdocs_gemini_images.core.plain_values import folded
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.directives.directive import FILE_KINDS
from mkdocs_gemini_images.imaging import variants
from mkdocs_gemini_images.imaging.publisher import PublishJob
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.models.dimensions import Pixels
from mkdocs_gemini_images.rendering import citations, placeholder
from mkdocs_gemini_images.rendering.mark import Mark
from mkdocs_gemini_images.rendering.rendered_image import (
    AlternativeFormat,
    Candidate,
    RenderedImage,
)
from mkdocs_gemini_images.requests.request import FilePart, UriPart
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile
from mkdocs_gemini_images.store.record import Record

if TYPE_CHECKING:
    from mkdocs_gemini_images.config.mark_words import MarkWords

FilesOfFormat = tuple[tuple[str, Variant], ...]
"""Files of one format: the path of each in the site, and what is in it."""


def present(image: SiteImage, settings: Settings, *, serving: bool) -> SiteImage:
    """Return the image with the names of its files and with what pages show for it."""
    id = image.resolved.directive.id
    name = f"{id}-dark" if id and image.light is not None else id
    if image.promised:
        stem = variants.stem(image.request, settings.encoding, name)
        promised = Picture("webp", *image.request.pixels)
        shown = _rendered(image, stem, settings, promised)
        return image._replace(stem=stem, shown=shown._replace(promise=image.handle))
    match image.lookup:
        case InStock(record):
            stem = variants.stem(image.request, settings.encoding, name)
        case Drifted(record) | Fallback(record):
            stem = variants.stem(image.request, settings.encoding, name, other=record.key)
        case Missing() if image.light is not None:
            # A dark page shows the light image rather than an empty frame.
            return image._replace(stem=image.light.stem, shown=image.light.shown)
        case Missing():
            size = image.request.pixels
            stem = placeholder.placeholder_name(size, placeholder_lines(image, serving=serving))
            shown = RenderedImage(f"{settings.assets_dir}/{stem}", *size, placeholder=True)
            return image._replace(stem=stem, shown=shown)
        case UserFile(width, height):
            file = image.resolved.file
            return image._replace(stem=file, shown=RenderedImage(file, width, height))
        case _:
            assert_never(image.lookup)
    shown = _rendered(image, stem, settings, record.picture, record)
    return image._replace(stem=stem, shown=shown)


def publish_job(image: SiteImage, settings: Settings, record: Record) -> PublishJob:
    """List the files to publish for a picture under the image's present name."""
    original = settings.encoding.original
    files = _files(image, image.stem, settings, record.picture, original=original, record=record)
    size = (record.width, record.height)
    crops = (crop_file(image, settings, crop, size) for crop in image.crops)
    for crop in image.shapes:
        files += shape_files(image, crop, settings, record.picture, record=record)
    return PublishJob(image.stem, record, (*(file for each in files for file in each), *crops))


def crop_file(
    image: SiteImage, settings: Settings, crop: Crop, size: Pixels
) -> tuple[str, Variant]:
    """Return the path of a crop of an image whose picture is `size`, and what is in the file."""
    uri = f"{settings.assets_dir}/{image.stem}-{crop.name}.jpg"
    return uri, Variant(crop.width, *crop.fitted(size), "jpeg", crop.box(size, image.focal_point))


def shape_files(
    image: SiteImage, crop: Crop, settings: Settings, picture: Picture, *, record: Record | None
) -> list[FilesOfFormat]:
    """List the files of a cut, format by format. `record` is that of a picture which is there."""
    sized = partial(
        variants.variants,
        image.request,
        settings.encoding,
        (picture.width, picture.height),
        adopted=record is not None and record.photo_size is not None,
        crop=crop._replace(focus=crop.point(image.focal_point)),
    )
    begin = f"{settings.assets_dir}/{image.stem}-{crop.name}"
    return [
        tuple((f"{begin}-{variant.slot}.{format}", variant) for variant in sized(format))
        for format in settings.encoding.formats
    ]


def placeholder_lines(image: SiteImage, *, serving: bool) -> tuple[str, ...]:
    """Return the lines on a placeholder: prompt and reason, in a live preview only."""
    if not serving:
        return ()
    return folded(image.resolved.directive.prompt), image.damage or image.reason


def _rendered(
    image: SiteImage,
    stem: str,
    settings: Settings,
    picture: Picture,
    record: Record | None = None,
) -> RenderedImage:
    """Return what is promised, or what is there: a `record` brings its backdrop and sources."""
    grounding = {} if record is None else record.grounding
    original = settings.encoding.original and not image.promised
    *others, files = _files(image, stem, settings, picture, original=original, record=record)
    first = variants.shown_first([file for _, file in files])
    return RenderedImage(
        image.resolved.file or next(uri for uri, file in files if file == first),
        picture.width,
        picture.height,
        () if original else candidates(files),
        settings.sizes,
        settings.label,
        _mark(image, settings.mark, record) if settings.mark else None,
        alternatives=tuple(
            AlternativeFormat(f"image/{each[0][1].format}", candidates(each)) for each in others
        ),
        # Of a pair one image is hidden, and its backdrop would show behind the other.
        backdrop="" if record is None or image.resolved.dark is not None else record.backdrop,
        sources=citations.sources(grounding) if grounding else (),
        searches=citations.searches(grounding) if grounding else (),
        searched=image.request.searches > 0,
        awaited=stem if record is None and image.request.searches else "",
    )


def _mark(image: SiteImage, words: "MarkWords", record: Record | None) -> Mark | None:
    """Return the mark on an image; an adopted picture has none, since its origin is not known."""
    if record is not None and record.origin == "adopted":
        return None
    sent = (part for step in image.request.chain() for part in step.parts)
    if any(isinstance(part, FilePart | UriPart) for part in sent):
        return Mark("edited", words.edited)
    return Mark("generated", words.generated)


def candidates(files: FilesOfFormat) -> tuple[Candidate, ...]:
    """Return the files of one format as entries of `srcset`."""
    return tuple(Candidate(uri, file.width) for uri, file in files)


def _files(
    image: SiteImage,
    stem: str,
    settings: Settings,
    picture: Picture,
    *,
    original: bool,
    record: Record | None,
) -> list[FilesOfFormat]:
    """List a picture's files, format by format; a named file is the largest of the last format.

    `record` is that of a picture which is there. `original` lists the picture's own bytes instead,
    under a name that tells their kind.
    """
    folder, encoding, file = settings.assets_dir, settings.encoding, image.resolved.file
    size = (picture.width, picture.height)
    adopted = record is not None and record.photo_size is not None
    named = FILE_KINDS[PurePosixPath(file).suffix.lower()] if file else ""
    sized = partial(variants.variants, image.request, encoding, size, adopted=adopted)
    if original:
        kept = named in ("", picture.kind)
        variant = Variant(picture.width, *size, "original") if kept else sized(named)[-1]
        uri = file or f"{folder}/{stem}-{picture.width}{picture.suffix}"
        return [((uri, variant),)]
    listed = [
        tuple((f"{folder}/{stem}-{variant.slot}.{format}", variant) for variant in sized(format))
        for format in encoding.formats
    ]
    if named:
        largest = sized(named)[-1]
        smaller = (each for each in listed[-1][:-1] if each[1].width < largest.width)
        listed[-1] = (*smaller, (file, largest))
    return listed
