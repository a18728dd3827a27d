"""Sends requests to an application in this process, and reads its responses."""

import asyncio
import base64
import io
from typing import Any

import httpx
from PIL import Image
from starlette.applications import Starlette

NB = "gemini-nano-banana-2.1"
PRO = "gemini-3-pro-image"
FLASH = "gemini-3.1-flash-image"
OLD = "gemini-2.5-flash-image"


def fetch(
    app: Starlette,
    path: str,
    body: object = None,
    *,
    raw: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """Send GET, or POST when there is a body."""

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator") as client:
            if raw is not None:
                return await client.post(path, content=raw, headers=headers)
            if body is not None:
                return await client.post(path, json=body, headers=headers)
            return await client.get(path, headers=headers)

    return asyncio.run(go())


def generate(
    app: Starlette, body: object, *, model: str = NB, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Send a `generateContent` request."""
    return fetch(app, f"/v1beta/models/{model}:generateContent", body, headers=headers)


def prompt(text: str = "A fox reading", **config: Any) -> dict[str, Any]:
    """Return the smallest request, with a generationConfig when `config` is given."""
    body: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": text}]}]}
    return {**body, "generationConfig": config} if config else body


def parts(response: httpx.Response) -> list[dict[str, Any]]:
    """Return the parts of an answer."""
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["candidates"][0]["content"]["parts"]
    return found


def picture(response: httpx.Response) -> bytes:
    """Return the last image of an answer, thoughts left out."""
    shown = [p for p in parts(response) if "inlineData" in p and not p.get("thought")]
    return base64.b64decode(shown[-1]["inlineData"]["data"], validate=True)


def opened(data: bytes) -> tuple[str, tuple[int, int]]:
    """Decode a whole image; return its format and size."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return str(image.format), image.size


def inline(data: bytes, mime: str) -> dict[str, Any]:
    """Return an image part."""
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}}


def png(width: int = 8, height: int = 8) -> bytes:
    """Return a small image."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()
