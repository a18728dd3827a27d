"""Without a network: a stocked site is built without touching a socket, the same everywhere.

The builds are processes of their own, in which any use of a socket, a look-up of a name included,
is written down and refused.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.test_branches import Repository
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence

GUARDED = """
import sys
seen = []
def guard(event, arguments):
    if event.startswith("socket."):
        seen.append(event)
        raise OSError(f"{event} is forbidden here")
sys.addaudithook(guard)
from mkdocs.__main__ import cli
try:
    cli(sys.argv[1:])
finally:
    print("events:", seen)
"""


def build(root: Path, *options: str) -> str:
    """Build without a network, a key or a cache, as a machine that forgets; give what was said."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("GEMINI_API_KEY", "CI")
    }
    done = subprocess.run(
        [sys.executable, "-c", GUARDED, "build", "--strict", *options],
        cwd=root, env={**environment, "CI": "true", "SOURCE_DATE_EPOCH": "1790000000"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "events: []" in done.stdout
    return done.stdout + done.stderr


@pytest.fixture
def owned(site: MakeSite) -> Site:
    """A site that owns pictures, a named file and an edited one among them."""
    named = '![A hen](images/hen.png "gemini: A hen in a yard")\n'
    fox = fence("A fox at dusk", id="fox", edits="[It snows]", caption="A *fox*")
    here = site({"index.md": FOX + named, "deep/page.md": fox})
    assert len(here.build().requests) == 4
    return here


def test_a_stocked_site_is_built_without_a_single_use_of_a_socket(owned: Site) -> None:
    shutil.rmtree(owned.root / "site")
    said = build(owned.root)
    assert "3 pictures, 3 from stock" in said
    shutil.rmtree(owned.cache)
    shutil.rmtree(owned.root / "site")
    assert "3 pictures, 3 from stock" in build(owned.root)


def test_a_missing_picture_touches_no_socket_either(owned: Site) -> None:
    owned.pages["index.md"] += fence("A cat nobody drew")
    owned.write(on_missing="info")
    assert "1 not drawn" in build(owned.root)


def test_two_checkouts_give_the_same_site_byte_for_byte(owned: Site, tmp_path: Path) -> None:
    (owned.root / ".gitignore").write_text("/site/\n")
    origin = Repository(owned.root)
    origin.commit("a site with its pictures")
    sites = []
    for name in ("one", "another-with-a-longer-name"):
        checkout = tmp_path / name
        subprocess.run(["git", "clone", "--quiet", owned.root, checkout], check=True)
        assert not (checkout / ".cache").exists()
        build(checkout)
        built = (path for path in (checkout / "site").rglob("*") if path.is_file())
        sites.append(
            {path.relative_to(checkout / "site").as_posix(): path.read_bytes() for path in built}
        )
    one, other = sites
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    ours = [name for name in one if name.startswith("assets/gemini/") or name == "images/hen.png"]
    assert len(ours) == 7
