"""Upload the requests of a batch job as a file, and delete such files.

In: an open client and a file on disk. Out: the server's name of it. The key goes with the first
step of an upload alone, and the bytes go to the host of `base_url`, wherever the server says that
they should go.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mkdocs_gemini_images.gemini.answers.envelopes import as_object, get
from mkdocs_gemini_images.gemini.batches.job import is_file_name
from mkdocs_gemini_images.gemini.batches.request_lines import MAX_FILE_BYTES
from mkdocs_gemini_images.gemini.client import Client
from mkdocs_gemini_images.gemini.exchange import Exchange, StatusFailed
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed

_MAX_BYTES = 64 * 2**10
"""What a server says of a file."""
_PIECE = 2**18
_SLOWEST = 10**6
"""Bytes a second with which an upload may go on beyond the usual time."""
_READY_POLLS = 30
_READY_WAIT = 1.0
"""Seconds between two questions whether a file is ready."""


class NoFiles(RequestFailed):
    """Raised where a server takes no files: its jobs hold their requests themselves."""


async def upload(client: Client, path: Path, display_name: str) -> str:
    """Upload a file of requests, and return its name, `files/...`.

    An upload costs nothing and may be repeated. Raises `NoFiles`, `RequestFailed`, and `OSError`
    where the file cannot be read.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        large = f"a batch job's file holds at most {MAX_FILE_BYTES // 10**9} GB"
        raise RequestFailed(Failure(f"{large}, and this one has {size / 1e9:.1f} GB"))
    address = await _begin(client, size, display_name)
    said = bytearray()

    async def pieces() -> AsyncIterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    headers = {
        "content-length": str(size),
        "x-goog-upload-offset": "0",
        "x-goog-upload-command": "upload, finalize",
    }
    exchange = Exchange(
        "POST",
        address,
        "its answer to the upload",
        _MAX_BYTES,
        content=pieces,
        headers=headers,
        has_key=False,
        seconds=client.deadline + size / _SLOWEST,
    )
    reply = await client.send(exchange, said.extend)
    file = as_object(get(as_object(_value(said)), "file"))
    written = str(get(file, "sizeBytes") or size)
    if reply.get("x-goog-upload-status", "") != "final" or written != str(size):
        raise RequestFailed(
            Failure("the upload of the requests did not arrive whole", again="soon")
        )
    return await _ready(client, file)


async def delete(client: Client, name: str) -> None:
    """Delete a file on the server; one that is gone is deleted. Raises `RequestFailed`."""
    if not is_file_name(name):
        raise RequestFailed(Failure("the server gives the file no valid name"))
    exchange = Exchange("DELETE", f"{client.url}/{name}", "its answer", _MAX_BYTES)
    try:
        await client.send(exchange, lambda chunk: None)
    except StatusFailed as error:
        # Google says 403 of a file that "may not exist".
        if error.status not in (403, 404, 410) or error.failure.ends_build:
            raise


async def _begin(client: Client, size: int, display_name: str) -> str:
    """Announce a file, and return the address to which its bytes are sent."""
    base, _, version = client.url.rpartition("/")
    headers = {
        "content-type": "application/json",
        "x-goog-upload-protocol": "resumable",
        "x-goog-upload-command": "start",
        "x-goog-upload-header-content-length": str(size),
        "x-goog-upload-header-content-type": "application/jsonl",
    }
    described = {"displayName": display_name, "mimeType": "application/jsonl"}
    exchange = Exchange(
        "POST",
        f"{base}/upload/{version}/files",
        "its answer to the upload",
        _MAX_BYTES,
        content=json.dumps({"file": described}).encode(),
        headers=headers,
    )
    try:
        reply = await client.send(exchange, lambda chunk: None)
    except StatusFailed as error:
        if error.has_no_route or error.status == 404:
            raise NoFiles(error.failure) from error
        raise
    address = _on_own_host(client.url, reply.get("x-goog-upload-url", ""))
    if address is None:
        raise RequestFailed(Failure("the server names no address for the upload", again="soon"))
    return address


def _on_own_host(base: str, address: str) -> str | None:
    """Return an upload's address at the host of `base`, or None where it is none."""
    if len(address) > 8000 or not (address.isascii() and address.isprintable()) or " " in address:
        return None
    try:
        parts, own = urlsplit(address), urlsplit(base)
    except ValueError:
        return None
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        return None
    return parts._replace(scheme=own.scheme, netloc=own.netloc, fragment="").geturl()


async def _ready(client: Client, file: Any) -> str:
    """Return the name of an uploaded file when the server has processed it."""
    name = get(file, "name")
    if not is_file_name(name):
        raise RequestFailed(Failure("the server gives the uploaded file no name", again="soon"))
    for _ in range(_READY_POLLS):
        state = str(get(file, "state") or "ACTIVE").upper()
        if state == "ACTIVE":
            return str(name)
        if state == "FAILED":
            break
        await asyncio.sleep(_READY_WAIT)
        said = bytearray()
        exchange = Exchange("GET", f"{client.url}/{name}", "its answer", _MAX_BYTES)
        await client.send(exchange, said.extend)
        file = as_object(_value(said))
    raise RequestFailed(Failure("the server cannot process the uploaded requests", again="soon"))


def _value(raw: bytearray) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
