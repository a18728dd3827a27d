"""Responses of the emulator that have no picture: JSON, no such path, a body that may break off."""

import json

from starlette.responses import Response, StreamingResponse
from starlette.types import Send

from mkdocs_gemini_images.emulator.answers.delivery import ConnectionDropped

JSON_TYPE = "application/json; charset=UTF-8"
HEADERS = {"Vary": "Origin, X-Origin, Referer", "X-Content-Type-Options": "nosniff",
           "X-Frame-Options": "SAMEORIGIN", "X-XSS-Protection": "0"}  # fmt: skip


class UnsizedResponse(StreamingResponse):
    """A response without Content-Length, whose body may end in a closed connection."""

    async def stream_response(self, send: Send) -> None:
        """Send the body; leave it unfinished when it raises `ConnectionDropped`."""
        try:
            await super().stream_response(send)
        except ConnectionDropped:
            return


def json_response(value: object) -> Response:
    """Return a value as the API writes it."""
    body = (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
    return Response(body, 200, HEADERS, JSON_TYPE)


def no_such_path() -> Response:
    """Return what the API answers at a path that it does not have."""
    return Response(b"", 404, media_type="text/html; charset=UTF-8")
