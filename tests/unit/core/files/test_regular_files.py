"""Files that a stranger may have put there are read only if they are regular and small enough."""

import gc
import os
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from mkdocs_gemini_images.core.files import regular_files

LIMIT = 100

needs_links = pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links cannot be refused")


def refused(path: Path) -> str:
    return why(lambda: regular_files.read(path, LIMIT))


def refused_below(root: Path, path: str) -> str:
    return why(lambda: regular_files.read_below(root, path, LIMIT))


def why(read: Callable[[], bytes]) -> str:
    """Return the text of the error that `read` raises."""
    try:
        read()
    except OSError as error:
        return str(error.strerror)
    raise AssertionError("the file was read")


@pytest.mark.parametrize("size", [0, 1, LIMIT])
def test_a_regular_file_is_read_up_to_the_limit(tmp_path: Path, size: int) -> None:
    (tmp_path / "file").write_bytes(b"x" * size)
    assert regular_files.read(tmp_path / "file", LIMIT) == b"x" * size
    assert regular_files.read_below(tmp_path, "file", LIMIT) == b"x" * size


def test_a_larger_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(2**40)  # takes no room on the disk, and could not be read
    assert refused(tmp_path / "file") == "1048576 MB"


def test_a_file_that_is_missing_keeps_nothing_of_its_reader_in_memory(tmp_path: Path) -> None:
    class Picture:
        """What a reader holds meanwhile."""

    def look() -> "weakref.ref[Picture]":
        picture = Picture()
        assert refused(tmp_path / "none") == "No such file or directory"
        assert refused_below(tmp_path, "none") == "No such file or directory"
        return weakref.ref(picture)

    gc.disable()
    try:
        assert look()() is None
    finally:
        gc.enable()


@needs_links
def test_a_link_is_refused_wherever_it_leads(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for name, target in {"a": "file", "b": "/dev/zero", "c": "missing"}.items():
        (tmp_path / name).symlink_to(target)
        assert refused(tmp_path / name) == "a link"


@needs_links
def test_a_folder_of_the_path_may_not_be_a_link_either(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_bytes(b"x")
    (tmp_path / "linked").symlink_to("real")
    assert regular_files.read_below(tmp_path, "real/file", LIMIT) == b"x"
    assert refused_below(tmp_path, "linked/file") in ("a link", "Not a directory")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_and_a_folder_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "no regular file"
    assert refused(tmp_path) == "no regular file"


def test_a_folder_is_checked_part_by_part(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    regular_files.check_folder(tmp_path, tmp_path / "a" / "missing" / "too")
    (tmp_path / "a" / "file").write_bytes(b"x")
    with pytest.raises(OSError, match="no folder"):
        regular_files.check_folder(tmp_path, tmp_path / "a" / "file" / "below")
    (tmp_path / "a" / "link").symlink_to(tmp_path)
    with pytest.raises(OSError, match="a link"):
        regular_files.check_folder(tmp_path, tmp_path / "a" / "link" / "below")
