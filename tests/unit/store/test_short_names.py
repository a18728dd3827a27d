"""Short names of files tell a key's beginning alone: keys that begin alike never meet."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mkdocs_gemini_images.core.diagnostics import DiagnosticError
from mkdocs_gemini_images.requests.request import key
from mkdocs_gemini_images.store.file_notes import FileNotes
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.lookup import is_stocked
from mkdocs_gemini_images.store.pair_names import SHORT, entries
from mkdocs_gemini_images.store.pairs import LostSidecarError
from mkdocs_gemini_images.store.pruning import delete_orphans
from mkdocs_gemini_images.store.record import Record
from tests.unit.errors import error_of
from tests.unit.pictures import jpeg, png, record, step, webp

DATA = (png(), jpeg(), webp(), png(14))
DIGITS = 1
"""So few digits that many of these keys begin alike."""
STEPS = [step(f"A fox {number}") for number in range(40)]
ALIKE = [each for each in STEPS if key(each)[0] == key(STEPS[0])[0]]
ONE, OTHER, THIRD = (record(each, DATA[0], id=str(at)) for at, each in enumerate(ALIKE[:3]))


def drawn(number: int, variant: int) -> tuple[Record, bytes]:
    data = DATA[variant]
    return record(STEPS[number], data, id=f"{number}", response_id=f"{variant}"), data


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_pair_has_a_short_name_and_its_sidecar_the_whole_key(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, digits=SHORT)
    assert store.put(ONE, DATA[0]) == ONE
    begun = ONE.key[:SHORT]
    assert names(tmp_path) == [f"{begun}.json", f"{begun}.png"]
    assert json.loads((tmp_path / f"{begun}.json").read_bytes())["key"] == ONE.key
    again = FolderStore(tmp_path, digits=SHORT)
    assert again.find(ONE.key) == ONE
    assert again.read(ONE) == DATA[0]
    assert again.path(ONE).name == f"{begun}.png"
    assert list(again.records()) == [ONE]
    assert list(again.faults()) == []


def test_the_name_of_another_key_is_no_record_of_this_one(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, digits=DIGITS)
    store.put(ONE, DATA[0])
    assert store.find(OTHER.key) is None
    assert not is_stocked(store, OTHER.key)
    store.put(OTHER, DATA[0])
    assert (store.find(ONE.key), store.find(OTHER.key)) == (ONE, OTHER)
    assert names(tmp_path) == sorted(
        f"{stem}.{kind}" for stem in (ONE.key[0], OTHER.key) for kind in ("json", "png")
    )


puts = st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, len(DATA) - 1))


@given(st.lists(puts, max_size=25), st.lists(st.integers(0, len(STEPS) - 1), max_size=5))
def test_no_pair_is_lost_or_replaced_by_one_whose_key_begins_alike(
    tmp_path_factory: pytest.TempPathFactory, put: list[tuple[int, int]], removed: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    store = FolderStore(folder, digits=DIGITS)
    kept: dict[str, tuple[Record, bytes]] = {}
    for number, variant in put:
        one = drawn(number, variant)
        first, _ = kept.setdefault(one[0].key, one)
        assert store.put(*one) == first
    for number in removed:
        if (gone := kept.pop(key(STEPS[number]), None)) is not None:
            store.pairs.remove(gone[0])
            again = kept.setdefault(gone[0].key, gone)
            assert store.put(*again) == again[0]
    for each in STEPS:
        found = store.find(key(each))
        assert found == kept.get(key(each), (None,))[0]
        if found is not None:
            assert store.read(found) == kept[found.key][1]
    assert {each.key for each in store.records()} == kept.keys()
    assert len(entries(folder, DIGITS)) == 2 * len(kept)
    assert store.lost() == {}
    assert list(store.faults()) == []


def test_a_pair_that_an_earlier_version_has_named_by_its_whole_key_is_found(
    tmp_path: Path,
) -> None:
    FolderStore(tmp_path).put(ONE, DATA[0])
    before = names(tmp_path)
    store = FolderStore(tmp_path, digits=SHORT)
    assert store.find(ONE.key) == ONE
    assert store.read(ONE) == DATA[0]
    assert store.put(record(ALIKE[0], DATA[1]), DATA[1]) == ONE
    assert store.find_named(ONE.id) == ONE
    assert names(tmp_path) == before


def test_of_two_pairs_of_one_key_all_look_ups_have_the_same(tmp_path: Path) -> None:
    """Two versions in turn may draw with the emulator twice, as the earlier reads no short name."""
    store = FolderStore(tmp_path, digits=SHORT)
    store.put(ONE, DATA[0])
    whole, data = record(ALIKE[0], DATA[1], id=ONE.id), DATA[1]
    FolderStore(tmp_path).put(whole, data)
    assert store.find(ONE.key) == whole
    assert list(store.records()) == [whole]
    assert store.read(whole) == data
    assert store.find_named(ONE.id) == whole


def test_a_picture_without_its_sidecar_is_drawn_by_no_key_that_begins_so(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, digits=DIGITS)
    store.put(ONE, DATA[0])
    (tmp_path / f"{ONE.key[0]}.json").unlink()
    for each in (ONE, OTHER):
        assert is_stocked(store, each.key)
        with pytest.raises(LostSidecarError):
            store.find(each.key)
    assert list(store.lost()) == [ONE.key[0]]
    with pytest.raises(LostSidecarError):
        store.put(record(ALIKE[1], DATA[1]), DATA[1])
    assert (tmp_path / f"{ONE.key[0]}.png").read_bytes() == DATA[0]
    assert store.put(ONE, DATA[0]) == ONE, "the same picture gets its sidecar again"
    assert store.lost() == {}


def test_a_damaged_sidecar_hides_no_pair_with_a_name_of_its_own(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, digits=DIGITS)
    store.put(ONE, DATA[0])
    store.put(OTHER, DATA[0])
    (tmp_path / f"{ONE.key[0]}.json").write_text("{")
    assert "expected a sidecar" in error_of(lambda: store.find(ONE.key))
    assert store.find(OTHER.key) == OTHER
    assert list(store.records()) == [OTHER]
    for each in (ONE, THIRD):
        with pytest.raises(DiagnosticError):
            store.put(each, DATA[0])


def test_a_sidecar_counts_for_no_name_that_its_key_does_not_begin_with(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, digits=SHORT)
    store.put(ONE, DATA[0])
    begun = OTHER.key[:SHORT]
    sidecar = (tmp_path / f"{ONE.key[:SHORT]}.json").read_bytes()
    (tmp_path / f"{begun}.json").write_bytes(sidecar)
    assert f"expected the sidecar of {begun}… in {begun}.json, got another's" in error_of(
        lambda: store.find(OTHER.key)
    )
    assert list(store.records()) == [ONE]


def test_pruning_takes_a_pair_by_its_key_and_leaves_one_that_begins_alike(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, digits=DIGITS)
    for each in (ONE, OTHER):
        store.put(each, DATA[0])
    gone = delete_orphans([ONE], store, force=True, in_git=lambda file: False)
    assert gone == ([ONE], [])
    assert (store.find(ONE.key), store.find(OTHER.key)) == (None, OTHER)


def test_what_a_killed_process_has_left_under_a_short_name_is_swept(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, digits=SHORT)
    for kind in ("png", "json"):
        (tmp_path / f"{ONE.key[:SHORT]}.{kind}").touch()
    (tmp_path / f".{ONE.key[0]}.01234.part").write_bytes(DATA[0])
    store.sweep(ONE.key)
    assert names(tmp_path) == []


# Notes


def alike(count: int) -> list[bytes]:
    """Return contents of files whose digests begin alike."""
    contents = (f"file {number}".encode() for number in range(10**4))
    found = [each for each in contents if sha256(each).hexdigest().startswith("0")]
    return found[:count]


def test_notes_of_files_whose_digests_begin_alike_never_replace_one_another(
    tmp_path: Path,
) -> None:
    notes, files = FileNotes(tmp_path / "f", DIGITS), alike(4)
    for at, data in enumerate(files):
        assert [notes.has(each) for each in files] == [each < at for each in range(4)]
        notes.write(data, ONE.key)
        notes.write(data, ONE.key)
    assert [len(name) for name in names(tmp_path / "f")].count(len("0.json")) == 1
    assert len(names(tmp_path / "f")) == 4


def test_a_short_note_without_the_whole_digest_tells_of_no_file(tmp_path: Path) -> None:
    notes, (data,) = FileNotes(tmp_path / "f", DIGITS), alike(1)
    notes.write(data, ONE.key)
    (tmp_path / "f" / "0.json").write_text(json.dumps({"v": 1, "key": ONE.key}))
    assert not notes.has(data)
    notes.write(data, ONE.key)
    assert notes.has(data)
