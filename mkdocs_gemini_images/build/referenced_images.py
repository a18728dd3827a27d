"""What a picture is built upon: the pictures that it refers to by their ids.

In come posts, the keys of ids and the stock; out come keys of ids on other pages, and why a picture
has to wait for another. Reads the stock, and decides nothing.
"""

from collections.abc import Iterable, Mapping

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.settings import OnDrift
from mkdocs_gemini_images.requests import dependencies
from mkdocs_gemini_images.requests.request import ImageRequest, ResolvedImage
from mkdocs_gemini_images.store.lookup import InStock
from mkdocs_gemini_images.store.store import Store


def elsewhere(
    images: Iterable[SiteImage], named: Mapping[str, ResolvedImage], stock: Store
) -> dict[str, str]:
    """Give the keys of ids on pages that a build does not see: of what was drawn for them."""
    ids = {id for image in images for id in dependencies.needs(image.step)}
    found = {id: stock.find_named(id) for id in sorted(ids - named.keys())}
    return {id: record.key for id, record in found.items() if record is not None}


def blocked(
    image: SiteImage,
    images: Mapping[tuple[ImageRequest, str], SiteImage],
    keys: Mapping[str, str],
    named: Mapping[str, ResolvedImage],
    on_drift: OnDrift,
) -> str:
    """Say which picture it refers to cannot be built upon: one that drifted, and is kept."""
    ids = list(dependencies.needs(image.step))
    for id in ids:  # which grows by what is behind each
        other = named.get(id)
        if other is None and id in keys:
            return f"#{id}, which it refers to, is on another page"
        found = None if other is None else images.get((other.step, other.name))
        if found is None or isinstance(found.held, InStock):
            continue
        if not found.needs_drawing(on_drift):
            return f"#{id}, which it refers to, has drifted; draw or accept that one first"
        ids += [each for each in dependencies.needs(found.step) if each not in ids]
    return ""
