"""Access to a bucket: list names, get an object, create an object that is not there.

Names and bytes go in and out. An object is missing only when the bucket has said so, never because
a call failed: that raises `DiagnosticError`. Nothing is ever overwritten. Calls are bounded in
time, and after one that fails no other is made, so that a bucket that is down costs a build only
seconds. obstore is imported here and nowhere else, and only its synchronous functions are called
(the asynchronous ones abort the interpreter at exit).
"""

import re
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, NoReturn, TypeVar
from urllib.parse import SplitResult, urlsplit
from urllib.request import url2pathname

from mkdocs_gemini_images.config.server import is_loopback
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.store.record import MAX_SIDECAR_BYTES

T = TypeVar("T")

_SCHEMES = ("s3", "gs", "az", "file")
_RETRIES = 2
MAX_OBJECT_BYTES = 64 * 2**20
"""As many as the largest answer of the API."""
_LARGE_AT_ONCE = 2
"""Pictures that are read at the same time, each of which may fill `MAX_OBJECT_BYTES`."""
_PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for a bucket, in seconds."""

    connect: float = 5.0
    call: float = 10.0
    """For a page of a listing, or a sidecar."""
    picture: float = 60.0
    all: float = 60.0
    """For all sidecars that have no local copy, together."""


DEFAULT_TIMEOUTS = Timeouts()


class ObjectStorage:
    """The objects in a bucket, below the folder that its address names."""

    lists_all = True

    def __init__(self, url: str, small: Any, large: Any, folder: Path | None) -> None:
        self.url = url
        self._small = small  # an obstore store for small objects, and ...
        self._large = large  # ... the same one with longer timeouts, for pictures
        self._folder = folder
        self._failed = ""
        self._reading = threading.BoundedSemaphore(_LARGE_AT_ONCE)

    def names(self) -> frozenset[str]:
        """Return the names of all objects. Raises `DiagnosticError` when the call fails."""
        listed = self._call("read", lambda: self._small.list_with_delimiter()["objects"])
        return frozenset(each["path"] for each in listed)

    def get(self, name: str, *, large: bool = False) -> bytes | None:
        """Return an object's bytes, or None when the bucket says that there is none.

        Its size is known before its bytes come, and few large objects come at once. Raises
        `DiagnosticError` when the object is too large or the call fails.
        """
        store, limit = self._large if large else self._small, _limit(large=large)

        def get() -> bytes | None:
            try:
                answer = store.get(name)
            except FileNotFoundError:
                return None
            size, data = answer.meta["size"], bytearray()
            if size <= limit:
                for piece in answer.stream(min_chunk_size=_PIECE):
                    data += piece
                    if len(data) > limit:  # the server has said another size
                        break
            size = max(size, len(data))
            if size > limit:
                expected = f"{name} in {self.url} with at most {limit // 2**20} MB"
                raise _error(expected, f"{size / 2**20:,.0f} MB", "restore it, or delete it there")
            return bytes(data)

        with self._reading if large else nullcontext():
            return self._call("read", get)

    def create(self, name: str, data: bytes, *, large: bool = False) -> bool:
        """Write an object unless one of its name exists, and return whether it was written.

        Raises `DiagnosticError` when the call fails.
        """
        from obstore.exceptions import AlreadyExistsError

        store = self._large if large else self._small

        def create() -> bool:
            try:
                store.put(name, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
            return True

        return self._call("write to", create)

    def check_conditional_writes(self) -> None:
        """Raise `DiagnosticError` unless the first of two writes of one name wins."""
        from obstore.exceptions import BaseError

        name = f"probe-{secrets.token_hex(16)}"
        self.create(name, b"first")
        overwritten = self.create(name, b"second")
        content = self.get(name)
        with suppress(BaseError, OSError):  # without the right to delete, five bytes stay behind
            self._small.delete(name)
        if not overwritten and content == b"first":
            return
        raise _error(
            f"conditional writes (If-None-Match: *) in {self.url}",
            "a second write over the first, so that machines would overwrite each other's pictures",
            "use a bucket that has them, or a folder as stock",
        )

    def give_up(self, reason: str) -> NoReturn:
        """Make no further call. Raises `DiagnosticError` with the reason."""
        self._failed = self._failed or reason
        raise self._failure("read")

    def check(self) -> None:
        """Raise `DiagnosticError` when an earlier failure ends the use of the bucket."""
        if self._failed:
            raise self._failure("read")

    def _call(self, what: Literal["read", "write to"], call: Callable[[], T]) -> T:
        from obstore.exceptions import BaseError

        if not self._failed:
            if self._folder is not None and not self._folder.is_dir():
                self._failed = "no such folder"  # obstore reports a lost disk as an empty bucket
            else:
                try:
                    return call()
                except (BaseError, OSError, ValueError) as error:
                    self._failed = _reason(error)
        raise self._failure(what)

    def _failure(self, what: Literal["read", "write to"]) -> DiagnosticError:
        expected = f"to {what} the stock in {self.url}"
        return _error(expected, self._failed, "try again; nothing is bought meanwhile")


def _limit(*, large: bool) -> int:
    return MAX_OBJECT_BYTES if large else MAX_SIDECAR_BYTES


def open_storage(
    url: str, environment: Mapping[str, str], timeouts: Timeouts = DEFAULT_TIMEOUTS
) -> ObjectStorage:
    """Open a bucket by its URL; nothing is sent yet.

    obstore finds credentials, region and endpoint by itself: in the process's environment, or at
    the machine's metadata service. `environment` says whether the server is on this machine.

    Raises `DiagnosticError` when the URL is no bucket's, obstore is not installed, or the
    environment is incomplete.
    """
    parts = urlsplit(url)
    _check_address(url, parts)
    try:
        from obstore.exceptions import BaseError
        from obstore.store import LocalStore, from_url
    except ImportError as error:
        fix = "pip install 'mkdocs-gemini-images[bucket]'"
        raise _error(f"obstore, for {parts.scheme}://", str(error), fix) from error
    if parts.scheme == "file":
        folder = Path(url2pathname(parts.path))
        if not folder.is_dir():
            raise _error(f"a folder at {folder}", "none", "make it, or mount it")
        store = LocalStore(folder)
        return ObjectStorage(url, store, store, folder)
    plain = is_loopback(urlsplit(bucket_endpoint(environment)).hostname or "")
    try:
        small, large = (
            from_url(
                url,
                client_options={
                    "connect_timeout": timedelta(seconds=timeouts.connect),
                    "timeout": timedelta(seconds=seconds),
                    **({"allow_http": True} if plain else {}),
                },
                retry_config={
                    "max_retries": _RETRIES,
                    "retry_timeout": timedelta(seconds=timeouts.call),
                },
            )
            for seconds in (timeouts.call, timeouts.picture)
        )
    except (BaseError, ValueError) as error:
        raise _error(f"to open {url}", _reason(error), "complete the environment") from error
    return ObjectStorage(url, small, large, None)


def bucket_endpoint(environment: Mapping[str, str]) -> str:
    """Return the server that the environment names in place of the provider's own, or empty."""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_STORAGE_ENDPOINT")
    return next((environment[name] for name in names if environment.get(name)), "")


def _check_address(url: str, parts: SplitResult) -> None:
    """Raise `DiagnosticError` unless `url` is the address of a bucket, without credentials."""
    example = "write s3://bucket/folder, gs://bucket/folder, az://container/folder or file:///path"
    if parts.scheme not in _SCHEMES:
        raise _error("the address of a bucket", f"'{parts.scheme}://…'", example)
    if parts.username is not None or parts.query or parts.fragment:
        got = "a name, a password or a query in it"
        raise _error("a bucket's address alone", got, "credentials go into the environment")
    if bool(parts.netloc) == (parts.scheme == "file") or not (parts.netloc or parts.path):
        raise _error("the address of a bucket", f"'{url}'", example)


def _error(expected: str, got: str, fix: str) -> DiagnosticError:
    return DiagnosticError(Diagnostic(expected, got, fix))


def _reason(error: Exception) -> str:
    """Return why a call failed, without request headers that a server may have echoed."""
    text = str(error)
    if status := _STATUS.search(text):
        return f"HTTP {status[1].strip()}"
    for sign, words in _SIGNS:
        if sign in text:
            return words
    return _QUERY.sub("?…", text.partition("\n")[0])[:200]


_STATUS = re.compile(r"status code: (\d{3}[ A-Za-z]*)")
_QUERY = re.compile(r"\?\S+")
_SIGNS = (
    ("configured region", "a redirect, as from another region (AWS_REGION)"),
    ("kind: Timeout", "no answer in time"),
    ("TimedOut", "no answer in time"),
    ("kind: Connect", "no connection"),
    ("builder error", "an address without https"),
)
