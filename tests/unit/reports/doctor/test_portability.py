"""What another system would meet is said with what to do."""

from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.config.server import EMULATOR, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation.journal import names
from mkdocs_gemini_images.imaging.cache.hardlink_cache import link_name
from mkdocs_gemini_images.reports.doctor.portability import LONGEST_PATH, long_paths
from mkdocs_gemini_images.store.buckets import local_folders
from mkdocs_gemini_images.store.pair_names import SHORT


def settings_in(root: Path) -> Settings:
    cache = root / ".cache/plugin/gemini-images"
    return Settings(root, root / "gemini-images", cache, "docs", Server())


def test_a_site_in_a_short_path_has_room_for_every_name() -> None:
    assert list(long_paths(settings_in(Path("/home/ann/site")))) == []


def test_a_folder_whose_names_would_be_too_long_is_told_with_its_option() -> None:
    deep = settings_in(Path("/" + "x" * 200))
    stock, cache = map(str, long_paths(deep))
    assert f"and Windows takes {LONGEST_PATH}: move the site to a shorter path" in stock
    assert stock.endswith("or name a shorter stock")
    assert cache.endswith("or name a shorter cache_dir")
    elsewhere = deep._replace(cache=Path("/c"), bucket="s3://pictures")
    assert list(long_paths(elsewhere)) == []


KINDS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "of a site": ({}, ["the stock have up to 290"]),
    "with the emulator": ({"server": EMULATOR}, []),
    "with a bucket": ({"bucket": "s3://pictures"}, []),
}


@pytest.mark.parametrize("kind", KINDS)
def test_below_a_root_of_200_characters_only_names_in_the_stock_are_too_long(
    kind: str,
) -> None:
    changed, expected = KINDS[kind]
    found = list(long_paths(settings_in(Path("/" + "x" * 199))._replace(**changed)))
    assert [str(each).split("paths in ")[1].split(" characters")[0] for each in found] == expected


KEY, ROOT, CACHE = "0" * 64, 200, len("/.cache/plugin/gemini-images")
NAMES = {
    # name: its folder, its longest form, and the characters of its path below a root of 200
    "a picture": (len("/gemini-images"), f"/{KEY}.json", 284),
    "a note of the stock": (len("/gemini-images"), f"/files/{KEY}.json", 290),
    "a published link": (CACHE, f"/ready/{link_name('x' * 300)}", 259),
    "the variants": (CACHE, "/variants/cache.db-journal", 254),
    "a batch's record": (CACHE, "/emulator/j/jobs/01234567.json", 258),
    "a paid answer": (CACHE, f"/journal/{names.LONGEST}", 256),
    "a picture of the emulator": (CACHE, f"/emulator/{KEY[:SHORT]}.json", 252),
    "a picture of a bucket": (CACHE, f"/{local_folders.LONGEST}", 259),
    "an answer of the emulator": (CACHE, f"/emulator/j/{names.LONGEST}", 259),
}


@pytest.mark.parametrize("kind", NAMES)
def test_the_longest_paths_below_a_root_of_200_characters(kind: str) -> None:
    folder, name, characters = NAMES[kind]
    assert ROOT + folder + len(name) == characters
