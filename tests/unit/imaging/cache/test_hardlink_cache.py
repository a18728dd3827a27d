"""A published file is linked again only as it was written; all else is for the cache to mend."""

import os
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.imaging.cache.hardlink_cache import HardlinkCache, link_name


@pytest.fixture
def ready(tmp_path: Path) -> HardlinkCache:
    return HardlinkCache(tmp_path / "ready")


def published(
    ready: HardlinkCache, folder: Path, name: str = "fox-480.webp", data: bytes = b"fox"
) -> Path:
    """Write a file as a build does, and keep it."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(data)
    ready.keep(name, file)
    return file


def again(tmp_path: Path, name: str = "fox-480.webp") -> Path | None:
    """Let a later build publish it into an empty site."""
    target = tmp_path / "again.webp"
    return target if HardlinkCache(tmp_path / "ready").publish(name, str(target)) else None


def test_a_file_outlives_its_site_and_is_the_same_file(
    tmp_path: Path, ready: HardlinkCache
) -> None:
    file = published(ready, tmp_path / "site")
    inode = file.stat().st_ino
    file.unlink()
    found = again(tmp_path)
    assert found is not None
    assert (found.read_bytes(), found.stat().st_ino) == (b"fox", inode)


@pytest.mark.parametrize("data", [b"fog", b"", b"a longer fox"])
def test_a_file_that_was_written_into_is_not_published_again(
    tmp_path: Path, ready: HardlinkCache, data: bytes
) -> None:
    published(ready, tmp_path / "site").write_bytes(data)
    assert again(tmp_path) is None


def test_a_file_of_another_size_is_not_published_even_if_its_time_is_kept(
    tmp_path: Path, ready: HardlinkCache
) -> None:
    file = published(ready, tmp_path / "site")
    time = file.stat().st_mtime_ns
    file.write_bytes(b"smaller fox")
    os.utime(file, ns=(time, time))
    assert again(tmp_path) is None


def test_a_file_under_another_name_is_not_published(tmp_path: Path, ready: HardlinkCache) -> None:
    published(ready, tmp_path / "site")
    (tmp_path / "ready" / link_name("fox-480.webp")).rename(
        tmp_path / "ready" / link_name("owl-480.webp")
    )
    assert again(tmp_path, "owl-480.webp") is None


def test_a_file_whose_time_was_not_restored_is_kept_anew(
    tmp_path: Path, ready: HardlinkCache
) -> None:
    published(ready, tmp_path / "site")
    os.utime(tmp_path / "ready" / link_name("fox-480.webp"), (1_700_000_000, 1_700_000_000))
    assert again(tmp_path) is None
    published(HardlinkCache(tmp_path / "ready"), tmp_path / "other")
    assert again(tmp_path) is not None


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_is_no_ordinary_file_is_not_published(
    tmp_path: Path, ready: HardlinkCache, kind: str
) -> None:
    published(ready, tmp_path / "site")
    secret = tmp_path / "secret"
    secret.write_bytes(b"fox")
    place = tmp_path / "ready" / link_name("fox-480.webp")
    stamp = place.stat().st_mtime_ns
    os.utime(secret, ns=(stamp, stamp))
    place.unlink()
    if kind == "link":
        place.symlink_to(secret)
        os.utime(place, ns=(stamp, stamp), follow_symlinks=False)
    elif kind == "folder":
        place.mkdir()
    else:
        os.mkfifo(place)
    assert again(tmp_path) is None


def test_what_stands_in_the_site_stays(tmp_path: Path, ready: HardlinkCache) -> None:
    published(ready, tmp_path / "site")
    (tmp_path / "again.webp").write_bytes(b"there")
    found = again(tmp_path)
    assert found is not None
    assert found.read_bytes() == b"there"


def test_a_missing_folder_of_the_site_is_the_callers_to_make(
    tmp_path: Path, ready: HardlinkCache
) -> None:
    published(ready, tmp_path / "site")
    with pytest.raises(FileNotFoundError):
        ready.publish("fox-480.webp", str(tmp_path / "none" / "fox-480.webp"))


def test_files_that_no_site_has_go_once_others_have_come(tmp_path: Path) -> None:
    names = [f"{'0' * 16}-640x360-fox-{number}.webp" for number in range(4)]
    for name in names[:3]:
        published(HardlinkCache(tmp_path / "ready"), tmp_path / "site", name)
    for name in names[:2]:
        (tmp_path / "site" / name).unlink()
    later = HardlinkCache(tmp_path / "ready")
    later.publish(names[0], str(tmp_path / "site" / names[0]))
    later.sweep()
    assert len(list((tmp_path / "ready").iterdir())) == 3  # nothing new has come
    published(later, tmp_path / "site", names[3])
    later.sweep()
    kept = {path.name for path in (tmp_path / "ready").iterdir()}
    assert kept == {link_name(names[each]) for each in (0, 2, 3)}


@pytest.mark.parametrize(
    "name", ["a.md", ".hidden", "fox-480.webp", "0" * 16, f"{'0' * 16}-fox.webp", "a.part"]
)
def test_a_file_under_another_kind_of_name_is_not_deleted(
    tmp_path: Path, ready: HardlinkCache, name: str
) -> None:
    published(ready, tmp_path / "site")
    (tmp_path / "ready" / name).unlink(missing_ok=True)
    (tmp_path / "ready" / name).write_bytes(b"an author's own")
    published(ready, tmp_path / "site", "owl.webp")
    ready.sweep()
    assert (tmp_path / "ready" / name).exists()


def test_a_folder_under_a_published_name_keeps_no_file_from_being_deleted(
    tmp_path: Path, ready: HardlinkCache
) -> None:
    for number in range(3):
        (tmp_path / "ready" / f"{number:016}-640x360-fox.webp").mkdir(parents=True)
    unused = tmp_path / "ready" / f"{9:016}-640x360-fox.webp"
    unused.write_bytes(b"fox")
    published(ready, tmp_path / "site")
    ready.sweep()
    assert not unused.exists()
    assert len(list((tmp_path / "ready").iterdir())) == 4


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege")
def test_a_folder_that_is_a_link_is_neither_read_nor_written_nor_swept(tmp_path: Path) -> None:
    name = f"{'0' * 16}-640x360-fox.webp"
    published(HardlinkCache(tmp_path / "docs"), tmp_path / "site", name)
    (tmp_path / "site" / name).unlink()
    (tmp_path / "docs" / f"{'1' * 16}-640x360-fox.webp").write_bytes(b"an author's own")
    (tmp_path / "ready").symlink_to("docs")
    assert again(tmp_path, name) is None
    ready = HardlinkCache(tmp_path / "ready")
    published(ready, tmp_path / "site", "owl.webp")
    ready.sweep()
    assert len(list((tmp_path / "docs").iterdir())) == 2


def test_where_it_cannot_be_kept_it_is_published_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "ready").write_text("a file", encoding="utf-8")
    file = published(HardlinkCache(tmp_path / "ready"), tmp_path / "site")
    assert file.read_bytes() == b"fox"
    assert again(tmp_path) is None


def test_a_link_of_a_name_of_any_length_is_short(tmp_path: Path, ready: HardlinkCache) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"fox")
    ready.keep("x" * 300, file)
    (link,) = (tmp_path / "ready").iterdir()
    assert len(link.name) == 24
    assert ready.publish("x" * 300, str(tmp_path / "b"))


def test_a_held_link_is_tried_again(
    tmp_path: Path, ready: HardlinkCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(ready, tmp_path / "site")

    class Held(PermissionError):
        winerror = 32

    link, tries = os.link, list[Any]()

    def held_once(source: Any, target: Any) -> None:
        tries.append(target)
        if len(tries) == 1:
            raise Held(13, "Access is denied")
        link(source, target)

    monkeypatch.setattr(os, "link", held_once)
    assert again(tmp_path) is not None
    assert len(tries) == 2
