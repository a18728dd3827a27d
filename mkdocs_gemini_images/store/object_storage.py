"""A bucket, seen through its window: list names, get an object, create one that is not there.

Every answer is a value: what was asked for, or a complaint. "There is none" is said of an object
only when the bucket has said so, never because a call failed. Nothing is ever overwritten. Calls
are bounded in time, and after one that fails no other is made: a bucket that is down costs a build
seconds. obstore is loaded here and nowhere else, and used through its synchronous half alone (the
asynchronous one aborts the interpreter at exit).
"""

import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from mkdocs_gemini_images.config.server import is_loopback
from mkdocs_gemini_images.core.diagnostics import Diagnostic

T = TypeVar("T")

_SCHEMES = ("s3", "gs", "az", "file")
_RETRIES = 2


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that a bucket is waited for."""

    connect: float = 5.0
    call: float = 10.0
    """For a listing's page, or a sidecar."""
    picture: float = 60.0
    all: float = 60.0
    """For the sidecars that are not here yet, together."""


PATIENCE = Timeouts()


class Remote:
    """The objects below a bucket's prefix."""

    def __init__(self, url: str, small: Any, large: Any, folder: Path | None) -> None:
        self.url = url
        self._small = small  # an obstore store, for what is small, and ...
        self._large = large  # ... the same one with more patience, for pictures
        self._folder = folder
        self._failed = ""

    def names(self) -> frozenset[str] | Diagnostic:
        """List the names of all objects."""
        found = self._ask("read", lambda: self._small.list_with_delimiter()["objects"])
        if isinstance(found, Diagnostic):
            return found
        return frozenset(each["path"] for each in found)

    def get(self, name: str, *, large: bool = False) -> bytes | Diagnostic | None:
        """Read an object; None when the bucket says that there is none."""
        store = self._large if large else self._small

        def get() -> bytes | None:
            try:
                return bytes(store.get(name).bytes())
            except FileNotFoundError:
                return None

        return self._ask("read", get)

    def create(self, name: str, data: bytes, *, large: bool = False) -> bool | Diagnostic:
        """Write an object unless there is one of its name; say whether it was written."""
        from obstore.exceptions import AlreadyExistsError

        store = self._large if large else self._small

        def create() -> bool:
            try:
                store.put(name, data, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
            return True

        return self._ask("write to", create)

    def probe(self) -> Diagnostic | None:
        """Make sure that of two writes of one name the first wins; say so if it does not."""
        from obstore.exceptions import BaseError

        name = f"probe-{secrets.token_hex(16)}"
        answers = (self.create(name, b"first"), self.create(name, b"second"), self.get(name))
        if not self._failed:
            with suppress(BaseError, OSError):  # who may not delete leaves five bytes behind
                self._small.delete(name)
        for answer in answers:
            if isinstance(answer, Diagnostic):
                return answer
        if answers[1:] == (False, b"first"):
            return None
        return Diagnostic(
            f"conditional writes (If-None-Match: *) in {self.url}",
            "a second write over the first, so that machines would overwrite each other's pictures",
            "use a bucket that has them, or a folder as stock",
        )

    def give_up(self, reason: str) -> Diagnostic:
        """Make no further call, and say why."""
        self._failed = self._failed or reason
        return self._complaint("read")

    def trouble(self) -> Diagnostic | None:
        """Say what keeps all further calls from being made, if anything does."""
        return self._complaint("read") if self._failed else None

    def _ask(self, what: Literal["read", "write to"], call: Callable[[], T]) -> T | Diagnostic:
        from obstore.exceptions import BaseError

        if not self._failed:
            if self._folder is not None and not self._folder.is_dir():
                self._failed = "no such folder"  # obstore would call a lost disk an empty stock
            else:
                try:
                    return call()
                except (BaseError, OSError, ValueError) as error:
                    self._failed = _reason(error)
        return self._complaint(what)

    def _complaint(self, what: str) -> Diagnostic:
        return Diagnostic(
            f"to {what} the stock in {self.url}",
            self._failed,
            "try again; nothing is bought meanwhile",
        )


def connect(
    url: str, environment: Mapping[str, str], patience: Timeouts = PATIENCE
) -> Remote | Diagnostic:
    """Open a bucket by its URL, or say what is wrong with it; nothing is sent yet.

    Credentials, region and endpoint are obstore's business: it finds them in the process's
    environment, or asks the machine's own metadata service.
    """
    parts = urlsplit(url)
    example = "write s3://bucket/folder, gs://bucket/folder, az://container/folder or file:///path"
    if parts.scheme not in _SCHEMES:
        return Diagnostic("the address of a bucket", f"'{parts.scheme}://…'", example)
    if parts.username is not None or parts.query or parts.fragment:
        got = "a name, a password or a query in it"
        return Diagnostic("a bucket's address alone", got, "credentials go into the environment")
    if bool(parts.netloc) == (parts.scheme == "file") or not (parts.netloc or parts.path):
        return Diagnostic("the address of a bucket", f"'{url}'", example)
    try:
        from obstore.exceptions import BaseError
        from obstore.store import LocalStore, from_url
    except ImportError as error:
        fix = "pip install 'mkdocs-gemini-images[bucket]'"
        return Diagnostic(f"obstore, for {parts.scheme}://", str(error), fix)
    if parts.scheme == "file":
        folder = Path(url2pathname(parts.path))
        if not folder.is_dir():
            return Diagnostic(f"a folder at {folder}", "none", "make it, or mount it")
        store = LocalStore(folder)
        return Remote(url, store, store, folder)
    plain = is_loopback(urlsplit(endpoint(environment)).hostname or "")
    try:
        small, large = (
            from_url(
                url,
                client_options={
                    "connect_timeout": timedelta(seconds=patience.connect),
                    "timeout": timedelta(seconds=seconds),
                    **({"allow_http": True} if plain else {}),
                },
                retry_config={
                    "max_retries": _RETRIES,
                    "retry_timeout": timedelta(seconds=patience.call),
                },
            )
            for seconds in (patience.call, patience.picture)
        )
    except (BaseError, ValueError) as error:
        return Diagnostic(f"to open {url}", _reason(error), "complete the environment")
    return Remote(url, small, large, None)


def endpoint(environment: Mapping[str, str]) -> str:
    """Say which server the environment names instead of the provider's own, or nothing."""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_STORAGE_ENDPOINT")
    return next((environment[name] for name in names if environment.get(name)), "")


def _reason(error: Exception) -> str:
    """Say why a call failed, without what a server may have echoed of the request's headers."""
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
