"""Keep local copies of what a bucket has, so that an object is fetched once.

Keys go in; records and bytes come out. A picture is missing only when a listing has said so; one
that is listed and cannot be fetched, or is not what its sidecar says, is an error. The bucket is
listed when a picture without a copy is first looked for; the sidecars that have no copy are fetched
together, and that listing holds until something is about to be bought. A damaged copy is fetched
again.
"""

import re
import threading
from concurrent.futures import Future
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic

from mkdocs_gemini_images.config.cache_folder import make_cache
from mkdocs_gemini_images.core.daemon_threads import DaemonThreads
from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.pair_names import SHORT
from mkdocs_gemini_images.store.record import Record, check_picture, read_sidecar
from mkdocs_gemini_images.store.store import Storage

_THREADS = 8
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIDECAR = re.compile(r"([0-9a-f]{64})\.json")


def sidecar_name(key: str) -> str:
    """Return the name of the object that is the sidecar of `key`."""
    return f"{key}.json"


def picture_name(record: Record) -> str:
    """Return the name of the object that is a picture.

    It is the picture's digest, so that two drawings of one key never have the same name.
    """
    return f"{record.sha256}{record.picture.suffix}"


class BucketMirror:
    """The local copies of a bucket's pairs, in a folder. May be used from any thread.

    `seconds` bounds the time in which all sidecars without a copy are fetched.
    """

    def __init__(self, storage: Storage, folder: Path, seconds: float) -> None:
        self.copies = FolderStore(folder, digits=SHORT)
        self._storage = storage
        self._seconds = seconds
        self._names: frozenset[str] | None = None  # the listing, once it was made
        self._absent = set[str]()  # keys that a storage without a whole listing does not have
        self._lock = threading.Lock()

    def copy_of(self, key: str) -> Record | None:
        """Return the record of a picture's copy; None when there is none that can be read."""
        try:
            return self.copies.find(key)
        except DiagnosticError:
            return None

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None when the bucket has none.

        Raises `DiagnosticError` when the bucket does not answer or its sidecar is damaged.
        """
        name = sidecar_name(key)
        if name in self._listing():
            return self.copy_of(key) or self._fetch(key)
        if self._storage.lists_all or key in self._absent:
            return None
        raw = self._storage.get(name)
        if raw is None:
            self._absent.add(key)
            return None
        return self._copied(key, raw)

    def refresh(self) -> None:
        """List the bucket and fetch the sidecars that have no copy, unless that was done already.

        A bucket that does not answer is no error here: `find` raises it.
        """
        with suppress(DiagnosticError):
            self._listing()

    def forget_listing(self) -> None:
        """List the bucket again at the next look-up."""
        with self._lock:
            self._names = None
            self._absent.clear()

    def parse_sidecar(self, key: str, raw: bytes) -> Record:
        """Return the record in the bytes of a sidecar from the bucket.

        Raises `DiagnosticError` when they are no sidecar of `key`.
        """
        name = sidecar_name(key)
        try:
            record = read_sidecar(name, raw, key)
        except DiagnosticError as error:
            (diagnostic,) = error.diagnostics
            fix = diagnostic.fix.replace(f"git checkout -- {name}", f"in {self._storage.url}")
            raise DiagnosticError(diagnostic._replace(fix=fix)) from error
        if not _DIGEST.fullmatch(record.sha256):  # it becomes an object's name
            raise self._damage(f"a digest in {name}", "something else")
        return record

    def read(self, record: Record) -> bytes:
        """Return the checked bytes of a picture: of its copy, or fetched, and then copied.

        Raises `DiagnosticError` when the bucket's picture is missing, damaged or out of reach.
        """
        with suppress(DiagnosticError):
            return self.copies.read(record)
        name = picture_name(record)
        data = self._storage.get(name, large=True)
        if data is None:
            raise self._damage(f"the picture {name}", "no such object")
        if sha256(data).hexdigest() != record.sha256:
            raise self._damage(f"{name} as it was drawn", "other bytes")
        check_picture(data, record, name, f"restore its sidecar in {self._storage.url}")
        if self.copy_of(record.key) == record:
            self._write_copy(self.copies.path(record), data)
        return data

    def add(self, record: Record, raw: bytes, data: bytes) -> None:
        """Copy a pair that is in the bucket: sidecar `raw`, picture `data`. Raises `OSError`."""
        sidecar, picture = self.copies.pairs.files(record)
        atomic_files.write(picture, data)
        atomic_files.write(sidecar, raw)
        self.copies.forget()

    def _listing(self) -> frozenset[str]:
        """Return the names in the bucket, once its sidecars have copies.

        Raises `DiagnosticError` when the bucket does not answer.
        """
        with self._lock:
            if self._names is None:
                names = self._storage.names()
                keys = [found[1] for name in sorted(names) if (found := _SIDECAR.fullmatch(name))]
                self._fetch_all([key for key in keys if self.copy_of(key) is None])
                self._names = names
            return self._names

    def _fetch(self, key: str) -> Record:
        """Fetch a sidecar that the bucket is known to have, and copy it."""
        raw = self._storage.get(sidecar_name(key))
        if raw is None:
            raise self._damage(sidecar_name(key), "no such object")
        return self._copied(key, raw)

    def _copied(self, key: str, raw: bytes) -> Record:
        record = self.parse_sidecar(key, raw)
        self._write_copy(self.copies.pairs.files(record)[0], raw)
        return record

    def _fetch_all(self, keys: list[str]) -> None:
        """Fetch sidecars together; a damaged one is an error only when it is looked for."""
        if not keys:
            return
        until = monotonic() + self._seconds
        threads = DaemonThreads(min(_THREADS, len(keys)))
        running: list[Future[Record]] = []
        try:
            running += [threads.submit(self._fetch, key) for key in keys]
            for future in running:
                with suppress(DiagnosticError):
                    future.result(max(0.0, until - monotonic()))
        except TimeoutError:
            self._storage.give_up(f"only a part of it in {self._seconds:.0f} s")
        finally:
            for future in running:
                future.cancel()
            threads.shutdown()
            self.copies.forget()  # it does not know of files that were written beside it
        self._storage.check()

    def _write_copy(self, path: Path, data: bytes) -> None:
        """Write a copy. A failure ends the use of the bucket, since look-ups need the copies."""
        try:
            make_cache(self.copies.folder.parent.parent)
            atomic_files.write(path, data)
        except OSError as error:
            where = self.copies.folder
            self._storage.give_up(f"no place for copies of it ({error.strerror}: {where})")

    def _damage(self, expected: str, got: str) -> DiagnosticError:
        fix = f"restore it in {self._storage.url}; it is not drawn again by itself"
        return DiagnosticError(Diagnostic(expected, got, fix))
