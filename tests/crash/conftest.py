"""What the proofs share: a clean environment, an emulator for whole sites, and a till."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.till import Till, serving
from tests.integration.conftest import _environment
from tests.integration.conftest import server as _server
from tests.integration.conftest import site as _site

environment = _environment
server = _server
site = _site


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """A till of this test's own, which answers at once."""
    with serving(tmp_path / "roll", slowest=0) as running:
        yield running
