"""Another program holds each new file for a moment, or longer: each picture is billed once."""

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from mkdocs_gemini_images.generation.journal import names
from tests.held_renames import HeldRenames, denied
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, fence

TWO = fence("A fox in snow", id="fox") + fence("A heron")

FILES: dict[str, Callable[[str], bool]] = {
    "intent": lambda name: name.endswith(".intent"),
    "answer": lambda name: name.endswith(".answer"),
    "picture": lambda name: name.endswith((".jpg", ".png")),
    "sidecar": lambda name: name.endswith(".json"),
    "site file": lambda name: name.endswith(".webp"),
    "every file": lambda name: True,
}


@pytest.mark.parametrize("kind", FILES)
def test_the_first_rename_of_a_file_fails_and_each_picture_is_billed_once(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    here = site(TWO)
    with monkeypatch.context() as patch:
        held = HeldRenames(patch, FILES[kind])
        built = here.build()
        again = here.build()
    assert held.refused
    assert (built.error, built.loud, len(built.requests)) == (None, (), 2)
    assert (len(here.owned), built.placeholders) == (4, [])
    assert (again.error, again.loud, again.requests) == (None, (), ())


def test_an_answer_that_stays_held_is_taken_in_by_the_next_build(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without another place: what arrived lies in the journal, whole."""
    here = site(FOX)
    with monkeypatch.context() as patch:
        HeldRenames(patch, FILES["answer"], times=99)
        first = here.build()
    assert len(first.requests) == 1
    (part,) = here.journal.glob("*.part")
    (intent,) = here.journal.glob("*.intent")
    key = json.loads(intent.read_bytes())["key"]
    assert f"the paid answer of {key[:12]}… is whole in {part}" in first.warnings[0]
    second = here.build()
    assert (second.requests, second.loud) == ((), ())
    assert "1 that had arrived earlier" in second.closing
    assert list(here.journal.rglob("*.*")) == []


@pytest.mark.parametrize("kind", ["picture", "sidecar"])
def test_a_stock_whose_files_stay_held_leaves_the_answer_in_the_journal(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    here = site(FOX)
    with monkeypatch.context() as patch:
        HeldRenames(patch, FILES[kind], times=99)
        first = here.build()
    assert len(first.requests) == 1
    second = here.build()
    assert (second.requests, second.loud, len(here.owned)) == ((), (), 2)


def test_an_intent_that_stays_held_buys_nothing(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(FOX)
    with monkeypatch.context() as patch:
        HeldRenames(patch, FILES["intent"], times=99)
        built = here.build()
    assert built.requests == ()
    assert "nothing is bought, because it could not be stored" in built.warnings[0]


@pytest.mark.parametrize("frozen", [False, True], ids=["picture", "placeholder"])
def test_a_site_file_whose_renames_all_fail_is_written_all_the_same(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, frozen: bool
) -> None:
    here = site(FOX, frozen=frozen)
    with monkeypatch.context() as patch:
        held = HeldRenames(patch, lambda name: name.endswith((".webp", ".svg")), times=99)
        built = here.build()
    assert held.refused
    assert built.error is None
    assert "another program" not in built.text
    assert len(built.placeholders) == frozen
    assert not [*(here.root / "site").rglob(".*")]


def test_a_site_file_that_another_program_keeps_is_told_on_its_page_and_ends_no_build(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, write = site(FOX), Path.write_bytes

    def kept(path: Path, data: bytes) -> int:
        if path.suffix == ".webp":
            raise denied(path, 32)
        return write(path, data)

    with monkeypatch.context() as patch:
        HeldRenames(patch, lambda name: name.endswith(".webp"), times=99)
        patch.setattr(Path, "write_bytes", kept)
        built = here.build()
    assert built.error is None
    assert built.warnings[0].startswith("index.md:3: ")
    assert "another program holds assets/gemini/" in built.warnings[0]
    assert (here.build().loud, len(built.requests)) == ((), 1)


def test_what_arrived_of_an_answer_is_named_before_its_picture_is_bought_again(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(FOX)
    with monkeypatch.context() as patch:
        HeldRenames(patch, FILES["answer"], times=99)
        here.build()
    (part,) = here.journal.glob("*.part")
    part.write_bytes(part.read_bytes()[:2000])  # as a process leaves it that is killed meanwhile
    second = here.build()
    assert len(second.requests) == 1
    before = next(text for text in second.infos if "is requested again" in text)
    assert "about $0.05 may have been billed" in before
    assert f"a part of an answer is in {part}" in before
    kept = here.journal / names.UNKNOWN / f"{part.stem}.half"
    assert kept.stat().st_size == 2000, "its author was told, and it is kept"


@pytest.mark.parametrize(
    "error", [errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EPERM, errno.EBADF, errno.EIO]
)
def test_a_folder_that_cannot_be_synced_stops_no_buying_but_a_broken_drive_does(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    here, real = site(FOX), os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(error, os.strerror(error))
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        built = here.build()
    broken = error == errno.EIO
    assert (len(built.requests), len(here.owned)) == ((0, 0) if broken else (1, 2))
    assert bool(built.loud) is broken
