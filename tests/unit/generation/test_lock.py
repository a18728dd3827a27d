"""The lock of the buyer is a file of its own: a link in its place leads to no other file."""

import os
import re
import tomllib
from pathlib import Path

import pytest
from filelock import FileLock

PROJECT = Path(__file__).parents[3] / "pyproject.toml"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
@pytest.mark.parametrize("target", ["page.md", "new.md"])
def test_a_link_in_place_of_the_lock_is_refused_and_its_target_stays(
    tmp_path: Path, target: str
) -> None:
    (tmp_path / "page.md").write_text("A page", encoding="utf-8")
    (tmp_path / "buy.lock").symlink_to(target)
    with pytest.raises(OSError, match=r"symbolic links|symlink"), FileLock(tmp_path / "buy.lock"):
        pass
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == "A page"
    assert not (tmp_path / "new.md").exists()


def test_older_versions_that_follow_the_link_are_not_installed() -> None:
    """Before 3.20.1 the link was followed, before 3.20.3 on file systems without locks."""
    needed = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    (floor,) = (re.findall(r"\d+", each) for each in needed if each.startswith("filelock"))
    assert [int(part) for part in floor] >= [3, 20, 3]
