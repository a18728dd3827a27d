"""Large images: their pixels leave the memory, and their files are those of any other way."""

import io

import pytest
from PIL import Image

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.imaging import encoder
from mkdocs_gemini_images.imaging.encoder import encode_pixels
from mkdocs_gemini_images.imaging.large_images import GivenUp, is_large
from mkdocs_gemini_images.imaging.variants import Variant


def colours(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Return an image that is soon encoded."""
    small = Image.new(mode, (2, 2))
    small.putpixel((0, 0), (200, 30, 90, 120)[: len(mode)])
    return small.resize(size, Image.Resampling.BILINEAR)


def is_empty(image: Image.Image) -> bool:
    """Return whether an image holds one pixel at most; Pillow lets go of one that does not fit."""
    core = vars(image)["_im"]
    return core is None or core.size == (1, 1)


def test_an_image_that_is_given_up_has_the_same_file_and_no_pixels_left() -> None:
    for mode in ("RGB", "RGBA"):
        image, kept = colours((64, 48), mode), io.BytesIO()
        image.save(kept, "AVIF")
        image.__class__ = GivenUp
        given_up = io.BytesIO()
        image.save(given_up, "AVIF")
        assert given_up.getvalue() == kept.getvalue()
        assert is_empty(image)


def test_a_large_image_has_the_same_files_in_whatever_order_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(encoder._EFFORT["avif"], "speed", 10)
    size = (3300, 2430)
    shapes = [
        Variant(3300, *size, "avif"),
        Variant(3300, *size, "webp"),
        Variant(33, 33, 24, "avif"),
        Variant(33, 33, 33, "webp", (0, 0, 2430, 2430)),
    ]
    options = EncodingOptions(formats=("avif", "webp"), widths=(33,), quality=40)
    image = colours(size)
    assert is_large(image)
    files = encode_pixels(image, shapes, options, b"")
    assert is_empty(image)
    for variant, file in zip(shapes, files, strict=True):
        with Image.open(io.BytesIO(file)) as made:
            assert (made.size, made.format) == (
                (variant.width, variant.height),
                variant.format.upper(),
            )
    assert files[1:] == encode_pixels(colours(size), shapes[1:], options, b"")
