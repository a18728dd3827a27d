"""A disk without room for site, stock and cache: what was paid is kept, and told at once."""

import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.generation.journal import temporary_answers
from tests.integration.client.hostile import Answer, hostile, http, png, reply, reset
from tests.integration.site import QUICK, Built, Site, fence
from tests.integration.small_disk import small_disk

PICTURE = http(reply(png(688, 384)))
PAGE = fence("A fox in snow", id="fox") + fence("A heron")


class Disk:
    """A disk of 20 megabytes that any file may fill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Take all room that is left."""
        file = os.open(self.folder / "fill", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for size in (2**16, 4096, 1):
            try:
                while True:
                    os.write(file, bytes(size))
            except OSError:
                continue
        os.close(file)

    def make_room(self) -> None:
        (self.folder / "fill").unlink()

    def filled_before(self, answer: Answer) -> Answer:
        """Answer a request, but fill the disk first."""

        def fill_and_answer(connection: socket.socket) -> None:
            self.fill()
            answer(connection)

        return fill_and_answer


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """Mount such a disk, where this machine lets us."""
    folder = tmp_path / "disk"
    with small_disk(folder, megabytes=20):
        yield Disk(folder)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a temporary folder on another disk."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def site_on(disk: Disk, url: str, page: str = PAGE) -> Site:
    root = disk.folder / "site"
    root.mkdir()
    options = {**QUICK, "base_url": url, "concurrency": 1}
    return Site(root, {"index.md": page}, options, {}, RequestLog())


def key_of(here: Site) -> str:
    """Return the key of the only request that the journal has no answer to."""
    (intent,) = here.journal.rglob("*.intent")
    return str(json.loads(intent.read_bytes())["key"])


def refused(built: Built) -> str:
    """Return why a build was ended because its site could not be written."""
    assert built.error is not None
    return next(text for text in built.loud if "expected to write" in text)


def test_a_paid_answer_is_put_aside_told_at_once_and_taken_in_when_there_is_room(
    disk: Disk, elsewhere: Path
) -> None:
    with hostile(None, disk.filled_before(PICTURE), PICTURE) as server:
        here = site_on(disk, server.url)
        first = here.build()
        (aside,) = elsewhere.iterdir()
        at_once = next(text for text in first.infos if "1 of 2: fox not drawn" in text)
        for told in (at_once, first.warnings[0]):
            assert key_of(here)[:12] in told
            assert str(aside) in told
            assert "about $0.05 may have been billed" in told
        assert first.warnings[0].startswith("index.md:2: 'A fox in snow' is not drawn: ")
        assert "make room" in refused(first)
        assert len(server.requests) == 1, "what cannot be kept is not bought"

        second = here.build()
        assert len(server.requests) == 1
        told = next(text for text in second.warnings if "paid answer" in text)
        assert told.startswith("index.md:2: 'A fox in snow' is not drawn: ")
        assert f"is not drawn: its paid answer (about $0.05) waits in {aside}" in told
        assert "gemini-images adopt fox " in told

        disk.make_room()
        third = here.build()
        assert (third.error, third.loud) == (None, ())
        assert "1 that had arrived earlier, 1 drawn" in third.closing
        assert [heard.prompt for heard in server.requests] == ["A fox in snow", "A heron"]
        assert list(elsewhere.iterdir()) == []
        assert list(here.journal.rglob("*.*")) == []


def test_an_answer_is_found_also_by_a_build_with_another_temporary_folder(
    disk: Disk, elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hostile(None, disk.filled_before(PICTURE), PICTURE) as server:
        here = site_on(disk, server.url, fence("A fox in snow"))
        here.build()
        disk.make_room()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        built = here.build(frozen=True)
        assert "1 that had arrived earlier" in built.closing
        assert (len(server.requests), list(elsewhere.iterdir())) == (1, [])


@pytest.mark.parametrize("cache", ["emptied", "of another"])
def test_an_answer_is_found_also_by_a_build_whose_cache_does_not_know_of_it(
    disk: Disk, elsewhere: Path, cache: str
) -> None:
    """Its owner has emptied the cache, to make room; or a container builds the same site."""
    with hostile(None, disk.filled_before(PICTURE), PICTURE) as server:
        here = site_on(disk, server.url, fence("A fox in snow"))
        here.build()
        disk.make_room()
        if cache == "emptied":
            shutil.rmtree(here.root / ".cache")
        built = here.build(cache_dir=".cache/other")
        assert "1 that had arrived earlier" in built.closing
        assert (len(server.requests), list(elsewhere.iterdir())) == (1, [])
        assert "billed" not in here.build().text, "nothing is missed where it was sent from"


def test_an_answer_that_is_gone_counts_as_unknown_and_is_not_bought_again_without_a_word(
    disk: Disk, elsewhere: Path
) -> None:
    with hostile(None, disk.filled_before(PICTURE), PICTURE) as server:
        here = site_on(disk, server.url, fence("A fox in snow"))
        here.build()
        disk.make_room()
        shutil.rmtree(next(elsewhere.rglob("*.answer")).parent)
        again = here.build()
        assert len(server.requests) == 2
        before, told = (text for text in again.infos if "may have been billed" in text)
        assert before.startswith("'A fox in snow' is requested again: 1 earlier request brought no")
        assert str(here.journal) in before
        assert told.startswith("index.md:2: a request of an earlier build for 'A fox in snow'")
        assert told.endswith("about $0.05 may have been billed, and it was drawn again")
        assert "may have been billed" not in here.build().text


@pytest.fixture
def one_disk(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Let all temporary folders be on that disk, too."""
    monkeypatch.setattr(temporary_answers, "places", lambda: (disk.folder,))
    return disk


def test_a_picture_that_no_disk_could_keep_is_told_at_once_with_its_key_and_price(
    one_disk: Disk,
) -> None:
    with hostile(None, one_disk.filled_before(PICTURE), PICTURE) as server:
        here = site_on(one_disk, server.url)
        first = here.build()
        at_once = next(text for text in first.infos if "1 of 2: fox not drawn" in text)
        for told in (at_once, first.warnings[0]):
            assert f"the paid answer of {key_of(here)[:12]}… is lost" in told
            assert "about $0.05 may have been billed" in told
        assert refused(first)
        assert not list((here.root / "site").rglob(".*.part"))
        one_disk.make_room()
        second = here.build()
        assert "fox is requested again" in second.text
        assert "of an earlier build" not in second.text, "it was told"
        assert len(server.requests) == 3


@pytest.mark.parametrize("answer", [reset(b""), http(b"no", "504 Gateway Timeout")])
def test_an_unknown_outcome_is_told_though_the_site_cannot_be_written(
    disk: Disk, answer: Answer
) -> None:
    with hostile(None, disk.filled_before(answer), PICTURE) as server:
        here = site_on(disk, server.url, fence("A fox in snow"))
        first = here.build(retries=0)
        assert "about $0.05 may have been billed" in first.warnings[0]
        assert refused(first)
        disk.make_room()
        second = here.build()
        assert "'A fox in snow' is requested again" in second.text
        assert "of an earlier build" not in second.text, "it was told"
        assert len(server.requests) == 2


def test_a_stock_without_room_leaves_the_answer_in_the_journal(disk: Disk, tmp_path: Path) -> None:
    with hostile(None, disk.filled_before(PICTURE), PICTURE) as server:
        here = site_on(disk, server.url, fence("A fox in snow"))
        cache = tmp_path / "cache"
        first = here.build(cache_dir=str(cache))
        (answer,) = (cache / "journal").glob("*.answer")
        assert f"the paid answer is in {answer}" in first.warnings[0]
        assert "about $0.05 may have been billed" in first.warnings[0]
        frozen = here.build(cache_dir=str(cache), frozen=True)
        assert f"its paid answer (about $0.05) waits in {answer}" in frozen.text
        disk.make_room()
        assert "1 that had arrived earlier" in here.build(cache_dir=str(cache)).closing
        assert len(server.requests) == 1
