"""Keep the pixels that were decoded to prove a paid answer until its files are encoded.

In: the digest of an original's bytes, and its pixels. Out: the same pixels, once. Their bytes are
bounded: what does not fit is decoded again, as are large images, of which one alone is in memory.
While that one is encoded, no others are kept. Answers that can wait are not decoded before there is
room, which encoders make.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a build that draws nothing does not load Pillow
    from PIL.Image import Image

_PIXEL = 4
"""Bytes of a pixel in memory, also of one without transparency."""
_LARGEST = 32 * 2**20
"""Bytes of an image that is not large, at most (`large_images`)."""


class KeptPixels:
    """Decoded images by the digests of their originals, `most` bytes together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._images: dict[str, Image] = {}
        self._bytes = 0
        self._encoders = 0

    def keep(self, digest: str, image: "Image") -> None:
        """Keep an image if there is room."""
        size = _bytes_of(image)
        with self._lock:
            if digest not in self._images and self._bytes + size <= self._most:
                self._images[digest] = image
                self._bytes += size

    def has_room(self) -> bool:
        """Return whether the next image would be kept, or there is no encoder to make room."""
        return self._bytes + _LARGEST <= self._most or not self._encoders

    @contextmanager
    def being_encoded(self) -> Iterator[None]:
        """Count the block as an encoder, which may take an image."""
        with self._lock:
            self._encoders += 1
        try:
            yield
        finally:
            with self._lock:
                self._encoders -= 1

    def take(self, digest: str) -> "Image | None":
        """Return an image that is kept, and keep it no longer; None where there is none."""
        with self._lock:
            image = self._images.pop(digest, None)
            if image is not None:
                self._bytes -= _bytes_of(image)
            return image

    def clear(self) -> None:
        """Keep no image any longer."""
        with self._lock:
            self._images.clear()
            self._bytes = 0

    @contextmanager
    def giving_way(self) -> Iterator[None]:
        """Keep no image during the block, which needs the memory. One block runs at a time."""
        most, self._most = self._most, 0
        self.clear()
        try:
            yield
        finally:
            self._most = most


def _bytes_of(image: "Image") -> int:
    return image.width * image.height * _PIXEL


PROVEN = KeptPixels(128 * 2**20)
"""The pixels of answers that this process has stored and not yet encoded: some thirty of 1K."""
