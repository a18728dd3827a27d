"""Corrupts images and bodies of answers, for clients to be tested against.

An encoded image or a JSON body goes in, a corrupted one comes out: truncated files, decompression
bombs, other file types, snake_case keys, counts of wrong types. Pure functions; the forms of JSON
are those that the API reference lists under "Response JSON".
"""

import zlib
from base64 import b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

from mkdocs_gemini_images.emulator.answers.response_json import ResponseBody
from mkdocs_gemini_images.emulator.protocol.schema import snake_case

SVG_WITH_SCRIPT = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
    b"<script>alert(1)</script></svg>"
)
HTML_WITH_SCRIPT = b"<!doctype html><title>Sign in</title><script>alert(1)</script>"
_SIDE = 20_000


def truncated(image: bytes) -> bytes:
    """Return a file without its last third."""
    return image[: len(image) * 2 // 3]


def with_trailing_bytes(image: bytes) -> bytes:
    """Return an image with a script after its end, which viewers ignore."""
    return image + b"\n<script>alert(1)</script>\n" + bytes(2048)


@cache
def decompression_bomb() -> bytes:
    """Return a small, valid PNG of 400 million grey pixels."""
    row = bytes(_SIDE + 1)
    pixels = repeated_deflate(row * 100, _SIDE // 100, head=b"\x78\xda")
    total = zlib.adler32(b"")
    for _ in range(_SIDE // 100):
        total = zlib.adler32(row * 100, total)
    header = _SIDE.to_bytes(4) * 2 + bytes((8, 0, 0, 0, 0))
    chunks = (b"IHDR" + header, b"IDAT" + pixels + total.to_bytes(4), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(c) - 4).to_bytes(4) + c + zlib.crc32(c).to_bytes(4) for c in chunks
    )


def repeated_deflate(block: bytes, times: int, *, head: bytes = b"", end: bytes = b"") -> bytes:
    """Return `head` and the raw deflate stream of `block * times + end`, never held in memory."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush the stream refers to nothing before it: a compressed block is repeatable.
    unit = compressor.compress(block) + compressor.flush(zlib.Z_FULL_FLUSH)
    return head + unit * times + compressor.compress(end) + compressor.flush(zlib.Z_FINISH)


def in_snake_case(body: ResponseBody) -> ResponseBody:
    """Return a body with all keys in snake_case, as some gateways write them."""
    result: ResponseBody = _keys(body)
    return result


def in_urlsafe_base64(body: ResponseBody) -> ResponseBody:
    """Return a body with all base64 in the URL-safe alphabet, without padding."""
    result: ResponseBody = _urlsafe(body)
    return result


def without_usage(body: ResponseBody) -> ResponseBody:
    """Return a body without usage."""
    return {key: value for key, value in body.items() if key != "usageMetadata"}


def with_odd_usage_types(body: ResponseBody) -> ResponseBody:
    """Return a body whose token counts are strings, floats and nulls."""
    usage = body["usageMetadata"]
    odd = {
        **usage,
        "promptTokenCount": str(usage["promptTokenCount"]),
        "candidatesTokenCount": float(usage.get("candidatesTokenCount", 0)),
        "totalTokenCount": None,
        "thoughtsTokenCount": {"value": 1},
        "candidatesTokensDetails": [{"modality": 7}, None, "IMAGE"],
    }
    return {**body, "usageMetadata": odd}


def with_unknown_keys(body: ResponseBody) -> ResponseBody:
    """Return a body with unknown fields and a model near its retirement."""
    stage = {"modelStage": "DEPRECATED", "retirementTime": "2027-03-15T00:00:00Z",
             "message": "This model will be retired."}  # fmt: skip
    return {**body, "modelStatus": stage, "turnToken": "v1_x", "somethingNew": {"a": [1, None]}}


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {snake_case(key): _keys(inner) for key, inner in value.items()}
    return [_keys(inner) for inner in value] if isinstance(value, list) else value


def _urlsafe(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _urlsafe(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_urlsafe(inner) for inner in value]
    if key in ("data", "thoughtSignature"):
        return urlsafe_b64encode(b64decode(value)).decode().rstrip("=")
    return value
