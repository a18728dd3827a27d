"""Which host reads a configuration, and which configuration is that of a folder."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.hosts import host_choice
from mkdocs_gemini_images.hosts.host_choice import configuration_in, is_zensicals

PLUGIN = "plugins: [search, {gemini-images: {size: 2K}}]\n"
EXTENSION = "markdown_extensions:\n  - gemini_images: {size: 2K}\n"
LISTED = "[project.markdown_extensions.gemini_images]\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("zensical.toml", "", True),
        ("other.toml", "no TOML", True),
        ("mkdocs.yml", PLUGIN, False),
        ("mkdocs.yml", EXTENSION, True),
        ("mkdocs.yml", PLUGIN + EXTENSION, False),
        ("mkdocs.yml", EXTENSION + "key: !ENV X\nf: !!python/name:os.path\n", True),
        ("mkdocs.yml", "INHERIT: base.yml\n" + EXTENSION, False),
        ("mkdocs.yml", PLUGIN + "theme: zensical\n", True),
        ("mkdocs.yml", PLUGIN + "theme: {name: zensical}\n", True),
        ("mkdocs.yml", PLUGIN + "theme: material\n", False),
        ("mkdocs.yml", "theme: material\nnav: [zensical.md]\nextra: {zensical: 1}\n", False),
        ("mkdocs.yml", "markdown_extensions: {gemini_images: {}}\n", True),
        ("mkdocs.yml", "", False),
        ("mkdocs.yml", "- a list\n", False),
        ("mkdocs.yml", "a: [\n", False),
        ("mkdocs.yml", "plugins: 3\ntheme: 4\nmarkdown_extensions: x\n", False),
    ],
)
def test_a_configuration_belongs_to_the_host_that_shows_pictures_with_it(
    tmp_path: Path, name: str, text: str, expected: bool
) -> None:
    (tmp_path / name).write_text(text)
    assert is_zensicals(tmp_path / name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theme: {name: material}\n", True),
        ("theme: material\n", True),
        (PLUGIN + "theme: material\n", False),
        ("theme: mkdocs\n", False),
    ],
)
def test_the_theme_material_alone_is_zensicals_where_only_zensical_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: bool
) -> None:
    (tmp_path / "mkdocs.yml").write_text(text)
    assert is_zensicals(tmp_path / "mkdocs.yml") is False
    monkeypatch.setattr(host_choice, "find_spec", lambda name: name == "zensical" or None)
    assert is_zensicals(tmp_path / "mkdocs.yml") is expected


def test_a_large_file_is_not_parsed(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text(EXTENSION + "# a comment\n" * 100_000)
    assert not is_zensicals(tmp_path / "mkdocs.yml")


def test_a_file_that_is_not_there_is_left_to_mkdocs_to_miss(tmp_path: Path) -> None:
    assert not is_zensicals(tmp_path / "gone.yml")


@pytest.mark.parametrize(
    ("files", "chosen", "note"),
    [
        ({}, None, ""),
        ({"mkdocs.yml": PLUGIN}, None, ""),
        ({"properdocs.yml": PLUGIN}, "properdocs.yml", ""),
        ({"mkdocs.yml": EXTENSION}, "mkdocs.yml", ""),
        ({"zensical.toml": ""}, "zensical.toml", ""),
        ({"zensical.toml": LISTED, "mkdocs.yml": PLUGIN}, "zensical.toml",
         "zensical.toml is read, not mkdocs.yml; -f mkdocs.yml chooses that"),
        ({"zensical.toml": "[broken", "mkdocs.yml": PLUGIN}, "zensical.toml",
         "zensical.toml is read, not mkdocs.yml; -f mkdocs.yml chooses that"),
        ({"zensical.toml": "[project]\n", "mkdocs.yml": PLUGIN}, "mkdocs.yml",
         "mkdocs.yml is read, since zensical.toml does not list gemini_images; "
         "-f zensical.toml chooses that"),
    ],
)  # fmt: skip
def test_a_folder_has_one_configuration_and_says_which(
    tmp_path: Path, files: dict[str, str], chosen: str | None, note: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    expected = None if chosen is None else tmp_path / chosen
    assert configuration_in(tmp_path) == (expected, note)
