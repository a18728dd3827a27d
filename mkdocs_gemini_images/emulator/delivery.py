"""How the bytes of an answer reach the client: at once, slowly, cut, swollen or not at all.

In come finished bytes, out comes an asynchronous stream of pieces, which the application sends
without a Content-Length, as the API does. `HungUp` ends a stream in the middle of a body: that
closes the connection, so it needs a real server. Nothing here knows what the bytes mean.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from functools import cache

from mkdocs_gemini_images.emulator.mischief import deflated

Delivery = Callable[[bytes], AsyncIterator[bytes]]

_PIECE = 1 << 16
_MIB = bytes(1 << 20).replace(b"\0", b" ")
HUGE_MIB = 300
BOMB_MIB = 600


class HungUp(Exception):
    """The server closes the connection here."""


async def whole(body: bytes) -> AsyncIterator[bytes]:
    """Send everything."""
    for start in range(0, len(body), _PIECE):
        yield body[start : start + _PIECE]


async def cut(body: bytes) -> AsyncIterator[bytes]:
    """Send half of it, then end as if that were all."""
    yield body[: len(body) // 2]


async def dropped(body: bytes) -> AsyncIterator[bytes]:
    """Send half of it, then hang up."""
    yield body[: len(body) // 2]
    raise HungUp


async def drip(body: bytes) -> AsyncIterator[bytes]:
    """Send it in a thousand pieces, four a second: each is in time, the whole never is."""
    step = -(-len(body) // 1000)
    for start in range(0, len(body), step):
        yield body[start : start + step]
        await asyncio.sleep(0.25)


async def huge(body: bytes) -> AsyncIterator[bytes]:
    """Send white space without end, and the answer after it."""
    for _ in range(HUGE_MIB):
        yield _MIB
    yield body


async def gzip_bomb(body: bytes) -> AsyncIterator[bytes]:
    """Send a megabyte or two of gzip that unpacks to 600 MiB, the answer at its end."""
    async for piece in whole(_zipped(body)):
        yield piece


@cache
def _crc_of_white_space() -> int:
    crc = 0
    for _ in range(BOMB_MIB):
        crc = zlib.crc32(_MIB, crc)
    return crc


def _zipped(body: bytes) -> bytes:
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    size = (BOMB_MIB << 20) + len(body)
    crc = zlib.crc32(body, _crc_of_white_space())
    packed = deflated(_MIB, BOMB_MIB, head=head, end=body)
    return packed + crc.to_bytes(4, "little") + size.to_bytes(4, "little")
