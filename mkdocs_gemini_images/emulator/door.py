"""Reads everything about a request but its meaning: address, key, take, bytes.

In comes an HTTP request, out go plain values (API reference, "Auth, URLs, environment"). A key is
handed on to be compared and to no one else. What cannot be read raises Refused.
"""

import re
from dataclasses import dataclass

from starlette.requests import Request

from mkdocs_gemini_images.emulator.ask import TAKES
from mkdocs_gemini_images.emulator.faults import Refused, invalid
from mkdocs_gemini_images.emulator.ledger import Auth

_MOST = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes: version, model and verb, the last two empty for the list."""

    version: str
    model: str = ""
    verb: str = ""


def address(path: str) -> Address | None:
    """Read a path: any prefix, one version, `models`; None when the API has nothing there."""
    match = re.fullmatch(r"(.*?)/(v1|v1beta)/models(?:/([^/:]+)(?::(\w+))?)?", path)
    if match is None or re.search(r"/v1(beta)?$", match[1]):
        return None
    return Address(match[2], match[3] or "", match[4] or "")


def auth(request: Request, gateway: bool) -> tuple[Auth, str]:
    """Tell how a client says who it is, and the key it shows; ("none", "") when it does not."""
    bearer = request.headers.get("authorization", "")
    shown: list[tuple[Auth, str]] = [
        ("x-goog-api-key", request.headers.get("x-goog-api-key", "")),
        ("query", request.query_params.get("key", "")),
        ("bearer", bearer[7:].strip() if bearer.lower().startswith("bearer ") else ""),
    ]
    # Some clients send a dummy key beside the gateway's token: each house looks at its own first.
    order = reversed(shown) if gateway else shown
    return next((pair for pair in order if pair[1]), ("none", ""))


def take(request: Request) -> int:
    """Read the header `x-emulator-take`: which drawing of the same request is wanted."""
    text = request.headers.get("x-emulator-take", "1")
    if not (text.isdecimal() and 1 <= int(text) <= TAKES):
        raise Refused(invalid(f"x-emulator-take: expected 1 to {TAKES}, got {text[:20]}"))
    return int(text)


async def content(request: Request) -> bytes:
    """Read the whole body, up to the size the API takes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST:
            raise Refused(invalid(f"Request payload size exceeds the limit: {_MOST} bytes."))
    return bytes(body)
