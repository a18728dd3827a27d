"""Published files have the sizes that were promised and the pixels that were drawn."""

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.core.image_format import ImageError, ImageKind, Picture, identify
from mkdocs_gemini_images.imaging.encoder import EncodingError, backdrop, encode, original
from mkdocs_gemini_images.imaging.variants import Variant, variants
from tests.unit.pictures import image, jpeg, opened, png, saved, step, webp

RECIPE = EncodingOptions(widths=(20, 40))
FORMS = {"png": png, "jpeg": jpeg, "webp": webp}


def webp_of(width: int, height: int) -> Variant:
    return Variant(width, width, height, "webp")


def made(
    data: bytes, *sizes: tuple[int, int], encoding: EncodingOptions = RECIPE
) -> list[Image.Image]:
    found = encode(data, [webp_of(width, height) for width, height in sizes], encoding)
    assert isinstance(found, list), found
    return [opened(file) for file in found]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [(64, 48), (101, 37), (33, 129)], ids=str)
def test_each_file_has_exactly_its_size(form: str, size: tuple[int, int]) -> None:
    data = FORMS[form](*size)
    wanted = variants(step(), RECIPE, size)
    files = encode(data, wanted, RECIPE)
    assert isinstance(files, list)
    for variant, file in zip(wanted, files, strict=True):
        assert identify(file) == Picture("webp", variant.width, variant.height)


def test_no_variants_are_no_files() -> None:
    assert encode(png(), [], RECIPE) == []


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("size", [(64, 48), (20, 15)], ids=["whole", "scaled"])
def test_alpha_is_kept(mode: str, size: tuple[int, int]) -> None:
    (file,) = made(png(64, 48, mode), size)
    assert file.mode == "RGBA"
    low, high = file.getchannel("A").getextrema()
    assert low < 60  # type: ignore[operator]
    assert high > 190  # type: ignore[operator]


def test_a_transparent_colour_of_a_palette_is_alpha() -> None:
    source = Image.new("P", (8, 8), 1)
    source.putpalette([255, 0, 0, 0, 0, 255])
    source.paste(0, (0, 0, 4, 8))
    (file,) = made(saved(source, "PNG", transparency=0), (8, 8))
    assert file.getpixel((1, 4))[3] == 0  # type: ignore[index]
    assert file.getpixel((6, 4))[3] == 255  # type: ignore[index]


def colour(data: bytes) -> tuple[int, ...]:
    (file,) = made(data, (16, 16))
    pixel = file.getpixel((8, 8))
    assert isinstance(pixel, tuple)
    return pixel[:3]


def without_metadata(mode: str, value: object, form: str = "PNG") -> bytes:
    return saved(Image.new(mode, (16, 16), value), form)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (without_metadata("RGB", (200, 40, 90)), (200, 40, 90)),
        (without_metadata("L", 120), (120, 120, 120)),
        (without_metadata("1", 1), (255, 255, 255)),
        (without_metadata("I;16", 0), (0, 0, 0)),
        (without_metadata("I;16", 30_000), (117, 117, 117)),
        (without_metadata("I;16", 65_535), (255, 255, 255)),
        (saved(Image.new("RGB", (16, 16), (204, 51, 102)).convert("P"), "PNG"), (204, 51, 102)),
        (without_metadata("CMYK", (0, 255, 255, 0), "JPEG"), (254, 0, 0)),
        (without_metadata("L", 120, "JPEG"), (120, 120, 120)),
    ],
    ids=["rgb", "grey", "bits", "16 bits, black", "16 bits, grey", "16 bits, white", "palette",
         "cmyk",
         "grey jpeg"],
)  # fmt: skip
def test_every_kind_of_pixel_keeps_its_colour(data: bytes, expected: tuple[int, ...]) -> None:
    assert all(abs(a - b) <= 12 for a, b in zip(colour(data), expected, strict=True))


def test_metadata_stays_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    for data in (jpeg(64, 48, exif=exif), png(64, 48, exif=exif), webp(64, 48, exif=exif)):
        for file in made(data, (64, 48), (20, 15)):
            assert not file.getexif()
            assert "icc_profile" not in file.info


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_frames_that_no_decoder_here_has_read_are_not_published(kind: ImageKind) -> None:
    still = FORMS[kind](9, 5)
    more = [image(9, 5).transpose(Image.Transpose.ROTATE_180)]
    moving = saved(image(9, 5), kind, save_all=True, append_images=more, duration=90)

    assert original(still, kind) == still
    assert getattr(opened(moving), "n_frames", 1) == 2
    assert getattr(opened(original(moving, kind)), "n_frames", 1) == 1


def test_quality_decides_about_bytes_and_the_same_is_encoded_the_same() -> None:
    data, wanted = png(400, 300), [webp_of(400, 300)]
    low, again, high = (
        encode(data, wanted, EncodingOptions(quality=each)) for each in (10, 10, 95)
    )
    assert len(low[0]) < len(high[0])
    assert low == again


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def hollow(pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_of_noise() -> bytes:
    data = jpeg(64, 48)
    at = data.index(b"\xff\xda")
    return data[: at + 14] + b"\xff\xd9"


@pytest.mark.parametrize(
    "data",
    [hollow(b""), hollow(b"no zlib at all"), hollow(zlib.compress(b"too few")),
     webp(64, 48, lossless=True)[:25] + b"\xff" * (len(webp(64, 48, lossless=True)) - 25),
     hollow(zlib.compress(b"\x09" * (193 * 48)))],
    ids=["nothing", "no zlib", "too few", "webp of ones", "unknown filter"],
)  # fmt: skip
def test_pixels_that_cannot_be_decoded_are_refused_with_a_reason(data: bytes) -> None:
    identify(data)
    with pytest.raises(ImageError, match=r"^its pixels cannot be decoded \(") as raised:
        backdrop(data)
    with pytest.raises(ImageError) as encoding:
        encode(data, [webp_of(64, 48)], RECIPE)
    assert str(encoding.value) == str(raised.value)


@pytest.mark.parametrize("data", [b"", b"<svg/>", saved(image(), "GIF"), saved(image(), "EPS")])
def test_what_is_no_picture_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(ImageError):
        backdrop(data)


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_picture_has_a_tiny_backdrop_unless_it_can_be_looked_through(form: str) -> None:
    data = FORMS[form](64, 48)
    tiny = backdrop(data)
    with Image.open(io.BytesIO(data)) as image:
        see_through = image.has_transparency_data
    assert (tiny == b"") == see_through
    if tiny:
        with Image.open(io.BytesIO(tiny)) as small:
            assert (small.format, small.size) == ("WEBP", (20, 15))
        assert len(tiny) < 400


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_a_changed_picture_is_encoded_or_refused_without_an_exception(
    form: str, data: st.DataObject
) -> None:
    whole = bytearray(FORMS[form](64, 48))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ImageError):
        identify(bytes(whole))
        (made,) = encode(bytes(whole), [webp_of(20, 15)], RECIPE)
        assert identify(made) == Picture("webp", 20, 15)


def test_a_format_that_does_not_take_an_image_is_named() -> None:
    wide = Variant(16384, 16384, 1, "webp")
    with pytest.raises(EncodingError, match="webp does not take 16384 x 1 pixels"):
        encode(png(16384, 1), [wide], EncodingOptions())


def test_an_image_of_one_row_is_encoded_within_the_limits_of_its_format() -> None:
    data = png(100_000, 1)
    found = variants(step("A fox"), EncodingOptions(), (100_000, 1))
    for file, variant in zip(encode(data, found, EncodingOptions()), found, strict=True):
        assert opened(file).size == (variant.width, variant.height)
    assert backdrop(data)
