"""The ways in which a body is sent: whole, slowly, cut off, padded or compressed.

A body goes in, an asynchronous iterator of chunks comes out, which `app` sends without a
Content-Length, as the API does. `ConnectionDropped` closes the connection in the middle of a body,
which only a client of a real server sees.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from functools import cache

from mkdocs_gemini_images.emulator.answers.corruption import repeated_deflate

BodyStream = Callable[[bytes], AsyncIterator[bytes]]

_CHUNK_BYTES = 1 << 16
_MIB_OF_SPACES = bytes(1 << 20).replace(b"\0", b" ")
HUGE_MIB = 300
BOMB_MIB = 600


class ConnectionDropped(Exception):
    """Raised by a stream where the server closes the connection."""


async def send_whole(body: bytes) -> AsyncIterator[bytes]:
    """Yield the whole body."""
    for start in range(0, len(body), _CHUNK_BYTES):
        yield body[start : start + _CHUNK_BYTES]


async def send_half(body: bytes) -> AsyncIterator[bytes]:
    """Yield the first half and end as if it were complete."""
    yield body[: len(body) // 2]


async def send_half_and_drop(body: bytes) -> AsyncIterator[bytes]:
    """Yield the first half, then raise `ConnectionDropped`."""
    yield body[: len(body) // 2]
    raise ConnectionDropped


async def send_slowly(body: bytes) -> AsyncIterator[bytes]:
    """Yield the body in a thousand chunks, four a second, so that only a total timeout ends it."""
    step = -(-len(body) // 1000)
    for start in range(0, len(body), step):
        yield body[start : start + step]
        await asyncio.sleep(0.25)


async def send_padded(body: bytes) -> AsyncIterator[bytes]:
    """Yield `HUGE_MIB` MiB of white space, then the body."""
    for _ in range(HUGE_MIB):
        yield _MIB_OF_SPACES
    yield body


async def send_gzip_bomb(body: bytes) -> AsyncIterator[bytes]:
    """Yield gzip of less than 2 MB that unpacks to `BOMB_MIB` MiB of white space and the body."""
    async for chunk in send_whole(_gzip_bomb(body)):
        yield chunk


@cache
def _white_space_crc() -> int:
    crc = 0
    for _ in range(BOMB_MIB):
        crc = zlib.crc32(_MIB_OF_SPACES, crc)
    return crc


def _gzip_bomb(body: bytes) -> bytes:
    """Return gzip that unpacks to `BOMB_MIB` MiB of white space, then `body`."""
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    size = (BOMB_MIB << 20) + len(body)
    crc = zlib.crc32(body, _white_space_crc())
    packed = repeated_deflate(_MIB_OF_SPACES, BOMB_MIB, head=head, end=body)
    return packed + crc.to_bytes(4, "little") + size.to_bytes(4, "little")
