"""Reads what an HTTP request says apart from its JSON: path, credentials, take and body bytes.

A Starlette request goes in, plain values come out (API reference, "Auth, URLs, environment").
The key is returned for comparison and stored nowhere.
"""

import re
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request

from mkdocs_gemini_images.emulator.protocol.errors import RequestRefused, invalid_argument
from mkdocs_gemini_images.emulator.protocol.image_query import HIGHEST_TAKE

AuthScheme = Literal["none", "x-goog-api-key", "bearer", "query"]

_MAX_BODY_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ApiPath:
    """The parts of a request's path; `model` and `method` are empty for `models.list`."""

    version: str
    model: str = ""
    method: str = ""


def parse_path(path: str) -> ApiPath | None:
    """Return the parts of a path with any prefix; None when the API has no such path."""
    match = re.fullmatch(r"(.*?)/(v1|v1beta)/models(?:/([^/:]+)(?::(\w+))?)?", path)
    if match is None or re.search(r"/v1(beta)?$", match[1]):
        return None
    return ApiPath(match[2], match[3] or "", match[4] or "")


def read_credentials(request: Request, gateway: bool) -> tuple[AuthScheme, str]:
    """Return how a client authenticates and its key; ("none", "") when it does not."""
    authorization = request.headers.get("authorization", "")
    is_bearer = authorization.lower().startswith("bearer ")
    credentials: list[tuple[AuthScheme, str]] = [
        ("x-goog-api-key", request.headers.get("x-goog-api-key", "")),
        ("query", request.query_params.get("key", "")),
        ("bearer", authorization[7:].strip() if is_bearer else ""),
    ]
    # Some clients send a dummy key beside a gateway's token: a gateway reads the token first.
    order = reversed(credentials) if gateway else credentials
    return next((pair for pair in order if pair[1]), ("none", ""))


def read_take(request: Request) -> int:
    """Return the header `x-emulator-take`, the number of a drawing of the same request.

    Raises `RequestRefused` when it is no number from 1 to `HIGHEST_TAKE`.
    """
    text = request.headers.get("x-emulator-take", "1")
    if not (text.isdecimal() and 1 <= int(text) <= HIGHEST_TAKE):
        message = f"x-emulator-take: expected 1 to {HIGHEST_TAKE}, got {text[:20]}"
        raise RequestRefused(invalid_argument(message))
    return int(text)


async def receive_body(request: Request) -> bytes:
    """Return the whole body. Raises `RequestRefused` above the API's limit of 100 MiB."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            message = f"Request payload size exceeds the limit: {_MAX_BODY_BYTES} bytes."
            raise RequestRefused(invalid_argument(message))
    return bytes(body)
