"""The server: tools over the Model Context Protocol, on the standard input and output.

In: requests of one client. Out: answers. The SDK keeps the standard output for the protocol: while
it serves, whatever else writes there, such as a plugin or a program that a plugin runs, reaches the
standard error. One call is carried out at a time, in a thread; one that is cancelled before it
begins never begins, and one that has begun is finished, so that no paid picture is lost: a child in
a session of its own works, which a client that ends the process it started does not reach.
"""

import base64
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stdout, suppress
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from mcp import types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.cli.mcp_server.tool_site import AssistantSite
from mkdocs_gemini_images.cli.mcp_server.tools import INSTRUCTIONS, TOOLS, call


def make_server(site: AssistantSite) -> "Server[None]":
    """Return a server of one site."""
    one = anyio.CapacityLimiter(1)

    async def list_tools(
        context: ServerRequestContext[None], request: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=_tools())

    async def call_tool(
        context: ServerRequestContext[None], request: types.CallToolRequestParams
    ) -> types.CallToolResult:
        work = partial(call, site, request.name, request.arguments or {})
        found = await anyio.to_thread.run_sync(work, limiter=one)
        content: list[Any] = [types.TextContent(type="text", text=found.text)]
        for each in found.previews:
            data = base64.b64encode(each.data).decode()
            content.append(types.ImageContent(type="image", data=data, mime_type=each.mime_type))
        return types.CallToolResult(content=content, is_error=found.refused)

    @asynccontextmanager
    async def lifespan(_: "Server[None]") -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(anyio.to_thread.run_sync, partial(_begin, site), limiter=one))
            yield

    return Server(
        "gemini-images",
        version=__version__,
        instructions=INSTRUCTIONS,
        lifespan=lifespan,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def serve_tools(config_file: Path | None) -> None:
    """Serve one site until the client ends the connection."""
    if hasattr(os, "fork") and not sys.stdin.isatty():
        _leave_the_parent()
    anyio.run(_serve, make_server(AssistantSite(config_file)))


def _leave_the_parent() -> None:
    """Go on in a child that outlives this process; this process waits for it.

    A client that is closed kills what it started within seconds, by process or by group. The child
    reads the end of its input then, and ends behind the call that it carries out.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    os.setsid()


async def _serve(server: "Server[None]") -> None:
    async with stdio_server() as (read_stream, write_stream):
        with redirect_stdout(sys.stderr):  # what is printed is not kept for the restored output
            await server.run(read_stream, write_stream, server.create_initialization_options())


def _begin(site: AssistantSite) -> None:
    """Take the limits of the run; where the site cannot be built, the first tool says why."""
    with suppress(Exception):  # of any kind: the site's plugins and hooks run
        site.begin()


def _tools() -> list[types.Tool]:
    return [
        types.Tool(
            name=name,
            description=tool.description,
            input_schema=tool.takes.model_json_schema(),
            annotations=types.ToolAnnotations(
                read_only_hint=not tool.changes,
                destructive_hint=False,
                open_world_hint=name == "draw",
            ),
        )
        for name, tool in TOOLS.items()
    ]
