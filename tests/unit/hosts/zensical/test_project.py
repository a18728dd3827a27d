"""A site's configuration, as Zensical reads it."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.hosts.zensical.project import Project, read_project

TOML = """
[project]
site_name = "T"
docs_dir = "text/pages"
[project.theme]
language = "fr"
palette = {{ scheme = "slate" }}
[project.markdown_extensions]
{extensions}
[project.markdown_extensions.gemini_images]
size = "2K"
label = {{ en = "AI", fr = "IA" }}
"""
YAML = """
site_name: T
docs_dir: text/pages
theme: {{ language: fr, palette: {{ scheme: slate }} }}
markdown_extensions:
{extensions}
  - gemini_images: {{ size: 2K, label: {{ en: AI, fr: IA }} }}
"""


def written(folder: Path, name: str, text: str) -> Project:
    (folder / "text/pages").mkdir(parents=True)
    (folder / name).write_text(text)
    return read_project(folder / name)


@pytest.mark.parametrize(
    ("name", "text", "extensions"),
    [
        ("zensical.toml", TOML, "attr_list = {}\npymdownx.snippets.base_path = ['parts']"),
        ("mkdocs.yml", YAML, "  - attr_list\n  - pymdownx.snippets: { base_path: parts }"),
    ],
)
def test_both_forms_give_the_same_project(
    tmp_path: Path, name: str, text: str, extensions: str
) -> None:
    project = written(tmp_path, name, text.format(extensions=extensions))
    settings = project.settings()
    assert (settings.root, settings.docs) == (tmp_path, "text/pages")
    assert (settings.defaults.size, settings.label) == ("2K", "IA")
    assert (settings.defaults.file, settings.dark_pages) == (name, True)
    assert project.braces
    assert project.include_folders() == (
        tmp_path / "parts", tmp_path / "text/pages", tmp_path,
    )  # fmt: skip


def test_attribute_lists_are_read_where_the_extension_is_listed(tmp_path: Path) -> None:
    assert not written(tmp_path, "zensical.toml", TOML.format(extensions="")).braces


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("zensical.toml", "[project]\nsite_name = = 1\n", "zensical.toml:2: Zensical cannot read"),
        ("mkdocs.yml", "site_name: T\nnav: [\n", "mkdocs.yml:3: Zensical cannot read"),
        ("zensical.toml", "[project]\n", "(Missing required setting: site_name)"),
        ("mkdocs.yml", "site_name: T\ndocs_dir: text/pages\n", "add - gemini_images"),
    ],
)
def test_a_wrong_configuration_is_said_with_its_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(DiagnosticError) as refused:
        written(tmp_path, name, text)
    assert said in str(refused.value)
