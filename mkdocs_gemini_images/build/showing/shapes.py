"""Decide what a page shows of an image that it shows in another shape: a cut of the same picture.

In go an image as it is presented and the shapes that a directive asks for; out comes what its page
shows, with files and sizes of its own. A cut needs no request. What has no picture is a placeholder
in the cut's shape; an author's own file is shown as it is. Pure.
"""

from mkdocs_gemini_images.build.showing.presentation import (
    candidates,
    placeholder_lines,
    shape_files,
)
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.image_format import Picture
from mkdocs_gemini_images.directives.crops import Crop, Point, Shapes
from mkdocs_gemini_images.imaging import variants
from mkdocs_gemini_images.models.dimensions import Pixels
from mkdocs_gemini_images.rendering import placeholder
from mkdocs_gemini_images.rendering.mark import Mark, farthest_corner, point_within
from mkdocs_gemini_images.rendering.rendered_image import AlternativeFormat, RenderedImage
from mkdocs_gemini_images.store.lookup import Missing, UserFile


def in_shapes(
    image: SiteImage, shapes: Shapes, settings: Settings, *, serving: bool
) -> RenderedImage:
    """Return what a page shows of an image."""
    wide = in_shape(image, shapes.wide, settings, serving=serving)
    if shapes.wide is None and wide.mark is not None and shapes.focus != "auto":
        wide = wide._replace(mark=wide.mark._replace(corner=farthest_corner(shapes.focus)))
    if shapes.narrow == shapes.wide:
        return wide
    narrow = in_shape(image, shapes.narrow, settings, serving=serving)
    return wide if narrow.src == wide.src else wide._replace(narrow=narrow)


def in_shape(
    image: SiteImage, crop: Crop | None, settings: Settings, *, serving: bool
) -> RenderedImage:
    """Return what a page shows of an image as one cut, or without one."""
    if crop is None or isinstance(image.lookup, UserFile):
        return image.shown
    if image.light is not None and isinstance(image.lookup, Missing) and not image.promised:
        return in_shape(image.light, crop, settings, serving=serving)
    if image.shown.placeholder:
        return _placeholder(image, crop, settings, serving=serving)
    record = None if image.promised else image.record
    picture = Picture("webp", *image.request.pixels) if record is None else record.picture
    size = picture.width, picture.height
    *others, files = shape_files(image, crop, settings, picture, record=record)
    width, height = crop.size(size)
    first = variants.shown_first([file for _, file in files])
    return image.shown._replace(
        src=next(uri for uri, file in files if file == first),
        width=width,
        height=height,
        candidates=candidates(files),
        alternatives=tuple(
            AlternativeFormat(f"image/{each[0][1].format}", candidates(each)) for each in others
        ),
        backdrop_place=_cover(crop, size, image.focal_point),
        mark=_in_corner(image.shown.mark, crop, size, image.focal_point),
        shape=crop.name,
        whole=image.shown.largest,
        promise=f"{image.handle}-{crop.name}" if image.shown.promise else "",
    )


def _placeholder(
    image: SiteImage, crop: Crop, settings: Settings, *, serving: bool
) -> RenderedImage:
    size = crop.size(image.request.pixels)
    name = placeholder.placeholder_name(size, placeholder_lines(image, serving=serving))
    src = f"{settings.assets_dir}/{name}"
    return image.shown._replace(src=src, width=size[0], height=size[1], shape=crop.name)


def _in_corner(mark: Mark | None, crop: Crop, size: Pixels, found: Point) -> Mark | None:
    """Return a mark in the corner of a cut that is farthest from what matters."""
    if mark is None:
        return None
    point = point_within(crop.point(found), crop.box(size, found), size)
    return mark._replace(corner=farthest_corner(point))


def _cover(crop: Crop, size: Pixels, found: Point) -> str:
    """Return where a backdrop of the whole picture lies behind a cut, in CSS."""
    left, upper, right, lower = crop.box(size, found)
    room = size[0] - (right - left), size[1] - (lower - upper)
    across, down = (
        round(100 * before / free) if free else 50
        for before, free in zip((left, upper), room, strict=True)
    )
    return f"{across}% {down}% / cover"
