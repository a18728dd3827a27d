"""What was paid is kept: damage is said and never published, and a bad disk buys nothing."""

import errno
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.generation.journal import answer_buffer
from mkdocs_gemini_images.generation.journal.entry import JournalEntry
from tests.integration.conftest import MakeSite
from tests.integration.site import FOX, Site, fence
from tests.integration.small_disk import small_disk


@pytest.fixture
def owned(site: MakeSite) -> Site:
    """A site that owns one picture, and has nothing built."""
    here = site(FOX)
    here.build()
    shutil.rmtree(here.root / "site")
    return here


def picture(here: Site) -> Path:
    (path,) = [path for path in here.stock.glob("*") if path.suffix != ".json"]
    return path


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "flipped": lambda data: data[:500] + bytes([data[500] ^ 1]) + data[501:],
    "cut": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "swapped": lambda data: b"\x89PNG\r\n\x1a\n" + data,
    "script": lambda data: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
}


@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("cached", [False, True], ids=["", "cached"])
def test_a_damaged_picture_is_named_and_never_drawn_again(
    owned: Site, kind: str, cached: bool
) -> None:
    file = picture(owned)
    damaged = DAMAGE[kind](file.read_bytes())
    file.write_bytes(damaged)
    if not cached:
        shutil.rmtree(owned.cache)
    built = owned.build()
    assert built.requests == ()
    assert file.read_bytes() == damaged, "it is the owner's to mend"
    if not cached:
        (warning,) = built.warnings
        assert file.name in warning
        assert "git checkout" in warning
        assert built.pictures == {}
        assert len(built.placeholders) == 1


def test_a_picture_that_is_gone_is_named_and_not_drawn_again(owned: Site) -> None:
    picture(owned).unlink()
    shutil.rmtree(owned.cache)
    built = owned.build()
    assert built.requests == ()
    assert "is missing beside its sidecar" in built.warnings[0]


@pytest.mark.parametrize("suffix", [".json", ".jpg"])
def test_an_lfs_pointer_says_what_to_run(owned: Site, suffix: str) -> None:
    (file,) = owned.stock.glob(f"*{suffix}")
    file.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    shutil.rmtree(owned.cache)
    built = owned.build()
    assert built.requests == ()
    (warning,) = built.warnings
    assert file.name in warning
    assert "git lfs pull" in warning


@pytest.mark.parametrize("text", ["", "{", "[]", '{"v": 1}', '{"v": 9}', "{}", "[" * 100_000])
def test_a_damaged_sidecar_is_named_and_its_picture_not_drawn_again(owned: Site, text: str) -> None:
    (file,) = owned.stock.glob("*.json")
    file.write_text(text)
    built = owned.build()
    assert built.requests == ()
    (warning,) = built.warnings
    assert file.name in warning


def test_a_sidecar_of_another_picture_is_not_believed(site: MakeSite) -> None:
    here = site(FOX + fence("A heron"))
    here.build()
    one, other = sorted(here.stock.glob("*.json"))
    one.write_bytes(other.read_bytes())
    built = here.build()
    assert built.requests == ()
    assert one.name in built.warnings[0]


def test_the_cache_can_be_thrown_away(owned: Site) -> None:
    before = owned.build()
    shutil.rmtree(owned.cache)
    shutil.rmtree(owned.root / "site")
    after = owned.build()
    assert after.requests == ()
    assert after.loud == ()
    assert after.pictures == before.pictures


def test_a_poisoned_cache_is_only_slower(owned: Site) -> None:
    before = owned.build()
    for file in (*(owned.cache / "variants").rglob("*"), *(owned.cache / "ready").iterdir()):
        if file.is_file():
            file.write_bytes(b"SQLite format 3\0" + b"poison" * 100)
    shutil.rmtree(owned.root / "site")
    after = owned.build()
    assert after.requests == ()
    assert after.pictures == before.pictures
    assert "delete it" in after.text


def test_a_published_picture_that_another_program_makes_smaller_comes_back_as_it_was(
    owned: Site,
) -> None:
    before = owned.build()
    for name in before.pictures:
        (owned.root / "site" / "assets" / "gemini" / name).write_bytes(b"smaller")
    after = owned.build()
    assert after.requests == ()
    assert after.pictures == before.pictures


def test_a_warm_build_publishes_without_the_cache(owned: Site) -> None:
    before = owned.build()
    shutil.rmtree(owned.cache / "variants")
    after = owned.build()
    assert after.pictures == before.pictures
    assert not (owned.cache / "variants").exists()


def test_another_quality_is_encoded_from_what_is_owned(owned: Site) -> None:
    fine, coarse = owned.build(quality=90), owned.build(quality=30)
    assert (fine.requests, coarse.requests) == ((), ())
    small = [data for name, data in coarse.pictures.items() if name not in fine.pictures]
    assert sum(map(len, small)) < sum(map(len, fine.pictures.values())) / 1.5


def test_the_cache_keeps_itself_out_of_git(owned: Site) -> None:
    assert "*" in (owned.cache / ".gitignore").read_text().split()
    subprocess.run(["git", "init", "-q", owned.root], check=True)
    listed = subprocess.run(
        ["git", "-C", owned.root, "status", "--short", "-uall"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert ".cache" not in listed
    assert "gemini-images/" in listed


def test_nothing_is_left_lying_about(owned: Site) -> None:
    rest = [path for path in owned.journal.rglob("*") if path.is_file()]
    assert rest == []
    assert [name for name in owned.owned if name.startswith(".")] == []


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes, where this machine lets us make one."""
    folder = tmp_path / "disk"
    with small_disk(folder, megabytes=2):
        yield folder


@pytest.mark.parametrize("option", ["stock", "cache_dir"])
def test_a_full_disk_buys_nothing_and_says_what_to_do(
    site: MakeSite, mounted: Path, option: str
) -> None:
    (mounted / "other").write_bytes(bytes(1 << 20))
    built = site(FOX, **{option: str(mounted / "ours")}).build()
    assert built.requests == ()
    assert built.error is None
    assert "make room" in built.warnings[0]
    assert str(mounted / "ours") in built.warnings[0]


@pytest.mark.parametrize("option", ["stock", "cache_dir"])
def test_a_read_only_disk_buys_nothing_and_shows_what_it_has(
    site: MakeSite, mounted: Path, option: str
) -> None:
    ours = mounted / "ours"
    here = site(FOX, **{option: str(ours)})
    subprocess.run(["mount", "-o", "remount,size=200m", mounted], check=True)
    before = here.build()
    assert before.loud == ()
    shutil.rmtree(here.root / "site")
    # A thread that has just ended its work may still have the cache's database open.
    read_only = ["mount", "-o", "remount,ro", str(mounted)]
    for _ in range(50):
        if subprocess.run(read_only, check=False).returncode == 0:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the disk stays in use")
    here.pages["index.md"] += fence("A heron")
    built = here.build()
    assert built.requests == ()
    assert built.pictures == before.pictures
    (warning,) = built.warnings
    assert "A heron" in warning
    assert "make that place writable" in warning


def test_a_disk_without_room_is_seen_before_anything_is_asked(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.statvfs

    def small(path: str) -> os.statvfs_result:
        return os.statvfs_result((*real(path)[:3], 100, 100, *real(path)[5:]))

    monkeypatch.setattr(os, "statvfs", small)
    built = site(FOX).build()
    assert built.requests == ()
    assert "make room" in built.warnings[0]


@pytest.mark.parametrize(
    ("in_memory", "before"), [(1, 1), (2**22, 0)], ids=["half of it on disk", "all in memory"]
)
def test_an_answer_that_finds_the_disk_full_is_put_aside_whole(
    site: MakeSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_memory: int, before: int
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(answer_buffer, "MAX_BUFFERED_BYTES", in_memory)
    real, calls = JournalEntry.sink, []

    def sink(entry: JournalEntry, pieces: Iterable[bytes]) -> None:
        calls.append(list(pieces))
        if len(calls) > before:
            real(entry, calls[-1][:1])  # there is room for some of it
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(entry, calls[-1])

    monkeypatch.setattr(JournalEntry, "sink", sink)
    here = site(FOX + fence("A heron") + fence("A town"))
    built = here.build(concurrency=1)
    assert len(built.requests) == 1, "what cannot be kept is not bought"
    (aside,) = tmp_path.glob("gemini-images-*")
    assert all(str(aside) in warning for warning in built.warnings)
    assert "No space left" in built.warnings[0]
    counted = [each for each in built.warnings if "about $0.05 may have been billed" in each]
    assert len(counted) == 1, "the answer that was put aside counts, and no request beside it"
    monkeypatch.setattr(JournalEntry, "sink", real)
    for file in aside.iterdir():
        shutil.move(file, here.journal / file.name)
    rest = here.build()
    assert set(rest.prompts) | set(built.prompts) == {"A fox in snow", "A heron", "A town"}
    assert len(rest.prompts) == 2
    assert "1 that had arrived earlier" in rest.closing


def test_a_folder_that_is_a_file_buys_nothing(site: MakeSite) -> None:
    here = site(FOX)
    here.stock.write_text("not a folder")
    built = here.build()
    assert built.requests == ()
    assert "Not a directory" in built.warnings[0]


def test_a_warm_build_writes_nothing_it_has_written(owned: Site) -> None:
    owned.build()
    before = {path: path.stat().st_mtime_ns for path in owned.stock.glob("*")}
    time.sleep(0.01)
    owned.build()
    assert {path: path.stat().st_mtime_ns for path in owned.stock.glob("*")} == before
