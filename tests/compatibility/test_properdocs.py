"""The same site under ProperDocs, in an environment that has no MkDocs to help."""

import importlib.metadata
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.integration.built_pages import check_links
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence

THEME = """{% for path in config.extra_css %}<link rel="stylesheet" href="{{ path | url }}">
{% endfor %}{{ page.content }}"""

pytestmark = pytest.mark.skipif(
    not any(d.name == "properdocs" for d in importlib.metadata.distributions()),
    reason="needs properdocs",
)


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python that has all packages of this one but MkDocs: links to them, one by one."""
    folder = tmp_path_factory.mktemp("properdocs")
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if entry.name != "mkdocs" and not entry.name.startswith("mkdocs-"):
            (packages / entry.name).symlink_to(entry)
    return str(folder / "bin" / "python")


def run(python: str, here: Site, *arguments: str) -> tuple[int, str]:
    process = subprocess.run(
        [python, *arguments], cwd=here.root, capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return process.returncode, process.stdout + process.stderr


@pytest.fixture
def here(site: MakeSite) -> Site:
    pages = {"index.md": FOX, "guide/a.md": fence("A heron", caption="A *bird*")}
    made = site(pages, config={"theme": {"name": None, "custom_dir": "theme"}})
    (made.root / "theme").mkdir()
    (made.root / "theme" / "main.html").write_text(THEME)
    made.write()
    (made.root / "mkdocs.yml").rename(made.root / "properdocs.yml")
    return made


def test_mkdocs_is_not_there(python: str, here: Site) -> None:
    code, said = run(python, here, "-c", "import mkdocs")
    assert code == 1
    assert "No module named 'mkdocs'" in said


def test_it_draws_and_publishes_the_same(python: str, here: Site) -> None:
    before = len(here.ledger)
    code, said = run(python, here, "-m", "properdocs", "build", "--strict")
    assert code == 0, said
    assert len(here.ledger) == before + 2
    assert "2 pictures, 2 drawn in" in said
    assert check_links(here.root / "site") >= 8
    shown = (here.root / "site" / "guide" / "a" / "index.html").read_text()
    assert '<figure class="gemini-image">' in shown
    assert "<em>bird</em>" in shown
    code, said = run(python, here, "-m", "properdocs", "build", "--strict")
    assert "2 pictures, 2 from stock" in said
    assert len(here.ledger) == before + 2
    here.check_secrets([said])
    # What one host has bought, the other shows.
    (here.root / "properdocs.yml").rename(here.root / "mkdocs.yml")
    assert here.build().closing == "2 pictures, 2 from stock"


def test_the_command_finds_the_other_host(python: str, here: Site) -> None:
    file = str(here.root / "properdocs.yml")
    code, said = run(python, here, "-m", "mkdocs_gemini_images", "draw", "--yes", "-f", file)
    assert code == 0, said
    assert len(here.sidecars) == 2


def test_the_command_finds_the_other_hosts_configuration(python: str, here: Site) -> None:
    code, said = run(python, here, "-m", "mkdocs_gemini_images", "draw", "--yes")
    assert code == 0, said
