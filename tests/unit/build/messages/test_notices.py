"""Which notices a build has about its images, and what its closing line says."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from mkdocs_gemini_images.build.collecting.image_ids import ImageIds
from mkdocs_gemini_images.build.finish import FinishedBuild
from mkdocs_gemini_images.build.messages.alt_notices import of_alts
from mkdocs_gemini_images.build.messages.closing_line import closing_line
from mkdocs_gemini_images.build.messages.notices import (
    Level,
    Notice,
    of_images,
    of_journal,
    of_purchase,
    of_takes,
)
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.server import EMULATOR, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.journal.journal import RefusedFile
from mkdocs_gemini_images.generation.result import GenerationResult
from mkdocs_gemini_images.reports.notice_log import located
from mkdocs_gemini_images.requests.resolved_image import another_take
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
from tests.unit.pictures import png, record, step
from tests.unit.site_images import site_image

DATA = png()
FOX, OWL = record(step("A fox"), DATA), record(step("An owl"), DATA)


def fox(
    held: LookupResult, *pages: str, id: str = "", file: str = "", why: str = "no key",
    alt: str = "", light: SiteImage | None = None,
) -> SiteImage:  # fmt: skip
    directive = Directive("A fox", id=id, alt=alt, source="source")
    return site_image(directive, held, *(pages or ("a.md",)), file=file, why=why, light=light)


LIGHT = fox(InStock(FOX))


@pytest.mark.parametrize(
    ("image", "notice"),
    [
        (fox(InStock(FOX)), None),
        (fox(UserFile(9, 9), file="fox.webp"),
         ("info", "fox.webp is your own file: shown as it is, and not drawn")),
        (fox(Drifted(FOX, "size 1K -> 2K")), ("info", "'A fox' drifted: size 1K -> 2K")),
        (fox(Fallback(FOX), id="fox"),
         ("warning", "an earlier picture of this id is shown in place of 'A fox': no key")),
        (fox(Fallback(FOX), file="fox.webp"),
         ("warning", "an earlier picture of this file is shown in place of 'A fox': no key")),
        (fox(Missing()), ("warning", "'A fox' is not drawn: no key")),
        (fox(Missing(), light=LIGHT),
         ("warning", "'A fox' is not drawn for dark pages: no key")),
        (fox(Missing("it is damaged")), ("warning", "it is damaged")),
    ],
    ids=["stocked", "own", "drifted", "earlier of id", "earlier of file", "missing", "dark",
         "damaged"],
)  # fmt: skip
def test_a_notice_says_what_is_shown_in_place_of_a_picture(
    image: SiteImage, notice: tuple[Level, str] | None
) -> None:
    found = list(of_images([image], missing="warning"))
    assert found == ([] if notice is None else [Notice(*notice, "a.md", "source")])


@pytest.mark.parametrize(
    ("held", "level"),
    [
        (Missing(), "info"),
        (Fallback(FOX), "info"),
        (Missing("it is damaged"), "warning"),
    ],
    ids=["missing", "earlier", "damaged"],
)
def test_on_missing_sets_the_level_except_for_damage(held: LookupResult, level: Level) -> None:
    (found,) = of_images([fox(held)], missing="info")
    assert found.level == level


def test_every_page_of_a_missing_picture_has_a_notice() -> None:
    found = of_images([fox(Missing(), "a.md", "b.md"), fox(Missing(), "c.md")], missing="warning")
    assert [each.page for each in found] == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize(
    ("shared", "reasons"),
    [
        ((), ["no key", "no key", "refused", "no key"]),
        (("no key",), ["no key", "as above", "refused", "as above"]),
        (("no key", "refused"), ["no key", "as above", "refused", "as above"]),
        (("another",), ["no key", "no key", "refused", "no key"]),
    ],
)
def test_a_shared_reason_is_written_once(shared: tuple[str, ...], reasons: list[str]) -> None:
    images = [
        fox(Missing(), "a.md", "b.md"),
        fox(Missing(), "c.md", why="refused"),
        fox(Fallback(FOX), "d.md"),
    ]
    found = list(of_images(images, missing="warning", shared=shared))
    said = [text.rpartition(": ")[2] for _, text in located(found, lambda each: each.page)]
    assert said == reasons


@pytest.mark.parametrize("held", [Missing("it is damaged"), Drifted(FOX, "x"), UserFile(9, 9)])
def test_a_message_without_the_shared_reason_is_whole_and_has_not_said_it(
    held: LookupResult,
) -> None:
    images = [
        fox(held, "a.md", "c.md", file="fox.webp"),
        fox(Missing(), "b.md", "d.md", why="no key"),
    ]
    for shares in ({"shared": {"no key"}}, {"ending": {"no key"}}):
        found = list(of_images(images, missing="warning", **shares))
        alone = [str(each.text) for each in of_images(images[:1], missing="warning")]
        said = [text.split(": ", 1)[1] for _, text in located(found, lambda each: each.page)]
        assert [said[0], said[2]] == alone
        assert said[1].startswith("'A fox' is not drawn: no key")
        assert said[3] == "'A fox' is not drawn: as above"


def test_what_ends_a_build_is_written_once_with_what_it_concerns() -> None:
    images = [
        fox(Missing(), "a.md", "b.md"),
        fox(Missing(), "c.md", why="x"),
        fox(Missing(), "d.md"),
    ]
    found = list(of_images(images, missing="warning", ending={"no key"}))
    reasons = [text.rpartition(": ")[2] for _, text in located(found, lambda each: each.page)]
    assert reasons == ["no key (2 pictures on 3 pages)", "as above", "x", "as above"]


def test_missing_takes_have_one_notice_per_page() -> None:
    image = fox(InStock(FOX), "a.md", "b.md")
    lacking = [another_take(image.resolved, take) for take in (2, 3)]
    text = "takes 2, 3 of 'A fox' are not drawn: refused"
    assert list(of_takes(image, lacking, "refused")) == [
        Notice("warning", text, "a.md", "source"), Notice("warning", text, "b.md", "source"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("generated", "texts"),
    [
        (GenerationResult(), []),
        (GenerationResult(spent=1.0, records={FOX.key: FOX}), []),
        (GenerationResult(dearer=[("gemini-x", 0.1345, 0.0336), ("gemini-x", 0.09, 0.0336)]),
         ["a picture of gemini-x was billed $0.135, and $0.034 was counted at most; "
          "correct the option prices"]),
    ],
    ids=["nothing", "as expected", "dearer"],
)  # fmt: skip
def test_unexpected_costs_have_a_notice_without_a_page(
    generated: GenerationResult, texts: list[str]
) -> None:
    assert list(of_purchase(generated)) == [Notice("warning", text, kind="flaw") for text in texts]


def named(text: str, day: int, data: bytes, alt: str) -> Record:
    time = f"2026-11-{day}T10:00:00Z"
    return record(step(text), data, id="fox", alt=alt, time=time)


NOW = named("A fox", 22, DATA, "A fox in snow")
CUB = named("A cub", 21, png(9, 9), "A fox in grass")


def built(image: SiteImage, *new: Record) -> FinishedBuild:
    """Make a build of one image that has drawn `new`."""
    drawn = GenerationResult(records={each.key: each for each in new})
    return FinishedBuild({image.key: image}, ImageIds(), drawn)


@pytest.mark.parametrize(
    ("alt", "records", "expected"),
    [
        ("A fox in grass", [NOW, CUB], True),
        ("A fox in snow", [NOW, CUB], False),
        ("", [NOW, CUB], False),
        ("A fox in grass", [NOW], False),
        ("A fox in grass", [NOW, CUB._replace(alt="")], False),
        ("A fox in grass", [NOW, CUB._replace(id="owl")], False),
        ("A fox in grass", [NOW, CUB._replace(time="2026-11-23T10:00:00Z")], False),
    ],
    ids=["of before", "of today", "none", "no earlier", "no words", "another id", "later"],
)
def test_an_alt_that_was_written_for_an_earlier_picture_has_a_notice(
    tmp_path: Path, alt: str, records: list[Record], expected: bool
) -> None:
    stock = FolderStore(tmp_path)
    for each in records:
        stock.put(each, DATA)
    image = fox(InStock(NOW), "a.md", "b.md", id="fox", alt=alt)
    stock.find_named("fox")  # a build that draws has looked for the picture by all its names
    found = list(of_alts(built(image, NOW), [image], stock))
    assert [(each.level, each.kind, each.page) for each in found] == (
        [("warning", "alt", "a.md"), ("warning", "alt", "b.md")] if expected else []
    )
    assert list(of_alts(built(image), [image], stock)) == [], "it has been in stock before"


@pytest.mark.parametrize(
    "held", [Drifted(NOW, ""), Fallback(NOW), Missing(), UserFile(9, 9)], ids=repr
)
def test_only_a_picture_in_stock_has_its_alt_compared(tmp_path: Path, held: LookupResult) -> None:
    stock = FolderStore(tmp_path)
    stock.put(CUB, DATA)
    image = fox(held, id="fox", alt="A fox in grass")
    stock.find_named("fox")
    assert list(of_alts(built(image, NOW), [image], stock)) == []


@pytest.mark.parametrize(
    ("server", "bucket", "files", "end"),
    [
        (Server(), "", (), " (commit 2 files in stock/)"),
        (Server(), "", ("fox.webp",), " (commit 3 files in stock/, docs/fox.webp)"),
        (Server(), "", ("a/1.webp", "b.png"),
         " (commit 4 files in stock/, docs/a/1.webp, docs/b.png)"),
        (Server(), "s3://b/p", ("fox.webp",), " (commit docs/fox.webp)"),
        (Server(), "s3://b/p", (), ""),
        (EMULATOR, "", ("fox.webp",), ""),
    ],
)  # fmt: skip
def test_the_closing_line_names_the_files_to_commit(
    tmp_path: Path, server: Server, bucket: str, files: tuple[str, ...], end: str
) -> None:
    settings = Settings(
        tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", server, bucket=bucket
    )
    line = closing_line(
        [LIGHT], GenerationResult(recovered=[FOX]), settings, seconds=0, files=files
    )
    assert line == f"1 picture, 1 that had arrived earlier{end}"


def test_the_closing_line_names_the_emulators_cache(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", EMULATOR)
    line = closing_line([LIGHT], GenerationResult(), settings, seconds=0)
    assert line == "1 picture, 1 from the emulator's cache"


@pytest.mark.parametrize(
    ("held", "generated", "line"),
    [
        ([], GenerationResult(), "0 pictures"),
        ([InStock(FOX)], GenerationResult(), "1 picture, 1 from stock"),
        (
            [InStock(FOX), Drifted(FOX, ""), Missing(), UserFile(1, 1), Fallback(FOX)],
            GenerationResult(),
            "5 pictures, 1 from stock, 1 drifted, 1 not drawn",
        ),
        (
            [InStock(FOX), InStock(OWL)],
            GenerationResult({FOX.key: FOX}, spent=0.034),
            "2 pictures, 1 from stock, 1 drawn in 2.5 s for $0.03 (commit 2 files in stock/)",
        ),
        (
            [InStock(FOX)],
            GenerationResult(recovered=[FOX]),
            "1 picture, 1 that had arrived earlier (commit 2 files in stock/)",
        ),
        (
            [Missing()],
            GenerationResult(spent=0.25),
            "1 picture, about $0.25 spent without a picture, 1 not drawn",
        ),
        ([Missing("damage")], GenerationResult(), "1 picture, 1 not drawn"),
    ],
)
def test_the_closing_line_counts_the_pictures_of_a_build(
    tmp_path: Path, held: Sequence[LookupResult], generated: GenerationResult, line: str
) -> None:
    settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", Server())
    images = [fox(each) for each in held]
    assert closing_line(images, generated, settings, seconds=2.51) == line


@pytest.mark.parametrize(
    ("stock", "named"), [("art/stock", "art/stock"), ("/srv/stock", "/srv/stock")]
)
def test_the_closing_line_names_the_stock_relative_to_the_configuration(
    tmp_path: Path, stock: str, named: str
) -> None:
    settings = Settings(tmp_path, tmp_path / stock, tmp_path / "cache", "docs", Server())
    line = closing_line([fox(InStock(FOX))], GenerationResult(recovered=[FOX]), settings, seconds=0)
    assert line.endswith(f"(commit 2 files in {named}/)")


def test_the_closing_line_has_no_price_for_the_emulator_and_no_files_for_a_bucket(
    tmp_path: Path,
) -> None:
    settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", Server())
    generated, images = GenerationResult({FOX.key: FOX}, spent=0.5), [fox(InStock(FOX))]
    free = settings._replace(server=EMULATOR, limits=SpendingLimits(free=True))
    assert closing_line(images, generated, free, seconds=1) == "1 picture, 1 drawn in 1.0 s"
    shared = settings._replace(bucket="s3://b/p")
    assert (
        closing_line(images, generated, shared, seconds=1)
        == "1 picture, 1 drawn in 1.0 s for $0.50"
    )


def test_the_journal_has_one_notice_for_each_kind_of_entry() -> None:
    files = [RefusedFile(f"{number}.intent", "a link") for number in range(5)]
    generated = GenerationResult(
        foreign=[FOX, OWL], held=["a.answer", "b\x1b.answer"], refused_files=files
    )
    levels = [(notice.level, notice.text) for notice in of_journal(generated)]
    assert levels == [
        ("info", f"'{FOX.file_name}'; '{OWL.file_name}': from answers in the journal that may be "
         "another machine's; look at the pictures before you commit them"),
        ("info", "answers in the journal are not stored ('a.answer'; 'b\ufffd.answer'): "
         "nothing proves that this machine received them; gemini-images draw stores them; delete "
         "them if you do not know where they are from"),
        ("warning", "no build wrote these files in the journal ('0.intent, a link'; "
         "'1.intent, a link'; '2.intent, a link' and 2 more): they are neither used nor "
         "deleted; check that none is a paid answer, then delete them"),
    ]  # fmt: skip
    assert list(of_journal(GenerationResult())) == []
