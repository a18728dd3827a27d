"""The files of a commit in a folder: whole, without pictures in stock, and nowhere else."""

from pathlib import Path

from mkdocs_gemini_images.reports.review.base.committed_stock import CommittedFiles
from mkdocs_gemini_images.reports.review.base.export import export
from mkdocs_gemini_images.reports.review.base.git_objects import Blobs, Repository
from tests.unit.reports.review.repositories import commit, git, repository


def exported(root: Path, folder: Path) -> dict[str, bytes]:
    """Export the last commit, and return the files that are there then."""
    found = Repository(root)
    folder.mkdir()
    with Blobs(found) as blobs:
        tree = found.tree(found.commit("HEAD"))
        export(CommittedFiles(tree, blobs, found.common_folder), folder)
    assert not [path for path in folder.rglob("*") if path.is_symlink()]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_all_files_are_there_but_pictures_in_stock(tmp_path: Path) -> None:
    key = "a" * 64
    files = {"mkdocs.yml": b"x", "docs/a.md": b"\xff", f"gemini-images/{key}.json": b"{}"}
    root = repository(tmp_path / "site", {**files, f"gemini-images/{key}.png": b"p"})
    assert exported(root, tmp_path / "out") == files


def test_a_link_becomes_a_copy_of_what_it_leads_to(tmp_path: Path) -> None:
    root = repository(tmp_path / "site", {"README.md": b"R", "examples/a.md": b"A"})
    (root / "docs").mkdir()
    (root / "docs/index.md").symlink_to("../README.md")
    (root / "docs/examples").symlink_to("../examples")
    commit(root, {})
    found = exported(root, tmp_path / "out")
    assert (found["docs/index.md"], found["docs/examples/a.md"]) == (b"R", b"A")


def test_a_link_out_of_the_repository_leads_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"s")
    root = repository(tmp_path / "site", {"deep/top/a": b"A"})
    for name, target in (
        ("absolute", str(secret)), ("up", "../secret"), ("self", "."), ("link", "deep/top"),
        ("around", "link/../../../secret"), ("loop", "loop"), ("deep/up", ".."),
    ):  # fmt: skip
        (root / name).symlink_to(target)
    commit(root, {})
    found = exported(root, tmp_path / "out")
    assert found == {"deep/top/a": b"A", "link/a": b"A"}


def test_a_crafted_tree_writes_nothing_outside(tmp_path: Path) -> None:
    root = repository(tmp_path / "site")
    blob = git(root, "hash-object", "-w", "--stdin", typed=b"evil")
    listed = "".join(
        f"100644 blob {blob}\t{name}\0" for name in (".git", "..", "C:evil", "a\\b", "fine")
    )
    inner = git(root, "mktree", "-z", typed=f"100644 blob {blob}\tout\0".encode())
    outer = git(root, "mktree", "-z", typed=(listed + f"040000 tree {inner}\t.GIT\0").encode())
    made = git(root, "commit-tree", outer, "-m", "x")
    git(root, "update-ref", "refs/heads/main", made)
    assert exported(root, tmp_path / "out") == {"fine": b"evil"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "site"]


def test_filters_and_attributes_change_nothing(tmp_path: Path) -> None:
    files = {".gitattributes": b"*.md text eol=crlf ident export-subst filter=x\n",
             "a.md": b"$Id$ $Format:%H$\n"}  # fmt: skip
    root = repository(tmp_path / "site", files)
    assert exported(root, tmp_path / "out") == files
