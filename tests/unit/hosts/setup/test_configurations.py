"""Configurations from the wild are set up: the diff of each is golden, and nothing else changes.

`changes.diff` has what is added to each; `GOLDEN=write pytest tests/unit/hosts/setup` writes it.
"""

import os
from difflib import unified_diff
from functools import cache
from pathlib import Path

import pytest
from mkdocs.config import load_config
from zensical.config import parse_config

from mkdocs_gemini_images.hosts.setup.mkdocs_yaml import set_up_yaml
from mkdocs_gemini_images.hosts.setup.wishes import STYLE_SHEET, Wishes
from mkdocs_gemini_images.hosts.setup.zensical_toml import set_up_toml

HERE = Path(__file__).parent
FILES = sorted((HERE / "configurations").iterdir())
MKDOCS = [each for each in FILES if each.suffix == ".yml" and "zensical" not in each.name]
ZENSICAL = [each for each in FILES if each not in MKDOCS]


def set_up(name: str, text: str) -> str:
    wishes = Wishes("zensical" in name or name.endswith("toml"), True, "pictures.md", "Pictures")
    if name.endswith(".toml"):
        return set_up_toml(name, text, wishes)
    return set_up_yaml(name, text, wishes)


@cache
def texts(file: Path) -> tuple[str, str]:
    before = file.read_bytes().decode()
    return before, set_up(file.name, before)


def all_changes() -> str:
    lines: list[str] = []
    for file in FILES:
        before, after = (each.splitlines() for each in texts(file))
        lines += unified_diff(before, after, file.name, file.name, lineterm="", n=1)
    return "".join(f"{line}\n" for line in lines)


def test_there_are_many_configurations() -> None:
    assert len(FILES) > 50
    assert len(ZENSICAL) > 10


def test_each_configuration_gets_what_it_lacks_in_its_own_style() -> None:
    golden = HERE / "changes.diff"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(all_changes(), encoding="utf-8")
    assert all_changes() == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_character_stays_and_a_second_time_changes_nothing(file: Path) -> None:
    before, after = texts(file)
    found = iter(after)
    assert all(each in found for each in before)  # all are there still, in this order
    assert ("\r" in before) == ("\r" in after)
    assert after.count("\n") - after.count("\r\n") == 0 or "\r" not in before
    assert set_up(file.name, after) == after


@pytest.mark.parametrize("file", MKDOCS, ids=lambda file: file.name)
def test_mkdocs_reads_the_plugin_search_and_attribute_lists(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/")
    _, after = texts(file)
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_bytes(after.encode())
    read = load_config(str(tmp_path / "mkdocs.yml"))
    assert "gemini-images" in read.plugins
    searched = file.stem not in ("empty_list", "empty_list_with_space", "plugin_in_empty_list")
    assert searched == any(name.endswith("search") for name in read.plugins)
    assert {"attr_list", "extra"} & set(read.markdown_extensions)
    assert read.nav is None or "pictures.md" in str(read.nav)


@pytest.mark.parametrize("file", ZENSICAL, ids=lambda file: file.name)
def test_zensical_reads_the_extension_and_its_neighbours(file: Path, tmp_path: Path) -> None:
    path = tmp_path / ("zensical.toml" if file.suffix == ".toml" else "mkdocs.yml")
    path.write_bytes(texts(file)[1].encode())
    (tmp_path / "docs").mkdir()
    read = parse_config(str(path))
    assert {"gemini_images", "toc"} <= set(read["markdown_extensions"])
    assert {"attr_list", "extra"} & set(read["markdown_extensions"])
    assert {"pymdownx.superfences", "extra"} & set(read["markdown_extensions"])
    assert STYLE_SHEET in read["extra_css"]
    assert not read["nav"] or "pictures.md" in str(read["nav"])


def test_the_extensions_of_a_new_list_are_those_that_zensical_has_without_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "docs").mkdir()
    found = []
    for name in ("before", "after"):
        path = tmp_path / "zensical.toml"
        text = '[project]\nsite_name = "Birds"\n'
        path.write_text(text if name == "before" else set_up("zensical.toml", text))
        read = parse_config(str(path))
        found.append([each for each in read["markdown_extensions"] if each != "gemini_images"])
    assert found[0] == found[1]
