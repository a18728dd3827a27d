"""A picture is what its bytes prove, whole from the first to the last; all else has a reason."""

import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mkdocs_gemini_images.core.image_format import MAX_PIXELS, ImageError, Picture, identify
from tests.unit.pictures import image, jpeg, png, saved, webp


def exif() -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = 6  # on its side
    found[0x010F] = "A camera"
    return found


def with_segment(data: bytes, marker: int, content: bytes) -> bytes:
    """Put an APPn segment behind a JPEG's first marker."""
    segment = struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
    return data[:2] + segment + data[2:]


def animated() -> bytes:
    frames = [image(9, 5), image(9, 5).transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    return saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=90)


def with_thumbnail() -> bytes:
    """Make a JPEG with a whole JPEG, end marker and all, inside its EXIF."""
    return with_segment(jpeg(31, 9), 0xE1, b"Exif\0\0" + jpeg(8, 8))


WHOLE: dict[str, tuple[bytes, Picture]] = {
    "png": (png(), Picture("png", 13, 7)),
    "png of one pixel": (png(1, 1), Picture("png", 1, 1)),
    "png with alpha": (png(5, 3, "RGBA"), Picture("png", 5, 3)),
    "png with a palette": (png(5, 3, "P"), Picture("png", 5, 3)),
    "png of grey": (png(4, 9, "L"), Picture("png", 4, 9)),
    "png of bits": (png(9, 4, "1"), Picture("png", 9, 4)),
    "png of 16 bits": (saved(Image.new("I;16", (3, 2), 40000), "PNG"), Picture("png", 3, 2)),
    "png with exif": (png(6, 7, exif=exif()), Picture("png", 6, 7)),
    "jpeg": (jpeg(), Picture("jpeg", 13, 7)),
    "jpeg, progressive": (jpeg(67, 33, progressive=True), Picture("jpeg", 67, 33)),
    "jpeg, not subsampled": (jpeg(17, 9, subsampling=0), Picture("jpeg", 17, 9)),
    "jpeg with restarts": (jpeg(90, 70, restart_marker_blocks=1), Picture("jpeg", 90, 70)),
    "jpeg of grey": (jpeg(8, 8, "L"), Picture("jpeg", 8, 8)),
    "jpeg in cmyk": (jpeg(8, 9, "CMYK"), Picture("jpeg", 8, 9)),
    "jpeg with exif": (jpeg(30, 20, exif=exif()), Picture("jpeg", 30, 20)),
    "jpeg with a comment": (jpeg(7, 7, comment=b"\xff\xd9 not the end"), Picture("jpeg", 7, 7)),
    "jpeg with a thumbnail": (with_thumbnail(), Picture("jpeg", 31, 9)),
    "jpeg with credentials": (
        with_segment(jpeg(11, 5), 0xEB, b"JP" + bytes(range(256)) * 200), Picture("jpeg", 11, 5),
    ),
    "jpeg with fill bytes": (
        jpeg(11, 5)[:2] + b"\xff\xff\xff" + jpeg(11, 5)[2:], Picture("jpeg", 11, 5),
    ),
    "webp": (webp(), Picture("webp", 13, 7)),
    "webp, lossless": (webp(33, 5, lossless=True), Picture("webp", 33, 5)),
    "webp with alpha": (webp(21, 8, "RGBA"), Picture("webp", 21, 8)),
    "webp with alpha, lossless": (webp(2, 9, "RGBA", lossless=True), Picture("webp", 2, 9)),
    "webp with exif": (webp(10, 11, exif=exif()), Picture("webp", 10, 11)),
    "webp, moving": (animated(), Picture("webp", 9, 5)),
}  # fmt: skip
NAMES = sorted(WHOLE)


def big_png(width: int, height: int) -> bytes:
    """Make a PNG that promises many pixels and has none."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def big_jpeg(width: int, height: int) -> bytes:
    data = jpeg()
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def big_webp(width: int, height: int) -> bytes:
    data = bytearray(webp(9, 5, "RGBA"))
    assert data[12:16] == b"VP8X"
    data[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(data)


def refusal(data: bytes) -> str:
    with pytest.raises(ImageError) as raised:
        identify(data)
    return str(raised.value)


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_picture_is_proven_with_its_kind_and_size(name: str) -> None:
    data, picture = WHOLE[name]
    assert identify(data) == picture


@pytest.mark.parametrize("name", NAMES)
def test_pillow_sees_the_same_size(name: str) -> None:
    data, picture = WHOLE[name]
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.size == (picture.width, picture.height)


@pytest.mark.parametrize("width", [1, 2, 15, 16, 17, 1023])
def test_odd_sizes_are_read_as_they_are(width: int) -> None:
    for data in (png(width, 3), jpeg(width, 3), webp(width, 3), webp(width, 3, lossless=True)):
        picture = identify(data)
        assert (picture.width, picture.height) == (width, 3)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_that_is_cut_anywhere_is_refused(name: str) -> None:
    data, _ = WHOLE[name]
    for end in {*range(0, len(data), max(1, len(data) // 150)), *range(len(data) - 40, len(data))}:
        assert refusal(data[: max(0, end)]), end


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("more", [b"\0", b"\n", b"<script>", jpeg(), b"\xff\xd9"])
def test_nothing_may_follow_the_end(name: str, more: bytes) -> None:
    assert f"{len(more)} bytes follow the end" in refusal(WHOLE[name][0] + more)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("png")])
def test_one_changed_byte_of_a_png_is_found(name: str) -> None:
    data = WHOLE[name][0]
    for at in range(8, len(data)):
        assert refusal(data[:at] + bytes([data[at] ^ 0x20]) + data[at + 1 :]), at


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (big_png(MAX_PIXELS, 2), f"{MAX_PIXELS} x 2 pixels are more"),
        (big_png(2**31 - 1, 2**31 - 1), "pixels are more than any model draws"),
        (big_png(0, 5), "the PNG has no pixels"),
        (big_jpeg(65535, 65535), "65535 x 65535 pixels are more than any model draws"),
        (big_jpeg(0, 5), "the JPEG has no pixels"),
        (big_webp(2**24, 2**24), "16777216 x 16777216 pixels are more than any model draws"),
    ],
    ids=["png", "png, huge", "png of nothing", "jpeg", "jpeg of nothing", "webp"],
)
def test_a_picture_with_too_many_pixels_or_none_is_refused(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_the_largest_pictures_that_models_draw_are_not_too_large() -> None:
    assert identify(big_png(12288, 1536)) == Picture("png", 12288, 1536)
    assert identify(big_png(5056, 3392)) == Picture("png", 5056, 3392)


PNG = png()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is no PNG, JPEG or WebP (it begins with b'')"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "it is no PNG, JPEG or WebP"),
        (b"<!doctype html><html>", "it is no PNG, JPEG or WebP"),
        (saved(image(), "GIF"), "it begins with b'GIF8"),
        (saved(image(), "BMP"), "it begins with b'BM"),
        (saved(image(), "EPS"), "it begins with b'%!PS"),
        (saved(image(), "TIFF"), "it is no PNG, JPEG or WebP"),
        (saved(image(), "AVIF"), "it is no PNG, JPEG or WebP"),
        (b"version https://git-lfs.github.com/spec/v1\n", "it is no PNG, JPEG or WebP"),
        (b"\xff\xd8\xff\xd9", "the JPEG has no frame"),
        (PNG[:8] + PNG[33:], "the PNG does not begin with its header"),
        (PNG[:8] + PNG[-12:], "the PNG does not begin with its header"),
        (PNG[:8], "the PNG is cut short"),
        (b"RIFF\x04\0\0\0WEBP", "the WebP has no frame"),
        (b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0\0\0\0\0", "the WebP has no frame"),
        (b"RIFF\x0c\0\0\0WAVEfmt ", "it is no PNG, JPEG or WebP"),
    ],
    ids=["nothing", "svg", "html", "gif", "bmp", "eps", "tiff", "avif", "lfs", "jpeg of nothing",
         "png without header", "png of an end", "png of a signature", "webp of nothing",
         "webp of an empty frame", "wave"],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_a_reason(data: bytes, said: str) -> None:
    assert said in refusal(data)


def is_possible(found: Picture) -> bool:
    """Return whether a picture has a known format, and a size that is decoded."""
    known = found.kind in ("png", "jpeg", "webp")
    return known and min(found.width, found.height) > 0 and found.width * found.height <= MAX_PIXELS


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff",
                                                 b"RIFF\x20\0\0\0WEBPVP8X"]))  # fmt: skip
def test_any_bytes_are_an_image_or_raise_an_image_error(data: bytes, start: bytes) -> None:
    with suppress(ImageError):
        assert is_possible(identify(start + data))


@given(st.sampled_from(NAMES), st.data())
def test_a_changed_picture_is_an_image_or_raises_an_image_error(
    name: str, data: st.DataObject
) -> None:
    whole = bytearray(WHOLE[name][0])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    with suppress(ImageError):
        assert is_possible(identify(bytes(whole)))


def last_scan_again(times: int) -> bytes:
    """Make a JPEG whose last scan, of a few bytes for all pixels, comes again and again."""
    data = jpeg(64, 48, progressive=True)
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * times + data[-2:]


def with_chunks(times: int) -> bytes:
    """Make a PNG with empty chunks before its end."""
    chunk = b"\0\0\0\0prVt" + struct.pack(">I", zlib.crc32(b"prVt"))
    return PNG[:-12] + chunk * times + PNG[-12:]


@pytest.mark.parametrize(
    ("make", "many"),
    [
        (last_scan_again, 10_000),
        (with_chunks, 100_000),
        (lambda times: jpeg()[:2] + b"\xff\xfe\0\2" * times + jpeg()[2:], 100_000),
        (lambda times: jpeg()[:2] + b"\xff" * times + jpeg()[2:], 100_000),
    ],
    ids=["scans", "chunks", "comments", "fill bytes"],
)
def test_a_picture_in_more_parts_than_a_decoder_reads_quickly_is_refused(
    make: Callable[[int], bytes], many: int
) -> None:
    assert identify(make(20)) == identify(make(0))
    assert "has more parts than any encoder writes" in refusal(make(many))


def test_the_ending_of_a_file_follows_its_kind() -> None:
    assert [Picture(kind, 1, 1).suffix for kind in ("png", "jpeg", "webp")] == [
        ".png", ".jpg", ".webp",
    ]  # fmt: skip
