"""What pages show for a directive until the barrier, and when the store is read for it."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.build.collecting.collection import Collection
from mkdocs_gemini_images.build.collecting.image_ids import ImageIds
from mkdocs_gemini_images.build.collecting.languages_of_site import SharedByLanguages
from mkdocs_gemini_images.build.collecting.resolving import resolve
from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.config.server import EMULATOR, Secret, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.directives.crops import Crop
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.draw_command import DrawCommand, DryRun
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import Drifted, Fallback, InStock, Missing, UserFile
from mkdocs_gemini_images.store.record import Record
from tests.unit.errors import error_of
from tests.unit.pictures import png, record, webp

DATA = png(64, 36)
FOX, OWL = Directive("A fox"), Directive("An owl")
DARK = Directive("A fox", dark="At night")
SCENE = Directive("A scene", references=("#fox",))


class CountingStore(FolderStore):
    """A store that lists the keys that it is asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[str] = []

    def find(self, key: str) -> Record | None:
        self.asked.append(key)
        return super().find(key)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    server = Server(key=Secret("k"))
    return Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", server)


@pytest.fixture
def store(settings: Settings) -> CountingStore:
    return CountingStore(settings.stock)


NORMAL = BuildMode()


def collection(settings: Settings, store: FolderStore, mode: BuildMode = NORMAL) -> Collection:
    return Collection(settings, store, mode, SharedByLanguages())


def stocked(settings: Settings, directive: Directive, **more: str) -> Record:
    """Put the picture of a directive into the stock."""
    resolved = resolve(directive, "a.md", "", None, settings)
    light = resolved.light
    made = record(light.request, DATA, **{"author_digest": light.author_digest, **more})
    FolderStore(settings.stock).put(made, DATA)
    return made


def use(directive: Directive, page: str = "a.md") -> Use:
    return Use(directive, page)


@pytest.mark.parametrize(
    "second",
    [FOX, Directive("A fox", alt="A red fox"), Directive("A  fox", caption="x", width="50%")],
    ids=["equal", "another alt", "another caption"],
)
def test_directives_of_one_request_share_an_image_and_its_lookup(
    settings: Settings, store: CountingStore, second: Directive
) -> None:
    images = collection(settings, store)
    uses = (use(FOX), use(second, "b.md"))
    first, again = (images.add(each.directive, each).light for each in uses)
    assert first is again
    assert len(store.asked) == 1
    (image,) = images.images().values()
    assert image.uses == uses
    assert image.lookup is first.lookup


def test_images_are_in_the_order_in_which_pages_ask_for_them(
    settings: Settings, store: CountingStore
) -> None:
    images = collection(settings, store)
    assert not images
    for directive in (OWL, FOX, OWL, Directive("A fox", take=2)):
        images.add(directive, use(directive))
    assert images
    found = [(image.request.text, image.request.take) for image in images.images().values()]
    assert found == [("An owl", 1), ("A fox", 1), ("A fox", 2)]


def test_a_missing_image_is_promised_with_its_mark_and_the_documented_size(
    settings: Settings, store: CountingStore
) -> None:
    image = collection(settings, store).add(FOX, use(FOX)).light
    assert (image.promised, image.lookup) == (True, Missing())
    assert image.shown.promise == image.handle
    assert (image.shown.width, image.shown.height) == image.request.pixels
    assert image.shown.candidates


def test_an_image_in_stock_is_shown_without_a_mark(
    settings: Settings, store: CountingStore
) -> None:
    fox = stocked(settings, FOX)
    image = collection(settings, store).add(FOX, use(FOX)).light
    assert (image.promised, image.lookup) == (False, InStock(fox))
    assert image.shown.promise == ""
    assert (image.shown.width, image.shown.height) == (64, 36)


@pytest.mark.parametrize(
    ("mode", "changes", "promised"),
    [
        (BuildMode(), {}, True),
        (BuildMode(), {"frozen": True}, False),
        (BuildMode(), {"enabled": False}, False),
        (BuildMode(), {"server": Server()}, False),
        (BuildMode(), {"server": EMULATOR}, True),
        (BuildMode(serving=True), {}, False),
        (BuildMode(serving=True), {"server": EMULATOR}, True),
        (BuildMode(DrawCommand(lambda plan: True)), {"frozen": True}, True),
        (BuildMode(DryRun()), {}, False),
        (BuildMode(refusal="refused"), {}, False),
    ],
)
def test_a_missing_image_is_promised_only_where_the_build_may_draw(
    settings: Settings, store: CountingStore, mode: BuildMode, changes: dict[str, object],
    promised: bool,
) -> None:  # fmt: skip
    settings = settings._replace(**changes)  # type: ignore[arg-type]
    image = collection(settings, store, mode).add(FOX, use(FOX)).light
    assert image.promised is promised
    assert image.reason == mode.refusal_reason(settings)
    assert image.shown.placeholder is not promised


@pytest.mark.parametrize(("on_drift", "promised"), [("keep", False), ("draw", True)])
def test_a_drifted_image_is_promised_only_where_drift_is_drawn(
    settings: Settings, store: CountingStore, on_drift: str, promised: bool
) -> None:
    fox = stocked(settings._replace(defaults=settings.defaults._replace(size="2K")), FOX)
    settings = settings._replace(on_drift=on_drift)  # type: ignore[arg-type]
    image = collection(settings, store).add(FOX, use(FOX)).light
    assert isinstance(image.lookup, Drifted)
    assert image.record == fox
    assert image.promised is promised


def test_an_earlier_picture_of_an_id_is_replaced_by_a_promise(
    settings: Settings, store: CountingStore
) -> None:
    cub = stocked(settings, Directive("A cub", id="fox"), id="fox")
    fox = Directive("A fox", id="fox")
    image = collection(settings, store).add(fox, use(fox)).light
    assert (image.promised, image.lookup) == (True, Fallback(cub))


def test_a_damaged_picture_is_not_promised(settings: Settings, store: CountingStore) -> None:
    fox = stocked(settings, FOX)
    (settings.stock / f"{fox.key}.json").write_text("{")
    image = collection(settings, store).add(FOX, use(FOX)).light
    assert not image.promised
    assert image.damage
    assert image.shown.placeholder


def test_a_file_of_the_author_is_shown_and_not_looked_up(
    settings: Settings, store: CountingStore
) -> None:
    (settings.root / "docs").mkdir()
    (settings.root / "docs/fox.webp").write_bytes(webp(9, 5))
    directive = Directive("A fox", file="fox.webp")
    image = collection(settings, store).add(directive, use(directive)).light
    assert (image.promised, image.lookup) == (False, UserFile(9, 5))
    assert (image.shown.src, store.asked) == ("fox.webp", [])


def test_an_image_that_refers_to_an_id_is_promised_and_not_looked_up(
    settings: Settings, store: CountingStore
) -> None:
    image = collection(settings, store).add(SCENE, use(SCENE)).light
    assert (image.promised, store.asked) == (True, [])


# Twins and crops


def test_a_dark_twin_has_the_uses_of_its_light_image_and_no_crops(
    settings: Settings, store: CountingStore
) -> None:
    images = collection(settings, store)
    crop = Crop(1200, 630)
    pair = images.add(DARK, use(DARK), with_card=True)
    images.add(DARK, use(DARK, "b.md"), with_card=True)
    assert pair.dark is not None
    assert pair.dark.light is pair.light
    light, dark = images.images().values()
    assert dark.light is light
    assert light.uses == dark.uses == (use(DARK), use(DARK, "b.md"))
    assert (light.crops, dark.crops) == ((crop,), ())


def test_a_site_without_dark_pages_has_no_dark_twins(
    settings: Settings, store: CountingStore
) -> None:
    images = collection(settings._replace(dark_pages=False), store)
    assert images.add(DARK, use(DARK)).dark is None
    assert len(images.images()) == 1


# Names


def test_an_id_of_two_requests_is_an_error_and_the_first_image_stays(
    settings: Settings, store: CountingStore
) -> None:
    images = collection(settings, store)
    fox, owl = Directive("A fox", id="x"), Directive("An owl", id="x")
    images.add(fox, use(fox))
    message = error_of(images.add, owl, use(owl))
    assert message.startswith("id 'x' is used for two different pictures, 'A fox' and 'An owl'")
    assert [image.request.text for image in images.images().values()] == ["A fox"]
    assert images.directives.keys() == {"x"}


def test_a_named_file_of_two_requests_in_two_languages_is_an_error(
    settings: Settings, store: CountingStore
) -> None:
    shared = SharedByLanguages()
    first, second = (Collection(settings, store, NORMAL, shared) for _ in range(2))
    fox, owl = Directive("A fox", file="x.webp"), Directive("An owl", file="x.webp")
    first.add(fox, use(fox))
    assert "'x.webp' is used for two different pictures" in error_of(second.add, owl, use(owl))
    assert not second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("images/fox.webp", "images/Fox.webp"),
        ("Images/fox.webp", "images/fox.webp"),
        ("fuchs/schön.webp", "fuchs/scho\u0308n.webp"),
        ("STRASSE.webp", "straße.webp"),
        ("\u0130.webp", "i\u0307.webp"),
        ("GRÜN/Fox.webp", "gru\u0308n/fox.webp"),
    ],
)
def test_one_file_in_two_spellings_is_a_mistake_of_both_and_neither_is_drawn(
    settings: Settings, store: CountingStore, one: str, other: str
) -> None:
    images = collection(settings, store)
    fox, owl = Directive("A fox", file=one), Directive("An owl", file=other)
    images.add(fox, use(fox))
    assert "are one file on Windows and macOS" in error_of(images.add, owl, use(owl))
    (image,) = images.images().values()
    assert f"'{other}' in a.md are one file" in image.damage
    assert not image.needs_drawing("draw")
    assert images.misspelt() == [], "the image says it"


@pytest.mark.parametrize(
    ("one", "other"),
    [("i.webp", "\u0130.webp"), ("i.webp", "\u0131.webp"), ("fox.webp", "ｆox.webp"),
     ("images/fox.webp", "Images/owl.webp"), ("a/fox.webp", "A/b/fox.webp")],
)  # fmt: skip
def test_names_that_every_system_tells_apart_are_two_files(
    settings: Settings, store: CountingStore, one: str, other: str
) -> None:
    images = collection(settings, store)
    for directive in (Directive("A fox", file=one), Directive("An owl", file=other)):
        images.add(directive, use(directive))
    assert [image.damage for image in images.images().values()] == ["", ""]


# After the barrier


def test_after_the_barrier_a_missing_image_is_not_promised(
    settings: Settings, store: CountingStore
) -> None:
    images = collection(settings, store)
    promised = images.add(FOX, use(FOX)).light
    images.close(ImageIds())
    late = images.add(OWL, use(OWL)).light
    assert (late.promised, late.shown.placeholder) == (False, True)
    assert late.reason == "it was found after the others were drawn; build again"
    assert images.add(FOX, use(FOX)).light is promised


def test_after_the_barrier_an_image_in_stock_is_shown(
    settings: Settings, store: CountingStore
) -> None:
    fox = stocked(settings, FOX)
    images = collection(settings, store)
    images.close(ImageIds())
    assert images.add(FOX, use(FOX)).light.lookup == InStock(fox)


def test_after_the_barrier_the_reason_of_a_build_that_may_not_draw_stays(
    settings: Settings, store: CountingStore
) -> None:
    images = collection(settings._replace(frozen=True), store)
    images.close(ImageIds())
    assert images.add(FOX, use(FOX)).light.reason.startswith("this build is frozen")
