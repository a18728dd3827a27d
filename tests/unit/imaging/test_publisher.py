"""Files are published whole and once, also when another build publishes them at the time."""

import gc
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mkdocs_gemini_images.config.settings import EncodingOptions
from mkdocs_gemini_images.imaging import publisher
from mkdocs_gemini_images.imaging.cache.hardlink_cache import HardlinkCache
from mkdocs_gemini_images.imaging.cache.variant_cache import VariantCache
from mkdocs_gemini_images.imaging.publisher import Publisher, PublishJob
from mkdocs_gemini_images.imaging.variants import Variant
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.unit.pictures import png, record, step

RECIPE = EncodingOptions(widths=(), quality=80)
DATA = png(64, 48)
OPEN = Path("/proc/self/fd")
SMALL, LARGE = Variant(32, 32, 24, "webp"), Variant(64, 64, 48, "webp")
FILES = (("images/fox-32.webp", SMALL), ("images/fox-64.webp", LARGE))


class Counting(VariantCache):
    """Counts what is put into it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, pytest.fail)
        self.puts = Counter[str]()

    def put(self, name: str, data: bytes) -> None:
        self.puts[name] += 1
        super().put(name, data)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Counting]:
    made = Counting(tmp_path / "cache")
    yield made
    made.close()


@pytest.fixture
def fox(tmp_path: Path) -> Record:
    made = record(step(), DATA)
    FolderStore(tmp_path / "stock").put(made, DATA)
    return made


@pytest.fixture
def press(tmp_path: Path, cache: Counting) -> Publisher:
    stock, ready = FolderStore(tmp_path / "stock"), HardlinkCache(tmp_path / "ready")
    return Publisher(tmp_path / "site", RECIPE, stock, cache, ready)


def test_files_that_two_editions_share_are_made_once(
    press: Publisher, fox: Record, cache: Counting, tmp_path: Path
) -> None:
    named = ("images/tame.webp", LARGE)
    press.start(PublishJob("fox", fox, FILES))
    press.start(PublishJob("fox", fox, (FILES[0], named)))
    press.start(PublishJob("fox", fox, FILES))
    assert press.finish() == {}
    assert sorted(cache.puts.values()) == [1, 1, 1]
    written = sorted(path.name for path in (tmp_path / "site/images").iterdir())
    assert written == ["fox-32.webp", "fox-64.webp", "tame.webp"]


@pytest.mark.skipif(not OPEN.is_dir(), reason="open files cannot be listed")
def test_no_thread_keeps_the_database_open_after_its_work(
    press: Publisher, fox: Record, cache: Counting, tmp_path: Path
) -> None:
    def has_it_open() -> bool:
        found = []
        for each in OPEN.iterdir():
            with suppress(FileNotFoundError):
                found.append(each.readlink())
        return any(each.is_relative_to(tmp_path / "cache") for each in found)

    press.start(PublishJob("fox", fox, FILES))
    gc.disable()
    try:
        assert press.finish() == {}
        assert cache.get("whatever it is") is None
        assert has_it_open()
        cache.close()
        assert not has_it_open()
    finally:
        gc.enable()


def test_a_file_that_cannot_be_written_leaves_no_thread_behind(
    press: Publisher, fox: Record, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir(exist_ok=True)
    (tmp_path / "site/images").write_bytes(b"in the way of a folder")
    before = set(threading.enumerate())
    press.start(PublishJob("fox", fox, (("images/inside/fox-32.webp", SMALL),)))
    begun = set(threading.enumerate()) - before
    assert begun
    with pytest.raises(OSError, match="Not a directory"):
        press.finish()
    for thread in begun:
        thread.join(5)
    assert not any(thread.is_alive() for thread in begun)


def test_a_publisher_that_is_stopped_leaves_the_folder_of_the_site_alone(
    press: Publisher, fox: Record, tmp_path: Path
) -> None:
    press.start(PublishJob("fox", fox, FILES))
    assert press.finish() == {}
    shutil.rmtree(tmp_path / "site")
    press.stop()
    press.start(PublishJob("fox", fox, (*FILES, ("images/tame.webp", LARGE))))
    assert press.finish() == {}
    assert not (tmp_path / "site").exists()


def test_one_file_may_be_written_by_many_threads(press: Publisher, tmp_path: Path) -> None:
    begin, went_wrong = threading.Barrier(8), list[OSError]()

    def write() -> None:
        begin.wait()
        for _ in range(100):
            try:
                press.write("images/fox.webp", DATA)
            except OSError as error:
                went_wrong.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert went_wrong == []
    assert [path.name for path in (tmp_path / "site/images").iterdir()] == ["fox.webp"]


def test_a_file_that_could_not_be_made_is_made_the_next_time(
    press: Publisher, fox: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publisher, "_encoded_files", full)
        press.start(PublishJob("fox", fox, FILES))
        with pytest.raises(OSError, match="No space left"):
            press.finish()
    press.start(PublishJob("fox", fox, FILES))
    assert press.finish() == {}
    assert len(list((tmp_path / "site/images").iterdir())) == 2
