"""A build of a site: what it makes of directives that it is given after the barrier."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.config.server import Secret, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.store.folder import FolderStore
from tests.unit.progress import SilentProgress

FOX = Directive("A fox", alt="A fox by a lake", dark="At night")
USE = Use(FOX, "late.md")


@pytest.fixture
def build(tmp_path: Path) -> Iterator[SiteBuild]:
    server = Server(key=Secret("k"))
    settings = Settings(tmp_path, tmp_path / "stock", tmp_path / "cache", "docs", server)
    store = FolderStore(settings.owned)
    made = SiteBuild(
        settings, store, tmp_path / "site", progress=SilentProgress(), tracker=SpendTracker()
    )
    made.finish(may_draw=False)
    yield made
    made.close()


def test_an_image_that_is_asked_for_after_the_barrier_knows_its_page(build: SiteBuild) -> None:
    build.collect(FOX, USE)
    assert [image.uses for image in build.images] == [(USE,), (USE,)]


def test_an_image_that_is_missing_after_the_barrier_is_a_placeholder_on_light_and_dark_pages(
    build: SiteBuild,
) -> None:
    shown = build.shown(build.collect(FOX, USE))
    assert (shown.placeholder, shown.promise) == (True, "")
    assert shown.dark == shown._replace(dark=None)


def test_an_image_that_is_missing_after_the_barrier_is_reported_once(build: SiteBuild) -> None:
    build.collect(FOX, USE)
    build.collect(FOX, USE)
    light, dark = build.notices
    assert (light.level, light.page) == ("warning", "late.md")
    assert "it was found after the others were drawn; build again" in light.text
    assert "for dark pages" in dark.text
