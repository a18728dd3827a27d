"""This machine knows what it has written, by a secret that no repository can bring along."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mkdocs_gemini_images.core import machine_secret

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the folder has another name there")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user a new home."""
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def secret_in(home: Path) -> Path:
    return home / ".local/state/mkdocs-gemini-images/journal-secret"


def is_able(project: Path) -> bool:
    """Return whether this machine can prove what it has written."""
    proof = machine_secret.proof("text", project, make=True)
    return machine_secret.is_proven("text", proof, project)


def test_what_was_written_here_is_proven_and_nothing_else(home: Path, project: Path) -> None:
    proof = machine_secret.proof("text", project, make=True)
    assert machine_secret.is_proven("text", proof, project)
    for text, given in (("other", proof), ("text", ""), ("text", "0" * 64), ("text", "\ud83d")):
        assert not machine_secret.is_proven(text, given, project)
    assert machine_secret.proof("\ud83d", project)


def test_the_secret_is_made_once_and_is_the_users_alone(home: Path, project: Path) -> None:
    assert machine_secret.proof("text", project) == "", "only a build that sends a request makes it"
    first = machine_secret.proof("text", project, make=True)
    assert machine_secret.proof("text", project, make=True) == first
    assert secret_in(home).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in secret_in(home).parent.iterdir()] == ["journal-secret"]


def test_another_home_proves_nothing_of_the_first(
    home: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proof = machine_secret.proof("text", project, make=True)
    monkeypatch.setenv("HOME", str(home.parent / "another"))
    assert not machine_secret.is_proven("text", proof, project)
    assert is_able(project)
    assert not machine_secret.is_proven("text", proof, project)


@pytest.mark.parametrize("damage", ["readable", "short", "long", "link", "folder"])
def test_a_secret_that_others_may_have_written_is_none(
    home: Path, project: Path, damage: str
) -> None:
    assert is_able(project)
    file = secret_in(home)
    data = file.read_bytes()
    if damage == "readable":
        file.chmod(0o644)  # as Git checks files out
    else:
        file.unlink()
    if damage == "short":
        file.write_bytes(b"")
    elif damage == "long":
        file.write_bytes(data * 2)
    elif damage == "link":
        (home / "elsewhere").write_bytes(data)
        (home / "elsewhere").chmod(0o600)
        file.symlink_to(home / "elsewhere")
    elif damage == "folder":
        file.mkdir()
    assert not is_able(project)


@pytest.mark.parametrize("inside", [".", "home", "site/home"])
def test_a_home_in_the_project_has_no_secret(
    project: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    """As in a container that mounts the project as its home: the repository could bring it."""
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(project / inside))
    assert not is_able(project)
    assert list(project.iterdir()) == []


def test_a_home_in_the_repository_of_the_project_has_no_secret(
    home: Path, tmp_path: Path, project: Path
) -> None:
    (tmp_path / ".git").mkdir()
    assert not is_able(project)


def test_a_secret_that_the_repository_around_a_submodule_brings_is_none(
    tmp_path: Path, home: Path, project: Path
) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (project / ".git").write_text("gitdir: elsewhere")
    assert is_able(project)
    subprocess.run(["git", "-C", tmp_path, "add", "-f", secret_in(home)], check=True)
    assert not is_able(project)


def test_a_link_to_the_project_is_the_project(home: Path, project: Path) -> None:
    home.symlink_to(project)
    assert not is_able(project)


@pytest.mark.parametrize("named", ["state", ".", "../state", "~"])
def test_a_relative_place_is_none(
    project: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", named)
    assert not is_able(project)


def test_a_home_that_cannot_be_written_to_has_no_secret(home: Path, project: Path) -> None:
    home.write_text("a file in place of a folder, which not even root can write into")
    assert not is_able(project)


def test_many_processes_make_one_secret(home: Path, project: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from mkdocs_gemini_images.core import machine_secret\n"
        "sys.stdin.read(1); print(machine_secret.proof('text', Path(sys.argv[1]), make=True))"
    )
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(project)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    said = {process.communicate("x")[0] for process in begun}
    assert said == {machine_secret.proof("text", project) + "\n"}
