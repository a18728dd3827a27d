"""Which pairs of files `prune` deletes, and what counts as being in Git."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.git import is_in_git
from mkdocs_gemini_images.store.pruning import delete_orphans
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import jpeg, png, record, step, webp

DATA = png()
FOX, OWL, HEN = (record(step(text), DATA) for text in ("A fox", "An owl", "A hen"))


def stock_of(folder: Path, *records: Record) -> FolderStore:
    stock = FolderStore(folder)
    for each in records:
        stock.put(each, DATA)
    return stock


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def pair_of(record: Record) -> set[str]:
    return {record.file_name, f"{record.key}.json"}


def always_in_git(file: Path) -> bool:
    return True


def never_in_git(file: Path) -> bool:
    return False


def pictures_in_git(file: Path) -> bool:
    return file.suffix != ".json"


def sidecars_in_git(file: Path) -> bool:
    return file.suffix == ".json"


@pytest.mark.parametrize(
    ("in_git", "force", "deleted"),
    [
        (always_in_git, False, True),
        (always_in_git, True, True),
        (never_in_git, False, False),
        (never_in_git, True, True),
        (pictures_in_git, False, False),
        (sidecars_in_git, False, False),
        (sidecars_in_git, True, True),
    ],
)
def test_a_pair_is_deleted_when_git_has_both_files_or_with_force(
    tmp_path: Path, in_git: Callable[[Path], bool], force: bool, deleted: bool
) -> None:
    stock = stock_of(tmp_path, FOX, OWL)
    result = delete_orphans([FOX], stock, force=force, in_git=in_git)
    assert result == (([FOX], []) if deleted else ([], [FOX]))
    assert files_in(tmp_path) == pair_of(OWL) | (set() if deleted else pair_of(FOX))


def test_pairs_are_deleted_or_kept_independently(tmp_path: Path) -> None:
    stock = stock_of(tmp_path, FOX, OWL, HEN)
    owls = {tmp_path / name for name in pair_of(OWL)}
    result = delete_orphans([FOX, OWL], stock, force=False, in_git=owls.__contains__)
    assert result == ([OWL], [FOX])
    assert files_in(tmp_path) == pair_of(FOX) | pair_of(HEN)


def test_git_is_asked_about_the_files_of_orphans_only(tmp_path: Path) -> None:
    asked = []

    def ask(file: Path) -> bool:
        asked.append(file)
        return True

    delete_orphans([FOX], stock_of(tmp_path, FOX, OWL), force=False, in_git=ask)
    assert {file.name for file in asked} == pair_of(FOX)
    assert {file.parent for file in asked} == {tmp_path}


def test_without_orphans_nothing_is_deleted(tmp_path: Path) -> None:
    stock = stock_of(tmp_path, FOX)
    assert delete_orphans([], stock, force=True, in_git=always_in_git) == ([], [])
    assert files_in(tmp_path) == pair_of(FOX)


def test_with_force_half_a_pair_is_deleted_without_an_error(tmp_path: Path) -> None:
    stock = stock_of(tmp_path, FOX)
    stock.path(FOX).unlink()
    assert delete_orphans([FOX], stock, force=True, in_git=never_in_git) == ([FOX], [])
    assert files_in(tmp_path) == set()


@pytest.mark.parametrize(
    ("data", "suffix"), [(png(), ".png"), (jpeg(), ".jpg"), (webp(), ".webp")], ids=str
)
def test_the_picture_of_a_pair_is_deleted_in_every_format(
    tmp_path: Path, data: bytes, suffix: str
) -> None:
    drawn = record(step(), data)
    stock = FolderStore(tmp_path)
    stock.put(drawn, data)
    other_file = tmp_path / f"{drawn.key}.txt"
    other_file.write_text("notes")
    assert files_in(tmp_path) == {f"{drawn.key}{suffix}", f"{drawn.key}.json", other_file.name}
    delete_orphans([drawn], stock, force=True, in_git=never_in_git)
    assert files_in(tmp_path) == {other_file.name}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository that has one pair in its last commit."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A tester")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "tester@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    git(tmp_path, "init", "-q")
    stock_of(tmp_path / "gemini-images", FOX)
    commit(tmp_path)
    return tmp_path


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "pictures")


def picture(root: Path) -> Path:
    return root / "gemini-images" / FOX.file_name


def unchanged(root: Path) -> None:
    """Leave everything as it was committed."""


def touched(root: Path) -> None:
    os.utime(picture(root), (0, 0))


def committed_again(root: Path) -> None:
    picture(root).write_bytes(b"other bytes")
    commit(root)


def on_another_branch_too(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "other")


def changed(root: Path) -> None:
    picture(root).write_bytes(DATA + b"\0")


def staged(root: Path) -> None:
    changed(root)
    git(root, "add", "-A")


def as_in_the_commit_before(root: Path) -> None:
    committed_again(root)
    picture(root).write_bytes(DATA)


def deleted(root: Path) -> None:
    picture(root).unlink()


def removed_in_the_last_commit(root: Path) -> None:
    git(root, "rm", "-q", "--cached", "-r", ".")
    git(root, "commit", "-q", "-m", "removed")


def never_there(root: Path) -> None:
    removed_in_the_last_commit(root)
    deleted(root)


def removed_on_this_branch(root: Path) -> None:
    git(root, "branch", "other")
    removed_in_the_last_commit(root)


def a_link(root: Path) -> None:
    picture(root).unlink()
    (root / "gemini-images/elsewhere.png").write_bytes(DATA)
    picture(root).symlink_to("elsewhere.png")
    commit(root)


def a_folder(root: Path) -> None:
    picture(root).unlink()
    picture(root).mkdir()
    (picture(root) / "inside.txt").write_text("x")
    commit(root)


def damaged(root: Path) -> None:
    (root / ".git/HEAD").write_text("not a ref\n")


@pytest.mark.parametrize(
    ("how", "is_there"),
    [
        (unchanged, True),
        (touched, True),
        (committed_again, True),
        (on_another_branch_too, True),
        (changed, False),
        (staged, False),
        (as_in_the_commit_before, False),
        (deleted, False),
        (removed_in_the_last_commit, False),
        (never_there, False),
        (removed_on_this_branch, False),
        (a_link, False),
        (a_folder, False),
        (damaged, False),
    ],
)
def test_git_has_a_file_when_the_last_commit_has_the_same_bytes(
    repository: Path, how: Callable[[Path], None], is_there: bool
) -> None:
    how(repository)
    assert is_in_git(picture(repository)) is is_there


@pytest.mark.parametrize("how", [unchanged, deleted])
def test_without_a_git_executable_no_file_is_in_git(
    repository: Path, monkeypatch: pytest.MonkeyPatch, how: Callable[[Path], None]
) -> None:
    how(repository)
    monkeypatch.setenv("PATH", str(repository))
    assert not is_in_git(picture(repository))


def test_a_copy_in_another_folder_is_not_in_git(repository: Path) -> None:
    copy = repository / "copies" / FOX.file_name
    copy.parent.mkdir()
    copy.write_bytes(DATA)
    assert not is_in_git(copy)


def test_the_innermost_repository_decides(repository: Path) -> None:
    git(repository / "gemini-images", "init", "-q")
    assert not is_in_git(picture(repository))
    commit(repository / "gemini-images")
    assert is_in_git(picture(repository))


def test_without_force_only_what_git_can_restore_is_deleted(repository: Path) -> None:
    folder = repository / "gemini-images"
    stock = stock_of(folder, OWL)  # drawn since the last commit
    assert delete_orphans([FOX, OWL], stock, force=False, in_git=is_in_git) == ([FOX], [OWL])
    assert files_in(folder) == pair_of(OWL)
    git(repository, "checkout", "--", ".")
    assert FolderStore(folder).find(FOX.key) == FOX
    assert stock.read(FOX) == DATA


@pytest.mark.parametrize("suffix", [".json", ".png"])
def test_without_force_a_pair_with_one_changed_file_is_kept(repository: Path, suffix: str) -> None:
    folder = repository / "gemini-images"
    file = folder / f"{FOX.key}{suffix}"
    file.write_bytes(file.read_bytes() + b"\n")
    assert delete_orphans([FOX], FolderStore(folder), force=False, in_git=is_in_git) == ([], [FOX])
    assert files_in(folder) == pair_of(FOX)


def test_the_sidecar_goes_first_so_a_picture_that_is_held_is_left_alone_and_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock, unlink = stock_of(tmp_path, FOX), Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.suffix == ".png":
            raise PermissionError(13, "Access is denied", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(PermissionError, match="Access is denied"):
        delete_orphans([FOX], stock, force=True, in_git=always_in_git)
    assert files_in(tmp_path) == {FOX.file_name}
    assert stock.lost().keys() == {FOX.key}
