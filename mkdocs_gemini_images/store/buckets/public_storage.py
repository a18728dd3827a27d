"""Read a bucket's objects at its public address over HTTPS, without credentials.

Names go in, bytes come out; nothing is written, and no key is sent. What the bytes are is for the
caller to prove, by the digests in sidecars. No redirect is followed, and the size and the time of
every answer are bounded. An address cannot be listed: where its owner puts `names.txt` beside the
objects, a name on each line, pictures are also found by what they were drawn for. After a call
that fails no other is made. The only module beside `gemini/client.py` that imports httpx.
"""

import ssl
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from typing import NoReturn, TypeVar
from urllib.parse import quote

import httpx

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.config.server import Server
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.store.buckets.bucket import BucketStore
from mkdocs_gemini_images.store.buckets.local_folders import local_folders
from mkdocs_gemini_images.store.buckets.object_storage import (
    DEFAULT_TIMEOUTS,
    MAX_OBJECT_BYTES,
    Timeouts,
)
from mkdocs_gemini_images.store.record import MAX_SIDECAR_BYTES

T = TypeVar("T")

NAMES = "names.txt"
_MAX_NAMES_BYTES = 16 * 2**20
_ABSENT = (403, 404, 410)
"""Storage that may not be listed answers 403 for an object that it does not have."""
_LARGE_AT_ONCE = 2


def open_public(
    url: str, cache: Path, server: Server, timeouts: Timeouts = DEFAULT_TIMEOUTS
) -> BucketStore:
    """Open the store at a public address, with its copies below `cache`; nothing is sent yet.

    The proxy and the certificates are those of `server`. Raises `DiagnosticError`.
    """
    try:
        verify = ssl.create_default_context(cafile=server.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise _error(f"certificates in {server.ca_file}", str(error), "mend ca_file") from error
    client = httpx.Client(
        verify=verify,
        proxy=server.proxy or None,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(timeouts.call, connect=timeouts.connect),
        headers={
            "user-agent": f"mkdocs-gemini-images/{__version__}", "accept-encoding": "identity",
        },
    )  # fmt: skip
    # Copies of another address prove nothing about the bucket: they lie apart from the bucket's.
    folders = local_folders(cache, f"public {url}")
    return BucketStore(PublicStorage(url, client, timeouts), folders, timeouts)


class PublicStorage:
    """The objects at a public address, to be read. May be used from any thread."""

    lists_all = False

    def __init__(self, url: str, client: httpx.Client, timeouts: Timeouts) -> None:
        self.url = url
        self._client = client
        self._timeouts = timeouts
        self._failed = ""
        self._reading = threading.BoundedSemaphore(_LARGE_AT_ONCE)

    def names(self) -> frozenset[str]:
        """Return the names that the owner has listed; none without a list.

        Raises `DiagnosticError` when the call fails.
        """
        listed = self._call(lambda: self._get(NAMES, _MAX_NAMES_BYTES, self._timeouts.picture))
        return frozenset((listed or b"").decode("utf-8", "replace").split())

    def get(self, name: str, *, large: bool = False) -> bytes | None:
        """Return an object's bytes, or None when the address says that there is none.

        Raises `DiagnosticError` when the object is too large or the call fails.
        """
        most = MAX_OBJECT_BYTES if large else MAX_SIDECAR_BYTES
        seconds = self._timeouts.picture if large else self._timeouts.call
        with self._reading if large else nullcontext():
            return self._call(lambda: self._get(name, most, seconds))

    def create(self, name: str, data: bytes, *, large: bool = False) -> bool:
        """Raise `DiagnosticError`: nothing is written at a public address."""
        raise self._read_only()

    def check_conditional_writes(self) -> None:
        """Raise `DiagnosticError`: nothing is bought that could not be kept."""
        raise self._read_only()

    def give_up(self, reason: str) -> NoReturn:
        """Make no further call. Raises `DiagnosticError` with the reason."""
        self._failed = self._failed or reason
        raise self._failure()

    def check(self) -> None:
        """Raise `DiagnosticError` when an earlier failure ends the use of the address."""
        if self._failed:
            raise self._failure()

    def _call(self, call: Callable[[], T]) -> T:
        if not self._failed:
            try:
                return call()
            except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
                self._failed = self._failed or _reason(error)
        raise self._failure()

    def _get(self, name: str, most: int, seconds: float) -> bytes | None:
        """Return the bytes at a name, or None. Raises `ValueError`, and what httpx raises."""
        until = monotonic() + seconds
        with self._client.stream("GET", f"{self.url}/{quote(name)}") as answer:
            if answer.status_code in _ABSENT:
                return None
            if answer.is_redirect:
                raise ValueError("a redirect, which is not followed")
            if answer.status_code != 200:
                raise ValueError(f"HTTP {answer.status_code}")
            data = bytearray()
            for piece in answer.iter_raw():
                data += piece
                if len(data) > most:
                    raise ValueError(f"{name} with more than {most // 2**20} MB")
                if monotonic() > until:
                    raise ValueError("no whole answer in time")
            return bytes(data)

    def _failure(self) -> DiagnosticError:
        fix = "try again; nothing is bought meanwhile"
        return _error(f"to read the stock at {self.url}", self._failed, fix)

    def _read_only(self) -> DiagnosticError:
        said = f"the stock is read at {self.url}, where nothing can be kept"
        fix = "give this machine the API key and the bucket's credentials"
        return DiagnosticError(Diagnostic.sentence(said, fix))


def _error(expected: str, got: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(expected, got, fix))


def _reason(error: Exception) -> str:
    """Return why a call failed, without what a server may have echoed."""
    match error:
        case httpx.TimeoutException():
            return "no answer in time"
        case httpx.ConnectError():
            return "no connection"
        case httpx.HTTPError():
            return "an incomplete or invalid answer"
    return str(error)[:200]
