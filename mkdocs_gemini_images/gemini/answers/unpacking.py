"""Unpack the bytes of an answer in small pieces, also where the server packed them unasked.

In: the bytes of a response as they arrive, and the name of their coding. Out: the answer's bytes, a
piece at a time, so that a few bytes that stand for gigabytes never fill the memory. What follows
the end of the packed data is none of the answer. UTF-16 and UTF-32 become UTF-8, in which a key is
known however it is spelled.
"""

import codecs
import json
import zlib
from collections.abc import AsyncIterator, Mapping

UNPACKED = ("", "gzip", "deflate")
"""The content codings that can be unpacked here, and in pieces."""
_GZIP_MEMBER = b"\x1f\x8b\x08"
"""How a further member of a gzip begins."""
_PIECE = 2**18


class UnpackingError(Exception):
    """Raised for packed bytes that are damaged or end too early."""


async def plain_bytes(raw: AsyncIterator[bytes], coding: str) -> AsyncIterator[bytes]:
    """Yield an answer's bytes in small pieces, also when the server compressed them unasked.

    httpx would inflate each chunk whole, and a few bytes of gzip can hold gigabytes.
    Raises `UnpackingError`.
    """
    if coding not in ("gzip", "deflate"):
        async for chunk in raw:
            yield chunk
        return
    inflate, begin = None, b""
    async for chunk in raw:
        if inflate is None:
            chunk = begin = begin + chunk
            if len(begin) < 2:
                continue
            inflate = zlib.decompressobj(wbits=_window(coding, begin))
        while chunk:
            try:
                piece = inflate.decompress(chunk, _PIECE)
            except zlib.error as error:
                raise UnpackingError(f"broken {coding}: {error}") from error
            chunk = inflate.unconsumed_tail
            if piece:
                yield piece
            if inflate.eof:
                chunk = inflate.unused_data
                if coding != "gzip" or not chunk.startswith(_GZIP_MEMBER):
                    return  # what follows the end is none of the answer
                inflate = zlib.decompressobj(wbits=31)
    if inflate is None or not inflate.eof:
        raise UnpackingError(f"the {coding} ends too early")


async def utf8_bytes(raw: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield JSON or other text as UTF-8; what is no UTF-16 or UTF-32 passes as it is."""
    begin, decoder, is_known = b"", None, False
    async for chunk in raw:
        if not is_known:
            chunk = begin = begin + chunk
            if len(begin) < 4:
                continue
            is_known = True
            if wide := _wide(begin):
                decoder = codecs.getincrementaldecoder(wide)("replace")
        yield decoder.decode(chunk).encode("utf-8", "replace") if decoder else chunk
    if decoder:
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")
    elif not is_known:
        yield begin


def _wide(begin: bytes) -> str:
    """Return the encoding of a text whose characters take several bytes, or empty."""
    encoding = json.detect_encoding(begin[:4])
    return "" if encoding.startswith("utf-8") else encoding


def _window(coding: str, begin: bytes) -> int:
    """Return zlib's `wbits`: some servers send deflate without the header that it should have."""
    if coding == "gzip":
        return 31
    has_header = begin[0] & 15 == 8 and int.from_bytes(begin[:2], "big") % 31 == 0
    return 15 if has_header else -15


def coding_of(headers: Mapping[str, str]) -> str:
    """Return the name of an answer's coding, from its header `content-encoding`, or empty."""
    coding = headers.get("content-encoding", "").strip().lower()
    names = [name for each in coding.split(",") if (name := each.strip()) not in ("", "identity")]
    return {"x-gzip": "gzip"}.get(coding := ", ".join(names), coding)
