"""Look for cyclic garbage less often while a command builds a large site."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000
"""New objects between two looks, some megabytes; Python's own default is 700."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let the garbage collector run rarely in the block.

    It takes a tenth of the time of a build that keeps an object for each of many pictures. A
    collector that is turned off, or that runs more rarely, is left alone.
    """
    before = gc.get_threshold()
    if not 0 < before[0] < _OBJECTS:
        yield
        return
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
