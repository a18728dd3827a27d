"""Small pictures, and the words around them, for tests: made by Pillow, no two pixels alike."""

import io
from hashlib import sha256
from typing import Any

from PIL import Image

from mkdocs_gemini_images.config.settings import ImageDefaults
from mkdocs_gemini_images.core.image_format import Picture, identify
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.requests.request import ImageRequest, RequestPart, canonical, key
from mkdocs_gemini_images.requests.resolved_image import (
    ResolvedImage,
    apply_defaults,
    compose_image,
)
from mkdocs_gemini_images.store.record import Record


def image(width: int = 13, height: int = 7, mode: str = "RGB") -> Image.Image:
    """Make an image whose pixels run from colour to colour."""
    across = Image.linear_gradient("L").resize((width, height))
    down = across.transpose(Image.Transpose.ROTATE_180)
    mixed = Image.merge("RGB", (across, down, Image.new("L", (width, height), 90)))
    if mode in ("RGBA", "LA"):
        mixed.putalpha(across)
    return mixed.convert(mode)


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    """Encode an image."""
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def png(width: int = 13, height: int = 7, mode: str = "RGB", **options: Any) -> bytes:
    """Make a PNG."""
    return saved(image(width, height, mode), "PNG", **options)


def jpeg(width: int = 13, height: int = 7, mode: str = "RGB", **options: Any) -> bytes:
    """Make a JPEG."""
    return saved(image(width, height, mode), "JPEG", **options)


def webp(width: int = 13, height: int = 7, mode: str = "RGB", **options: Any) -> bytes:
    """Make a WebP."""
    return saved(image(width, height, mode), "WEBP", **options)


def opened(data: bytes) -> Image.Image:
    """Decode a picture wholly."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def proven(data: bytes) -> Picture:
    """Prove a picture that is one."""
    return identify(data)


def step(text: str = "A fox reading", **more: Any) -> ImageRequest:
    """Make the smallest step."""
    fields = {"model": "gemini-nano-banana-2.1", "aspect_ratio": "16:9", "size": "1K"}
    return ImageRequest(text=text, **(fields | more))


def record(drawn: ImageRequest, data: bytes, **more: Any) -> Record:
    """Make the record of a picture that was drawn for a step."""
    picture = proven(data)
    fields: dict[str, Any] = {
        "key": key(drawn),
        "sha256": sha256(data).hexdigest(),
        "kind": picture.kind,
        "width": picture.width,
        "height": picture.height,
        "author_digest": "",
        "request": canonical(drawn),
        "time": "2026-11-22T10:00:00Z",
    }
    return Record(**(fields | more))


def resolved(
    directive: Directive,
    defaults: ImageDefaults | None = None,
    parts: tuple[RequestPart, ...] = (),
    language: str = "",
) -> ResolvedImage:
    """Resolve a directive with a site's defaults."""
    defaults = defaults or ImageDefaults()
    completed = apply_defaults(directive, defaults, language)
    return compose_image(completed, defaults, parts, language=language)
