"""A shell completes the ids and pages of a site, without a build."""

from pathlib import Path
from typing import Any

import pytest
from click.shell_completion import ShellComplete

from mkdocs_gemini_images.cli.main import main

FENCE = "```gemini-image\nprompt: A fox\nid: fox\n```\n"
PAGES = {
    "index.md": FENCE,
    "guide/page.md": '![x](gemini: "A map"){ .left #map }\n\n![y](gemini: "y")\n',
    "guide/example.md": f"Write\n\n````\n{FENCE}````\n\nas gemini-images says\n",
    "broken.md": "```gemini-image\nprompt: A fox\nsise: 1K\nid: fix\n```\n",
    "plain.md": "# Nothing\n",
    "latin.md": "caf\xe9 gemini",
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: X\ndocs_dir: 'pages'  # not docs\n")
    for name, text in PAGES.items():
        (tmp_path / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "pages" / name).write_bytes(text.encode("latin-1"))
    monkeypatch.chdir(tmp_path)


def completed(*words: str) -> list[str]:
    """Return what a shell offers for the last of these words."""
    complete = ShellComplete(main, {}, "gemini-images", "_COMPLETE")
    found: list[Any] = complete.get_completions(list(words[:-1]), words[-1])
    return [each.value for each in found]


@pytest.mark.parametrize("command", ["draw", "pick", "adopt", "accept"])
def test_every_command_that_takes_a_name_completes_ids_and_pages(command: str) -> None:
    assert completed(command, "") == ["broken.md", "fox", "guide/page.md", "index.md", "map"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["f"], ["fox"]),
        (["guide/"], ["guide/page.md"]),
        (["pages/g"], ["pages/guide/page.md"]),
        (["fox", "index.md", ""], ["broken.md", "guide/page.md", "map"]),
        (["--takes", "3", "ma"], ["map"]),
        (["zebra"], []),
    ],
)
def test_what_begins_so_and_is_not_there_yet_is_offered(
    words: list[str], offered: list[str]
) -> None:
    assert completed("draw", *words) == offered


def test_the_configuration_that_is_named_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert completed("draw", "") == []
    assert completed("draw", "-f", str(tmp_path / "mkdocs.yml"), "fo") == ["fox"]
    (tmp_path / "mkdocs.yml").write_text("site_name: X\n")
    assert completed("draw", "-f", str(tmp_path / "mkdocs.yml"), "fo") == []


def test_the_docs_folder_of_a_zensical_toml_is_found() -> None:
    Path("mkdocs.yml").unlink()
    Path("zensical.toml").write_text('[project]\nsite_name = "X"\ndocs_dir = "pages"  # not docs\n')
    assert completed("draw", "f") == ["fox"]
