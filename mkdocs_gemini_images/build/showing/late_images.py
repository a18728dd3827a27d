"""Publish what pages ask for when a build is past its barrier: nothing of it is drawn.

Excerpts of pages and templates are rendered that late. In goes a directive's images and the
finished build; out comes the build with them. Effects: files in the site.
"""

from mkdocs_gemini_images.build.build_tools import BuildTools, Images
from mkdocs_gemini_images.build.collecting.collection import Collection
from mkdocs_gemini_images.build.finish import FinishedBuild
from mkdocs_gemini_images.build.showing.presentation import present
from mkdocs_gemini_images.build.showing.publishing import publish
from mkdocs_gemini_images.build.site_image import ThemePair


def publish_late(
    pair: ThemePair, collection: Collection, finished: FinishedBuild, tools: BuildTools
) -> tuple[FinishedBuild, Images]:
    """Return a finished build with a directive's images, and those that were not known to it."""
    known = dict(finished.images)
    if all(
        image.key in known and set(pair.shapes.crops) <= set(known[image.key].shapes)
        for image in pair.images
    ):
        return finished, {}
    late: Images = {}
    recut: Images = {}
    for key, image in collection.images().items():
        if key in known:
            if image.shapes != known[key].shapes:
                recut[key] = known[key] = known[key]._replace(shapes=image.shapes)
            continue
        if image.light is not None:
            image = image._replace(light=known[image.light.key])
        late[key] = known[key] = present(image, tools.settings, serving=tools.mode.serving)
    published = publish(late | recut, tools)
    late = {key: published[key] for key in late}
    return finished._replace(images=known | published), late
