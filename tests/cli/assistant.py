"""Call the tools of a site's assistant, by the SDK's own client, and return what it reads.

After each conversation, all answers and every file of the site are searched for the API key. The
SDK is imported when it is used, since processes that collect these tests may run others.
"""

import base64
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from PIL import Image

from mkdocs_gemini_images.cli.mcp_server import tool_answers
from mkdocs_gemini_images.cli.mcp_server.tool_site import AssistantSite
from tests.integration.site import Site

if TYPE_CHECKING:
    from mcp import Client, types
    from mcp.client.stdio import StdioServerParameters

Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Reply:
    """What a client reads of one call."""

    text: str
    refused: bool
    pictures: tuple[tuple[str, int, int], ...] = ()
    """Format, width and height of each."""

    @property
    def digest(self) -> str:
        """The digest of a proposal."""
        return self.text.split("apply ", 1)[1].split()[0]


class Assistant:
    """A client in a conversation."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self.replies: list[Reply] = []

    async def call(self, tool: str, /, **arguments: Any) -> Reply:
        """Call one tool; what it returns is bounded."""
        reply = _reply(await self._client.call_tool(tool, arguments))
        self.replies.append(reply)
        return reply

    async def call_together(self, *calls: Call) -> list[Reply]:
        """Call several tools at once."""
        async with anyio.create_task_group() as tasks:
            before = len(self.replies)
            for tool, arguments in calls:
                tasks.start_soon(partial(self.call, tool, **arguments))
        return self.replies[before:]


def converse(site: Site, talk: Callable[[Assistant], Awaitable[None]]) -> list[Reply]:
    """Let a client talk with a server of the site in this process; return all replies."""
    from mkdocs_gemini_images.cli.mcp_server.tool_server import make_server

    server = make_server(AssistantSite(site.root / "mkdocs.yml"))
    return _converse(server, site, talk)


def converse_over_stdio(
    parameters: "StdioServerParameters", site: Site, talk: Callable[[Assistant], Awaitable[None]]
) -> list[Reply]:
    """Let a client talk with a process that serves the site; return all replies."""
    from mcp.client.stdio import stdio_client

    return _converse(stdio_client(parameters), site, talk)


def _converse(server: Any, site: Site, talk: Callable[[Assistant], Awaitable[None]]) -> list[Reply]:
    from mcp import Client

    replies: list[Reply] = []

    async def main() -> None:
        async with Client(server) as client:
            assistant = Assistant(client)
            await talk(assistant)
            replies.extend(assistant.replies)

    anyio.run(main)
    site.check_secrets([reply.text for reply in replies])
    return replies


def _reply(result: "types.CallToolResult") -> Reply:
    from mcp import types

    texts = [each.text for each in result.content if isinstance(each, types.TextContent)]
    images = [each for each in result.content if isinstance(each, types.ImageContent)]
    files = [base64.b64decode(each.data) for each in images]
    assert len(texts) == 1
    assert len(texts[0]) <= tool_answers.MAX_TEXT + 200
    assert len(files) <= tool_answers.MAX_PICTURES
    assert all(len(each) <= tool_answers.MAX_PICTURE_BYTES for each in files)
    assert {each.mime_type for each in images} <= {"image/webp"}
    opened = [Image.open(io.BytesIO(each)) for each in files]
    pictures = tuple((str(each.format), *each.size) for each in opened)
    return Reply(texts[0], bool(result.is_error), pictures)


def page(site: Site, name: str = "index.md") -> str:
    """Return a page as it is on the disk."""
    return Path(site.root, "docs", name).read_bytes().decode()
