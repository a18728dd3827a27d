"""An adopted photo is published as it is looked at: upright, and in the colours that it means."""

import struct
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageCms

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.core.image_format import ImageError
from mkdocs_gemini_images.imaging.encoder import backdrop, encode, original, photo_size
from mkdocs_gemini_images.imaging.variants import Variant
from tests.unit.pictures import image, jpeg, opened, png, saved, webp

RED, GREEN, BLUE, WHITE = (230, 20, 20), (20, 200, 20), (20, 20, 230), (250, 250, 250)
UNDONE = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}  # fmt: skip
"""How a camera's image lies, for each orientation that EXIF knows."""
SIZE = (64, 48)


def scene() -> Image.Image:
    """Return an image with a colour of its own in each corner, as it is looked at."""
    made = Image.new("RGB", SIZE)
    for number, colour in enumerate((RED, GREEN, BLUE, WHITE)):
        made.paste(colour, (32 * (number % 2), 24 * (number // 2), 64, 48))
    return made


def lying(form: str, orientation: int, **options: Any) -> bytes:
    """Return the scene as a camera stores it."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    turn = UNDONE[orientation]
    laid = scene() if turn is None else scene().transpose(turn)
    return saved(laid, form, exif=exif, quality=95, **options)


def corners(picture: Image.Image) -> list[tuple[int, ...]]:
    """Return the colours of the corners, each as red, green, blue or white."""
    width, height = picture.size
    points = [(x, y) for y in (4, height - 5) for x in (4, width - 5)]
    found = [picture.convert("RGB").getpixel(point) for point in points]
    return [
        min((RED, GREEN, BLUE, WHITE), key=lambda name: _distance(name, colour))
        for colour in found
        if isinstance(colour, tuple)
    ]


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def published(data: bytes, format: str = "webp") -> Image.Image:
    size = photo_size(data)
    (file,) = encode(data, [Variant(size[0], *size, format)], EncodingOptions(), photo=size)
    return opened(file)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", UNDONE)
def test_a_photo_stands_upright(form: str, orientation: int) -> None:
    data = lying(form, orientation)
    assert photo_size(data) == SIZE
    shown = published(data)
    assert shown.size == SIZE
    assert corners(shown) == [RED, GREEN, BLUE, WHITE]
    assert ExifTags.Base.Orientation not in shown.getexif()
    assert corners(opened(backdrop(data, SIZE))) == [RED, GREEN, BLUE, WHITE]


def test_a_photo_that_is_encoded_anew_in_its_own_format_stands_upright() -> None:
    data = lying("JPEG", 6, comment=b"<script>")
    shown = opened(original(data, "jpeg", SIZE))
    assert (shown.size, corners(shown)) == (SIZE, [RED, GREEN, BLUE, WHITE])


def test_a_drawn_picture_and_one_that_an_earlier_version_adopted_stay_as_they_lie() -> None:
    data = lying("JPEG", 6)
    whole = [Variant(48, 48, 64, "webp")]
    for photo in (None, (48, 64)):
        (file,) = encode(data, whole, EncodingOptions(), photo=photo)
        assert corners(opened(file)) == [GREEN, WHITE, RED, BLUE]


# Colours


def swapped_profile() -> bytes:
    """Return a profile in which red is what blue is in sRGB, and blue what red is."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = bytearray(made.replace("sRGB".encode("utf-16-be"), "Test".encode("utf-16-be")))
    places = {}
    for number in range(struct.unpack(">I", data[128:132])[0]):
        at = 132 + 12 * number
        places[bytes(data[at : at + 4])] = at
    red, blue = places[b"rXYZ"], places[b"bXYZ"]
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("format", ["webp", "jpeg", "avif"])
def test_the_colours_of_a_profile_become_those_of_srgb(form: str, format: str) -> None:
    data = saved(scene(), form, icc_profile=swapped_profile(), quality=95)
    shown = published(data, format)
    assert corners(shown) == [BLUE, GREEN, RED, WHITE]
    assert "icc_profile" not in shown.info


def test_a_transparent_photo_keeps_its_alpha_beside_its_colours() -> None:
    seen = scene().convert("RGBA")
    seen.putalpha(128)
    shown = published(saved(seen, "PNG", icc_profile=swapped_profile()))
    assert corners(shown) == [BLUE, GREEN, RED, WHITE]
    assert shown.getpixel((4, 4))[3] in range(120, 136)  # type: ignore[index]


@pytest.mark.parametrize("profile", [
    b"", b"no profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
])  # fmt: skip
def test_a_profile_that_says_nothing_changes_no_colour(profile: bytes) -> None:
    data = saved(scene(), "PNG", icc_profile=profile)
    assert corners(published(data)) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_profile_of_other_pixels_is_passed_over(mode: str) -> None:
    data = saved(image(64, 48, mode), "JPEG", icc_profile=swapped_profile())
    assert published(data).size == SIZE


# Frames


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_a_picture_of_several_frames_is_refused(form: str) -> None:
    frames = {"save_all": True, "append_images": [Image.new("RGB", SIZE)]}
    with pytest.raises(ImageError, match="2 frames"):
        photo_size(saved(scene(), form, **frames))


@pytest.mark.parametrize("data", [png(13, 7), jpeg(13, 7), webp(13, 7), png(13, 7, "P")])
def test_the_size_of_a_plain_picture_is_its_own(data: bytes) -> None:
    assert photo_size(data) == opened(data).size == (13, 7)
