"""Write what pages show of a build's images into the site: encoded files, and placeholders.

In go images with what the store has for each; out come the same images, with what could not be
published. Effects: files in the site.
"""

from collections.abc import Iterator

from mkdocs_gemini_images.build.build_tools import BuildTools, Images
from mkdocs_gemini_images.build.showing.presentation import placeholder_lines, present, publish_job
from mkdocs_gemini_images.build.showing.shapes import in_shape
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.rendering import placeholder
from mkdocs_gemini_images.rendering.rendered_image import RenderedImage
from mkdocs_gemini_images.store.lookup import Missing


def with_focal_point(image: SiteImage, tools: BuildTools, *more: Crop) -> SiteImage:
    """Return an image with the point that stands out in its picture, where a cut asks for it.

    `more` are cuts beside those that the image has.
    """
    record = image.record
    if record is None or all(crop.focus != "auto" for crop in (*image.crops, *image.shapes, *more)):
        return image
    return image._replace(focal_point=tools.publisher.focal_points.of(record))


def publish(images: Images, tools: BuildTools) -> Images:
    """Write the files of images into the site; a damaged picture becomes a placeholder."""
    images = {
        key: with_focal_point(image, tools) if image.crops or image.shapes else image
        for key, image in images.items()
    }
    for image in images.values():
        if image.record is not None:
            tools.publisher.start(publish_job(image, tools.settings, image.record))
    failures = tools.publisher.finish()
    published: Images = {}
    for key, image in images.items():
        if image.record is None and image.shown.placeholder:
            image = _with_placeholder(image, tools)
        if image.light is not None:
            image = with_light(image, published, tools)
        if image.record is not None and image.stem in failures:
            damaged = image._replace(lookup=Missing(str(failures[image.stem])))
            image = present(damaged, tools.settings, serving=tools.mode.serving)
            if image.shown.placeholder:
                image = _with_placeholder(image, tools)
        published[key] = image
    return published


def with_light(image: SiteImage, now: Images, tools: BuildTools) -> SiteImage:
    """Return a dark twin with its light image as that is `now`; any other image as it is.

    The images are in an order in which a light image stands before its dark twin.
    """
    if image.light is None or (light := now.get(image.light.key, image.light)) is image.light:
        return image
    image = image._replace(light=light)
    if image.promised or not isinstance(image.lookup, Missing):
        return image
    # A twin that is missing shows its light image, which may have other files now.
    return present(image, tools.settings, serving=tools.mode.serving)


def _with_placeholder(image: SiteImage, tools: BuildTools) -> SiteImage:
    """Write the placeholder of an image, and return the image; it says so where that fails.

    Raises `OSError`.
    """
    written = placeholder_lines(image, serving=tools.mode.serving)
    try:
        for shown in shown_of(image, tools):
            drawing = placeholder.draw_placeholder((shown.width, shown.height), written)
            tools.publisher.write(shown.src, drawing.encode())
    except DiagnosticError as error:
        return image._replace(lookup=Missing(str(error)))
    return image


def shown_of(image: SiteImage, tools: BuildTools) -> Iterator[RenderedImage]:
    """Yield what pages show of an image: the whole of it, then each of its cuts."""
    yield image.shown
    for crop in image.shapes:
        yield in_shape(image, crop, tools.settings, serving=tools.mode.serving)
