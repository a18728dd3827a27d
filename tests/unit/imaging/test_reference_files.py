"""Pictures that are sent along: from inside the site's folder, and nothing but their pixels."""

import os
import re
import socket
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.gemini.request_body import Inline
from mkdocs_gemini_images.imaging.reference_files import MAX_REFERENCE_BYTES, find, load
from mkdocs_gemini_images.requests.request import FilePart, PicturePart, UriPart
from tests.unit.errors import error_of
from tests.unit.pictures import image, jpeg, opened, png, proven, saved, webp

DATA = png()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a site beside a secret picture that is not its own."""
    site = tmp_path / "site"
    (site / "docs" / "art").mkdir(parents=True)
    (site / "docs" / "art" / "fox.png").write_bytes(DATA)
    (site / "docs" / "fox.jpg").write_bytes(jpeg())
    (site / "logo.webp").write_bytes(webp())
    (tmp_path / "secret.png").write_bytes(png(3, 3))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret.png").write_bytes(png(3, 3))
    return site


def refused(written: str, root: Path, base: str = "docs") -> str:
    return error_of(find, written, base, root)


def loaded(root: Path, path: str) -> Inline:
    part = find(path, "", root)
    assert isinstance(part, FilePart), part
    found = load(part, root)
    assert found.picture == proven(found.data)
    return found


@pytest.mark.parametrize(
    ("written", "base", "path"),
    [
        ("art/fox.png", "docs", "docs/art/fox.png"),
        ("./art/../art/fox.png", "docs", "docs/art/fox.png"),
        ("fox.png", "docs/art", "docs/art/fox.png"),
        ("../fox.jpg", "docs/art", "docs/fox.jpg"),
        ("../logo.webp", "docs", "logo.webp"),
        ("logo.webp", "", "logo.webp"),
    ],
)
def test_a_file_is_found_from_its_page_and_named_by_its_bytes(
    root: Path, written: str, base: str, path: str
) -> None:
    data = (root / path).read_bytes()
    assert find(written, base, root) == FilePart(path, sha256(data).hexdigest())


@pytest.mark.parametrize("uri", ["https://example.org/fox.png?x=1", "gs://bucket/fox.png",
                                 "HTTPS://example.org", "https://generativelanguage.googleapis.com/"
                                 "v1beta/files/abc"])  # fmt: skip
def test_an_address_is_for_the_server_to_fetch(root: Path, uri: str) -> None:
    assert find(uri, "docs", root) == UriPart(uri)


@pytest.mark.parametrize(
    "written",
    ["http://example.org/a.png", "file:///etc/passwd", "javascript:alert(1)",
     "data:image/png;base64,x",
     "ftp://example.org/a.png", "c:/fox.png", "C:\\fox.png", "https:", "https://",
     "gs:bucket/a.png",
     "https://a b", "https://a\"b", "https://a/<script>", "mailto:a@b", "https:///etc/passwd",
     "gemini:x"],
)  # fmt: skip
def test_other_schemes_are_refused(root: Path, written: str) -> None:
    said = refused(written, root)
    assert said.startswith("expected a reference as a file's path, https:, gs: or #id, got ")
    assert said.endswith(": save the picture beside the page")


@pytest.mark.parametrize("id", ["fox", "Fox-2_b", "a" * 80])
def test_an_id_is_another_directives_picture(root: Path, id: str) -> None:
    assert find(f"#{id}", "docs", root) == PicturePart(id)


@pytest.mark.parametrize("written", ["#", "#1", "# fox", "#fox!", "#" + "a" * 81, "##fox"])
def test_an_id_that_is_none_is_refused(root: Path, written: str) -> None:
    assert refused(written, root).startswith("expected a reference '#id', got '#")


@pytest.mark.parametrize(
    "written",
    ["../../secret.png", "art/../../../secret.png", "/etc/passwd", "//etc/passwd", "..", "../..",
     "../",
     "art\\fox.png", "..\\..\\secret.png", "\\\\server\\fox.png", "art/fox.png\0.txt", "\0",
     "/../secret.png"],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(root: Path, written: str) -> None:
    assert refused(written, root).startswith("the reference ")


def test_even_the_absolute_path_of_an_own_file_is_no_way(root: Path) -> None:
    assert "outside of the site's folder" in refused(str(root / "docs/art/fox.png"), root)


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="needs a system that can refuse links")
@pytest.mark.parametrize("target", ["outside", "inside"])
@pytest.mark.parametrize("what", ["file", "folder"])
def test_links_are_not_followed(root: Path, target: str, what: str) -> None:
    inside, outside = root / "docs" / "art", root.parent / "secrets"
    place = inside if target == "inside" else outside
    file = place / ("fox.png" if target == "inside" else "secret.png")
    (root / "docs" / "link").symlink_to(file if what == "file" else place)
    written = "link" if what == "file" else f"link/{file.name}"
    said = refused(written, root)
    assert said.startswith(f"the file '{written}' is not read (")
    assert said.endswith("): links are not followed; name the file itself")


def test_a_site_that_is_itself_behind_a_link_is_a_site(root: Path) -> None:
    (root.parent / "www").symlink_to(root)
    assert isinstance(find("art/fox.png", "docs", root.parent / "www"), FilePart)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_what_is_no_file_is_refused_and_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "docs" / "pipe.png")
    assert refused("pipe.png", root) == ("'pipe.png' is not a file: name a picture")
    for folder in ("art", "art/", "", "."):
        assert re.search("is not a file|is outside of|is not read", refused(folder, root))
    try:
        os.mknod(root / "docs" / "zero.png", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except OSError:
        return
    said = refused("zero.png", root)
    assert re.search("'zero.png' is not (read|a file)", said)


def test_a_socket_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "docs")  # its path may be short only
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.png")
        assert refused("socket.png", root).startswith("the file 'socket.png' is not read")


def test_a_file_that_is_not_there_is_said(root: Path) -> None:
    assert refused("owl.png", root) == ("the file 'owl.png' is not there: check its path")
    assert refused("none/owl.png", root).endswith("is not there: check its path")
    assert "art/fox.png/x" in refused("art/fox.png/x", root)
    assert "is not read (File name too long)" in refused("x" * 300, root)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><img src=x></html>",
         "'a.png' is no PNG, JPEG, WebP, HEIC or HEIF: convert it"),
        (b"", "the file 'a.png' is empty: save it again"),
        (saved(image(), "GIF"), "'a.png' is no PNG, JPEG, WebP, HEIC or HEIF: convert it"),
        (b"version https://git-lfs.github.com/spec/v1\n",
         "'a.png' is a Git LFS pointer: run git lfs pull"),
        (DATA + b"\0" * MAX_REFERENCE_BYTES,
         "the reference 'a.png' has 20 MB, 20 MB at most: make it smaller"),
    ],
    ids=["html", "nothing", "gif", "lfs", "huge"],
)  # fmt: skip
def test_what_is_no_picture_to_send_is_refused(root: Path, data: bytes, said: str) -> None:
    (root / "a.png").write_bytes(data)
    assert refused("a.png", root, base="") == said


def test_a_huge_file_of_nothing_is_not_read(root: Path) -> None:
    with (root / "a.png").open("wb") as file:
        file.truncate(2**40)
    assert refused("a.png", root, base="").startswith(
        "the reference 'a.png' has 1048576 MB, 20 MB at most"
    )


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.sampled_from(["", "docs"])
)
def test_any_text_is_a_part_or_raises_a_diagnostic(root: Path, written: str, base: str) -> None:
    with suppress(DiagnosticError):
        part = find(written, base, root)
        if isinstance(part, FilePart):
            assert (root / part.path).resolve().is_relative_to(root.resolve())


# What is sent


def exif() -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = 6  # turned by a quarter
    found[0x010F] = "A camera"
    found.get_ifd(0x8825)[1] = "N"
    found.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    return found


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_stay_at_home_and_the_picture_stands_upright(
    root: Path, form: str
) -> None:
    source = image(40, 20)
    options = {"subsampling": 0, "quality": 100} if form == "JPEG" else {}
    (root / "photo").write_bytes(saved(source, form, exif=exif(), comment=b"secret", **options))
    sent = loaded(root, "photo")
    file = opened(sent.data)
    assert (sent.picture.width, sent.picture.height) == (20, 40)
    assert not file.getexif()
    for trace in (b"A camera", b"GPS", b"secret", b"Exif", b"eXIf"):
        assert trace not in sent.data
    turned = source.transpose(Image.Transpose.ROTATE_270)
    for at in ((2, 2), (17, 37)):
        pair = zip(file.getpixel(at), turned.getpixel(at), strict=True)  # type: ignore[arg-type]
        assert all(abs(a - b) < 25 for a, b in pair)


def test_words_and_profiles_in_a_png_stay_at_home(root: Path) -> None:
    from PIL import PngImagePlugin

    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret words")
    info.add_itxt("XML:com.adobe.xmp", "<x>secret xmp</x>")
    (root / "a.png").write_bytes(png(8, 8, pnginfo=info, icc_profile=b"secret profile"))
    assert b"secret" not in loaded(root, "a.png").data


@pytest.mark.parametrize(
    ("data", "kind", "mode"),
    [(jpeg(), "jpeg", "RGB"), (jpeg(mode="L"), "jpeg", "RGB"), (jpeg(mode="CMYK"), "jpeg", "RGB"),
     (png(), "png", "RGB"), (png(mode="RGBA"), "png", "RGBA"), (png(mode="P"), "png", "RGB"),
     (webp(), "png", "RGB"), (webp(mode="RGBA"), "png", "RGBA"),
     (saved(Image.new("I;16", (13, 7), 30_000), "PNG"), "png", "RGB")],
    ids=["jpeg", "grey jpeg", "cmyk", "png", "alpha", "palette", "webp", "webp with alpha",
         "16 bits"],
)  # fmt: skip
def test_any_picture_is_sent_as_png_or_jpeg(root: Path, data: bytes, kind: str, mode: str) -> None:
    (root / "a.png").write_bytes(data)
    sent = loaded(root, "a.png")
    assert (sent.picture.kind, sent.picture.width, sent.picture.height) == (kind, 13, 7)
    assert opened(sent.data).mode == mode


def test_a_phones_jpeg_with_a_second_frame_is_one_jpeg(root: Path) -> None:
    first, second = image(40, 20), image(8, 4)
    first.save(root / "phone.jpg", "MPO", save_all=True, append_images=[second], exif=exif())
    assert opened((root / "phone.jpg").read_bytes()).format == "MPO"
    sent = loaded(root, "phone.jpg")
    assert (sent.picture.kind, sent.picture.width, sent.picture.height) == ("jpeg", 20, 40)
    assert opened(sent.data).format == "JPEG"
    assert b"A camera" not in sent.data
    assert sent.name == "phone.jpg"


def test_sixteen_bits_of_grey_do_not_become_white(root: Path) -> None:
    (root / "a.png").write_bytes(saved(Image.new("I;16", (13, 7), 30_000), "PNG"))
    assert opened(loaded(root, "a.png").data).getpixel((5, 5)) == (116, 116, 116)


def test_a_file_that_changed_since_its_page_was_read_is_not_sent(root: Path) -> None:
    part = find("art/fox.png", "docs", root)
    assert isinstance(part, FilePart)
    (root / part.path).write_bytes(png(2, 2))
    assert error_of(load, part, root) == (
        "docs/art/fox.png has changed since its page was read: build again"
    )
    (root / part.path).unlink()
    error_of(load, part, root)


@pytest.mark.parametrize(
    "data",
    [DATA[:40], DATA[:-20], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", jpeg()[:200],
     b"RIFF\x10\0\0\0WEBPVP8 ", saved(image(), "JPEG", exif=b"Exif\0\0MM\0*" + b"\xff" * 40),
     saved(image(), "PNG", exif=b"MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40)],
    ids=["short png", "cut png", "signature", "jpeg", "cut jpeg", "webp", "odd exif",
         "odd exif in png"],
)  # fmt: skip
def test_a_damaged_picture_raises_a_diagnostic_or_is_sent_as_it_can_be_read(
    root: Path, data: bytes
) -> None:
    (root / "a.png").write_bytes(data)
    part = find("a.png", "", root)
    assert isinstance(part, FilePart)
    with suppress(DiagnosticError):
        load(part, root)


def test_damage_is_told_without_the_address_of_an_object(root: Path) -> None:
    (root / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    part = find("a.png", "", root)
    assert isinstance(part, FilePart)
    assert "is damaged (cannot identify image file): save" in str(error_of(load, part, root))


def test_too_many_pixels_are_refused_before_they_are_decoded(root: Path) -> None:
    for side in (7_200, 10_000, 20_000):
        (root / "a.png").write_bytes(saved(Image.new("1", (side, side)), "PNG"))
        part = find("a.png", "", root)
        assert isinstance(part, FilePart)
        error_of(load, part, root)


def test_a_jpeg_of_more_scans_than_any_encoder_writes_is_not_decoded(root: Path) -> None:
    data = jpeg(progressive=True)
    scan = data[data.rindex(b"\xff\xda") : -2]
    (root / "a.jpg").write_bytes(data[:-2] + 100 * scan + data[-2:])
    part = find("a.jpg", "", root)
    assert isinstance(part, FilePart)
    assert "more parts than any encoder writes" in str(error_of(load, part, root))


@given(st.data())
def test_any_changed_picture_is_sent_or_refused_without_an_exception(
    root: Path, data: st.DataObject
) -> None:
    whole = bytearray(
        data.draw(st.sampled_from([png(40, 20), jpeg(40, 20, exif=exif()), webp(40, 20)]))
    )
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(12, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (root / "a.png").write_bytes(whole)
    part = find("a.png", "", root)
    assert isinstance(part, FilePart)
    with suppress(DiagnosticError):
        load(part, root)


def test_a_heic_is_sent_as_a_jpeg_without_its_place(root: Path) -> None:
    heif = pytest.importorskip("pillow_heif", reason="the extra [heif] is not installed")
    heif.register_heif_opener()
    facts = Image.Exif()
    facts[0x010F] = "camera"
    facts.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (64, 48), "teal").save(root / "docs" / "fox.heic", "HEIF", exif=facts)
    assert b"camera" in (root / "docs" / "fox.heic").read_bytes()
    sent = loaded(root, "docs/fox.heic")
    assert (sent.picture.kind, sent.picture.width, sent.picture.height) == ("jpeg", 64, 48)
    assert b"camera" not in sent.data
    assert not opened(sent.data).getexif()


def test_a_heic_without_its_reader_says_what_to_install(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "docs" / "fox.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(64))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    part = find("fox.heic", "docs", root)
    assert isinstance(part, FilePart)
    assert "pip install 'mkdocs-gemini-images[heif]'" in error_of(load, part, root)
