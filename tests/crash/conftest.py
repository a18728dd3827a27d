"""What the proofs share: a clean environment, an emulator for whole sites, and a till."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builds.conftest import _environment
from tests.builds.conftest import server as _server
from tests.builds.conftest import site as _site
from tests.crash.till import Till, serving

environment = _environment
server = _server
site = _site


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """A till of this test's own, which answers at once."""
    with serving(tmp_path / "roll", slowest=0) as running:
        yield running
