"""What a mount cannot sync stops no purchase; an error of the drive does."""

import errno
import fcntl
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.files import atomic_files, disk_sync

F_FULLFSYNC = 51


def folders_answer(error: int, patch: pytest.MonkeyPatch) -> None:
    """Let the sync of each folder fail, as on a shared folder."""
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(error, os.strerror(error))
        real(descriptor)

    patch.setattr(os, "fsync", fsync)


CANNOT = [
    errno.EINVAL, errno.ENOTSUP, errno.ENOTTY, errno.ENOSYS, errno.EPERM, errno.EACCES, errno.EBADF,
]  # fmt: skip


@pytest.mark.parametrize("error", CANNOT)
def test_a_folder_that_cannot_be_synced_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    folders_answer(error, monkeypatch)
    atomic_files.write(tmp_path / "a/b/file", b"whole")
    atomic_files.create((tmp_path / "a/b/other", b"whole"))
    assert (tmp_path / "a/b/file").read_bytes() == (tmp_path / "a/b/other").read_bytes() == b"whole"


@pytest.mark.parametrize("error", [errno.EISDIR, *CANNOT])
def test_a_folder_that_cannot_be_opened_to_be_synced_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "open", refuse)
    disk_sync.sync_folder(tmp_path)


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        disk_sync.sync_folder(tmp_path / "gone")


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.ESTALE])
def test_an_error_of_the_drive_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    folders_answer(error, monkeypatch)
    with pytest.raises(OSError, match=os.strerror(error)):
        disk_sync.sync_folder(tmp_path)


def macos_answers(patch: pytest.MonkeyPatch, answer: Callable[[], object]) -> list[str]:
    """Give this system macOS' call that forces a file to the drive, and note the calls."""
    calls, fsync = list[str](), os.fsync

    def full(descriptor: int, command: int, *more: Any) -> object:
        assert command == F_FULLFSYNC
        calls.append("full")
        return answer()

    def noted(descriptor: int) -> None:
        calls.append("fsync")
        fsync(descriptor)

    patch.setattr(fcntl, "F_FULLFSYNC", F_FULLFSYNC, raising=False)
    patch.setattr(fcntl, "fcntl", full)
    patch.setattr(os, "fsync", noted)
    return calls


def failing(error: int) -> Callable[[], object]:
    def fail() -> object:
        raise OSError(error, os.strerror(error))

    return fail


def test_macos_forces_a_file_to_the_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = macos_answers(monkeypatch, lambda: 0)
    with (tmp_path / "file").open("wb") as file:
        disk_sync.sync_file(file.fileno())
    assert calls == ["full"]


def test_where_macos_cannot_it_syncs_as_other_systems_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = macos_answers(monkeypatch, failing(errno.ENOTSUP))
    with (tmp_path / "file").open("wb") as file:
        disk_sync.sync_file(file.fileno())
    assert calls == ["full", "fsync"]


def test_an_error_of_macos_drive_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    macos_answers(monkeypatch, failing(errno.EIO))
    with (tmp_path / "file").open("wb") as file, pytest.raises(OSError, match=os.strerror(5)):
        disk_sync.sync_file(file.fileno())
