"""Ways to spoil an answer: pictures that are none, bodies that are odd.

In comes a drawn picture or a finished body, out goes what a careful client has to survive: a cut
PNG, a bomb, bytes of another kind, snake_case keys, counts of odd types. Pure functions, each one
fault of the API reference's "Response JSON" or of the world between server and client.
"""

import zlib
from base64 import b64decode, urlsafe_b64encode
from functools import cache
from typing import Any

from mkdocs_gemini_images.emulator.messages import snake
from mkdocs_gemini_images.emulator.replies import Body

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
    b"<script>alert(1)</script></svg>"
)
HTML = b"<!doctype html><title>Sign in</title><script>alert(1)</script>"
_SIDE = 20_000


def cut(picture: bytes) -> bytes:
    """Lose the last third of a file, as a broken upload does."""
    return picture[: len(picture) * 2 // 3]


def with_tail(picture: bytes) -> bytes:
    """Hang something after the end of a picture, where viewers do not look."""
    return picture + b"\n<script>alert(1)</script>\n" + bytes(2048)


@cache
def bomb() -> bytes:
    """Make a small valid PNG of 400 million grey pixels."""
    row = bytes(_SIDE + 1)
    pixels = deflated(row * 100, _SIDE // 100, head=b"\x78\xda")
    total = zlib.adler32(b"")
    for _ in range(_SIDE // 100):
        total = zlib.adler32(row * 100, total)
    header = _SIDE.to_bytes(4) * 2 + bytes((8, 0, 0, 0, 0))
    chunks = (b"IHDR" + header, b"IDAT" + pixels + total.to_bytes(4), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(c) - 4).to_bytes(4) + c + zlib.crc32(c).to_bytes(4) for c in chunks
    )


def deflated(block: bytes, times: int, *, head: bytes = b"", end: bytes = b"") -> bytes:
    """Compress `block * times + end` without ever having it: a raw stream after `head`."""
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush a stream forgets what was before, so a pressed block can be repeated.
    unit = press.compress(block) + press.flush(zlib.Z_FULL_FLUSH)
    return head + unit * times + press.compress(end) + press.flush(zlib.Z_FINISH)


def in_snake_case(body: Body) -> Body:
    """Rename all keys as some gateways do."""
    result: Body = _keys(body)
    return result


def in_urlsafe_base64(body: Body) -> Body:
    """Write all base64 in the URL-safe alphabet, without padding."""
    result: Body = _urlsafe(body)
    return result


def without_usage(body: Body) -> Body:
    """Say nothing about tokens."""
    return {key: value for key, value in body.items() if key != "usageMetadata"}


def with_odd_usage(body: Body) -> Body:
    """Count in strings, floats and nulls."""
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


def with_strange_keys(body: Body) -> Body:
    """Add fields that no client has heard of, and the model's stage."""
    stage = {"modelStage": "DEPRECATED", "retirementTime": "2027-03-15T00:00:00Z",
             "message": "This model will be retired."}  # fmt: skip
    return {**body, "modelStatus": stage, "turnToken": "v1_x", "somethingNew": {"a": [1, None]}}


def _keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {snake(key): _keys(inner) for key, inner in value.items()}
    return [_keys(inner) for inner in value] if isinstance(value, list) else value


def _urlsafe(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _urlsafe(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_urlsafe(inner) for inner in value]
    if key in ("data", "thoughtSignature"):
        return urlsafe_b64encode(b64decode(value)).decode().rstrip("=")
    return value
