"""Which files are of the stock or the cache, by place and name, and which events a preview sees."""

from pathlib import Path

import pytest
from watchdog.events import DirModifiedEvent, FileModifiedEvent, FileMovedEvent
from watchdog.observers.api import EventQueue, ObservedWatch

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.hosts.mkdocs.own_files import OwnFiles

KEY = "3f" * 32
WATCH = ObservedWatch(".", recursive=True)


@pytest.fixture
def own(tmp_path: Path) -> OwnFiles:
    """The files of a site whose stock is a folder with other things in it, as is the cache."""
    return OwnFiles(Settings(tmp_path, tmp_path / "docs", tmp_path / "docs/kept", "docs", Server()))


@pytest.mark.parametrize(("file", "option"), [
    (f"docs/{KEY}.png", "stock"),
    (f"docs/{KEY}.json", "stock"),
    (f"docs/files/{KEY}.json", "stock"),
    (f"docs/.{KEY}.png.0123abcd.part", "stock"),
    (f"docs/.{KEY[:16]}.0123abcd.part", "stock"),
    (f"docs/files/.{KEY[:16]}.0123abcd.part", "stock"),
    ("docs/.fox.0123abcd.part", ""),
    ("docs/kept/variants/cache.db-wal", "cache_dir"),
    ("docs/kept/ready/a-480.webp", "cache_dir"),
    (f"docs/kept/journal/{KEY}.17.answer", "cache_dir"),
    (f"docs/kept/emulator/{KEY}.json", "cache_dir"),
    ("docs/kept/bucket-0a1b/mirror/x.json", "cache_dir"),
    ("docs/kept/b-abcde23456/m/x.json", "cache_dir"),
    ("docs/kept/b-sides/fox.png", ""),
    ("docs/kept/buy.lock", "cache_dir"),
    (f"docs/images/{KEY}.png", ""),
    (f"docs/files/{KEY}.png", ""),
    (f"docs/{KEY}.gif", ""),
    (f"{KEY}.png", ""),
    ("docs/fox.png", ""),
    ("docs/kept/fox.png", ""),
    ("docs/kept/variants.md", ""),
    ("docs/kept-too/ready/a-480.webp", ""),
    ("docs/journal/2026.md", ""),
])  # fmt: skip
def test_a_file_is_ours_by_place_and_name(
    own: OwnFiles, tmp_path: Path, file: str, option: str
) -> None:
    assert own.option_of(str(tmp_path / file)) == option


def test_a_watcher_sees_no_change_of_ours_and_every_other(own: OwnFiles, tmp_path: Path) -> None:
    events = EventQueue()
    own.keep_from(events)
    theirs = [
        FileModifiedEvent(str(tmp_path / "docs/index.md")),
        DirModifiedEvent(str(tmp_path / "docs/kept")),
        FileMovedEvent(str(tmp_path / f"docs/{KEY}.png"), str(tmp_path / "docs/fox.png")),
        FileMovedEvent(str(tmp_path / "docs/fox.png"), str(tmp_path / f"docs/{KEY}.png")),
    ]
    part, picture = tmp_path / f"docs/.{KEY}.png.0123abcd.part", tmp_path / f"docs/{KEY}.png"
    for event in (
        FileModifiedEvent(str(tmp_path / "docs/kept/variants/cache.db")),
        FileMovedEvent(str(part), str(picture)),
        *theirs,
    ):
        events.put((event, WATCH))
    stop = object()
    events.put_nowait(stop)
    seen = [events.get_nowait() for _ in range(events.qsize())]
    assert seen == [*((event, WATCH) for event in theirs), stop]
