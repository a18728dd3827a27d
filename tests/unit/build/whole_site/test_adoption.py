"""Which pictures `adopt` and `accept` put into stock, and what their records say."""

from hashlib import sha256
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.whole_site.adoption import accept_drifted, adopt_picture
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.requests.request import canonical, key
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    Fallback,
    InStock,
    LookupResult,
    Missing,
    UserFile,
)
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import jpeg, png, record, step, webp
from tests.unit.site_images import site_image

DATA = png()
PLAIN = site_image(Directive("A fox"))
KEY, REQUEST = key(step("A fox")), canonical(step("A fox"))
FOX = record(step("A fox"), DATA)


def stock_with(folder: Path, *records: Record) -> FolderStore:
    stock = FolderStore(folder)
    for each in records:
        stock.put(each, DATA)
    return stock


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("data", "kind", "size", "opaque"),
    [
        (png(20, 10), "png", (20, 10), True),
        (jpeg(10, 20), "jpeg", (10, 20), True),
        (webp(9, 9), "webp", (9, 9), True),
        (png(13, 7, "RGBA"), "png", (13, 7), False),
    ],
    ids=["png", "jpeg", "webp", "transparent"],
)
def test_the_record_of_an_adopted_picture_describes_its_bytes(
    tmp_path: Path, data: bytes, kind: str, size: tuple[int, int], opaque: bool
) -> None:
    adopted = adopt_picture(PLAIN, KEY, REQUEST, data, FolderStore(tmp_path))
    assert (adopted.kind, adopted.width, adopted.height) == (kind, *size)
    assert (adopted.origin, adopted.price, adopted.turn) == ("adopted", 0.0, ())
    assert bool(adopted.backdrop) is opaque
    reopened = FolderStore(tmp_path)
    assert reopened.find(KEY) == adopted
    assert reopened.read(adopted) == data


def test_a_photo_that_lies_on_its_side_keeps_its_bytes_and_has_the_size_that_is_seen(
    tmp_path: Path,
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    data = jpeg(40, 20, exif=exif)
    adopted = adopt_picture(PLAIN, KEY, REQUEST, data, FolderStore(tmp_path))
    assert (adopted.width, adopted.height) == (20, 40)
    reopened = FolderStore(tmp_path)
    assert reopened.find(KEY) == adopted
    assert reopened.read(adopted) == data


def test_an_animation_is_not_adopted(tmp_path: Path) -> None:
    data = webp(20, 10, save_all=True, append_images=[Image.new("RGB", (20, 10))])
    with pytest.raises(DiagnosticError, match="2 frames"):
        adopt_picture(PLAIN, KEY, REQUEST, data, FolderStore(tmp_path))
    assert names_in(tmp_path) == set()


@pytest.mark.parametrize(
    ("image", "id", "alt"),
    [
        (site_image(Directive("A fox", alt="A red fox")), "", ""),
        (site_image(Directive("A fox", id="fox", alt="A red fox")), "fox", "A red fox"),
        (site_image(Directive("A fox", id="fox")), "fox", ""),
        (
            site_image(Directive("A fox", alt="A red fox"), file="fox.webp"),
            "file:fox.webp",
            "A red fox",
        ),
    ],
    ids=["no name", "an id", "an id without alt", "a named file"],
)
def test_the_record_of_an_adopted_picture_has_the_name_alt_and_digest_of_its_directive(
    tmp_path: Path, image: SiteImage, id: str, alt: str
) -> None:
    adopted = adopt_picture(image, KEY, REQUEST, DATA, FolderStore(tmp_path))
    assert (adopted.id, adopted.alt) == (id, alt)
    assert adopted.author_digest == Directive("A fox").author_digest


@pytest.mark.parametrize(
    "data",
    [b"", b"text", DATA[:-20], jpeg()[:60], webp()[:30], DATA[:8] + b"\0" * 99],
    ids=["nothing", "text", "half a PNG", "half a JPEG", "half a WebP", "no PNG"],
)
def test_an_incomplete_picture_is_not_adopted(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DiagnosticError, match="the file is not a whole PNG, JPEG or WebP"):
        adopt_picture(PLAIN, KEY, REQUEST, data, FolderStore(tmp_path))
    assert names_in(tmp_path) == set()


@pytest.mark.parametrize(
    "data", [DATA, jpeg(99, 99), b"text"], ids=["the same", "another", "no picture"]
)
def test_a_picture_in_stock_is_not_replaced(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DiagnosticError, match="its picture is in stock already"):
        adopt_picture(PLAIN, KEY, REQUEST, data, stock_with(tmp_path, FOX))
    assert FolderStore(tmp_path).find(KEY) == FOX
    assert FolderStore(tmp_path).read(FOX) == DATA


def test_a_damaged_sidecar_is_not_replaced(tmp_path: Path) -> None:
    stock = stock_with(tmp_path, FOX)
    sidecar = tmp_path / f"{FOX.key}.json"
    sidecar.write_text("{")
    with pytest.raises(DiagnosticError, match="git checkout"):
        adopt_picture(PLAIN, KEY, REQUEST, DATA, stock)
    assert sidecar.read_text() == "{"


class SharedStore(FolderStore):
    """A stock in which another machine stores `first` between the lookup and the put."""

    def __init__(self, folder: Path, first: bytes) -> None:
        super().__init__(folder)
        self.first = first

    def put(self, record: Record, data: bytes) -> Record:
        theirs = record._replace(sha256=sha256(self.first).hexdigest())
        super().put(theirs, self.first)
        super().put(record, data)
        return theirs


def test_a_picture_that_another_machine_adopts_first_is_kept(tmp_path: Path) -> None:
    first = png(9, 9)
    with pytest.raises(DiagnosticError, match="its picture is in stock already"):
        adopt_picture(PLAIN, KEY, REQUEST, DATA, SharedStore(tmp_path, first))
    kept = FolderStore(tmp_path).find(KEY)
    assert isinstance(kept, Record)
    assert kept.sha256 == sha256(first).hexdigest()


def test_two_machines_can_adopt_the_same_bytes(tmp_path: Path) -> None:
    adopted = adopt_picture(PLAIN, KEY, REQUEST, DATA, SharedStore(tmp_path, DATA))
    assert FolderStore(tmp_path).find(KEY) == adopted


OLD = record(
    step("A fox", size="2K"), DATA, author_digest=Directive("A fox").author_digest, id="fox",
    price=0.1, alt="A red fox", turn=({"text": "Here it is"},), text="Here it is",
    tokens={"image": 1120},
)  # fmt: skip


def drifted() -> SiteImage:
    return site_image(Directive("A fox"), Drifted(OLD, "size"))


def test_an_accepted_picture_has_the_old_bytes_under_the_key_of_todays_request(
    tmp_path: Path,
) -> None:
    accepted = accept_drifted(drifted(), KEY, REQUEST, stock_with(tmp_path, OLD))
    assert accepted == OLD._replace(
        key=KEY, request=REQUEST, price=0.0, turn=(), time=accepted.time,
        origin=f"accepted {OLD.key}",
    )  # fmt: skip
    assert accepted.time > OLD.time
    reopened = FolderStore(tmp_path)
    assert reopened.find(KEY) == accepted
    assert reopened.read(accepted) == DATA
    assert reopened.find(OLD.key) == OLD, "prune deletes the old pair"


@pytest.mark.parametrize(
    "held", [Missing(), Missing("damage"), InStock(FOX), Fallback(OLD), UserFile(9, 9)], ids=repr
)
def test_a_picture_that_has_not_drifted_is_not_accepted(tmp_path: Path, held: LookupResult) -> None:
    stock = stock_with(tmp_path, OLD)
    with pytest.raises(DiagnosticError, match="the picture has not drifted"):
        accept_drifted(site_image(Directive("A fox"), held), KEY, REQUEST, stock)
    assert names_in(tmp_path) == {OLD.file_name, f"{OLD.key}.json"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"other bytes", "other bytes than were drawn"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (None, "is missing beside its sidecar"),
    ],
)
def test_a_picture_that_cannot_be_read_is_not_accepted(
    tmp_path: Path, data: bytes | None, message: str
) -> None:
    stock = stock_with(tmp_path, OLD)
    stock.path(OLD).unlink()
    if data is not None:
        stock.path(OLD).write_bytes(data)
    with pytest.raises(DiagnosticError, match=message):
        accept_drifted(drifted(), KEY, REQUEST, stock)
    assert stock.find(KEY) is None
