"""What sites in a browser share: what all builds do, and a page by day and one by night."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.conftest import _environment, _quick_pictures, server, site

__all__ = ["_environment", "_quick_pictures", "server", "site"]


@pytest.fixture(scope="module")
def by_day(_chromium: Any) -> Iterator[Any]:
    """Give a context for light pages, which stays open: `contexts.py` turns its page."""
    context = _chromium.new_context(color_scheme="light")
    yield context
    context.close()


@pytest.fixture(scope="module")
def by_night(_chromium: Any) -> Iterator[Any]:
    """Give one for dark pages: a theme remembers what it has shown."""
    context = _chromium.new_context(color_scheme="dark")
    yield context
    context.close()
