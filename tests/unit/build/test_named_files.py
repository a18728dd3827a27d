"""Named files are written below the docs folder only, and never replace the author's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.build.named_files import outside, site_path, user_file, write_named_file
from mkdocs_gemini_images.build.showing.presentation import present
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.imaging import metadata
from mkdocs_gemini_images.imaging.cache.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.publisher import Publisher
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    Fallback,
    InStock,
    LookupResult,
    Missing,
    UserFile,
)
from tests.unit.hostile_files import put_something
from tests.unit.pictures import png, proven, record, step, webp
from tests.unit.site_images import site_image

DATA = png(64, 36)
FOX = record(step("A fox"), DATA)


@pytest.mark.parametrize(
    ("file", "page", "path"),
    [
        ("fox.webp", "index.md", "fox.webp"),
        ("fox.webp", "guide/page.md", "guide/fox.webp"),
        ("img/fox.webp", "guide/page.md", "guide/img/fox.webp"),
        ("../img/fox.webp", "guide/page.md", "img/fox.webp"),
        ("./fox.webp", "a/b/c.md", "a/b/fox.webp"),
        ("../../fox.webp", "a/b/c.md", "fox.webp"),
        ("a/../fox.webp", "index.md", "fox.webp"),
        ("../fox.webp", "index.md", "../fox.webp"),
        ("../../../x/fox.webp", "a/b/c.md", "../x/fox.webp"),
        ("/etc/fox.webp", "guide/page.md", "/etc/fox.webp"),
    ],
)
def test_a_path_starts_from_the_folder_of_its_page(file: str, page: str, path: str) -> None:
    assert site_path(file, page) == path


@pytest.mark.parametrize(
    ("file", "is_outside"),
    [
        ("fox.webp", False),
        ("guide/img/fox.webp", False),
        ("..fox.webp", False),
        (".fox.webp", False),
        ("a..b/fox.webp", False),
        ("x/c:.webp", False),
        ("img\\fox.webp", False),
        ("", False),
        (".", True),
        ("..", True),
        ("../fox.webp", True),
        ("../../docs/fox.webp", True),
        ("/fox.webp", True),
        ("//server/fox.webp", True),
        ("C:/fox.webp", True),
        ("c:fox.webp", True),
        ("fox\n.webp", True),
        ("fox\0.webp", True),
    ],
)
def test_a_path_out_of_the_docs_folder_is_refused(file: str, is_outside: bool) -> None:
    assert isinstance(outside(file), Diagnostic) is is_outside


@pytest.mark.parametrize("file", ["../fox.webp", "a/../../fox.webp", "./../fox.webp", "/x", "a/.."])
def test_a_path_out_of_the_docs_folder_is_refused_in_any_spelling(file: str) -> None:
    assert outside(site_path(file, "index.md"))


# What is in the docs


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "docs").mkdir()
    return Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", Server())


@pytest.fixture
def stock(settings: Settings) -> FolderStore:
    found = FolderStore(settings.stock)
    found.put(FOX, DATA)
    return found


@pytest.fixture
def publisher(settings: Settings, stock: FolderStore) -> Iterator[Publisher]:
    cache = VariantCache(settings.cache, pytest.fail)
    yield Publisher(
        settings.root / "site", settings.encoding, stock, cache, HardlinkCache(settings.cache / "r")
    )
    cache.close()


def named(settings: Settings, lookup: LookupResult, file: str = "img/fox.webp") -> SiteImage:
    image = site_image(Directive("A fox"), lookup, file=file)
    return present(image, settings, serving=False)


def docs(settings: Settings) -> dict[str, bytes]:
    folder = settings.root / "docs"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "own"),
    [
        (None, None),
        (webp(9, 5), UserFile(9, 5)),
        (png(9, 5), UserFile(9, 5)),
        (b"<svg/>", UserFile(1376, 768)),
        (b"", UserFile(1376, 768)),
    ],
    ids=["nothing", "a picture", "of another kind", "no picture", "empty"],
)
def test_a_file_without_a_note_in_the_store_is_the_authors_own(
    settings: Settings, stock: FolderStore, data: bytes | None, own: UserFile | None
) -> None:
    image = named(settings, InStock(FOX))
    if data is not None:
        (settings.root / "docs/img").mkdir()
        (settings.root / "docs/img/fox.webp").write_bytes(data)
    assert user_file(image, settings, stock) == own


MARKED = webp(9, 5, xmp=metadata.packet(FOX))


@pytest.mark.parametrize(
    ("data", "noted", "own"),
    [(MARKED, True, False), (MARKED, False, True), (webp(9, 5), True, True), (DATA, True, False),
     (DATA, False, True), (b"any bytes", True, True)],
    ids=["encoded by us", "without a note", "a note alone", "published as it is", "no note of it",
         "no picture"],
)  # fmt: skip
def test_a_file_is_ours_by_its_note_and_by_its_bytes(
    settings: Settings, stock: FolderStore, data: bytes, noted: bool, own: bool
) -> None:
    """A repository may bring a note about any file: alone it proves nothing."""
    (settings.root / "docs/fox.webp").write_bytes(data)
    if noted:
        stock.note_file(data, FOX)
    found = user_file(named(settings, InStock(FOX), "fox.webp"), settings, stock)
    assert (found is not None) is own


def test_a_sidecar_that_claims_the_authors_file_proves_nothing(
    settings: Settings, stock: FolderStore, publisher: Publisher
) -> None:
    """Neither does one whose picture is not in stock."""
    own = webp(9, 5)
    claim = record(step("Another"), own)
    stock.put(claim, own)
    stock.path(claim).unlink()
    stock.note_file(own, claim)
    (settings.root / "docs/fox.webp").write_bytes(own)
    image = named(settings, InStock(FOX), "fox.webp")
    assert not write_named_file(image, settings, stock, publisher)
    assert docs(settings)["fox.webp"] == own


@pytest.mark.parametrize("note", [b"", b"{}", b"[]", b'{"key": "../x"}', b"[" * 4000, b"x" * 5000])
def test_a_note_that_is_none_of_ours_is_ignored(
    settings: Settings, stock: FolderStore, note: bytes
) -> None:
    stock.note_file(MARKED, FOX)
    (file,) = (settings.stock / "files").iterdir()
    assert stock.knows_file(MARKED)
    file.write_bytes(note)
    assert not stock.knows_file(MARKED)


def test_the_authors_file_may_be_a_link_and_is_only_read(
    settings: Settings, stock: FolderStore
) -> None:
    (settings.root / "fox.webp").write_bytes(webp(9, 5))
    (settings.root / "docs/fox.webp").symlink_to("../fox.webp")
    image = named(settings, InStock(FOX), "fox.webp")
    assert user_file(image, settings, stock) == UserFile(9, 5)


@pytest.mark.parametrize("what", ["device", "pipe", "endless"])
def test_something_that_has_no_end_in_place_of_a_file_is_not_read(
    settings: Settings, stock: FolderStore, what: str
) -> None:
    put_something(settings.root / "docs/fox.webp", what)
    image = named(settings, InStock(FOX), "fox.webp")
    assert user_file(image, settings, stock) == UserFile(1376, 768)


def test_a_file_that_cannot_be_read_is_the_authors_own(
    settings: Settings, stock: FolderStore
) -> None:
    (settings.root / "docs/img/fox.webp").mkdir(parents=True)
    assert user_file(named(settings, InStock(FOX)), settings, stock) == UserFile(1376, 768)


@pytest.mark.parametrize(
    ("file", "kind"),
    [("img/fox.webp", "webp"), ("fox.png", "png"), ("a/b/fox.jpg", "jpeg"), ("fox.jpeg", "jpeg")],
)
def test_a_picture_is_written_in_the_format_of_its_name_and_once(
    settings: Settings, stock: FolderStore, publisher: Publisher, file: str, kind: str
) -> None:
    image = named(settings, InStock(FOX), file)
    assert write_named_file(image, settings, stock, publisher)
    (made,) = docs(settings).values()
    assert docs(settings).keys() == {file}
    assert (proven(made).kind, proven(made).width) == (kind, 64)
    assert stock.knows_file(made), "so it may be replaced"
    assert not write_named_file(image, settings, stock, publisher)
    assert user_file(image, settings, stock) is None


def test_a_file_with_a_note_in_the_store_is_replaced(
    settings: Settings, stock: FolderStore, publisher: Publisher
) -> None:
    stock.note_file(MARKED, FOX)
    (settings.root / "docs/fox.webp").write_bytes(MARKED)
    assert write_named_file(named(settings, InStock(FOX), "fox.webp"), settings, stock, publisher)
    assert docs(settings)["fox.webp"] != MARKED


@pytest.mark.parametrize(
    ("lookup", "written"),
    [(InStock(FOX), True), (Drifted(FOX, ""), True), (Fallback(FOX), True), (Missing(), False),
     (UserFile(9, 9), False)],
    ids=["stocked", "drifted", "earlier", "missing", "own"],
)  # fmt: skip
def test_a_picture_that_is_shown_is_written(
    settings: Settings,
    stock: FolderStore,
    publisher: Publisher,
    lookup: LookupResult,
    written: bool,
) -> None:
    assert write_named_file(named(settings, lookup), settings, stock, publisher) is written
    assert bool(docs(settings)) is written


def test_an_image_without_a_named_file_writes_nothing(
    settings: Settings, stock: FolderStore, publisher: Publisher
) -> None:
    assert not write_named_file(named(settings, InStock(FOX), ""), settings, stock, publisher)
    assert docs(settings) == {}


def test_a_file_of_the_author_is_not_replaced_by_a_named_file(
    settings: Settings, stock: FolderStore, publisher: Publisher
) -> None:
    image = named(settings, InStock(FOX), "fox.webp")
    own = settings.root / "docs/fox.webp"
    own.write_bytes(webp(9, 9))
    assert not write_named_file(image, settings, stock, publisher)
    assert own.read_bytes() == webp(9, 9)


@pytest.mark.parametrize("link", ["img", "img/fox.webp"])
def test_nothing_is_written_through_a_link_out_of_the_docs_folder(
    settings: Settings, stock: FolderStore, publisher: Publisher, link: str
) -> None:
    elsewhere = settings.root / "elsewhere"
    elsewhere.mkdir()
    at = settings.root / "docs" / link
    at.parent.mkdir(exist_ok=True)
    at.symlink_to(elsewhere if link == "img" else elsewhere / "fox.webp")
    assert not write_named_file(named(settings, InStock(FOX)), settings, stock, publisher)
    assert list(elsewhere.iterdir()) == []


def test_a_damaged_picture_writes_nothing(
    settings: Settings, stock: FolderStore, publisher: Publisher
) -> None:
    stock.path(FOX).write_bytes(b"other bytes")
    assert not write_named_file(named(settings, InStock(FOX)), settings, stock, publisher)
    assert docs(settings) == {}
