"""Ask a server for its list of models.

In: a server. Out: the list as JSON, not billed. Some gateways that draw have none.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.gemini import failure_reasons
from mkdocs_gemini_images.gemini.client import connect_client
from mkdocs_gemini_images.gemini.exchange import Exchange, StatusFailed
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.gemini.redaction import Redactor

MAX_LIST_BYTES = 2 * 2**20
"""Google's list of all models takes some 50 KB."""


class NoModelList(RequestFailed):
    """Raised where a server has no list of models, as some gateways that draw have none."""


def list_models(server: Server, *, deadline: float = 20.0) -> Mapping[str, Any]:
    """Return the server's list of models, which is not billed.

    Raises `RequestFailed`, or `NoModelList`.
    """
    try:
        said = asyncio.run(_ask(server, deadline))
    except StatusFailed as error:
        if error.status in (404, 405, 501):
            missing = Failure(f"HTTP {error.status}; it may draw nevertheless")
            raise NoModelList(missing) from error
        raise
    except OSError as error:  # `ca_file` cannot be read
        said_of_it = message_of(Redactor(server.key).text(f"{type(error).__name__}: {error}"))
        raise RequestFailed(Failure(said_of_it)) from error
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict) or value.get("error"):
        failure = Failure("its answer is no JSON object")
        raise RequestFailed(failure_reasons.of_answer(said, failure, None, server.key_places))
    return value


async def _ask(server: Server, deadline: float) -> bytes:
    said = bytearray()
    async with connect_client(server, deadline=deadline, concurrency=1) as client:
        url = f"{client.url}/models?pageSize=1000"
        exchange = Exchange("GET", url, "its list of models", MAX_LIST_BYTES)
        await client.send(exchange, said.extend)
    return bytes(said)
