"""A site in live preview, which the host's own command serves in a new process.

`serve` starts the process and yields a `Served`, which loads pages and sends the requests that the
preview's script sends. A test sends requests of other origins with other headers.
"""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.integration.site import Site
from tests.warm_process import HOST, Process, started

TOKEN = "X-Gemini-Images-Token"
ROOT = "/__gemini-images/"
HANG = 40.0
"""Seconds after which a test fails because the server hangs."""


@dataclass
class Answer:
    """An HTTP response."""

    status: int
    data: bytes
    kind: str

    @property
    def text(self) -> str:
        return self.data.decode()

    @property
    def value(self) -> Any:
        return json.loads(self.data)


@dataclass
class Served:
    """A live preview, and a client that has loaded its first page."""

    port: int
    process: Process
    token: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, value: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request with these headers, and only those that HTTP requires besides."""
        return self.send(method, path, None if value is None else json.dumps(value), headers)

    def send(
        self, method: str, path: str, body: str | None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request with a body of any text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.read(), response.getheader("Content-Type", ""))
        finally:
            connection.close()

    @property
    def own(self) -> dict[str, str]:
        """The headers that the preview's script sends in a browser."""
        return {
            TOKEN: self.token, "Origin": self.url, "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/json",
        }  # fmt: skip

    def page(self, path: str = "/") -> str:
        return self.ask("GET", path).text

    def handles(self, path: str = "/") -> list[str]:
        return re.findall(r'data-gemini-images="(\w+)"', self.page(path))

    def state(self, handle: str) -> dict[str, Any]:
        (state,) = self.ask("GET", f"{ROOT}state?handle={handle}", None, self.own).value
        assert isinstance(state, dict)
        return state

    def press(self, name: str, handle: str, usd: float = 1.0) -> Any:
        return self.ask("POST", ROOT + name, {"handle": handle, "usd": usd}, self.own).value

    def pick(self, handle: str, take: int) -> Any:
        return self.ask("POST", f"{ROOT}pick", {"handle": handle, "take": take}, self.own).value

    def until_state(self, handle: str, wanted: str) -> dict[str, Any]:
        wait_until(lambda: self.state(handle)["state"] == wanted)
        return self.state(handle)

    def exchange(self, request: bytes) -> bytes:
        """Send the bytes of a request as they are, and return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=HANG) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    @contextmanager
    def listening(self) -> Iterator[Callable[[], dict[str, Any]]]:
        """Open the event stream, and yield a function that waits for the next state."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANG)
        connection.request("GET", f"{ROOT}events", headers=self.own)
        response = connection.getresponse()
        assert response.status == 200
        assert response.readline() == b": here\n"

        def following() -> dict[str, Any]:
            while not (line := response.readline()).startswith(b"data: "):
                assert line, "the stream has ended"
            state = json.loads(line[6:])
            assert isinstance(state, dict)
            return state

        try:
            yield following
        finally:
            response.close()
            connection.close()

    def end(self) -> None:
        """End the server as Ctrl-C does. Raises `TimeoutExpired` where it hangs."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(HANG)


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition. Raises `TimeoutError` when it does not hold in `HANG` seconds."""
    for _ in range(int(HANG / 0.03)):
        if condition():
            return
        time.sleep(0.03)
    raise TimeoutError


@contextmanager
def serve(
    here: Site, *arguments: str, host: str = "mkdocs", at: str = "127.0.0.1", code: str = ""
) -> Iterator[Served]:
    """Serve a site at an address, in the environment of a user; MkDocs' process runs `code` first.

    That process is forked from one that has imported everything.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = here.root / "serve.log"
    words = ["serve", "-a", f"{at}:{port}", *arguments]
    if host == "mkdocs":
        process: Process = started(code + HOST, *words, folder=here.root, log=log)
    else:
        with log.open("w") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", host, *words],
                cwd=here.root, text=True, stdout=said, stderr=subprocess.STDOUT,
            )  # fmt: skip
    served = Served(port, process)
    try:
        connect(served, log.read_text)
        yield served
    finally:
        if process.poll() is None:
            served.end()
    said_all = log.read_text()
    assert "Traceback" not in said_all, said_all
    here.check_secrets([said_all])


def save_options(here: Site, served: Served, **changes: Any) -> None:
    """Change options of `mkdocs.yml`, and wait until the site is built with them."""
    mark = f"built at {time.monotonic_ns()}"
    index = here.root / "docs" / "index.md"
    here.pages["index.md"] = f"{index.read_text()}\n\n{mark}\n"
    here.write(**changes)
    wait_until(lambda: mark in served.page())


def connect(served: Served, said: Callable[[], str]) -> None:
    """Wait for a server that has been started, and read the token from its first page."""
    process = served.process
    wait_until(lambda: process.poll() is not None or _answers(served.port))
    assert process.poll() is None, said()
    found = re.search(r'data-token="([\w-]+)"', served.page())
    served.token = found[1] if found else ""


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
