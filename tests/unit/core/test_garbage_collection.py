"""Garbage is looked for rarely in a block, and as before behind it."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from mkdocs_gemini_images.core.garbage_collection import rare_collections


@pytest.fixture(autouse=True)
def _threshold_kept() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize("ending", [ValueError, KeyboardInterrupt])
def test_the_program_s_threshold_is_back_whatever_ends_the_block(
    ending: type[BaseException],
) -> None:
    gc.set_threshold(700, 9, 8)
    inside: list[int] = []

    def block() -> None:
        with rare_collections():
            inside.append(gc.get_threshold()[0])
            raise ending

    with pytest.raises(ending):
        block()
    assert inside[0] > 700
    assert gc.get_threshold()[:2] == (700, 9)


@pytest.mark.parametrize("chosen", [0, 1_000_000])
def test_a_collector_that_is_off_or_rarer_stays_so(chosen: int) -> None:
    gc.set_threshold(chosen, 10, 10)
    with rare_collections():
        assert gc.get_threshold()[0] == chosen


def test_a_block_within_another_that_ends_after_it_changes_nothing() -> None:
    gc.set_threshold(700, 9, 8)
    with ExitStack() as inner:
        with rare_collections():
            inner.enter_context(rare_collections())
        assert gc.get_threshold()[0] == 700
    assert gc.get_threshold()[0] == 700
