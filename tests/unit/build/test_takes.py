"""Further takes of an image: which are bought, which are kept because they have drifted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mkdocs_gemini_images.build.collecting.image_ids import ImageIds
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.build.takes import asked_takes, spare_takes, take_numbers
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.draw_command import DrawCommand
from mkdocs_gemini_images.requests.resolved_image import ResolvedImage, another_take
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import Drifted, InStock, LookupResult, Missing, UserFile
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record, step
from tests.unit.site_images import site_image

DATA = png()
FOX = Directive("A fox", id="fox")
MISSING = Missing()


def take(number: int, size: str = "512") -> Record:
    """Make the record of a take, which has drifted where its size is not that of today."""
    written = FOX._replace(take=number)
    request = step("A fox", size=size, take=number)
    return record(request, DATA, author_digest=written.author_digest)


def today(number: int) -> Record:
    return take(number, step("A fox").size)


OLD_SIZE = "4K"
DRIFTED = Drifted(take(1, OLD_SIZE), "size 4K -> 1K")


def fox(held: LookupResult, light: SiteImage | None = None) -> SiteImage:
    return site_image(FOX, held, "a.md", light=light)


def stock_of(folder: Path, *records: Record) -> FolderStore:
    stock = FolderStore(folder)
    for each in records:
        stock.put(each, DATA)
    return stock


def numbers(takes: list[ResolvedImage]) -> list[int]:
    return [each.light.request.take for each in takes]


THREE = BuildMode(DrawCommand(lambda plan: True, only=frozenset({"fox"}), takes=3))


@pytest.mark.parametrize(
    ("held", "records", "lacking", "drifted", "kept", "anew"),
    [
        (InStock(today(1)), [today(1)], [2, 3], [], [2, 3], [2, 3]),
        (InStock(today(1)), [today(1), today(2)], [3], [], [3], [3]),
        (InStock(today(1)), [today(1), take(2, OLD_SIZE)], [3], [2], [3], [3, 2]),
        (DRIFTED, [take(n, OLD_SIZE) for n in (1, 2, 3)], [], [2, 3], [], [2, 3]),
        (DRIFTED, [take(1, OLD_SIZE)], [2, 3], [], [], [2, 3]),
        (DRIFTED, [take(1, OLD_SIZE), take(3, OLD_SIZE)], [2], [3], [], [2, 3]),
        (MISSING, [take(2, OLD_SIZE)], [3], [2], [3], [3, 2]),
        (UserFile(9, 9), [], [], [], [], []),
    ],
    ids=["none", "one", "one drifted", "all drifted", "the picture alone drifted",
         "the picture and a take drifted", "the picture is missing", "own file"],
)  # fmt: skip
def test_takes_of_what_has_drifted_are_drawn_on_request_alone(
    tmp_path: Path,
    held: LookupResult,
    records: list[Record],
    lacking: list[int],
    drifted: list[int],
    kept: list[int],
    anew: list[int],
) -> None:
    image, stock = fox(held), stock_of(tmp_path, *records)
    found = asked_takes(image, THREE, ImageIds(), stock)
    assert (numbers(found.lacking), numbers(found.drifted)) == (lacking, drifted)
    assert numbers(found.to_draw(image, "keep")) == kept
    assert numbers(found.to_draw(image, "draw")) == anew
    assert bool(found.why) == bool(drifted)


@pytest.mark.parametrize(
    ("image", "mode", "takes"),
    [
        (lambda: fox(MISSING), THREE, [2, 3]),
        (lambda: site_image(Directive("A hen"), MISSING, "b.md"), THREE, []),
        (lambda: fox(MISSING, fox(MISSING)), THREE, []),
        (lambda: fox(MISSING), BuildMode(), []),
    ],
    ids=["named", "not named", "dark twin", "no command"],
)
def test_takes_are_asked_for_of_light_images_that_the_command_names(
    tmp_path: Path, image: Callable[[], SiteImage], mode: BuildMode, takes: list[int]
) -> None:
    found = asked_takes(image(), mode, ImageIds(), FolderStore(tmp_path))
    assert numbers(found.lacking) == takes


def test_a_damaged_take_is_not_bought_again(tmp_path: Path) -> None:
    stock = stock_of(tmp_path, today(1), today(2))
    (tmp_path / f"{today(2).key}.json").write_text("[]")
    found = asked_takes(fox(InStock(today(1))), THREE, ImageIds(), stock)
    assert numbers(found.lacking) == [3]


def test_spare_takes_are_those_that_drifted_and_were_not_drawn_anew(tmp_path: Path) -> None:
    old = [take(number, OLD_SIZE) for number in (1, 2, 3, 4)]
    stock = stock_of(tmp_path, *old, today(3))
    assert take_numbers(stock.records()) == {1, 2, 3, 4}
    spare = list(spare_takes(fox(DRIFTED), {1, 2, 3, 4}, ImageIds(), stock))
    assert [each.record for each in spare] == [old[1], old[3]]
    assert [each.request.take for each in spare] == [2, 4]
    picked = fox(DRIFTED)._replace(resolved=another_take(fox(DRIFTED).resolved, 2))
    picked = picked._replace(authored=picked.resolved.light)
    again = spare_takes(picked, {1, 2, 4}, ImageIds(), stock)
    assert [each.request.take for each in again] == [1, 4]
    assert list(spare_takes(fox(UserFile(9, 9)), {2}, ImageIds(), stock)) == []


@pytest.mark.parametrize("number", ["2", True, 0, -1, 21, None, 10**9])
def test_a_sidecar_with_another_number_has_no_take_that_is_looked_for(number: object) -> None:
    odd = take(2)._replace(request={**take(2).request, "take": number})
    assert take_numbers([odd]) <= {1}
