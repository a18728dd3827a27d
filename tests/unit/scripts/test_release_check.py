"""What keeps a release from being published, and the README as PyPI shows it."""

import re
import tomllib
from pathlib import Path

import pytest

from scripts.release_check import PLACEHOLDER, NotReadyError, check_versions, relative_links

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("changelog", "tag", "words"),
    [
        ("## 0.2.0\n\n## 0.1.0\n", "", "begins with 0.2.0, and the package is 0.1.0"),
        ("# Changelog\n", "", "begins with none"),
        ("## 0.1.0\n", "v0.1.1", "name it v0.1.0"),
        ("## 0.1.0\n", "0.1.0", "name it v0.1.0"),
        ("## 0.1.0 (unreleased)\n", "v0.1.0", "write its date"),
    ],
)
def test_another_version_is_not_published(changelog: str, tag: str, words: str) -> None:
    with pytest.raises(NotReadyError, match=words):
        check_versions("0.1.0", changelog, tag)


@pytest.mark.parametrize("tag", ["", "v0.1.0"])
def test_the_version_of_the_changelog_is_published(tag: str) -> None:
    check_versions("0.1.0", "# Changelog\n\n## 0.1.0\n\n## 0.0.9 (unreleased)\n", tag)


def test_links_that_lead_nowhere_on_pypi_are_found_outside_code() -> None:
    text = (
        'Name: x\n\n[a](b.md) [c](https://d.example) [e](#f) <img src="g.png">\n'
        '```\n[h](i.md)\n```\n`![j](k.png)` ![l](m.png "n")\n'
    )
    assert relative_links(text) == ["b.md", "g.png"]


def test_the_readme_on_pypi_leads_to_the_repository_and_to_files_that_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = relative_links(f"Name: x\n\n{readme}")
    assert all((ROOT / each.partition("#")[0]).exists() for each in links)
    hook = PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    for each in hook["substitutions"]:
        readme = re.sub(each["pattern"], each["replacement"], readme)
    assert relative_links(f"Name: x\n\n{readme}") == []
    urls = PROJECT["project"]["urls"]
    assert readme.count(f"{urls['Repository']}/blob/main/") > 20
    repository = urls["Repository"].removeprefix("https://github.com/")
    assert f"https://raw.githubusercontent.com/{repository}/main/example_site/" in readme


def test_the_address_is_written_in_one_file() -> None:
    names = ["README.md", "CONTRIBUTING.md", "example_site/mkdocs.yml", "action.yml"]
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    assert [name for name, text in texts.items() if f"/{PLACEHOLDER}/" in text] == []
