"""The barrier of a build: what is drawn, what is published, and what pages have to show instead."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.build.build_tools import BuildTools
from mkdocs_gemini_images.build.collecting.collection import Collection
from mkdocs_gemini_images.build.collecting.languages_of_site import SharedByLanguages
from mkdocs_gemini_images.build.collecting.resolving import resolve
from mkdocs_gemini_images.build.finish import finish, images_to_draw, resolve_images
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.config.server import EMULATOR, Secret, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.gemini.request_body import Inline
from mkdocs_gemini_images.generation.draw_command import DrawCommand, DryRun
from mkdocs_gemini_images.generation.generator import Generator
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.imaging.cache.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.publisher import Publisher
from mkdocs_gemini_images.rendering.corrections.correction import Correction
from mkdocs_gemini_images.requests.request import FilePart
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import InStock, LookupResult, Missing, UserFile
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record
from tests.unit.progress import SilentProgress

DATA = png(64, 36)
FOX, OWL = Directive("A fox", id="fox"), Directive("An owl")
SCENE = Directive("A scene", references=("#fox",))
DARK = Directive("A fox", dark="At night")
KEYED = Server(key=Secret("k"))
DRY = BuildMode(DryRun())

MakeTools = Callable[..., BuildTools]


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[MakeTools]:
    cache = VariantCache(tmp_path / "variants", pytest.fail)

    def no_file(part: FilePart) -> Inline:
        raise DiagnosticError(Diagnostic("a file", part.path, "none"))

    def make(
        mode: BuildMode | None = None, server: Server = KEYED, **changes: object
    ) -> BuildTools:
        settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", server)
        settings = settings._replace(**changes)  # type: ignore[arg-type]
        mode = mode or BuildMode()
        store = FolderStore(settings.owned)
        links = HardlinkCache(tmp_path / "links")
        publisher = Publisher(tmp_path / "site", settings.encoding, store, cache, links)
        generator = Generator(
            settings, store, progress=SilentProgress(), tracker=SpendTracker(),
            load=no_file, command=mode.draw_command,
        )  # fmt: skip
        return BuildTools(settings, store, publisher, generator, mode)

    yield make
    cache.close()


def collected(tools: BuildTools, *directives: Directive) -> Collection:
    images = Collection(tools.settings, tools.store, tools.mode, SharedByLanguages())
    for directive in directives:
        images.add(directive, Use(directive, "a.md"))
    return images


def stocked(tools: BuildTools, directive: Directive) -> Record:
    """Put the picture of a directive into the stock."""
    drawn = resolve(directive, "a.md", "", None, tools.settings).light.request
    made = record(drawn, DATA, id=directive.id, author_digest=directive.author_digest)
    tools.store.put(made, DATA)
    return made


def files_in(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def site_files(tools: BuildTools) -> set[str]:
    return files_in(tools.settings.root / "site")


def prompts(tools: BuildTools, *directives: Directive) -> list[str]:
    """Return the prompts and takes of the images that a build would draw."""
    images, ids = resolve_images(collected(tools, *directives), tools)
    found = images_to_draw(images, ids, tools)
    return [f"{each.light.request.text} {each.light.request.take}" for each in found]


# What is drawn


@pytest.mark.parametrize("may_draw", [True, False])
@pytest.mark.parametrize("server", [KEYED, EMULATOR], ids=["api", "emulator"])
def test_a_dry_run_draws_and_writes_nothing(
    tools: MakeTools, tmp_path: Path, server: Server, may_draw: bool
) -> None:
    made = tools(DRY, server)
    images = collected(made, FOX, OWL, SCENE, DARK)
    finished = finish(images, made, may_draw=may_draw)
    assert files_in(tmp_path) == set()
    assert finished.generated.records == {}
    assert all(image.lookup == Missing() for image in finished.images.values())
    assert {image.reason for image in finished.images.values()} == {
        DRY.refusal_reason(made.settings)
    }


def test_a_dry_run_finds_what_is_in_stock_and_publishes_nothing(tools: MakeTools) -> None:
    made = tools(DRY)
    fox = stocked(made, FOX)
    finished = finish(collected(made, FOX), made)
    assert [image.lookup for image in finished.images.values()] == [InStock(fox)]
    assert (finished.corrections, site_files(made)) == ((), set())


@pytest.mark.parametrize(
    ("mode", "drawn"),
    [
        (BuildMode(), ["A fox 1", "An owl 1"]),
        (DRY, []),
        (BuildMode(serving=True), []),
        (BuildMode(refusal="refused"), []),
        (BuildMode(DrawCommand(lambda plan: True)), ["A fox 1", "An owl 1"]),
        (BuildMode(DrawCommand(lambda plan: True, only=frozenset({"fox"}))), ["A fox 1"]),
        (BuildMode(DrawCommand(lambda plan: True, takes=2)),
         ["A fox 1", "An owl 1", "A fox 2", "An owl 2"]),
        (BuildMode(DrawCommand(lambda plan: True, only=frozenset({"fox"}), takes=3)),
         ["A fox 1", "A fox 2", "A fox 3"]),
    ],
)  # fmt: skip
def test_missing_images_are_drawn_where_the_build_may_and_the_command_asks(
    tools: MakeTools, mode: BuildMode, drawn: list[str]
) -> None:
    assert prompts(tools(mode), FOX, OWL) == drawn


def test_only_what_is_missing_is_drawn(tools: MakeTools) -> None:
    made = tools()
    stocked(made, FOX)
    assert prompts(made, FOX, OWL) == ["An owl 1"]


@pytest.mark.parametrize(("on_drift", "drawn"), [("keep", []), ("draw", ["A fox 1", "A scene 1"])])
def test_an_image_that_refers_to_a_drifted_one_is_drawn_with_it_or_not_at_all(
    tools: MakeTools, on_drift: str, drawn: list[str]
) -> None:
    before = tools()
    stocked(replace_size(before), FOX)
    assert prompts(tools(on_drift=on_drift), FOX, SCENE) == drawn


def replace_size(tools: BuildTools) -> BuildTools:
    """Return the tools of a site whose pictures have another size."""
    defaults = tools.settings.defaults._replace(size="2K")
    return tools._replace(settings=tools.settings._replace(defaults=defaults))


def test_the_emulator_draws_a_promised_image_and_pages_are_corrected(tools: MakeTools) -> None:
    made = tools(server=EMULATOR)
    images = collected(made, Directive("A fox", model="gemini-3.1-flash-image", size="512"))
    (promised,) = images.images().values()
    finished = finish(images, made)
    (image,) = finished.images.values()
    assert isinstance(image.lookup, InStock)
    assert [*finished.generated.records.values()] == [image.record]
    assert finished.corrections == (Correction(promised.shown, image.shown),)
    assert (image.promised, image.shown.promise) == (False, "")
    assert image.uses == promised.uses
    assert {each.uri for each in image.shown.files} <= site_files(made)


# What is published


def test_a_picture_in_stock_is_published_and_needs_no_correction(tools: MakeTools) -> None:
    made = tools()
    stocked(made, FOX)
    finished = finish(collected(made, FOX), made)
    (image,) = finished.images.values()
    assert finished.corrections == ()
    assert site_files(made) == {each.uri for each in image.shown.files}


def test_an_image_that_is_not_drawn_becomes_a_placeholder_with_a_reason(tools: MakeTools) -> None:
    made = tools()
    images = collected(made, FOX)
    (promised,) = images.images().values()
    finished = finish(images, made, may_draw=False)
    (image,) = finished.images.values()
    assert (image.lookup, image.reason) == (Missing(), "it was not asked for")
    assert image.shown.placeholder
    assert finished.corrections == (Correction(promised.shown, image.shown),)
    assert site_files(made) == {image.shown.src}


def test_a_damaged_picture_becomes_a_placeholder_and_pages_are_corrected(tools: MakeTools) -> None:
    made = tools()
    fox = stocked(made, FOX)
    made.store.path(fox).write_bytes(b"other bytes")
    images = collected(made, FOX)
    (shown,) = images.images().values()
    finished = finish(images, made)
    (image,) = finished.images.values()
    assert image.damage
    assert finished.corrections == (Correction(shown.shown, image.shown),)
    assert site_files(made) == {image.shown.src}


def test_a_missing_dark_twin_shows_its_light_image(tools: MakeTools) -> None:
    made = tools()
    stocked(made, DARK._replace(dark=""))
    finished = finish(collected(made, DARK), made, may_draw=False)
    light, dark = finished.images.values()
    assert isinstance(light.lookup, InStock)
    assert dark.light is light
    assert dark.shown == light.shown
    assert site_files(made) == {each.uri for each in light.shown.files}


@pytest.mark.parametrize(
    ("directives", "error"),
    [
        ((SCENE,), "no picture has the id 'fox'"),
        ((SCENE._replace(id="scene", references=("#scene",)),), "circular reference"),
    ],
)
def test_an_image_with_an_erroneous_reference_is_damaged_and_not_drawn(
    tools: MakeTools, directives: tuple[Directive, ...], error: str
) -> None:
    made = tools()
    assert prompts(made, *directives) == []
    (image,) = finish(collected(made, *directives), made, may_draw=False).images.values()
    assert image.damage.startswith(error)


def test_an_own_file_stays_when_its_directive_refers_to_an_id(tools: MakeTools) -> None:
    made = tools(BuildMode(DrawCommand(lambda plan: True, takes=2)))
    stocked(made, FOX)
    (made.settings.root / "docs").mkdir()
    (made.settings.root / "docs" / "scene.png").write_bytes(DATA)
    scene = SCENE._replace(file="scene.png")
    assert prompts(made, FOX, scene) == ["A fox 2"]
    _, image = finish(collected(made, FOX, scene), made, may_draw=False).images.values()
    assert (image.lookup, image.shown.src) == (UserFile(64, 36), "scene.png")
    assert "scene.png" not in site_files(made)


def test_takes_are_not_drawn_where_the_first_one_cannot_be(tools: MakeTools) -> None:
    mode = BuildMode(DrawCommand(lambda plan: True, only=frozenset({"scene"}), takes=2))
    scene = SCENE._replace(id="scene")
    assert prompts(tools(mode), scene) == [], "its reference has no directive"
    stocked(replace_size(tools()), FOX)
    assert prompts(tools(mode), FOX, scene) == [], "its reference has drifted"
    assert prompts(tools(mode, on_drift="draw"), FOX, scene) == ["A scene 1", "A scene 2"]


def test_a_damaged_dark_twin_shows_what_became_of_its_light_image(tools: MakeTools) -> None:
    made = tools()
    night = resolve(DARK, "a.md", "", None, made.settings).dark
    assert night is not None
    dark = record(night.request, DATA)
    made.store.put(dark, DATA)
    for sidecar in made.settings.owned.rglob("*.json"):
        sidecar.write_text("{")
    light, twin = finish(collected(made, DARK), made, may_draw=False).images.values()
    assert twin.damage
    assert twin.shown == light.shown
    assert (light.shown.placeholder, light.shown.promise) == (True, "")


def test_a_dark_twin_that_is_missing_follows_its_light_image_when_that_is_damaged(
    tools: MakeTools,
) -> None:
    made = tools()
    fox = stocked(made, DARK._replace(dark=""))
    made.store.path(fox).write_bytes(b"other bytes")
    images = collected(made, DARK)
    light, twin = finish(images, made, may_draw=False).images.values()
    assert light.shown.placeholder
    assert twin.shown == light.shown


def test_a_picture_that_another_process_draws_meanwhile_is_shown(tools: MakeTools) -> None:
    made = tools()
    images = collected(made, FOX)
    fox = stocked(made, FOX)
    (image,) = finish(images, made, may_draw=False).images.values()
    expected: LookupResult = InStock(fox)
    assert image.lookup == expected


def test_after_the_barrier_nothing_is_promised(tools: MakeTools) -> None:
    made = tools()
    images = collected(made, FOX)
    finish(images, made, may_draw=False)
    assert not images.add(OWL, Use(OWL, "a.md")).light.promised
