"""`draw --batch`: what is ordered, what builds say meanwhile, and what is collected."""

import re
from typing import Any

import pytest

from mkdocs_gemini_images.emulator.app import create_app
from mkdocs_gemini_images.emulator.batches.batch import Clock
from mkdocs_gemini_images.emulator.http_server import serve_in_thread
from mkdocs_gemini_images.emulator.request_log import RequestLog
from tests.cli.command import run
from tests.integration.conftest import MakeSite, sites_in
from tests.integration.site import Site, fence

THREE = fence("A fox", id="fox") + fence("A heron", id="heron") + fence("A town", id="town")


@pytest.fixture
def slow(tmp_path: Any) -> Any:
    """A server whose jobs have ended when they are asked for a second time."""
    ledger = RequestLog()
    with serve_in_thread(create_app(request_log=ledger, clock=Clock(polls=1))) as url:
        yield sites_in(tmp_path, (url, ledger))


def job_folders(site: Site) -> list[str]:
    return sorted(path.name for path in (site.journal / "batches").glob("mgi-*"))


def made(make: MakeSite, text: str = THREE) -> Site:
    here = make(text)
    here.write()
    return here


def test_an_order_ends_at_once_and_the_next_draw_collects_it(slow: MakeSite) -> None:
    here = made(slow)
    ordered = run(here, "draw", "--batch")
    assert ordered.code == 0
    assert here.owned == []
    (name,) = job_folders(here)
    assert re.search(rf"3 requests ordered in batch for about \$0\.07 \(job {name}\)", ordered.text)
    frozen = here.build(frozen=True)
    early = run(here, "draw")
    done = run(here, "draw")
    assert done.code == 0
    assert len(here.owned) == 6
    assert job_folders(here) == []
