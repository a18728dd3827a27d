"""One request, one answer, over HTTP: the only window through which httpx is seen.

A body goes out once; the answer's bytes go to a sink as they come, so that they are on disk before
anyone reads them. No redirects (they would carry the key to another host), no proxies from the
environment, no compression asked for (a small answer must not become a large one), a cap on bytes
and a deadline on the whole exchange, since httpx's own are per read. Never retries, never logs.
"""

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.gemini import failures
from mkdocs_gemini_images.gemini.failures import Failure

MOST_BYTES = 64 * 2**20
"""An answer's cap: a 4K PNG in base64 is about 33 MB, and a draft may come with it."""
MAX_ERROR_BYTES = 64 * 2**10
_CONNECT = 10.0
_PIECE = 2**18


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that arrived whole with status 200; its bytes have gone to the sink."""

    size: int


class _Key(httpx.Auth):
    """Puts the key into a request's header, and into no variable that a traceback could show."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]
        """Send the request with its key."""
        request.headers.update(self._server.headers())
        yield request


class Client:
    """One connection pool for one build."""

    def __init__(self, server: Server, http: httpx.AsyncClient, deadline: float) -> None:
        self._server = server
        self._http = http
        self._deadline = deadline

    async def draw(
        self,
        model: str,
        body: bytes,
        sink: Callable[[bytes], None],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Answer | Failure:
        """POST `body` for `model` and pass the answer's bytes to `sink`.

        Whatever goes wrong on the way is returned as a `Failure`. An `OSError` of the sink is
        raised: an answer that cannot be kept is a matter for the caller.
        """
        url = self._server.endpoint(model)
        try:
            async with asyncio.timeout(self._deadline):
                return await self._exchange(url, body, sink, dict(headers or {}))
        except TimeoutError:
            return failures.cut(f"{self._server.host} took longer than {self._deadline:.0f} s")
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return failures.not_connected(f"{self._server.host}, {_words(error)}")
        except (httpx.ProxyError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            return failures.not_connected(_words(error))
        except (httpx.TransportError, httpx.DecodingError) as error:
            return failures.cut(_words(error))
        except AssertionError:
            # What httpx's in-process transport makes of an application that hangs up.
            return failures.cut("the connection was dropped")

    async def _exchange(
        self, url: str, body: bytes, sink: Callable[[bytes], None], headers: dict[str, str]
    ) -> Answer | Failure:
        headers["content-type"] = "application/json"
        key = _Key(self._server)
        async with self._http.stream(
            "POST", url, content=body, headers=headers, auth=key
        ) as response:
            if response.status_code != 200:
                return await self._judge(response, url)
            if (coding := _coding(response)) not in ("", "gzip"):
                return failures.refused_answer(
                    f"the answer is packed ({coding}), which none asked for"
                )
            size = 0
            async for chunk in _plain(response):
                size += len(chunk)
                if size > MOST_BYTES:
                    return failures.refused_answer(
                        f"the answer is larger than {MOST_BYTES // 2**20} MB"
                    )
                sink(chunk)
            return Answer(size)

    async def _judge(self, response: httpx.Response, url: str) -> Failure:
        said = bytearray()
        async for chunk in _plain(response):
            said += chunk
            if len(said) > MAX_ERROR_BYTES:
                break
        if key := self._server.key.reveal():  # some servers repeat a key they refuse
            said = said.replace(key.encode(), b"***")
        headers = {name.lower(): value for name, value in response.headers.items()}
        where = f"{self._server.host}{urlsplit(url).path}"
        return failures.of_status(response.status_code, headers, bytes(said), where)


async def _plain(response: httpx.Response) -> AsyncIterator[bytes]:
    """Yield an answer's bytes in small pieces, also when a server compresses unasked.

    httpx would inflate each chunk whole, and a few bytes of gzip can hold gigabytes.
    """
    if _coding(response) != "gzip":
        async for chunk in response.aiter_raw():
            yield chunk
        return
    inflate = zlib.decompressobj(wbits=31)
    async for chunk in response.aiter_raw():
        while chunk:
            try:
                piece = inflate.decompress(chunk, _PIECE)
            except zlib.error as error:
                raise httpx.DecodingError(f"broken gzip: {error}") from error
            chunk = inflate.unconsumed_tail
            if piece:
                yield piece
    if not inflate.eof:
        raise httpx.DecodingError("the gzip ends too early")


def _coding(response: httpx.Response) -> str:
    """Name what an answer is packed with, or nothing."""
    coding = str(response.headers.get("content-encoding", "")).strip().lower()
    return {"identity": "", "x-gzip": "gzip"}.get(coding, coding)


def list_models(server: Server, *, deadline: float = 20.0) -> Mapping[str, Any] | str:
    """Ask for the server's list of models, which costs nothing, or say why it is not to be had."""
    try:
        with httpx.Client(
            verify=ssl.create_default_context(cafile=server.ca_file or None),
            proxy=server.proxy or None,
            follow_redirects=False,
            trust_env=False,
            timeout=deadline,
        ) as http:
            answer = http.get(f"{server.url}/models?pageSize=1000", auth=_Key(server))
            value = answer.json() if answer.status_code == 200 else None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return _words(error)
    except ValueError:
        value = None
    if answer.status_code != 200:
        where = f"{server.host}{urlsplit(server.url).path}/models"
        said = answer.content[:MAX_ERROR_BYTES]
        return failures.of_status(answer.status_code, {}, said, where).what
    return value if isinstance(value, dict) else "its answer is no JSON object"


@asynccontextmanager
async def connect(
    server: Server, *, deadline: float, concurrency: int, app: Any = None
) -> AsyncIterator[Client]:
    """Open the build's one client; `app` is an ASGI application that answers in the server's place.

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
        yield Client(server, http, deadline)


def _words(error: Exception) -> str:
    text = str(error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
