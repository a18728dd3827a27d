"""Send one request to a model's server over HTTP, and receive its answer.

In: a body, or an `Exchange`. Out: the answer's bytes, passed to a sink as they arrive. The client
follows no redirects (they would carry the key to another host), reads no proxies from the
environment, asks for no compression (a small answer must not become a large one), and limits the
bytes of an answer and the time of the whole exchange (httpx's timeouts are per read). It neither
retries nor logs, and nothing of what a server says leaves it with the key, the log of the HTTP
library included.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.gemini import failure_reasons
from mkdocs_gemini_images.gemini.answers.answer import CODING_HEADER, MAX_ANSWER_BYTES
from mkdocs_gemini_images.gemini.answers.unpacking import (
    UNPACKED,
    UnpackingError,
    coding_of,
    plain_bytes,
    utf8_bytes,
)
from mkdocs_gemini_images.gemini.connecting import unconnected
from mkdocs_gemini_images.gemini.exchange import Exchange, StatusFailed
from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed
from mkdocs_gemini_images.gemini.redaction import Redactor

T = TypeVar("T")

MAX_ERROR_BYTES = 64 * 2**10
_CONNECT = 10.0


class _Key(httpx.Auth):
    """Adds the key to a request's headers, without a variable that a traceback could show."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        """Yield the request with its key."""
        request.headers.update(self._server.headers())
        yield request


class Client:
    """The connections of one build."""

    def __init__(
        self, server: Server, http: httpx.AsyncClient, deadline: float, redactor: Redactor
    ) -> None:
        self._server = server
        self._http = http
        self._deadline = deadline
        self._redactor = redactor

    @property
    def url(self) -> str:
        """The server's address with the version, without a slash at its end."""
        return self._server.url

    @property
    def deadline(self) -> float:
        """Seconds that a request may take."""
        return self._deadline

    def draw(
        self,
        model: str,
        body: bytes,
        sink: Callable[[bytes], None],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Coroutine[Any, Any, None]:
        """POST `body` for `model` and pass the answer's bytes to `sink`, when it is awaited.

        Raises `RequestFailed`, and what the sink raises.
        """
        url = self._server.endpoint(model)
        return self._in_time(self._exchange(url, body, sink, dict(headers or {})))

    def send(
        self, exchange: Exchange, sink: Callable[[bytes], None]
    ) -> Coroutine[Any, Any, Mapping[str, str]]:
        """Send a request that answers without a picture of its own; return the answer's headers.

        The bytes of the answer go to `sink`. Raises `StatusFailed` for another status than 200,
        `RequestFailed`, and what the sink raises.
        """
        cut = failure_reasons.cut if exchange.may_bill else Failure
        return self._in_time(self._send(exchange, sink), cut, exchange.seconds)

    async def _in_time(
        self,
        exchange: Awaitable[T],
        cut: Callable[[str], Failure] = failure_reasons.cut,
        seconds: float = 0.0,
    ) -> T:
        """Await an exchange until the deadline; `cut` makes the failure of one without its end.

        Raises `RequestFailed`, and what the exchange raises.
        """
        deadline = seconds or self._deadline
        try:
            async with asyncio.timeout(deadline):
                return await exchange
        except TimeoutError as error:
            late = f"{self._server.host} took longer than {deadline:.0f} s"
            raise RequestFailed(cut(late)) from error
        except _NOT_CONNECTED as error:
            words = _words(error, self._redactor)
            raise RequestFailed(unconnected(self._server, error, words)) from error
        except (httpx.TransportError, UnpackingError) as error:
            raise RequestFailed(cut(_words(error, self._redactor))) from error
        except AssertionError as error:
            # httpx's in-process transport raises it when the application hangs up.
            raise RequestFailed(cut("the connection was dropped")) from error

    async def _exchange(
        self, url: str, body: bytes, sink: Callable[[bytes], None], headers: dict[str, str]
    ) -> None:
        headers["content-type"] = "application/json"
        key = _Key(self._server)
        async with self._http.stream(
            "POST", url, content=body, headers=headers, auth=key
        ) as response:
            if response.status_code != 200:
                raise RequestFailed(await self._failure(response, url))
            if (coding := coding_of(response.headers)) not in UNPACKED:
                # It has been billed: its bytes are kept with what is needed to read them later.
                name = re.sub(r"[^\w., -]", "?", self._redactor.text(coding))[:100]
                sink(CODING_HEADER + name.encode("ascii", "replace") + b"\r\n\r\n")
            size, stream = 0, self._redactor.stream()
            async for chunk in _plain(response, coding):
                size += len(chunk)
                if size > MAX_ANSWER_BYTES:
                    large = f"the answer is larger than {MAX_ANSWER_BYTES // 2**20} MB"
                    raise RequestFailed(failure_reasons.refused_answer(large))
                sink(stream.feed(chunk))
            sink(stream.end())

    async def _send(self, exchange: Exchange, sink: Callable[[bytes], None]) -> Mapping[str, str]:
        content = exchange.content() if callable(exchange.content) else exchange.content
        async with self._http.stream(
            exchange.method,
            exchange.url,
            content=content,
            headers=dict(exchange.headers),
            auth=_Key(self._server) if exchange.has_key else None,
        ) as said:
            if said.status_code != 200:
                failure = await self._failure(said, exchange.url)
                raise StatusFailed(failure, said.status_code)
            if (coding := coding_of(said.headers)) not in UNPACKED:
                packed = message_of(self._redactor.text(coding))
                raise RequestFailed(Failure(f"{exchange.what} is packed ({packed})"))
            size, stream = 0, self._redactor.stream()
            async for chunk in _plain(said, coding):
                size += len(chunk)
                if size > exchange.most:
                    large = f"{exchange.what} is larger than {exchange.most // 2**20} MB"
                    raise RequestFailed(Failure(large))
                sink(stream.feed(chunk))
            sink(stream.end())
            return {name.lower(): value for name, value in said.headers.items()}

    async def _failure(self, response: httpx.Response, url: str) -> Failure:
        """Return the failure of an answer whose status is not 200."""
        said, stream = bytearray(), self._redactor.stream()
        async for chunk in _plain(response, coding_of(response.headers)):
            said += stream.feed(chunk)
            if len(said) > MAX_ERROR_BYTES:
                break  # what the stream holds back may be half a key
        else:
            said += stream.end()
        headers = {name.lower(): value for name, value in response.headers.items()}
        where = self._redactor.text(f"{self._server.host}{urlsplit(url).path}")
        places = self._server.key_places
        failure = failure_reasons.of_status(
            response.status_code, headers, bytes(said), where, places
        )
        refuses = failure_reasons.may_refuse_history(response.status_code, failure)
        return replace(failure, refuses_history=refuses)


def _plain(response: httpx.Response, coding: str) -> AsyncIterator[bytes]:
    """Yield the bytes of an answer: unpacked, where they can be, and as UTF-8."""
    unpacked = plain_bytes(response.aiter_raw(), coding)
    return utf8_bytes(unpacked) if coding in UNPACKED else unpacked


@asynccontextmanager
async def connect_client(
    server: Server, *, deadline: float, concurrency: int, app: Any = None
) -> AsyncIterator[Client]:
    """Open the client of a build; `app` is an ASGI application that answers instead of the server.

    Raises `OSError` or `ssl.SSLError` when `ca_file` cannot be read.
    """
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    transport: httpx.AsyncBaseTransport
    if app is not None:
        transport = httpx.ASGITransport(app)
    else:
        verify = ssl.create_default_context(cafile=server.ca_file or None)
        proxy = httpx.Proxy(server.proxy) if server.proxy else None
        transport = httpx.AsyncHTTPTransport(verify=verify, limits=limits, proxy=proxy)
    redactor = Redactor(server.key)
    with _redacted_log(redactor):
        async with httpx.AsyncClient(
            transport=transport,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(deadline, connect=_CONNECT),
            headers={
                "user-agent": f"mkdocs-gemini-images/{__version__}",
                "accept": "application/json",
                "accept-encoding": "identity",
                "x-server-timeout": str(int(deadline)),
            },
        ) as http:
            yield Client(server, http, deadline, redactor)


_NOT_CONNECTED = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError,
    httpx.UnsupportedProtocol, httpx.InvalidURL,
)  # fmt: skip
"""Errors of requests that were not sent."""


@contextmanager
def _redacted_log(redactor: Redactor) -> Iterator[None]:
    """Take the key out of what the libraries log: a server's headers, the words of its status."""

    def without_key(record: logging.LogRecord) -> bool:
        record.msg, record.args = redactor.text(record.getMessage()), ()
        return True

    names = [name for name in logging.root.manager.loggerDict if re.match(r"http(x|core)\b", name)]
    for name in names:
        logging.getLogger(name).addFilter(without_key)
    try:
        yield
    finally:
        for name in names:
            logging.getLogger(name).removeFilter(without_key)


def _words(error: Exception, redactor: Redactor) -> str:
    text = message_of(redactor.text(str(error)))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
