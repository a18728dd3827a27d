"""Which image a name at the command line stands for, and which of its takes can be shown."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.whole_site.image_lookup import (
    NameReader,
    drifted_of,
    find_image,
    require_take,
)
from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import Drifted, InStock, LookupResult, Missing, UserFile
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record, step
from tests.unit.site_images import site_image

DATA = png()
FOX = record(step("A fox"), DATA)
MISSING = Missing()
LIGHT = site_image(Directive("A fox", id="fox"), MISSING, "index.md", "guide.md")
IMAGES = [
    LIGHT,
    site_image(Directive("A fox at night", id="fox"), MISSING, "index.md", "guide.md", light=LIGHT),
    site_image(Directive("A map"), MISSING, "map.md", file="images/map.webp"),
    site_image(Directive("A town"), MISSING, "guide.md"),
    site_image(Directive("A lake"), MISSING, "lake.md"),
]


@pytest.mark.parametrize(
    ("name", "prompt"),
    [("fox", "A fox"), ("index.md", "A fox"), ("images/map.webp", "A map"), ("map.md", "A map"),
     ("lake.md", "A lake")],
)  # fmt: skip
def test_an_id_a_named_file_or_the_only_page_finds_an_image(name: str, prompt: str) -> None:
    image = find_image(IMAGES, name)
    assert (image.resolved.directive.prompt, image.light) == (prompt, None)


@pytest.mark.parametrize(
    ("name", "message"),
    [("guide.md", "guide.md names 2 pictures: give it an id"),
     ("zebra", "'zebra': known are fox, guide.md, images/map.webp, lake.md"),
     ("", "'': known are"), ("A fox", "'A fox': did you mean"), ("map.webp", "map.webp"),
     ("file:images/map.webp", "did you mean 'images/map.webp'")],
)  # fmt: skip
def test_a_name_of_no_image_or_of_several_is_refused(name: str, message: str) -> None:
    with pytest.raises(DiagnosticError) as error:
        find_image(IMAGES, name)
    assert message in str(error.value)


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NameReader:
    """Make a reader of the names in `site/docs`, which `site/linked` leads to as well."""
    (tmp_path / "site/docs/images").mkdir(parents=True)
    (tmp_path / "site/linked").symlink_to("docs")
    monkeypatch.chdir(tmp_path / "site")
    guide = site_image(Directive("A hill"), MISSING, "images/hill.md")
    return NameReader(
        [*IMAGES, guide], tmp_path / "site", "docs", lambda use, line: line == len(use.page)
    )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *((name, name) for name in ("fox", "lake.md", "images/map.webp")),
        ("docs/lake.md", "lake.md"),
        ("./docs/lake.md", "lake.md"),
        ("../site/docs/lake.md", "lake.md"),
        ("docs//images/../lake.md", "lake.md"),
        ("docs\\lake.md", "lake.md"),
        (".\\docs\\images\\map.webp", "images/map.webp"),
        ("docs/images/map.webp", "images/map.webp"),
        ("linked/lake.md", "lake.md"),
        ("./lake.md", "lake.md"),
        ("images\\hill.md", "images/hill.md"),
        ("docs/fox", ""),
        ("docs", ""),
        ("lake", ""),
        ("../lake.md", ""),
        ("hill.md", ""),
        ("", ""),
        ("lake.md:", ""),
        ("fox:0", ""),
    ],
)
def test_a_name_may_be_typed_as_the_path_of_its_file(
    reader: NameReader, typed: str, name: str
) -> None:
    assert reader.read(typed) == frozenset({name} - {""})
    assert reader.place(typed) is None


def test_a_path_is_read_from_the_folder_in_which_it_is_typed(
    reader: NameReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    hill = "images/hill.md"
    names = {
        "hill.md": hill, "../lake.md": "lake.md", "./map.webp": "images/map.webp",
        str(reader.root / "docs" / hill): hill, f"../{hill}": hill, f"docs/{hill}": hill,
    }  # fmt: skip
    monkeypatch.chdir(reader.root / "docs" / "images")
    assert {typed: reader.read(typed) for typed in names} == {
        typed: {name} for typed, name in names.items()
    }


@pytest.mark.parametrize(
    ("typed", "place"),
    [("lake.md:7", ("lake.md", 7)), ("docs/lake.md:7:1", ("lake.md", 7)),
     ("docs\\lake.md:7", ("lake.md", 7)), ("lake.md:8", ("lake.md", 8))],
)  # fmt: skip
def test_a_place_names_the_images_that_stand_on_its_line(
    reader: NameReader, typed: str, place: tuple[str, int]
) -> None:
    lake = next(image for image in IMAGES if image.resolved.directive.prompt == "A lake")
    assert reader.place(typed) == place
    assert reader.read(typed) == ({lake.handle} if place[1] == 7 else set())
    if place[1] == 7:
        assert find_image(IMAGES, typed, reader.read(typed)) is lake


def test_a_site_without_images_has_no_names() -> None:
    with pytest.raises(DiagnosticError, match="no page has a picture"):
        find_image([], "fox")


def test_the_light_and_the_dark_image_are_accepted_together_when_they_have_drifted() -> None:
    drifted = Drifted(FOX, "")
    other = site_image(Directive("A fox"), drifted)
    light, stocked = (site_image(Directive("A fox"), each) for each in (drifted, InStock(FOX)))
    dark = site_image(Directive("A fox"), drifted, light=light)
    assert drifted_of([light, dark, other], light) == [light, dark]
    dark = site_image(Directive("A fox"), drifted, light=stocked)
    assert drifted_of([stocked, dark, other], stocked) == [dark]
    dark = site_image(Directive("A fox"), InStock(FOX), light=stocked)
    assert drifted_of([stocked, dark, other], stocked) == []


SECOND = step("A fox", take=2)
OLD = record(step("A fox", size="2K"), DATA, author_digest=Directive("A fox").author_digest)
OLD_SECOND = record(
    step("A fox", size="2K", take=2), DATA, author_digest=Directive("A fox", take=2).author_digest
)


def stock_holding(folder: Path, *records: Record) -> FolderStore:
    stock = FolderStore(folder)
    for each in records:
        stock.put(each, DATA)
    return stock


def refusal(image: SiteImage, stock: FolderStore) -> str:
    """Return why the second take of an image cannot be shown, or empty."""
    try:
        require_take(image, 2, key(SECOND), stock)
    except DiagnosticError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("held", "records"),
    [
        (InStock(FOX), (FOX, record(SECOND, DATA))),
        (MISSING, (record(SECOND, DATA),)),
        (Drifted(OLD, ""), (OLD, OLD_SECOND)),
    ],
    ids=["in stock", "the only one in stock", "drifted"],
)
def test_a_take_in_stock_can_be_shown(
    tmp_path: Path, held: LookupResult, records: tuple[Record, ...]
) -> None:
    image = site_image(Directive("A fox", id="fox"), held, "index.md")
    assert refusal(image, stock_holding(tmp_path, *records)) == ""


@pytest.mark.parametrize(
    ("held", "records", "message"),
    [
        (InStock(FOX), (FOX,), "take 2 is not in stock: gemini-images draw fox "),
        (MISSING, (), "take 2 is not in stock: "),
        (Drifted(OLD, ""), (OLD,), "take 2 is not in stock: "),
        (UserFile(9, 9), (record(SECOND, DATA),), "fox is your own file"),
    ],
    ids=["another in stock", "empty stock", "another drifted", "the author's own file"],
)
def test_a_take_that_is_not_in_stock_is_refused(
    tmp_path: Path, held: LookupResult, records: tuple[Record, ...], message: str
) -> None:
    image = site_image(Directive("A fox", id="fox"), held, "index.md")
    assert refusal(image, stock_holding(tmp_path, *records)).startswith(message)


def test_a_take_with_a_damaged_sidecar_is_refused(tmp_path: Path) -> None:
    stock = stock_holding(tmp_path, record(SECOND, DATA))
    (tmp_path / f"{key(SECOND)}.json").write_text("[]")
    with pytest.raises(DiagnosticError, match="a sidecar"):
        require_take(site_image(Directive("A fox"), MISSING, "a.md"), 2, key(SECOND), stock)


@pytest.mark.parametrize(
    ("image", "address"),
    [
        (site_image(Directive("A fox"), MISSING, "index.md"), "index.md"),
        (site_image(Directive("A fox"), MISSING, "index.md", file="a/fox.webp"), "a/fox.webp"),
    ],
)
def test_the_message_names_the_command_that_draws_the_take(
    tmp_path: Path, image: SiteImage, address: str
) -> None:
    with pytest.raises(DiagnosticError) as error:
        require_take(image, 12, "0" * 64, FolderStore(tmp_path))
    assert str(error.value).endswith(f"gemini-images draw {address} --takes 12 draws it")
