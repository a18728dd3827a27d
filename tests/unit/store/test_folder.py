"""A folder keeps pictures unchanged, and reports damage instead of buying a picture again."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.generation import conversation
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.unit.core.test_atomic_files import FullDisk
from tests.unit.errors import error_of
from tests.unit.pictures import jpeg, png, record, step, webp

DATA = png()
STEP = step("A fox")
KEY = key(STEP)
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
FULL = record(
    STEP,
    DATA,
    author_digest="w" * 64,
    id="fox",
    sent=("a" * 64,),
    turn=({"text": "Here", "thought": True},),
    text="Ein Füchslein",
    grounding={"webSearchQueries": ["fox"]},
    price=0.0336,
    tokens={"prompt": 15},
    model_version="m",
    response_id="r",
)


def stocked(folder: Path, *records: Record) -> FolderStore:
    store = FolderStore(folder)
    for each in records:
        store.put(each, DATA)
    return store


def sidecar(folder: Path) -> Path:
    return folder / f"{KEY}.json"


@pytest.mark.parametrize(
    ("data", "suffix"),
    [(png(), "png"), (jpeg(), "jpg"), (webp(), "webp")],
    ids=["png", "jpg", "webp"],
)
def test_a_picture_is_found_and_read_as_it_was_put(
    tmp_path: Path, data: bytes, suffix: str
) -> None:
    put = record(STEP, data)
    FolderStore(tmp_path).put(put, data)
    again = FolderStore(tmp_path)
    assert again.find(KEY) == put
    assert again.read(put) == data
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f"{KEY}.json", f"{KEY}.{suffix}"]
    )
    assert again.path(put).read_bytes() == data


def test_everything_a_sidecar_says_is_read_back(tmp_path: Path) -> None:
    stocked(tmp_path, FULL)
    found = FolderStore(tmp_path).find(KEY)
    assert found == FULL
    assert FULL.model == "gemini-nano-banana-2.1"
    assert json.loads(sidecar(tmp_path).read_text(encoding="utf-8"))["v"] == 1


def test_a_models_words_may_hold_half_a_surrogate_pair(tmp_path: Path) -> None:
    odd = replace(FULL, text="\ud83d", turn=({"text": "\ud83d"},))
    stocked(tmp_path, odd)
    assert FolderStore(tmp_path).find(KEY) == odd
    assert r"\ud83d" in sidecar(tmp_path).read_text(encoding="utf-8")


def test_a_missing_picture_is_not_found(tmp_path: Path) -> None:
    for store in (FolderStore(tmp_path), FolderStore(tmp_path / "never made")):
        assert store.find(KEY) is None
        assert store.find_by_author_digest("w") is None
        assert store.find_named("fox") is None
        assert store.find_named("") is None
        assert list(store.records()) == []
    assert not (tmp_path / "never made").exists()


def test_a_picture_is_never_overwritten(tmp_path: Path) -> None:
    store = stocked(tmp_path, FULL)
    store.put(record(STEP, jpeg(), author_digest="other"), jpeg())
    assert store.find(KEY) == FULL
    assert store.read(FULL) == DATA
    assert len(list(tmp_path.iterdir())) == 2


def test_a_picture_without_its_sidecar_is_no_pair_and_is_completed(tmp_path: Path) -> None:
    (tmp_path / f"{KEY}.png").write_bytes(b"half")
    store = FolderStore(tmp_path)
    assert store.find(KEY) is None
    store.put(FULL, DATA)
    assert store.read(FULL) == DATA


@pytest.mark.parametrize("after", [0, 1, 2], ids=["picture", "its folder", "sidecar"])
def test_a_full_disk_is_an_error_and_leaves_no_half_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    with monkeypatch.context() as patch:
        FullDisk(patch, "fsync", after)
        with pytest.raises(OSError, match="No space left"):
            stocked(tmp_path, FULL)
    assert FolderStore(tmp_path).find(KEY) is None
    assert not list(tmp_path.glob(".*"))
    assert stocked(tmp_path, FULL).find(KEY) == FULL


def test_other_bytes_under_a_name_are_reported_and_kept(tmp_path: Path) -> None:
    store = stocked(tmp_path, FULL)
    name = f"{tmp_path.name}/{KEY}.png"
    store.path(FULL).write_bytes(DATA + b"\0")
    assert error_of(lambda: store.read(FULL)) == (
        f"expected {name} as it was drawn (sha256 {FULL.sha256[:12]}…), got other bytes: "
        f"restore it (git checkout -- {name}); it is not drawn again by itself"
    )
    assert store.path(FULL).read_bytes() == DATA + b"\0"


def test_a_missing_picture_beside_its_sidecar_is_reported(tmp_path: Path) -> None:
    store = stocked(tmp_path, FULL)
    name = f"{tmp_path.name}/{KEY}.png"
    store.path(FULL).unlink()
    assert error_of(lambda: store.read(FULL)) == (
        f"expected the picture {name} beside its sidecar, got no such file: restore it "
        f"(git checkout -- {name})"
    )


def test_a_git_lfs_pointer_is_named_in_the_error(tmp_path: Path) -> None:
    store = stocked(tmp_path, FULL)
    name = f"{tmp_path.name}/{KEY}.png"
    store.path(FULL).write_bytes(LFS)
    assert error_of(lambda: store.read(FULL)) == (
        f"expected a picture in {name}, got a Git LFS pointer: run git lfs pull"
    )
    sidecar(tmp_path).write_bytes(LFS)
    assert error_of(lambda: store.find(KEY)) == (
        f"expected a sidecar in {KEY}.json, got a Git LFS pointer: run git lfs pull"
    )


def changed(folder: Path, **more: Any) -> None:
    value = json.loads(sidecar(folder).read_bytes())
    sidecar(folder).write_text(json.dumps(value | more), encoding="utf-8")


def test_a_sidecar_of_a_newer_version_asks_for_an_upgrade(tmp_path: Path) -> None:
    store = stocked(tmp_path, FULL)
    changed(tmp_path, v=2)
    assert error_of(lambda: store.find(KEY)) == (
        f"expected a sidecar of version 1 in {KEY}.json, got version 2: it comes from a newer "
        "mkdocs-gemini-images; upgrade to read it"
    )


def test_unknown_fields_of_a_sidecar_are_ignored(tmp_path: Path) -> None:
    store = stocked(tmp_path, FULL)
    changed(tmp_path, colours=["red"])
    assert store.find(KEY) == FULL


def test_a_sidecar_under_another_key_is_an_error(tmp_path: Path) -> None:
    store = stocked(tmp_path, FULL)
    other = key(step("An owl"))
    (tmp_path / f"{other}.json").write_bytes(sidecar(tmp_path).read_bytes())
    assert error_of(lambda: store.find(other)) == (
        f"expected the sidecar of {other[:12]}… in {other}.json, got another's: restore it "
        f"(git checkout -- {other}.json)"
    )


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"[]", b"7", b'"x"', b"{}", b'{"v":"1"}', b'{"v":1}', b"\xff\xfe",
     b"[" * 99999,
     b"<<<<<<< HEAD\n{}\n=======\n"],
)  # fmt: skip
def test_a_damaged_sidecar_is_an_error_with_its_name(tmp_path: Path, raw: bytes) -> None:
    sidecar(tmp_path).write_bytes(raw)
    said = error_of(lambda: FolderStore(tmp_path).find(KEY))
    assert said.startswith(f"expected a sidecar in {KEY}.json, got ")
    assert said.endswith(f"restore it (git checkout -- {KEY}.json)")


WRONG: list[tuple[str, Any]] = [
    ("key", 7), ("sha256", None), ("kind", "svg"), ("kind", "../png"), ("kind", []), ("width",
                                                                                      "13"),
    ("width", 0), ("height", -1), ("height", 1.5), ("wish", 7), ("request", []), ("id", None),
    ("sent", 7), ("sent", [7]), ("turn", 7), ("turn", "text"), ("turn", [7]), ("turn", ["x"]),
    ("text", 7), ("grounding", []), ("price", "0.1"), ("tokens", 7), ("model_version", 7),
    ("response_id", None), ("time", 7), ("width", 10**9), ("price", 10**9), ("price", -1),
    ("price", float("nan")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_field_of_the_wrong_type_is_damage(tmp_path: Path, name: str, value: Any) -> None:
    store = stocked(tmp_path, FULL)
    changed(tmp_path, **{name: value})
    assert error_of(lambda: store.find(KEY))
    assert list(FolderStore(tmp_path).records()) == []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner,
                                                                max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from(sorted(Record.__dataclass_fields__)), values)
def test_any_sidecar_is_read_or_raises_a_diagnostic(tmp_path: Path, name: str, value: Any) -> None:
    store = stocked(tmp_path, FULL)
    before = sidecar(tmp_path).read_bytes()
    try:
        changed(tmp_path, **{name: value})
        try:
            read = store.find(KEY)
        except DiagnosticError:
            read = None
        if read is not None:
            assert read.file_name == f"{KEY}{read.picture.suffix}"
            with suppress(DiagnosticError):
                store.read(read)
            conversation.restored(read, DATA)
            assert isinstance(read.model, str)
        FolderStore(tmp_path).find_by_author_digest("w" * 64)
    finally:
        sidecar(tmp_path).write_bytes(before)


def test_other_files_in_the_folder_are_ignored(tmp_path: Path) -> None:
    store = stocked(tmp_path, FULL)
    for name in ("README.md", "notes.json", "A" * 64 + ".json", f"{KEY}.json.orig", "x.png"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / ("f" * 64 + ".json")).mkdir()
    assert [each.key for each in FolderStore(tmp_path).records()] == [KEY]
    assert "to read" in error_of(lambda: store.find("f" * 64))


def test_the_newest_record_is_found_by_author_digest_and_by_id(tmp_path: Path) -> None:
    drawn = [
        record(step(text), DATA, author_digest="w", id="fox", time=f"2026-11-{day}T00:00:00Z")
        for text, day in (("a", 20), ("b", 22), ("c", 21))
    ]
    store = stocked(tmp_path, *drawn)
    assert store.find_by_author_digest("w") == store.find_named("fox") == drawn[1]
    newer = record(step("d"), DATA, author_digest="w", time="2026-11-23T00:00:00Z")
    store.put(newer, DATA)
    assert store.find_by_author_digest("w") == newer
    assert store.find_named("fox") == drawn[1]
    assert store.find_by_author_digest("") is None
