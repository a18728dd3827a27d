"""Copies of what a bucket has, so that what has been seen once costs no request again.

A picture is missing only when a listing has said so; one that is listed and cannot be had, or is
not what its sidecar says, is a complaint. The bucket is listed when a picture is first looked for
in vain, the sidecars that are not here yet are brought together, and that listing is believed until
something is about to be bought. A copy that is damaged is as good as none, and is fetched again.
"""

import re
import threading
from concurrent.futures import Future
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import monotonic

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.object_storage import Remote
from mkdocs_gemini_images.store.record import Record, read_sidecar

_THREADS = 8
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIDECAR = re.compile(r"([0-9a-f]{64})\.json")


def sidecar(key: str) -> str:
    """Name the object that says what a picture is."""
    return f"{key}.json"


def original(record: Record) -> str:
    """Name the object that is a picture: by its digest, so that drawings of one key never meet."""
    return f"{record.sha256}{record.picture.suffix}"


class Mirror:
    """The pairs of a bucket, as far as they are here in `folder`. May be used from any thread."""

    def __init__(self, remote: Remote, folder: Path, seconds: float) -> None:
        self.copies = FolderStore(folder)
        self._remote = remote
        self._seconds = seconds  # for all sidecars that are not here yet
        self._listed: frozenset[str] | None = None
        self._lock = threading.Lock()

    def here(self, key: str) -> Record | None:
        """Find a picture's copy by key, without a request."""
        found = self.copies.find(key)
        return found if isinstance(found, Record) else None

    def find(self, key: str) -> Record | Diagnostic | None:
        """Find a picture by key: its record, None when the bucket has none, or what is wrong."""
        listed = self.listed()
        if isinstance(listed, Diagnostic):
            return listed
        if sidecar(key) not in listed:
            return None
        return self.here(key) or self.fetch(key)

    def listed(self) -> frozenset[str] | Diagnostic:
        """Give the names in the bucket, and have the sidecars among them here."""
        with self._lock:
            if self._listed is None:
                names = self._remote.names()
                if isinstance(names, Diagnostic):
                    return names
                keys = [found[1] for name in sorted(names) if (found := _SIDECAR.fullmatch(name))]
                failed = self._bring([key for key in keys if self.here(key) is None])
                if failed is not None:
                    return failed
                self._listed = names
            return self._listed

    def forget(self) -> None:
        """Believe the last listing no longer."""
        with self._lock:
            self._listed = None

    def fetch(self, key: str) -> Record | Diagnostic:
        """Get a sidecar that the bucket is known to have, and keep a copy."""
        raw = self._remote.get(sidecar(key))
        if raw is None:
            return self._wrong(sidecar(key), "no such object")
        if isinstance(raw, Diagnostic):
            return raw
        record = self.understood(key, raw)
        if isinstance(record, Record):
            return self._kept(sidecar(key), raw) or record
        return record

    def understood(self, key: str, raw: bytes) -> Record | Diagnostic:
        """Read a sidecar's bytes as they came from the bucket."""
        name = sidecar(key)
        record = read_sidecar(name, raw, key)
        if isinstance(record, Diagnostic):
            fix = record.fix.replace(f"git checkout -- {name}", f"in {self._remote.url}")
            return replace(record, fix=fix)
        if not _DIGEST.fullmatch(record.sha256):  # it becomes a name
            return self._wrong(f"a digest in {name}", "something else")
        return record

    def read(self, record: Record) -> bytes | Diagnostic:
        """Read a picture and check it: the copy, or else the bucket's own, which is then kept."""
        copy = self.copies.read(record)
        if isinstance(copy, bytes):
            return copy
        name = original(record)
        data = self._remote.get(name, large=True)
        if isinstance(data, Diagnostic):
            return data
        if data is None:
            return self._wrong(f"the picture {name}", "no such object")
        if sha256(data).hexdigest() != record.sha256:
            return self._wrong(f"{name} as it was drawn", "other bytes")
        if self.here(record.key) == record:
            return self._kept(record.file_name, data) or data
        return data

    def take(self, record: Record, raw: bytes, data: bytes) -> None:
        """Keep copies of a pair that is in the bucket. Raises `OSError`."""
        atomic_files.write(self.copies.path(record), data)
        atomic_files.write(self.copies.folder / sidecar(record.key), raw)
        self.copies = FolderStore(
            self.copies.folder
        )  # the index of the last one knew nothing of it

    def _bring(self, keys: list[str]) -> Diagnostic | None:
        """Fetch many sidecars. One that is wrong in itself is complained of when it is wanted."""
        if not keys:
            return None
        until = monotonic() + self._seconds
        threads = DaemonThreads(min(_THREADS, len(keys)))
        running: list[Future[Record | Diagnostic]] = []
        try:
            running += [threads.submit(self.fetch, key) for key in keys]
            for each in running:
                each.result(max(0.0, until - monotonic()))
        except TimeoutError:
            return self._remote.give_up(f"only a part of it in {self._seconds:.0f} s")
        finally:
            for each in running:
                each.cancel()
            threads.shutdown()
            self.copies = FolderStore(self.copies.folder)
        return self._remote.trouble()

    def _kept(self, name: str, data: bytes) -> Diagnostic | None:
        """Keep a copy; without one there is nothing to be offered for the same words, or an id."""
        try:
            atomic_files.write(self.copies.folder / name, data)
        except OSError as error:
            where = self.copies.folder
            return self._remote.give_up(f"no place for copies of it ({error.strerror}: {where})")
        return None

    def _wrong(self, expected: str, got: str) -> Diagnostic:
        fix = f"restore it in {self._remote.url}; it is not drawn again by itself"
        return Diagnostic(expected, got, fix)
