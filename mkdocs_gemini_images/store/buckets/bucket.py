"""A store in a bucket that several machines share, without talking to one another.

In the bucket a sidecar `KEY.json` is created if absent, so the first machine wins; its picture was
written before it, under the picture's digest. On this machine there are folders of pairs: one has
copies of what the bucket has; one has what was bought here and is not in the bucket yet; others
have what was bought here after another machine had been first. No paid picture is ever deleted, and
nothing is bought while the bucket does not answer.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError
from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.store.buckets import bucket_mirror
from mkdocs_gemini_images.store.buckets.local_folders import LocalFolders, local_folders
from mkdocs_gemini_images.store.buckets.object_storage import (
    DEFAULT_TIMEOUTS,
    Timeouts,
    bucket_endpoint,
    open_storage,
)
from mkdocs_gemini_images.store.buckets.waiting_pairs import WaitingPairs
from mkdocs_gemini_images.store.file_notes import FileNotes
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.pair_names import SHORT
from mkdocs_gemini_images.store.record import Record
from mkdocs_gemini_images.store.store import Storage

_TRIES = 3  # to create a sidecar


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What became of the pictures that were on this machine and not in the bucket."""

    pushed: int = 0
    yielded: int = 0
    """How many the bucket had from another machine; the pictures of this one are laid aside."""
    waiting: int = 0
    trouble: Diagnostic | None = None
    """Why some are still not in the bucket, or None."""


def open_bucket(
    url: str, cache: Path, environment: Mapping[str, str], timeouts: Timeouts = DEFAULT_TIMEOUTS
) -> "BucketStore":
    """Open the store at `url`, with its local folders below `cache`; nothing is sent yet.

    It serves one build: after a call that fails, it makes no other. Raises `DiagnosticError`.
    """
    storage = open_storage(url, environment, timeouts)
    # A bucket of the same name on another server is another store.
    folders = local_folders(cache, f"{bucket_endpoint(environment)} {url.rstrip('/')}")
    return BucketStore(storage, folders, timeouts)


class BucketStore:
    """The pictures in a bucket, with their copies in `folders`. May be used from any thread."""

    def __init__(
        self, storage: Storage, folders: LocalFolders, timeouts: Timeouts = DEFAULT_TIMEOUTS
    ) -> None:
        self.url = storage.url
        self.folder = folders.folder
        self.folders = (folders.folder, folders.earlier)
        self._storage = storage
        self._mirror = bucket_mirror.BucketMirror(storage, folders.mirror, timeouts.all)
        self._waiting = WaitingPairs(folders, self.url)
        self.new_file = self._waiting.new_file
        self._notes = (FileNotes(folders.notes, SHORT), FileNotes(folders.earlier_notes))
        self._local = folders
        self._unsafe: Diagnostic | None = None
        self._keeping = threading.Lock()
        self._probing = threading.Lock()

    # Looking up

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None when there is none.

        A local copy costs no request.

        Raises `DiagnosticError` when its sidecar is damaged, or the bucket does not answer.
        """
        try:
            record = self._find_here(key)
        except DiagnosticError:
            if (shared := self._mirror.find(key)) is not None:
                return shared
            raise
        return record or self._mirror.find(key)

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Return the newest record that was drawn for the same options of the author, or None."""
        return self._newest(lambda store: store.find_by_author_digest(author_digest))

    def find_named(self, id: str) -> Record | None:
        """Return the newest record that was drawn for a directive's id, or None."""
        return self._newest(lambda store: store.find_named(id)) if id else None

    def remembered(self, id: str) -> list[Record]:
        """Return the records drawn for an id that are in memory already."""
        return [each for store in self._stores for each in store.remembered(id)]

    def path(self, record: Record) -> Path:
        """Return the path of a record's picture, once it has been read."""
        if self._mirror.copy_of(record.key) is not None:
            return self._mirror.copies.path(record)
        return self._waiting.path(record)

    def read(self, record: Record) -> bytes:
        """Return the bytes of a picture, checked against its digest; fetch them if need be.

        Raises `DiagnosticError` when the picture is missing or damaged, or cannot be fetched.
        """
        with suppress(DiagnosticError):
            return self._waiting.read(record)
        return self._mirror.read(record)

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file with these bytes was made from a picture and put among the author's.

        The note serves those who share the docs folder. A bucket that does not answer keeps it from
        them, and is no error. Raises `OSError`.
        """
        self._notes[0].write(data, record.key)
        with suppress(DiagnosticError):
            self._check_conditional_writes()
            self._storage.create(_note_name(data), b"{}")

    def knows_file(self, data: bytes) -> bool:
        """Return whether a file with these bytes was made here or on another machine."""
        if any(notes.has(data) for notes in self._notes):
            return True
        try:
            return self._storage.get(_note_name(data)) is not None
        except DiagnosticError:
            return False

    def records(self) -> Iterator[Record]:
        """Yield the record of every sidecar that can be read, in the order of their keys."""
        self._mirror.refresh()
        records = {record.key: record for record in self._waiting.records()}
        records |= {record.key: record for record in self._mirror.copies.records()}
        yield from (records[key] for key in sorted(records))

    def faults(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with the files that wait here; damaged copies are fetched again."""
        yield from self._waiting.faults()

    # Keeping

    def check_ready(self) -> None:
        """List the bucket again from now on, and make sure that pictures may be bought.

        Raises `DiagnosticError` when nothing may be bought, and `OSError`.
        """
        self._mirror.forget_listing()
        self._check_conditional_writes()

    def put(self, record: Record, data: bytes) -> Record:
        """Keep a picture, and return the record that is kept under its key: the first of all.

        While the bucket does not answer, the picture waits here. Raises `OSError`.
        """
        with self._keeping:
            try:
                kept = self._find_here(record.key)
            except DiagnosticError:
                kept = None  # a damaged pair does not stand in the way of a paid picture
                self._waiting.rename_damaged(record.key)
            if kept is not None:
                if kept.sha256 != record.sha256:
                    self._lay_aside(record, data)
                return kept
            self._waiting.put(record, data)
        try:
            return self._push(record)
        except DiagnosticError:
            return record

    def lost(self) -> dict[str, Diagnostic]:
        """Return what is wrong with each picture that waits without a sidecar, by its stem."""
        return self._waiting.lost()

    def sweep(self, key: str) -> None:
        """Remove what killed processes have left of a picture that they put. Raises `OSError`."""
        self._waiting.sweep(key)

    def sync(self) -> SyncResult:
        """Put the pictures that wait here into the bucket. Raises `OSError`."""
        pushed = yielded = 0
        trouble = None
        for record in list(self._waiting.records()):
            try:
                kept = self._push(record)
            except DiagnosticError as error:
                (trouble,) = error.diagnostics
                continue
            if kept == record:
                pushed += 1
            else:
                yielded += 1
        return SyncResult(pushed, yielded, self._waiting.count(), trouble)

    def unsynced(self) -> Diagnostic | None:
        """Return how many pictures are here and not in the bucket, or None when none are."""
        return self._waiting.unsynced()

    def _find_here(self, key: str) -> Record | None:
        """Return a record by key without a request, or None. Raises `DiagnosticError`."""
        return self._mirror.copy_of(key) or self._waiting.find(key)

    @property
    def _stores(self) -> tuple[FolderStore, ...]:
        return (self._mirror.copies, *self._waiting.stores)

    def _newest(self, look_up: Callable[[FolderStore], Record | None]) -> Record | None:
        self._mirror.refresh()
        records = [record for record in map(look_up, self._stores) if record is not None]
        return max(records, key=lambda record: (record.time, record.key), default=None)

    def _check_conditional_writes(self) -> None:
        """Raise `DiagnosticError` unless the bucket lets the first of two writes win.

        The bucket is asked once for this cache, and once for a build where it does not.
        """
        with self._probing:
            if self._unsafe is None and not self._local.proof.exists():
                try:
                    self._storage.check_conditional_writes()
                except DiagnosticError as error:
                    (self._unsafe,) = error.diagnostics
                else:
                    atomic_files.write(self._local.proof, b"")
            if self._unsafe is not None:
                raise DiagnosticError(self._unsafe)

    def _push(self, record: Record) -> Record:
        """Put a waiting pair into the bucket, and return the record that the bucket has then.

        Raises `DiagnosticError` when it still waits, and `OSError`.
        """
        self._check_conditional_writes()
        name = bucket_mirror.sidecar_name(record.key)
        try:
            data = self._waiting.read(record)
        except DiagnosticError:
            if (pushed := self._mirror.copy_of(record.key)) is not None:  # by another process
                return pushed
            raise
        try:
            raw = self._waiting.sidecar(record)
        except FileNotFoundError:
            return self._mirror.copy_of(record.key) or record
        self._storage.create(bucket_mirror.picture_name(record), data, large=True)
        for _ in range(_TRIES):  # of two writes at once, a server may refuse both
            created = self._storage.create(name, raw)
            shared = raw if created else self._storage.get(name)
            if shared is not None:  # also this machine's, when the answer to a try was lost
                return self._end_waiting(record, raw, data, shared)
        got = "no such object"
        raise DiagnosticError(Diagnostic(f"{name} in {self.url}", got, "try again"))

    def _end_waiting(self, record: Record, raw: bytes, data: bytes, shared: bytes) -> Record:
        """Make the mirror hold what the bucket has, and return its record.

        `raw` is the sidecar and `data` the picture of this machine, `shared` the bucket's sidecar.
        Where they differ, this machine came second, and its pair is laid aside. Raises
        `DiagnosticError` when the bucket's pair cannot be read, and `OSError`.
        """
        if shared == raw:
            kept, picture = record, data
        else:
            kept = self._mirror.parse_sidecar(record.key, shared)
            picture = self._mirror.read(kept)
            self._lay_aside(record, data)
        self._mirror.add(kept, shared, picture)
        self._waiting.remove(record)
        return kept

    def _lay_aside(self, record: Record, data: bytes) -> None:
        """Keep a picture in the first folder that has no other one of its key. Raises `OSError`."""
        for number in count():
            aside = FolderStore(self._local.aside(number), self.folder, digits=SHORT)
            with suppress(DiagnosticError):  # damage is in the way
                if aside.put(record, data).sha256 == record.sha256:
                    return


def _note_name(data: bytes) -> str:
    return f"files/{sha256(data).hexdigest()}.json"
