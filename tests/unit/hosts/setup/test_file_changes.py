"""New texts of files are shown as one diff, and all are written, or none."""

import os
from pathlib import Path

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.hosts.setup.file_changes import (
    FileChange,
    check_writable,
    diff_lines,
    read_text,
    write_changes,
)


@pytest.fixture
def changes(tmp_path: Path) -> list[FileChange]:
    (tmp_path / "a.yml").write_bytes(b"a: 1\r\n")
    changed = FileChange(tmp_path / "a.yml", "a: 1\r\n", "a: 1\r\nb:\t2\r\n")
    return [changed, FileChange(tmp_path / "docs" / "new.md", None, "new\n")]


def test_a_diff_names_old_and_new_files(changes: list[FileChange], tmp_path: Path) -> None:
    assert list(diff_lines(changes, tmp_path)) == [
        "--- a/a.yml", "+++ b/a.yml", "@@ -1 +1,2 @@", " a: 1", "+b: 2",
        "--- /dev/null", "+++ b/docs/new.md", "@@ -0,0 +1 @@", "+new",
    ]  # fmt: skip


def test_files_are_written_with_their_mode(changes: list[FileChange], tmp_path: Path) -> None:
    (tmp_path / "a.yml").chmod(0o640)
    check_writable(changes, tmp_path)
    write_changes(changes)
    assert [read_text(each.path) for each in changes] == [each.after for each in changes]
    assert (tmp_path / "a.yml").stat().st_mode & 0o777 == 0o640


def test_where_one_file_cannot_be_written_none_is(
    changes: list[FileChange], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = atomic_files.write

    def write(path: Path, data: bytes) -> None:
        if path.name == "last":
            raise OSError(28, "No space left on device", str(path))
        really(path, data)

    monkeypatch.setattr(atomic_files, "write", write)
    with pytest.raises(OSError, match="No space left"):
        write_changes([*changes, FileChange(tmp_path / "last", None, "")])
    assert (tmp_path / "a.yml").read_bytes() == b"a: 1\r\n"
    assert not (tmp_path / "docs/new.md").exists()


def test_a_file_that_has_changed_meanwhile_is_left(
    changes: list[FileChange], tmp_path: Path
) -> None:
    (tmp_path / "a.yml").write_text("other\n")
    with pytest.raises(DiagnosticError, match="has changed since it was read"):
        write_changes(changes)
    assert not (tmp_path / "docs").exists()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/new.md").write_text("mine\n")
    with pytest.raises(DiagnosticError, match=r"new\.md has changed since it was read"):
        write_changes(changes[1:])


def test_a_link_is_written_through_only_inside_the_project(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    for place, name in (("site", "inside"), ("", "outside")):
        real = tmp_path / place / f"{name}.yml"
        real.write_text("a: 1\n")
        link = tmp_path / "site" / f"{name}-link.yml"
        link.symlink_to(real)
        change = FileChange(link, "a: 1\n", "a: 2\n")
        if name == "outside":
            with pytest.raises(DiagnosticError, match="leads out of"):
                check_writable([change], tmp_path / "site")
            continue
        check_writable([change], tmp_path / "site")
        write_changes([change])
        assert link.is_symlink()
        assert real.read_text() == "a: 2\n"


def test_a_file_that_is_read_only_is_left(changes: list[FileChange], tmp_path: Path) -> None:
    (tmp_path / "a.yml").chmod(0o444)
    with pytest.raises(DiagnosticError, match="is read-only: allow writing"):
        check_writable(changes, tmp_path)


def test_a_folder_that_takes_no_file_is_named_before_anything_is_written(
    changes: list[FileChange], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").mkdir()

    def refuse(path: Path) -> None:
        if path.parent.name == "docs":
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(atomic_files, "check_writable", refuse)
    with pytest.raises(
        DiagnosticError, match=r"docs/new\.md cannot be written \(Permission denied"
    ):
        check_writable(changes, tmp_path)


def test_what_is_no_text_of_bounded_size_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    with pytest.raises(DiagnosticError, match="latin is not in UTF-8: save it"):
        read_text(tmp_path / "latin")
    (tmp_path / "large").write_bytes(b" " * (2**20 + 1))
    with pytest.raises(DiagnosticError, match="large has 1 MB, and files of at most 1 MB"):
        read_text(tmp_path / "large")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        read_text(tmp_path / "pipe")
