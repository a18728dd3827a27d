"""The ids by which directives refer to one another's images: their keys and their errors."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from mkdocs_gemini_images.build.collecting.image_ids import (
    BlockingReferences,
    ImageIds,
    resolve_ids,
)
from mkdocs_gemini_images.build.site_image import ImageKey, SiteImage
from mkdocs_gemini_images.config.settings import OnDrift
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.requests.request import ImageRequest, PicturePart, key
from mkdocs_gemini_images.requests.resolved_image import AuthoredRequest, ResolvedImage
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import (
    Drifted,
    Fallback,
    InStock,
    LookupResult,
    Missing,
    UserFile,
)
from tests.unit.pictures import png, record, step
from tests.unit.steps import steps

DATA = png()
FOX, OWL = step("A fox"), step("An owl")
SCENE = step("A scene", parts=(PicturePart("fox"),))
STORY = step("A story", parts=(PicturePart("scene"), PicturePart("owl")))
BOTH = {"fox": FOX, "scene": SCENE, "owl": OWL, "story": STORY}


def resolved(id: str, request: ImageRequest) -> ResolvedImage:
    directive = Directive(request.text, id=id)
    return ResolvedImage(directive, directive, AuthoredRequest(request, directive))


def image(id: str, request: ImageRequest, lookup: LookupResult | None = None) -> SiteImage:
    made = resolved(id, request)
    return SiteImage(made, made.light, lookup or Missing())


def ids_of(
    requests: Mapping[str, ImageRequest], store: FolderStore, *, all_pages: bool = True
) -> ImageIds:
    directives = {id: resolved(id, request) for id, request in requests.items()}
    images = [image(id, request) for id, request in requests.items()]
    return resolve_ids(images, directives, store, all_pages=all_pages)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


@pytest.mark.parametrize(
    ("image_request", "refers"),
    [
        (FOX, False),
        (SCENE, True),
        (step("Add snow", after=FOX), False),
        (step("Add snow", after=SCENE), True),
    ],
)
def test_a_request_that_refers_to_ids_in_any_turn_has_no_lasting_key(
    image_request: ImageRequest, refers: bool
) -> None:
    assert (image_request.lasting_key is None) is refers


def test_an_id_has_the_key_of_its_request_with_the_keys_that_it_refers_to(
    store: FolderStore,
) -> None:
    ids = ids_of(BOTH, store)
    scene = key(SCENE, {"fox": key(FOX)})
    owl = key(OWL)
    assert ids.keys == {
        "fox": key(FOX), "owl": owl, "scene": scene,
        "story": key(STORY, {"scene": scene, "owl": owl}),
    }  # fmt: skip
    assert ids.key(SCENE) == scene
    assert ids.error(image("story", STORY)) is None


def test_a_image_requesthas_no_key_before_its_references_are_resolved() -> None:
    assert ImageIds().key(SCENE) is None
    assert ImageIds().key(FOX) == key(FOX)


@pytest.mark.parametrize(
    ("requests", "erroneous", "message"),
    [
        ({"scene": SCENE}, image("scene", SCENE),
         "no picture has the id 'fox': known are scene"),
        ({}, image("", SCENE), "no picture has the id 'fox': give that "),
        ({"a": step("A", parts=(PicturePart("b"),)), "b": step("B", parts=(PicturePart("a"),))},
         image("a", step("A", parts=(PicturePart("b"),))), "circular reference"),
        ({"scene": SCENE, "story": STORY, "owl": OWL}, image("story", STORY),
         "it refers to #scene, whose own references have a mistake"),
    ],
    ids=["unknown id", "no ids", "circle", "behind an error"],
)  # fmt: skip
def test_a_reference_that_cannot_be_resolved_is_an_error_of_its_image(
    store: FolderStore, requests: dict[str, ImageRequest], erroneous: SiteImage, message: str
) -> None:
    ids = ids_of(requests, store)
    assert ids.key(erroneous.request) is None
    assert str(ids.error(erroneous)).startswith(message)


@pytest.mark.parametrize("all_pages", [True, False])
def test_the_store_has_the_keys_of_ids_on_pages_that_the_build_does_not_see(
    store: FolderStore, all_pages: bool
) -> None:
    elsewhere = record(step("A red fox"), DATA, id="fox")
    store.put(elsewhere, DATA)
    ids = ids_of({"scene": SCENE}, store, all_pages=all_pages)
    assert ids.keys.get("fox") == (None if all_pages else elsewhere.key)
    assert (ids.error(image("scene", SCENE)) is None) is not all_pages


def test_the_key_of_an_id_in_the_build_comes_from_its_directive_and_not_from_the_store(
    store: FolderStore,
) -> None:
    store.put(record(step("A red fox"), DATA, id="fox"), DATA)
    ids = ids_of({"fox": FOX, "scene": SCENE}, store, all_pages=False)
    assert ids.keys["fox"] == key(FOX)


RECORD = record(FOX, DATA)
IN_STOCK, DRIFTED = InStock(RECORD), Drifted(RECORD, "size 1K -> 2K")


def blocked(of: str, on_drift: OnDrift, store: FolderStore, **lookups: LookupResult) -> str:
    images: dict[ImageKey, SiteImage] = {}
    for id, request in BOTH.items():
        each = image(id, request, lookups.get(id, IN_STOCK))
        images[each.key] = each
    ids = ids_of(BOTH, store)
    return BlockingReferences(images, ids, on_drift).reason(image(of, BOTH[of]))


@pytest.mark.parametrize(
    ("of", "on_drift", "lookups", "reason"),
    [
        ("fox", "keep", {"fox": DRIFTED}, ""),
        ("scene", "keep", {}, ""),
        ("scene", "keep", {"fox": Missing()}, ""),
        ("scene", "keep", {"fox": Fallback(RECORD)}, ""),
        ("scene", "keep", {"owl": DRIFTED}, ""),
        ("scene", "keep", {"fox": DRIFTED}, "fox"),
        ("scene", "draw", {"fox": DRIFTED}, ""),
        ("story", "keep", {"fox": DRIFTED}, ""),
        ("story", "keep", {"scene": Missing(), "fox": DRIFTED}, "fox"),
        ("story", "keep", {"scene": Missing(), "fox": Missing()}, ""),
        ("story", "keep", {"scene": DRIFTED, "fox": DRIFTED}, "scene"),
        ("story", "keep", {"scene": Missing(), "owl": DRIFTED}, "owl"),
    ],
)
def test_an_image_is_not_drawn_from_a_drifted_one(
    store: FolderStore, of: str, on_drift: OnDrift, lookups: dict[str, LookupResult], reason: str
) -> None:
    expected = reason and f"#{reason}, which it refers to, has drifted; draw or accept that one "
    found = blocked(of, on_drift, store, **lookups)
    assert found.startswith(expected) if reason else found == ""


@pytest.mark.parametrize(
    ("lookup", "reason"),
    [
        (Missing("its file is cut off"), "cannot be shown: its file is cut off"),
        (UserFile(9, 9), "is your own file; refer to that file instead"),
    ],
    ids=["damaged", "own file"],
)
def test_an_image_is_not_drawn_from_one_that_is_damaged_or_the_author_s_own(
    store: FolderStore, lookup: LookupResult, reason: str
) -> None:
    assert blocked("scene", "draw", store, fox=lookup) == f"#fox, which it refers to, {reason}"


def test_an_image_is_not_drawn_from_one_on_a_page_that_the_build_does_not_see(
    store: FolderStore,
) -> None:
    store.put(record(FOX, DATA, id="fox"), DATA)
    ids = ids_of({"scene": SCENE}, store, all_pages=False)
    scene = image("scene", SCENE)
    reason = BlockingReferences({scene.key: scene}, ids, "draw").reason(scene)
    assert reason == "#fox, which it refers to, is on another page"


def test_many_images_that_refer_to_one_of_many_references_are_looked_at_once_each(
    store: FolderStore,
) -> None:
    def work(n: int) -> int:
        requests = {f"leaf{k}": step(f"A leaf {k}") for k in range(n)}
        requests["hub"] = step("A hub", parts=tuple(PicturePart(f"leaf{k}") for k in range(n)))
        requests |= {f"end{k}": step(f"{k}", parts=(PicturePart("hub"),)) for k in range(n)}
        ids = ids_of(requests, store)
        images = {
            each.key: each for id in requests for each in [image(id, requests[id], Missing())]
        }

        def call() -> None:
            blocking = BlockingReferences(images, ids, "keep")
            for each in images.values():
                assert blocking.reason(each) == ""
                assert ids.error(each) is None

        return steps(call)

    assert work(160) <= 6 * work(40)
