"""A file is whole or not there, also when the disk fails at any step."""

import errno
import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.files import atomic_files


class FullDisk:
    """A disk on which one of the calls that reach it fails from the `after`-th time on."""

    def __init__(self, patch: pytest.MonkeyPatch, call: str, after: int = 0) -> None:
        self._left = after
        if call == "fsync":
            patch.setattr(os, "fsync", self._failing(os.fsync))
        else:
            patch.setattr(Path, call, self._failing(getattr(Path, call)))

    def _failing(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def fail(*args: Any, **more: Any) -> Any:
            if self._left:
                self._left -= 1
                return call(*args, **more)
            raise OSError(errno.ENOSPC, "No space left on device")

        return fail


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    atomic_files.write(tmp_path / "a" / "b" / "file", b"whole")
    assert (tmp_path / "a/b/file").read_bytes() == b"whole"
    assert names(tmp_path / "a" / "b") == ["file"]


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    atomic_files.write(path, b"old")
    with atomic_files.writing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
@pytest.mark.parametrize("before", [None, b"old"], ids=["nothing there", "one there"])
def test_a_failing_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, before: bytes | None
) -> None:
    path = tmp_path / "file"
    if before is not None:
        path.write_bytes(before)
    with monkeypatch.context() as patch:
        FullDisk(patch, call)
        with pytest.raises(OSError, match="No space left"):
            atomic_files.write(path, b"new")
    assert names(tmp_path) == ([] if before is None else ["file"])
    assert before is None or path.read_bytes() == before


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), ValueError()])
def test_a_block_that_ends_badly_leaves_nothing_behind(
    tmp_path: Path, error: BaseException
) -> None:
    def fail() -> None:
        with atomic_files.writing(tmp_path / "file") as file:
            file.write(b"half")
            raise error

    with pytest.raises(type(error)):
        fail()
    assert names(tmp_path) == []


def test_the_bytes_are_on_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        folder = os.path.isdir(f"/proc/self/fd/{descriptor}")  # noqa: PTH112
        steps.append("folder" if folder else "file")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    atomic_files.write(tmp_path / "file", b"whole")
    assert [step for step in steps if step != "folder"] == ["file", "rename"]
    assert len(steps) == (2 if os.name == "nt" else 3)


@pytest.mark.parametrize(
    "name", [".hidden.part", ".a.12345678.party", "a.12345678.part", ".a.1234567.part", ".part"]
)
def test_only_temporary_files_of_ours_are_swept(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"an author's own")
    (tmp_path / ".a.12345678.part").write_bytes(b"half")
    (tmp_path / ".folder.12345678.part").mkdir()
    atomic_files.sweep(tmp_path)
    assert names(tmp_path) == sorted([".folder.12345678.part", name])


def test_a_missing_drive_is_an_error_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_dir", lambda path: False)
    with pytest.raises(FileNotFoundError, match="no such drive: '/'"):
        atomic_files.make_folder(Path("/a/b"))


def test_a_folder_is_proved_writable_by_a_file_that_is_gone_afterwards(tmp_path: Path) -> None:
    atomic_files.check_writable(tmp_path / ("x" * 100))
    assert names(tmp_path) == []
    with pytest.raises(FileNotFoundError):
        atomic_files.check_writable(tmp_path / "missing" / "file")


@pytest.mark.parametrize("length", [255, 256])
def test_a_folder_is_proved_with_a_name_as_long_as_the_asked_one(
    tmp_path: Path, length: int
) -> None:
    takes = nullcontext() if length == 255 else pytest.raises(OSError, match="name too long")
    with takes:
        atomic_files.check_writable(tmp_path / ("x" * length))


def test_a_file_of_a_key_is_never_longer_while_it_is_written(tmp_path: Path) -> None:
    with atomic_files.writing(tmp_path / f"{'0' * 64}.json"):
        (name,) = names(tmp_path)
    assert len(name) < 64


def test_temporary_files_of_a_name_are_swept_by_their_long_and_short_beginnings(
    tmp_path: Path,
) -> None:
    key, other = "0" * 64, "1" * 64
    for name in (key, key[:16], other, other[:16]):
        (tmp_path / f".{name}.12345678.part").write_bytes(b"half")
    atomic_files.sweep(tmp_path, key)
    assert names(tmp_path) == [f".{other[:16]}.12345678.part", f".{other}.12345678.part"]
