"""The live preview goes on after an error of the disk, and after a page has been deleted."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.config.server import Secret, Server
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.preview.controller import PreviewController
from mkdocs_gemini_images.preview.press_queue import PreviewRefusal
from mkdocs_gemini_images.preview.snapshot import PreviewSnapshot
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.record import Record
from tests.held_renames import HeldRenames
from tests.unit.pictures import png, record
from tests.unit.progress import SilentProgress

DATA = png(64, 36)
FOX = Directive("A fox", alt="A fox", source="prompt: A fox")
FENCE = "```gemini-image\nprompt: A fox\n```\n"
PAGES = ("a.md", "b.md", "c.md")
HANG = 30.0
"""Seconds after which a test fails because a thread has ended."""


class Preview:
    """A live preview of three pages with one picture, which is not drawn yet."""

    def __init__(self, root: Path) -> None:
        self.root, self.said = root, list[str]()
        self.has_said = threading.Event()
        server = Server(key=Secret("k"))
        settings = Settings(root, root / "stock", root / "cache", "docs", server)
        self.stock = FolderStore(settings.stock)
        (root / "docs").mkdir()
        for page in PAGES:
            (root / "docs" / page).write_text(FENCE)
        build = SiteBuild(
            settings, self.stock, root / "site", BuildMode(serving=True),
            progress=SilentProgress(), tracker=SpendTracker(),
        )  # fmt: skip
        for page in PAGES:
            build.collect(FOX, Use(FOX, page))
        build.finish()
        (self.image,) = build.images
        self.handle = self.image.handle
        self.snapshot = PreviewSnapshot(build)
        self.controller = PreviewController(self._log, self._source, interval=0.01)
        self.rebuilt(*PAGES)

    def _log(self, line: str) -> None:
        self.said.append(line)
        self.has_said.set()

    def _source(self, page: str) -> Path:
        return self.root / "docs" / page

    def rebuilt(self, *pages: str, snapshot: PreviewSnapshot | None = None) -> None:
        self.controller.build_ended(snapshot or self.snapshot, frozenset(pages))

    def drawn(self) -> Record:
        """Put the picture into stock, as another process does."""
        made = record(self.image.request, DATA)
        self.stock.put(made, DATA)
        return made

    def text(self, page: str) -> str:
        return (self.root / "docs" / page).read_text()


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    made = Preview(tmp_path)
    yield made
    made.controller.close()
    made.snapshot._build.close()


@pytest.mark.parametrize("change", ["deleted", "renamed", "a link to nothing"])
def test_a_page_that_is_gone_does_not_keep_a_take_from_being_picked(
    preview: Preview, change: str
) -> None:
    gone = preview.root / "docs/b.md"
    if change == "renamed":
        gone.rename(gone.with_name("d.md"))
    else:
        gone.unlink()
    if change == "a link to nothing":
        gone.symlink_to("nowhere.md")
    written = preview.controller.pick(preview.handle, 2)["written"]
    assert written == ["a.md", "c.md"]
    assert "take: 2" in preview.text("a.md")


def test_a_page_that_is_gone_is_forgotten_by_the_next_build(preview: Preview) -> None:
    (preview.root / "docs/b.md").unlink()
    only_c = preview.image._replace(uses=(Use(FOX, "c.md"),))
    preview.snapshot._current[preview.image.key] = only_c
    preview.rebuilt("c.md")
    state = preview.controller.state(preview.handle)
    assert state is not None
    assert state["pages"] == ["a.md", "c.md"]


def test_when_all_pages_are_gone_the_reader_is_told_to_load_anew(preview: Preview) -> None:
    for page in PAGES:
        (preview.root / "docs" / page).unlink()
    with pytest.raises(PreviewRefusal, match="the page has changed; reload it"):
        preview.controller.pick(preview.handle, 2)


@pytest.mark.parametrize("obstacle", ["assets", "assets/gemini"])
def test_an_error_of_the_disk_is_said_once_and_the_thread_looks_again(
    preview: Preview, obstacle: str
) -> None:
    site = preview.root / "site"
    assets = site / "assets/gemini"
    for file in [*assets.glob("*")]:
        file.unlink()
    assets.rmdir()
    if obstacle == "assets":
        (site / "assets").rmdir()
    (site / obstacle).write_text("a file in the way")
    preview.controller.open()
    with preview.controller.listening() as listener:
        states = listener.states(HANG)
        preview.drawn()
        assert preview.has_said.wait(HANG)
        (site / obstacle).unlink()
        shown = next(each for each in states if each is None or each["state"] == "in stock")
    assert shown is not None
    assert len(preview.said) == 1
    assert preview.said[0].startswith("new pictures cannot be shown: [Errno ")
    assert list(assets.glob("*.webp"))


def test_a_file_that_another_program_holds_is_shown_and_the_thread_goes_on(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = HeldRenames(monkeypatch, lambda name: name.endswith(".webp"), times=99)
    preview.controller.open()
    with preview.controller.listening() as listener:
        states = listener.states(HANG)
        preview.drawn()
        shown = next(each for each in states if each is None or each["state"] == "in stock")
    assert shown is not None
    assert held.refused
    assert preview.said == []
    assert list((preview.root / "site/assets/gemini").glob("*.webp"))
