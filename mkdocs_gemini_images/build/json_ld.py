"""What machines that read pages are told of a picture: a schema.org `ImageObject`.

In come the address of its largest file, its text alternative and where it comes from; out comes
one JSON value. It says what the files themselves say: what nobody here knows (the origin of an
adopted picture) is left out. Never in it: the prompt, a key, a price. Pure.
"""

from collections.abc import Iterable
from typing import Any

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.imaging.metadata import Origin


def by_page(images: Iterable[SiteImage]) -> dict[str, list[tuple[SiteImage, str]]]:
    """List the pictures that there are by the pages they are on, each with its alternative.

    A twin for dark pages is the same picture, and is not listed besides.
    """
    found: dict[str, list[tuple[SiteImage, str]]] = {}
    for image in images:
        if image.record is not None and image.light is None:
            alts = {use.page: use.directive.alt or "" for use in reversed(image.uses)}
            for page, alt in alts.items():
                found.setdefault(page, []).append((image, alt))
    return found


def image_object(
    url: str, alt: str, origin: Origin | None, *, of_page: bool = False
) -> dict[str, Any]:
    """Describe one picture; `of_page` says that it stands for its page as a whole."""
    described: dict[str, Any] = {"@type": "ImageObject", "contentUrl": url}
    if alt:
        described["caption"] = alt
    if origin is not None:
        kind = origin.source_type
        term = f"https://schema.org/{kind[0].upper()}{kind[1:]}DigitalSource"
        described |= {"creditText": origin.credit, "digitalSourceType": term}
    if of_page:
        described["representativeOfPage"] = True
    return described
