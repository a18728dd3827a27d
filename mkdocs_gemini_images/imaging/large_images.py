"""Keep the memory of a build small in which images are large, as those of 4K are.

One large image at a time is open, whatever the number of threads. The last file of one is encoded
from a copy of its pixels alone. Effect: memory that is free again goes back to the system.
"""

import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

from PIL import Image

_LARGE = 8_000_000
"""Pixels, or bytes, from which an image is large; one of 4K has twice as many pixels."""
_USED_AGAIN = 4_500_000
"""Bytes of a block at most that is kept for the next image, which may have the pixels of one of 1K:
to get such blocks from the system each time takes a tenth of the time of encoding."""
_large_image_lock = threading.RLock()


def _glibc(name: str) -> Callable[..., object]:
    """Return a function of glibc; with another C library, one that does nothing."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            function: Callable[..., object] = getattr(ctypes.CDLL(None), name)
            return function
    return lambda *_: None


# The memory of large images goes back to the system when they are closed (M_MMAP_THRESHOLD), what
# images of 1K need is used again (M_TRIM_THRESHOLD).
_glibc("mallopt")(-3, _USED_AGAIN)
_glibc("mallopt")(-1, _LARGE)
_malloc_trim = _glibc("malloc_trim")


def one_large_image_at_a_time(size: int) -> AbstractContextManager[object]:
    """Return a lock for an image of `size` pixels or bytes, if that is large.

    All large images share the lock, so that no two are in memory at once.
    """
    return _alone() if size >= _LARGE else nullcontext()


@contextmanager
def _alone() -> Iterator[None]:
    with _large_image_lock:
        _malloc_trim(0)  # it may need what others have left behind
        yield


def is_large(image: Image.Image) -> bool:
    """Return whether an image has so many pixels that it alone should be in memory."""
    return image.width * image.height >= _LARGE


class GivenUp(Image.Image):
    """An image whose pixels leave the memory when an encoder takes a copy of them as bytes.

    The encoder of AVIF does, and needs four times as many bytes while it works.
    """

    def tobytes(self, encoder_name: str = "raw", *args: Any) -> bytes:
        """Return the pixels as bytes, and keep one pixel."""
        data = super().tobytes(encoder_name, *args)
        self.im = Image.new(self.mode, (1, 1)).im
        _malloc_trim(0)  # what smaller images leave behind in each thread is some 15 MB
        return data
