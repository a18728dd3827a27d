"""A build that draws nothing changes no file outside the site's folder, so that no watcher sees it.

The emulator's server draws here as a real one would; a file counts as changed by its bytes, its
time of modification or its inode, and a folder by its entries.
"""

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence

PAGES = {
    "index.md": FOX,
    "named.md": '![A fox](img/fox.webp "gemini: A red fox")\n',
    "dark.md": fence("A house", dark="The same house at night"),
    "hero.md": "---\ngemini_image:\n  prompt: A heron\n  alt: A heron\n---\n\nText.\n",
}
"""Every way in which a page shows a picture, so that one build is a build of each."""

CACHE = ".cache/plugin/gemini-images"
LOCK = {CACHE, f"{CACHE}/buy.lock"}
"""What taking the lock may touch: several versions of filelock write to its file or delete it."""

NIGHT = {"theme": {"name": "mkdocs", "color_mode": "auto"}}


def outside(here: Site) -> dict[str, tuple[int, int, str]]:
    """Return what can be seen of each file and folder of a project, except of its built site."""
    found = {}
    for path in here.root.rglob("*"):
        name = path.relative_to(here.root).as_posix()
        if name != "site" and not name.startswith("site/"):
            facts = path.lstat()
            content = sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            found[name] = (facts.st_mtime_ns, facts.st_ino, content)
    return found


def changed_by_a_build(here: Site, file: Path) -> set[str]:
    """Build what is written, and return the names of all that is not as it was."""
    before = outside(here)
    built = here.run(file)
    assert built.requests == ()
    after = outside(here)
    return {name for name in before | after if before.get(name) != after.get(name)}


@pytest.mark.parametrize(
    ("pages", "options"),
    [(PAGES, {"publish": "original"}), (FOX, {"base_url": "emulator"})],
    ids=["original", "emulator"],
)
def test_a_warm_build_changes_no_file(site: MakeSite, pages: Any, options: dict[str, Any]) -> None:
    here = site(pages, config=NIGHT, **options)
    here.run(here.write())
    assert changed_by_a_build(here, here.root / "mkdocs.yml") == set()


def test_a_build_that_may_not_draw_changes_no_file(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(FOX)
    here.build()
    here.pages = {"index.md": FOX + fence("A badger")}
    assert changed_by_a_build(here, here.write(frozen=True)) == set()
    here.run(here.write(max_new=0))
    assert changed_by_a_build(here, here.root / "mkdocs.yml") <= LOCK
    monkeypatch.delenv("GEMINI_API_KEY")
    assert changed_by_a_build(here, here.write(base_url="")) == set()


def test_a_build_from_stock_alone_makes_a_cache_that_git_ignores(site: MakeSite) -> None:
    here = site(FOX)
    here.build()
    shutil.rmtree(here.root / "site")
    shutil.rmtree(here.root / ".cache")
    subprocess.run(["git", "init", "-q", here.root], check=True)
    built = here.build(frozen=True, cache_dir="docs/kept/cache")
    assert built.requests == ()
    listed = subprocess.run(
        ["git", "-C", here.root, "status", "--short", "-uall"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert (here.root / "docs" / "kept" / "cache" / "ready").is_dir()
    assert "cache" not in listed
