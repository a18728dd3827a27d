"""What became of one image that pages were promised, and how its elements are found again."""

from typing import NamedTuple

from mkdocs_gemini_images.rendering.rendered_image import RenderedImage

PROMISE_ATTRIBUTE = "data-gemini-promise"
"""The attribute of promised elements; its value is the image's mark."""


class Correction(NamedTuple):
    """What pages were promised for one image, and what they show instead."""

    promised: RenderedImage
    shown: RenderedImage | None
    """None where pages show nothing in its place."""
    alone: bool = False
    """Whether the image was promised with a twin for dark pages, and has none."""
