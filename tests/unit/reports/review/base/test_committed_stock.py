"""The pictures in stock at a commit: found, proven, and told where they are not to be had."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.reports.review.base.committed_stock import CommittedFiles, CommittedStock
from mkdocs_gemini_images.reports.review.base.git_objects import Blobs, Repository
from mkdocs_gemini_images.store.record import sidecar_bytes
from tests.unit.pictures import png, record, step
from tests.unit.reports.review.repositories import repository

DATA = png()
FOX = record(step("A fox"), DATA)
PICTURE, SIDECAR = f"gemini-images/{FOX.file_name}", f"gemini-images/{FOX.key}.json"
PAIR = {PICTURE: DATA, SIDECAR: sidecar_bytes(FOX)}
DIGEST = sha256(DATA).hexdigest()
POINTER = (
    f"version https://git-lfs.github.com/spec/v1\noid sha256:{DIGEST}\nsize {len(DATA)}\n".encode()
)


@contextmanager
def stock(root: Path, files: dict[str, bytes], folder: str = "gemini-images") -> (
    Iterator[CommittedStock]
):  # fmt: skip
    """Commit files, and open the stock of the commit."""
    found = Repository(repository(root, files))
    with Blobs(found) as blobs:
        tree = found.tree(found.commit("main"))
        yield CommittedStock(CommittedFiles(tree, blobs, found.common_folder), folder)


def test_a_pair_is_a_record_and_its_bytes(tmp_path: Path) -> None:
    with stock(tmp_path / "site", PAIR) as found:
        assert found.find(FOX.key) == FOX
        assert found.read(FOX) == DATA
        assert list(found.records()) == [FOX]
        assert found.has(FOX.key)
        assert found.find("0" * 64) is None


def test_a_stock_that_has_moved_since_is_found(tmp_path: Path) -> None:
    with stock(tmp_path / "site", PAIR, "pictures") as found:
        assert found.read(FOX) == DATA
        assert list(found.records()) == []


def test_what_git_lfs_has_fetched_is_read_from_its_folder(tmp_path: Path) -> None:
    with stock(tmp_path / "site", {**PAIR, PICTURE: POINTER}) as found:
        with pytest.raises(DiagnosticError, match=r"Git LFS pointer.*run git lfs fetch --all"):
            found.read(FOX)
        kept = tmp_path / "site/.git/lfs/objects" / DIGEST[:2] / DIGEST[2:4] / DIGEST
        kept.parent.mkdir(parents=True)
        kept.write_bytes(b"other bytes")
        with pytest.raises(DiagnosticError, match="Git LFS pointer"):
            found.read(FOX)
        kept.write_bytes(DATA)
        assert found.read(FOX) == DATA


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({SIDECAR: PAIR[SIDECAR]}, "was missing beside its sidecar"),
        ({**PAIR, PICTURE: png(9, 9)}, "had other bytes at that commit"),
        ({**PAIR, PICTURE: b""}, "had other bytes at that commit"),
    ],
)
def test_a_picture_that_is_not_its_sidecar_s_is_told(
    files: dict[str, bytes], message: str, tmp_path: Path
) -> None:
    with stock(tmp_path / "site", files) as found, pytest.raises(DiagnosticError, match=message):
        found.read(FOX)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[" * 5000, b"null", b'{"v": 99}',
        PAIR[SIDECAR].replace(b"A fox", b"A hen"),
        json.dumps({**json.loads(PAIR[SIDECAR]), "sha256": "../../etc/passwd"}).encode(),
    ],
)  # fmt: skip
def test_a_hostile_sidecar_is_damage_and_no_record(raw: bytes, tmp_path: Path) -> None:
    with stock(tmp_path / "site", {**PAIR, SIDECAR: raw}) as found:
        with pytest.raises(DiagnosticError):
            found.find(FOX.key)
        assert list(found.records()) == []
