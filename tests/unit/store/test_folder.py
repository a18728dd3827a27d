"""A folder keeps its pictures unchanged, and raises what is wrong with one of them."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.generation import conversation
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.pruning import delete_orphans
from mkdocs_gemini_images.store.record import Record
from tests.unit.core.files.test_atomic_files import FullDisk
from tests.unit.errors import error_of
from tests.unit.hostile_files import KINDS, SECRET, put_something
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


def store_of(folder: Path, *records: Record) -> FolderStore:
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


def test_every_field_of_a_sidecar_is_read_back(tmp_path: Path) -> None:
    store_of(tmp_path, FULL)
    found = FolderStore(tmp_path).find(KEY)
    assert found == FULL
    assert FULL.model == "gemini-nano-banana-2.1"
    assert json.loads(sidecar(tmp_path).read_text(encoding="utf-8"))["v"] == 1


def test_a_text_of_the_model_may_hold_half_a_surrogate_pair(tmp_path: Path) -> None:
    odd = FULL._replace(text="\ud83d", turn=({"text": "\ud83d"},))
    store_of(tmp_path, odd)
    assert FolderStore(tmp_path).find(KEY) == odd
    assert r"\ud83d" in sidecar(tmp_path).read_text(encoding="utf-8")


def test_an_empty_or_absent_folder_has_no_pictures(tmp_path: Path) -> None:
    for store in (FolderStore(tmp_path), FolderStore(tmp_path / "never made")):
        assert store.find(KEY) is None
        assert store.find_by_author_digest("w") is None
        assert store.find_named("fox") is None
        assert store.find_named("") is None
        assert list(store.records()) == []
    assert not (tmp_path / "never made").exists()


def test_a_picture_is_never_overwritten(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
    store.put(record(STEP, jpeg(), author_digest="other"), jpeg())
    assert store.find(KEY) == FULL
    assert store.read(FULL) == DATA
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("after", "kept"), [(0, False), (1, False), (2, True)], ids=["picture", "sidecar", "folder"]
)
def test_a_full_disk_raises_and_leaves_no_half_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int, kept: bool
) -> None:
    with monkeypatch.context() as patch:
        FullDisk(patch, "fsync", after)
        with pytest.raises(OSError, match="No space left"):
            store_of(tmp_path, FULL)
    assert FolderStore(tmp_path).find(KEY) == (FULL if kept else None)
    assert len(list(tmp_path.iterdir())) == (2 if kept else 0)
    assert store_of(tmp_path, FULL).find(KEY) == FULL


def test_a_changed_picture_raises_and_is_not_replaced(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
    name = f"{tmp_path.name}/{KEY}.png"
    store.path(FULL).write_bytes(DATA + b"\0")
    assert error_of(lambda: store.read(FULL)) == (
        f"{name} has other bytes than were drawn (sha256 {FULL.sha256[:12]}…): "
        f"restore it (git checkout -- {name}); it is not drawn again by itself"
    )
    assert store.path(FULL).read_bytes() == DATA + b"\0"


def test_a_deleted_picture_raises(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
    name = f"{tmp_path.name}/{KEY}.png"
    store.path(FULL).unlink()
    assert error_of(lambda: store.read(FULL)) == (
        f"the picture {name} is missing beside its sidecar: restore it (git checkout -- {name})"
    )


def test_a_git_lfs_pointer_is_named_in_the_error(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
    name = f"{tmp_path.name}/{KEY}.png"
    store.path(FULL).write_bytes(LFS)
    assert error_of(lambda: store.read(FULL)) == (f"{name} is a Git LFS pointer: run git lfs pull")
    sidecar(tmp_path).write_bytes(LFS)
    assert error_of(lambda: store.find(KEY)) == (
        f"expected a sidecar in {KEY}.json, got a Git LFS pointer: run git lfs pull"
    )


def changed(folder: Path, **more: Any) -> None:
    value = json.loads(sidecar(folder).read_bytes())
    sidecar(folder).write_text(json.dumps(value | more), encoding="utf-8")


def test_a_sidecar_of_a_newer_version_asks_for_an_upgrade(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
    changed(tmp_path, v=2)
    assert error_of(lambda: store.find(KEY)) == (
        f"expected a sidecar of version 1 in {KEY}.json, got version 2: it comes from a newer "
        "mkdocs-gemini-images; upgrade to read it"
    )


def test_unknown_fields_of_a_sidecar_are_ignored(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
    changed(tmp_path, colours=["red"])
    assert store.find(KEY) == FULL


def test_the_sidecar_of_another_key_raises(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
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
def test_a_damaged_sidecar_raises_with_its_name(tmp_path: Path, raw: bytes) -> None:
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
    ("price", float("nan")), ("price", 1e999), ("price", True), ("price", 10**400),
    ("width", True), ("width", 10**400), ("v", True), ("v", 10**400),
    ("sha256", "../../../etc/passwd"), ("sha256", "A" * 64), ("sha256", []),
    ("tokens", {"prompt": 1e999}),
    ("tokens", {"prompt": "1"}), ("tokens", {"prompt": float("nan")}), ("tokens", {"prompt": -1}),
    ("tokens", {"a": 10**400}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_field_of_the_wrong_type_raises(tmp_path: Path, name: str, value: Any) -> None:
    store = store_of(tmp_path, FULL)
    changed(tmp_path, **{name: value})
    assert error_of(lambda: store.find(KEY))
    assert list(FolderStore(tmp_path).records()) == []


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner,
                                                                max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.sampled_from(sorted(Record._fields)), values)
def test_any_value_of_a_field_is_read_or_raises_a_diagnostic_error(
    tmp_path: Path, name: str, value: Any
) -> None:
    store = store_of(tmp_path, FULL)
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


def test_files_with_other_names_are_ignored(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
    for name in ("README.md", "notes.json", "A" * 64 + ".json", f"{KEY}.json.orig", "x.png"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / ("f" * 64 + ".json")).mkdir()
    assert [each.key for each in FolderStore(tmp_path).records()] == [KEY]
    assert "is not read" in error_of(lambda: store.find("f" * 64))


def test_the_newest_record_is_found_by_options_digest_and_by_id(tmp_path: Path) -> None:
    drawn = [
        record(step(text), DATA, author_digest="w", id="fox", time=f"2026-11-{day}T00:00:00Z")
        for text, day in (("a", 20), ("b", 22), ("c", 21))
    ]
    store = store_of(tmp_path, *drawn)
    assert store.find_by_author_digest("w") == store.find_named("fox") == drawn[1]
    newer = record(step("d"), DATA, author_digest="w", time="2026-11-23T00:00:00Z")
    store.put(newer, DATA)
    assert store.find_by_author_digest("w") == newer
    assert store.find_named("fox") == drawn[1]
    assert store.find_by_author_digest("") is None


# What a repository may bring in place of the files


@pytest.mark.parametrize("kind", KINDS)
def test_something_else_in_place_of_a_picture_is_a_complaint(tmp_path: Path, kind: str) -> None:
    store = store_of(tmp_path / "stock", FULL)
    put_something(store.path(FULL), kind)
    said = error_of(lambda: store.read(FULL))
    assert said.startswith(f"stock/{KEY}.png is not read (")
    assert "this plugin did not write it: delete it" in said
    assert SECRET not in said


@pytest.mark.parametrize("kind", KINDS)
def test_something_else_in_place_of_a_sidecar_is_a_complaint(tmp_path: Path, kind: str) -> None:
    store = store_of(tmp_path / "stock", FULL)
    put_something(sidecar(store.folder), kind)
    said = error_of(lambda: store.find(KEY))
    assert said.startswith(f"{KEY}.json is not read (")
    assert SECRET not in said
    assert [str(fault) for fault in store.faults()][:1] == [said]
    assert list(store.records()) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "endless"])
def test_something_under_the_name_of_a_picture_without_a_sidecar_is_a_fault(
    tmp_path: Path, kind: str
) -> None:
    put_something(tmp_path / "stock" / f"{KEY}.webp", kind)
    (fault,) = FolderStore(tmp_path / "stock").faults()
    assert str(fault).startswith(f"expected a picture or nothing in stock/{KEY}.webp, got ")


@pytest.mark.parametrize("kind", ["link", "device", "pipe", "folder link"])
def test_a_folder_of_notes_that_is_none_is_a_fault_and_is_not_written_to(
    tmp_path: Path, kind: str
) -> None:
    store, elsewhere = store_of(tmp_path / "stock", FULL), tmp_path / "elsewhere"
    elsewhere.mkdir()
    files = store.folder / "files"
    if kind == "folder link":
        files.symlink_to(elsewhere)
    else:
        put_something(files, kind)
    with pytest.raises(OSError, match=r"a link|no folder"):
        store.note_file(b"data", FULL)
    assert not store.knows_file(b"data")
    (fault,) = store.faults()
    assert str(fault).startswith("expected a folder of notes or nothing in stock/files, got ")
    assert list(elsewhere.iterdir()) == []


def test_a_stock_in_order_has_no_faults(tmp_path: Path) -> None:
    store = store_of(tmp_path / "stock", FULL)
    store.note_file(b"data", FULL)
    for number in range(2_000):
        (store.folder / f"stray {number}.json").write_text("[" * 999)
    (store.folder / "README.md").write_text("Pictures")
    assert list(store.faults()) == []
    assert list(FolderStore(tmp_path / "none").faults()) == []
    assert [each.key for each in store.records()] == [KEY]


@pytest.mark.parametrize(
    "key", ["../../etc/passwd", "", "a\0b", "\ud83d", "A" * 64, KEY + "\n", "x" * 10_000]
)
def test_what_is_no_key_has_no_picture(tmp_path: Path, key: str) -> None:
    """A sidecar may name anything as the picture before it."""
    assert store_of(tmp_path, FULL).find(key) is None


@pytest.mark.parametrize(
    "raw",
    [b'{"v":1,' + b'"a":{"b":' * 200 + b"1" + b"}" * 400, b'{"v":1,"v":1}', b'{"v":1e999}',
     b'{"v":NaN}', b'{"v":' + b"1" * 5000 + b"}", b'{"v":1,"request":' + b"[" * 10**6],
)  # fmt: skip
def test_a_sidecar_that_no_parser_should_meet_is_damaged(tmp_path: Path, raw: bytes) -> None:
    sidecar(tmp_path).write_bytes(raw)
    said = error_of(lambda: FolderStore(tmp_path).find(KEY))
    assert said.startswith(f"expected a sidecar in {KEY}.json, got ")
    assert len(said) < 400


def test_a_request_that_is_nested_deeply_is_damaged(tmp_path: Path) -> None:
    store = store_of(tmp_path, FULL)
    deep: Any = 1
    for _ in range(300):
        deep = [deep]
    changed(tmp_path, request={"text": deep})
    assert "damage" in error_of(lambda: store.find(KEY))


# Through a link


@pytest.mark.parametrize("link", ["stock", "assets"])
def test_nothing_is_written_through_a_link_out_of_the_sites_folder(
    tmp_path: Path, link: str
) -> None:
    root, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / link).symlink_to(elsewhere)
    store = FolderStore(root / "stock" if link == "stock" else root / "assets" / "stock", root)
    said = error_of(store.check_ready)
    assert "(a link out of the site's folder: " in said
    assert f"{elsewhere}" in said
    assert "in the option stock" in said
    assert [str(fault) for fault in store.faults()] == [said]
    with pytest.raises(OSError, match="a link out of"):
        store.put(FULL, DATA)
    with pytest.raises(OSError, match="a link out of"):
        store.note_file(DATA, FULL)
    with pytest.raises(OSError, match="a link out of"):
        delete_orphans([FULL], store, force=True, in_git=lambda file: True)
    assert list(elsewhere.iterdir()) == []


def test_pictures_behind_such_a_link_are_shown(tmp_path: Path) -> None:
    """They are what their digests say, wherever they lie; losing sight of them would cost money."""
    (tmp_path / "site").mkdir()
    store_of(tmp_path / "elsewhere", FULL)
    (tmp_path / "site" / "stock").symlink_to(tmp_path / "elsewhere")
    store = FolderStore(tmp_path / "site" / "stock", tmp_path / "site")
    assert store.find(KEY) == FULL
    assert store.read(FULL) == DATA


def test_a_link_inside_the_sites_folder_and_a_folder_named_elsewhere_are_the_owners(
    tmp_path: Path,
) -> None:
    root = tmp_path / "site"
    (root / "real").mkdir(parents=True)
    (root / "stock").symlink_to("real")
    for folder in (root / "stock", tmp_path / "elsewhere", root / ".." / "shared"):
        store = FolderStore(folder, root)
        store.check_ready()
        store.put(FULL, DATA)
        assert store.read(FULL) == DATA
