"""A site with pictures in every state, and the cards of its gallery."""

import json
from pathlib import Path

import mkdocs.commands.build
import mkdocs.config
import pytest
from hypothesis import HealthCheck, settings
from mkdocs.config.config_options import Plugins
from mkdocs.config.defaults import MkDocsConfig

from mkdocs_gemini_images.cli import host_build
from mkdocs_gemini_images.generation.draw_command import DryRun
from mkdocs_gemini_images.imaging.thumbnails import thumbnails
from mkdocs_gemini_images.reports import contact_sheet
from mkdocs_gemini_images.reports.contact_sheet import GalleryCard
from mkdocs_gemini_images.reports.site_survey import survey_of
from tests.browser.conftest import by_day, by_night
from tests.integration.bare_themes import bare_themes
from tests.integration.quick_pictures import quick_pictures

__all__ = ["by_day", "by_night"]

settings.register_profile("gallery", deadline=None, max_examples=40,
                          suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.fixture(autouse=True)
def _few_examples() -> None:
    settings.load_profile("gallery")


def fence(prompt: str, **options: object) -> str:
    lines = [f"{name}: {value}" for name, value in {"prompt": prompt, **options}.items()]
    return "\n".join(["", "```gemini-image", *lines, "```", ""])


FOX = fence("A fox", alt="A fox in the snow", id="fox")
TAKES = [fence("A heron", alt="A heron", take=take) for take in (1, 2, 3)]
BOAT = '\n![A boat](gemini: "A boat"){ preset=soft }\n'
CASTLE = fence("A castle", alt='""', dark="The same at night")
LOST = fence("A lost teapot", alt="A teapot")
CITY = fence("A city", alt="A city", model="gemini-3.1-flash-image", size="512")
WHALE = fence("A <b>whale</b>", alt='A "whale" & calf')
WRONG = fence("A duck", alt="A duck", sise="2K")

BEFORE = FOX + "".join(TAKES) + BOAT + CASTLE + LOST + CITY
AFTER = FOX + TAKES[0] + TAKES[2] + BOAT + CASTLE + WHALE + CITY + WRONG


def write(root: Path, page: str, words: str) -> Path:
    (root / "docs" / "guide").mkdir(parents=True, exist_ok=True)
    (root / "docs" / "index.md").write_text(page)
    (root / "docs" / "guide" / "more.md").write_text(FOX)
    options = {"base_url": "emulator", "widths": [64], "presets": {"soft": {"template": words}}}
    config = {
        "site_name": "Test",
        "theme": {"name": "mkdocs", "color_mode": "auto"},
        "markdown_extensions": ["attr_list", "fenced_code"],
        "plugins": [{"gemini-images": options}],
    }
    file = root / "mkdocs.yml"
    file.write_text(json.dumps(config))  # JSON is YAML
    return file


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> list[GalleryCard]:
    """Draw a site, change it, damage one of its pictures, and return the cards of its gallery."""
    root = tmp_path_factory.mktemp("site")
    file = write(root, BEFORE, "{{ prompt }}, soft")
    with quick_pictures(), bare_themes(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        _forget()
        config = mkdocs.config.load_config(str(file))
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs.commands.build.build(config)
        file = write(root, AFTER, "{{ prompt }}, hard")
        _forget()
        build = host_build.build([file], DryRun()).group
    records = list(build.store.records())
    (city,) = (record for record in records if record.request["text"] == "A city")
    build.store.path(city).write_bytes(b"no picture")
    small = thumbnails(records, build.store, max_side=160)
    return contact_sheet.gallery_cards(
        survey_of(build), records, small, original=lambda record: f"stock/{record.file_name}"
    )


def _forget() -> None:
    """Clear the plugins that MkDocs keeps between builds of one process."""
    plugins = dict(MkDocsConfig._schema)["plugins"]
    assert isinstance(plugins, Plugins)
    plugins.plugin_cache.clear()
