"""What Zensical is given in place of a site's own folders."""

from pathlib import Path

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.hosts.zensical.command_run import is_published
from mkdocs_gemini_images.hosts.zensical.pages import pages_taken_by
from mkdocs_gemini_images.hosts.zensical.project import Project, read_project
from mkdocs_gemini_images.hosts.zensical.scratch_site import build_pages, mirrored
from mkdocs_gemini_images.markdown.image_resolver import PageResolver

TOML = '[project]\nsite_name = "T"\n[project.markdown_extensions.gemini_images]\n'
FENCE = "```gemini-image\nA fox\n```\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for uri in ("index.md", "a/deep.md", ".hidden/x.md", "a/data.txt"):
        file = tmp_path / "docs" / uri
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FENCE)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/y.md").write_text(FENCE)
    (tmp_path / "docs/link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "docs/b.md").symlink_to(tmp_path / "elsewhere/y.md")
    (tmp_path / "zensical.toml").write_text(TOML)
    return read_project(tmp_path / "zensical.toml")


class EndError(Exception):
    """Raised by a page that ends the build."""


def test_zensicals_pages_are_rendered_and_its_folders_stay_away(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def end(page: str) -> PageResolver:
        opened.append(page)
        raise EndError(f"no {page}")

    with pages_taken_by(end), pytest.raises(DiagnosticError) as refused:
        build_pages(project, {"index.md": "# A draft without directives\n"})
    assert opened[0] in ("a/deep.md", "b.md")
    said = str(refused.value)
    assert said.startswith("Zensical ends the build of the site (")
    assert f"EndError: no {opened[0]}" in said
    assert "Traceback" not in said
    assert not (project.root / "site").exists()
    assert not (project.root / ".cache").exists()
    assert capfd.readouterr() == ("", ""), "nothing of Zensical's reaches the terminal"


def test_a_draft_takes_the_place_of_a_page(project: Project) -> None:
    with pages_taken_by(lambda page: pytest.fail(page)):
        build_pages(project, dict.fromkeys(["index.md", "a/deep.md", "b.md"], "# None\n"))


def test_zensical_reads_its_own_configuration_afterwards(project: Project) -> None:
    from zensical import config

    before = config.parse_config
    with mirrored(project, lambda found: found):
        assert config.parse_config("/nowhere/zensical.toml")["site_name"] == "T"
    assert config.parse_config is before


@pytest.mark.parametrize(
    ("uri", "excluded", "expected"),
    [
        ("images/fox.png", "", True),
        (".images/fox.png", "", False),
        ("images/.fox.png", "", False),
        ("templates/fox.png", "", False),
        ("a/templates/fox.png", "", True),
        ("images/fox.png", "images/\n", False),
        ("images/fox.png", "*.png\n!fox.png\n", True),
    ],
)
def test_what_zensical_leaves_out_is_not_on_the_site(
    uri: str, excluded: str, expected: bool
) -> None:
    assert is_published(uri, excluded) is expected
