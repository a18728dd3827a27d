"""What another system would meet is said with what to do."""

from dataclasses import replace
from pathlib import Path

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.reports.portability import LONGEST_PATH, long_paths


def settings_in(root: Path) -> Settings:
    cache = root / ".cache/plugin/gemini-images"
    return Settings(root, root / "gemini-images", cache, "docs", Server())


def test_a_site_in_a_short_path_has_room_for_every_name() -> None:
    assert list(long_paths(settings_in(Path("/home/ann/site")))) == []


def test_a_folder_whose_names_would_be_too_long_is_told_with_its_option() -> None:
    deep = settings_in(Path("/" + "x" * 199))
    stock, cache = map(str, long_paths(deep))
    assert f"and Windows takes {LONGEST_PATH}: move the site to a shorter path" in stock
    assert stock.endswith("or name a shorter stock")
    assert cache.endswith("or name a shorter cache_dir")
    elsewhere = replace(deep, cache=Path("/c"), bucket="s3://pictures")
    assert list(long_paths(elsewhere)) == []
