"""A process that dies while it orders or collects a batch: no picture is lost or billed twice."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.build.mode import BuildMode
from mkdocs_gemini_images.build.site_build import SiteBuild
from mkdocs_gemini_images.build.site_image import Use
from mkdocs_gemini_images.config.limits import SpendingLimits
from mkdocs_gemini_images.config.settings import ImageDefaults, Settings
from mkdocs_gemini_images.directives.directive import Directive
from mkdocs_gemini_images.emulator.request_log import RequestLog
from mkdocs_gemini_images.generation.batch import job_outcome
from mkdocs_gemini_images.generation.draw_command import DrawCommand
from mkdocs_gemini_images.generation.tracker import SpendTracker
from mkdocs_gemini_images.store.folder import FolderStore
from tests.integration.client.asking import server as choose_server
from tests.unit.progress import SilentProgress

CALLS = ("fsync", "replace", "unlink", "mkdir", "rmdir", "link", "rename")


class Killed(BaseException):
    """The process is dead."""


class DyingProcess:
    """A process that is dead from its `after`-th change of the disk on."""

    def __init__(self, patch: pytest.MonkeyPatch, after: int) -> None:
        self._left = after
        for name in CALLS:
            patch.setattr(os, name, self._dying(getattr(os, name)))

    def _dying(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def die(*args: Any, **more: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                raise Killed
            return call(*args, **more)

        return die


def draw(root: Path, url: str) -> list[str]:
    """Build a page of two pictures, one of them in two steps, and order in batch what lacks."""
    settings = Settings(
        root, root / "stock", root / ".cache", "docs", choose_server(url),
        ImageDefaults("gemini-3.1-flash-image", size="512"),
        limits=SpendingLimits(max_new=100, budget=100),
    )  # fmt: skip
    command = DrawCommand(lambda plan: True, batch=True)
    build = SiteBuild(
        settings, FolderStore(settings.stock), root / "site", BuildMode(command),
        progress=SilentProgress(), tracker=SpendTracker(),
    )  # fmt: skip
    try:
        for directive in (
            Directive("A fox", "A fox", id="fox"),
            Directive("A heron", "A heron", id="heron", edits=("In snow",)),
        ):
            build.collect(directive, Use(directive, "index.md"))
        build.finish()
        return [notice.text for notice in build.notices]
    finally:
        build.close()


@pytest.mark.parametrize("builds_before", [0, 1])
@pytest.mark.parametrize("after", [0, 5, 11, 16, 22, 30, 45])
def test_a_process_that_dies_at_any_write_orders_each_picture_once(
    tmp_path: Path,
    server: tuple[str, RequestLog],
    monkeypatch: pytest.MonkeyPatch,
    after: int,
    builds_before: int,
) -> None:
    url, ledger = server
    before = len(ledger.billed)
    for _ in range(builds_before):
        draw(tmp_path, url)
    with monkeypatch.context() as patch:
        DyingProcess(patch, after)
        with suppress(Killed):
            draw(tmp_path, url)
    # Else a creation that was about to be sent is waited for, ten minutes long.
    monkeypatch.setattr(job_outcome, "LISTED_WITHIN", timedelta())
    for _ in range(5):
        draw(tmp_path, url)
    billed = [entry.item for entry in ledger.billed[before:]]
    assert sorted(billed) == sorted(set(billed))
    assert len(billed) == 3
    assert len(list((tmp_path / "stock").glob("*.json"))) == 3
    assert list((tmp_path / ".cache/journal").glob("*.intent")) == []
    assert list((tmp_path / ".cache/journal/jobs").glob("*")) == []
