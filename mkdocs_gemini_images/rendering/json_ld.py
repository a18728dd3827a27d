"""Describe an image for machines that read pages: a schema.org `ImageObject`.

It says what the files' metadata says: an origin that is not known is left out. The prompt, the
request's key and the price are never in it. Pure.
"""

from typing import Any

from mkdocs_gemini_images.imaging.metadata import Origin


def image_object(
    url: str, alt: str, origin: Origin | None, *, of_page: bool = False
) -> dict[str, Any]:
    """Return the JSON value that describes an image by the address of its largest file.

    `of_page` says that the image stands for its page as a whole.
    """
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
