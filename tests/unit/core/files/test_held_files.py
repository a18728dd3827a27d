"""A file that another program holds gets its name a moment later, and else its error is told."""

import ast
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mkdocs_gemini_images.core.files import held_files
from tests.held_renames import denied

CALLS = [held_files.replace, held_files.link]


def refusing(patch: pytest.MonkeyPatch, call: str, errors: list[OSError]) -> None:
    """Let a call of the system fail with each error in turn, and then work."""
    real = getattr(os, call)

    def fail(*args: object, **more: object) -> None:
        if errors:
            raise errors.pop(0)
        real(*args, **more)

    patch.setattr(os, call, fail)


HELD = {
    **{f"winerror {number}": denied("new", number) for number in (5, 32, 33, 303, 391, 1224)},
    "busy": OSError(errno.EBUSY, os.strerror(errno.EBUSY)),
    "text busy": OSError(errno.ETXTBSY, os.strerror(errno.ETXTBSY)),
}


@pytest.mark.parametrize("error", HELD.values(), ids=HELD)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
def test_a_file_that_is_held_gets_its_name_once_it_is_let_go(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[..., object],
    error: OSError,
) -> None:
    source, waits = tmp_path / "new", list[float]()
    source.write_bytes(b"whole")
    refusing(monkeypatch, call.__name__, [error] * 3)
    call(source, tmp_path / "file", sleep=waits.append)
    assert (tmp_path / "file").read_bytes() == b"whole"
    assert len(waits) == 3


def test_a_file_that_stays_held_is_an_error_after_about_two_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, waits = tmp_path / "new", list[float]()
    source.write_bytes(b"whole")
    refusing(monkeypatch, "replace", [denied(source) for _ in range(99)])
    with pytest.raises(PermissionError) as caught:
        held_files.replace(source, tmp_path / "file", sleep=waits.append)
    assert 1.5 <= sum(waits) <= 2.5
    assert held_files.is_held(caught.value)
    assert source.read_bytes() == b"whole"


@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EIO])
def test_an_error_of_another_system_is_raised_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    waits = list[float]()
    refusing(monkeypatch, "replace", [OSError(error, os.strerror(error))])
    with pytest.raises(OSError, match=os.strerror(error)) as caught:
        held_files.replace(tmp_path / "new", tmp_path / "file", sleep=waits.append)
    assert (waits, held_files.is_held(caught.value)) == ([], False)


def test_a_file_that_is_held_is_removed_once_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, waits = tmp_path / "file", list[float]()
    file.write_bytes(b"old")
    refusing(monkeypatch, "unlink", [denied(file, 32)])
    held_files.remove(file, sleep=waits.append)
    held_files.remove(file, sleep=waits.append)
    assert (file.exists(), len(waits)) == (False, 1)


def test_windows_says_access_denied_alone_of_a_held_file_that_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python opens files through Windows' C library, whose errors have no `winerror`."""
    errors, waits = [PermissionError(errno.EACCES, "Permission denied")] * 2, list[float]()
    write = Path.write_bytes

    def held(path: Path, data: bytes) -> int:
        if errors:
            raise errors.pop()
        return write(path, data)

    monkeypatch.setattr(held_files, "_WINDOWS", True)
    monkeypatch.setattr(Path, "write_bytes", held)
    held_files.write(tmp_path / "page.html", b"whole", sleep=waits.append)
    assert ((tmp_path / "page.html").read_bytes(), len(waits)) == (b"whole", 2)


@pytest.mark.parametrize("winerror", [2, 3, 112, 206])
def test_another_error_of_windows_is_raised_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, winerror: int
) -> None:
    waits = list[float]()
    monkeypatch.setattr(held_files, "_WINDOWS", True)
    refusing(monkeypatch, "replace", [denied(tmp_path, winerror)])
    with pytest.raises(PermissionError):
        held_files.replace(tmp_path / "new", tmp_path / "file", sleep=waits.append)
    assert waits == []


PACKAGE = Path(held_files.__file__).parents[2]


def names_given(path: Path) -> list[str]:
    """Return the calls that name a file: `str.replace` has two arguments, that of a path one."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, name = ast.unparse(node.func.value), node.func.attr
        alone = name in ("replace", "rename") and len(node.args) == 1 and not node.keywords
        if (
            alone
            or name in ("link", "renames", "hardlink_to")
            or (owner, name) == ("os", "replace")
        ):
            found.append(f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno} {owner}.{name}")
    return found


def test_no_other_module_gives_a_file_a_name_by_itself() -> None:
    calls = [call for path in PACKAGE.rglob("*.py") for call in names_given(path)]
    own = [call for call in calls if call.startswith("core/files/held_files.py:")]
    assert len(own) == 4
    others = [call for call in calls if call not in own and " held_files." not in call]
    assert others == []
