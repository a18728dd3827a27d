"""The state that the panel of a live preview shows of an image: its takes, its price, its files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.showing.presentation import present
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import SiteImage
from mkdocs_gemini_images.config.server import Secret, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.preview.panel import PanelState, next_take, state_of
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.requests.request import ImageRequest, key
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
from tests.unit.progress import SilentProgress
from tests.unit.site_images import site_image

DATA = png(64, 36)
PRICE = 0.0336 + 465 * 7.5e-6 + 2 * 1.5e-6


def take(number: int) -> ImageRequest:
    return step("A fox", take=number)


FOX = record(take(1), DATA)
KEYS = {number: key(take(number)) for number in range(1, 24)}
MakeBuild = Callable[..., PreviewSnapshot]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[MakeBuild]:
    server = Server(key=Secret("k"))
    settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", server)
    stock = FolderStore(settings.stock)
    builds: list[SiteBuild] = []

    def make(
        *images: SiteImage, in_stock: tuple[int, ...] = (), server: Server = server
    ) -> PreviewSnapshot:
        for number in in_stock:
            stock.put(record(take(number), DATA), DATA)
        made = SiteBuild(
            settings._replace(server=server), stock, tmp_path / "site", BuildMode(serving=True),
            progress=SilentProgress(), tracker=SpendTracker(),
        )  # fmt: skip
        builds.append(made)
        made.finish()
        shown: dict[SiteImage, SiteImage] = {}
        for image in images:
            light = None if image.light is None else shown[image.light]
            shown[image] = present(image._replace(light=light), settings, serving=True)
            made.finished.images[image.key] = shown[image]
        return PreviewSnapshot(made)

    yield make
    for each in builds:
        each.close()


def fox(
    lookup: LookupResult, number: int = 1, light: SiteImage | None = None, file: str = ""
) -> SiteImage:
    return site_image(Directive("A fox", take=number), lookup, light=light, file=file)


@pytest.mark.parametrize(
    ("shown", "in_stock", "drawing", "following"),
    [
        (1, (1,), (), 2),
        (1, (1, 2), (), 3),
        (1, (1, 3), (), 4),
        (1, (1,), (2,), 3),
        (1, (1,), (2, 3), 4),
        (3, (3,), (), 4),
        (3, (1, 2), (), 4),
        (1, (1, 20), (), 0),
        (1, (1,), (20,), 0),
        (20, (20,), (), 0),
        (23, (23,), (), 0),
        (1, (), (), 2),
    ],
)
def test_the_next_take_follows_the_takes_in_stock_and_those_being_drawn(
    build: MakeBuild, shown: int, in_stock: tuple[int, ...], drawing: tuple[int, ...],
    following: int,
) -> None:  # fmt: skip
    image = fox(InStock(record(take(shown), DATA)), shown)
    made = build(image, in_stock=in_stock)
    assert next_take(made, image, {KEYS[number] for number in drawing}) == following


def test_a_dark_twin_and_a_file_of_the_author_have_no_takes(build: MakeBuild) -> None:
    light = fox(InStock(FOX))
    for image in (fox(InStock(FOX), 2, light), fox(UserFile(9, 9), file="fox.webp")):
        assert next_take(build(light, image, in_stock=(1,)), image, set()) == 0


def state(
    build: PreviewSnapshot, image: SiteImage, drawing: set[str], failed: dict[str, str]
) -> PanelState:
    return state_of(build, image.handle, ["a.md", "b.md"], drawing, failed)


NONE = dict[str, str]()


@pytest.mark.parametrize(
    ("lookup", "drawing", "failed", "name", "why"),
    [
        (InStock(FOX), set(), NONE, "in stock", ""),
        (InStock(FOX), set(), {KEYS[1]: "refused"}, "in stock", "refused"),
        (InStock(FOX), set(), {KEYS[2]: "refused"}, "in stock", "refused"),
        (InStock(FOX), {KEYS[2]}, NONE, "in stock", ""),
        (Drifted(FOX, "size 1K -> 2K"), set(), NONE, "drifted", "size 1K -> 2K"),
        (Drifted(FOX, "size 1K -> 2K"), {KEYS[1]}, NONE, "drawing", ""),
        (Fallback(FOX), set(), NONE, "earlier", "an earlier picture of this name is shown"),
        (Missing("it is damaged"), set(), NONE, "broken", "it is damaged"),
        (Missing(), set(), NONE, "not drawn", ""),
        (Missing(), {KEYS[1]}, {KEYS[1]: "refused"}, "drawing", "refused"),
        (Missing(), {KEYS[2]}, NONE, "not drawn", ""),
        (Missing(), set(), {KEYS[1]: "refused"}, "failed", "refused"),
        (Missing(), set(), {"another": "refused"}, "not drawn", ""),
    ],
)
def test_an_image_has_a_state_and_a_reason(
    build: MakeBuild,
    lookup: LookupResult,
    drawing: set[str],
    failed: dict[str, str],
    name: str,
    why: str,
) -> None:
    image = fox(lookup)
    found = state(build(image), image, drawing, failed)
    assert (found["state"], found["why"]) == (name, why)


def test_a_file_of_the_author_is_not_drawn(build: MakeBuild) -> None:
    image = fox(UserFile(9, 9), file="fox.webp")
    found = state(build(image), image, set(), {})
    assert (found["state"], found["why"], found["another"]) == ("your own", "", None)
    assert found["why_not"] == "fox.webp is your own file"


@pytest.mark.parametrize(
    ("lookup", "in_stock", "draw", "another"),
    [
        (Missing(), (), 1, None),
        (Missing(), (2,), 1, None),
        (InStock(FOX), (1,), None, 2),
        (InStock(FOX), (1, 2, 3), None, 4),
        (InStock(FOX), (1, 20), None, None),
        (Drifted(FOX, ""), (), 1, None),
    ],
)
def test_a_drawing_has_a_price_and_the_number_of_its_take(
    build: MakeBuild,
    lookup: LookupResult,
    in_stock: tuple[int, ...],
    draw: int | None,
    another: int | None,
) -> None:
    image = fox(lookup)
    found = state(build(image, in_stock=in_stock), image, set(), {})
    for name, number in (("draw", draw), ("another", another)):
        if number is None:
            assert found[name] is None
        else:
            usd, at_most = found[name].pop("usd"), found[name].pop("at_most")
            assert usd == pytest.approx(PRICE)
            assert at_most > usd
            assert found[name] == {"requests": 1, "known": True, "take": number}


def test_the_price_of_an_unknown_model_is_not_known(build: MakeBuild) -> None:
    unknown = take(1)._replace(model="gemini-9-image")
    image = fox(Missing())
    light = image.authored._replace(request=unknown)
    image = image._replace(authored=light, resolved=image.resolved._replace(light=light))
    assert state(build(image), image, set(), {})["draw"] == {
        "usd": 0.0, "at_most": 0.0, "requests": 1, "known": False, "take": 1,
    }  # fmt: skip


def test_the_panel_has_the_options_takes_and_files_of_an_image(build: MakeBuild) -> None:
    image = fox(InStock(FOX))
    made = build(image, in_stock=(1, 3))
    found = state(made, image, {KEYS[2]}, {})
    shown = made.image(image.handle).shown
    assert {name: found[name] for name in (
        "handle", "prompt", "model", "size", "ratio", "pages", "free", "why_not", "take", "takes",
        "under_way", "version", "dark",
    )} == {
        "handle": image.handle, "prompt": "A fox", "model": "gemini-nano-banana-2.1", "size": "1K",
        "ratio": "16:9", "pages": ["a.md", "b.md"], "free": False, "why_not": "", "take": 1,
        "takes": [1, 3], "under_way": [2], "version": FOX.key[:8], "dark": None,
    }  # fmt: skip
    assert found["shown"]["src"] == shown.src
    assert (found["shown"]["width"], found["shown"]["placeholder"]) == (64, False)
    assert found["shown"]["files"] == [[each.uri, each.width] for each in shown.candidates]


def test_a_missing_picture_has_no_version_and_shows_a_placeholder(build: MakeBuild) -> None:
    image = fox(Missing())
    found = state(build(image), image, set(), {})
    assert (found["version"], found["takes"]) == ("", [])
    assert found["shown"]["placeholder"] is True


def test_an_image_comes_with_its_twin_for_dark_pages(build: MakeBuild) -> None:
    light = fox(InStock(FOX))
    dark = fox(InStock(record(take(7), DATA)), 7, light)
    made = build(light, dark, in_stock=(1,))
    found = state(made, light, set(), {})
    assert found["dark"]["src"] == made.image(dark.handle).shown.src
    assert found["dark"]["src"] != found["shown"]["src"]


@pytest.mark.parametrize(
    ("lookup", "server", "reason"),
    [
        (Missing(), Server(), "no API key for generativelanguage.googleapis.com"),
        (Missing("it is damaged"), Server(), "it is damaged"),
        (Missing(), Server(key=Secret("k")), ""),
    ],
)
def test_an_image_that_cannot_be_drawn_has_the_reason(
    build: MakeBuild, lookup: LookupResult, server: Server, reason: str
) -> None:
    image = fox(lookup)
    found = state(build(image, server=server), image, set(), {})["why_not"]
    assert found.startswith(reason) if reason else found == ""


def test_a_picture_in_a_batch_says_that_drawing_it_now_is_billed_besides(build: MakeBuild) -> None:
    how = "being drawn in batch since 14:02 (job mgi-0123456789ab-1)"
    snapshot = build(site_image(Directive("A fox"))._replace(in_batch=how))
    (handle,) = snapshot.images
    state = state_of(snapshot, handle, ["index.md"], set(), {})
    assert (state["state"], state["why"]) == ("in batch", f"{how}; drawn now, it is billed twice")
    assert state["draw"] is not None
