"""A stand-in for Google's Gemini image API: it draws for free, and fails on demand.

In comes the API's own HTTP, out go pictures made of the words of the prompt. `create_app` gives
the application for use inside a process, `running` serves it to a test over a real socket, `serve`
to a person. Importing this costs nothing: the web framework (extra `emulator`) and the drawing are
imported when they are used. It never talks to the network and never draws what the API would.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from mkdocs_gemini_images.emulator.ledger import Ledger

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["Ledger", "create_app", "running", "serve"]


def create_app(
    *,
    keys: Collection[str] | None = None,
    gateway: bool = False,
    scenario: Sequence[str] = (),
    latency: float = 0.0,
    ledger: Ledger | None = None,
) -> "Starlette":
    """Make the emulator's application, for `httpx.ASGITransport` or any ASGI server.

    keys: which keys are valid; None takes any key and none.
    gateway: answer as a gateway does: Bearer tokens, size `0.5K`, errors in its own shape.
    scenario: what happens, request by request: `("overloaded*2", "ok")`; the last one stays. The
        names are those of `emulator.scenarios.SCENARIOS`. A prompt may carry `[emulate: NAME]`,
        which wins for that request.
    latency: seconds before every answer.
    ledger: where every request for a picture is written down with its price.
    """
    from mkdocs_gemini_images.emulator import app

    return app.create_app(
        keys=keys, gateway=gateway, scenario=scenario, latency=latency, ledger=ledger
    )


def running(
    app: "Starlette | None" = None,
    *,
    keys: Collection[str] | None = None,
    gateway: bool = False,
    scenario: Sequence[str] = (),
    latency: float = 0.0,
    ledger: Ledger | None = None,
) -> AbstractContextManager[str]:
    """Serve an application, or a new one with these options, on a free loopback port.

    The value of the `with` block is the base URL; at its end the server is gone.
    """
    from mkdocs_gemini_images.emulator import server

    return server.running(
        app
        or create_app(keys=keys, gateway=gateway, scenario=scenario, latency=latency, ledger=ledger)
    )


def serve(
    host: str = "127.0.0.1",
    port: int = 8787,
    *,
    keys: Collection[str] | None = None,
    gateway: bool = False,
    scenario: Sequence[str] = (),
    latency: float = 0.0,
    ledger: Ledger | None = None,
) -> None:
    """Serve the emulator on a loopback address until Ctrl-C; any other host is a ValueError."""
    from mkdocs_gemini_images.emulator import server

    server.serve(
        create_app(keys=keys, gateway=gateway, scenario=scenario, latency=latency, ledger=ledger),
        host,
        port,
    )
