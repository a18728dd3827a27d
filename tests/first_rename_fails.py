"""A pytest plugin: the first rename of every file that this package writes fails, as on Windows.

`python -m pytest -p tests.first_rename_fails tests/unit` runs tests so. What other libraries
rename, such as pytest itself, is left alone.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mkdocs_gemini_images.core.files import held_files
from tests.held_renames import denied

_PACKAGE = str(Path(held_files.__file__).parents[2])
_TESTS_OF_RENAMES = (
    "test_a_file_that_is_held_gets_its_name_once_it_is_let_go",
    "test_a_file_that_stays_held_is_an_error_after_about_two_seconds",
    "test_a_held_link_is_tried_again",
    "test_files_of_one_language_are_left_alone_by_the_next",
    "test_the_bytes_are_on_disk_before_the_name_and_the_name_before_the_return",
)
"""They let renames fail themselves, and count them."""
_NEAR = 6
"""How many callers a rename of ours is away at most: pathlib is between."""


def pytest_configure() -> None:
    """Let renames fail from here on."""
    held_files._WAITS = (0.0,) * len(held_files._WAITS)
    for name in ("replace", "link", "rename"):
        setattr(os, name, _failing_once(getattr(os, name)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests whose renames are their own."""
    for item in items:
        if item.name.startswith(_TESTS_OF_RENAMES):
            item.add_marker(pytest.mark.skip(reason="it lets renames fail itself"))


def _failing_once(call: Callable[..., Any]) -> Callable[..., Any]:
    seen = set[str]()

    def rename(source: Any, target: Any, **more: Any) -> Any:
        name = os.fspath(target)
        if name not in seen and _is_ours():
            seen.add(name)
            raise denied(name)
        return call(source, target, **more)

    return rename


def _is_ours() -> bool:
    frame = sys._getframe(2)
    for _ in range(_NEAR):
        if frame.f_code.co_filename.startswith(_PACKAGE):
            return True
        if frame.f_back is None:
            return False
        frame = frame.f_back
    return False
