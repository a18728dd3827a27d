"""A stock that lives in a bucket and is shared by machines that do not know of each other.

In the bucket a sidecar `KEY.json` is created if absent, so the first one wins; the picture it
speaks of was put there before it, under its digest. Here are three folders of pairs: `mirror` has
what the bucket has; `waiting` has what was bought here and could not be put there yet; `aside` has
what was bought here when another machine had been first. Nothing that was paid for is ever lost,
and nothing is bought because the bucket could not be asked.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from mkdocs_gemini_images.core import atomic_files
from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.mirror import Mirror, original, sidecar
from mkdocs_gemini_images.store.object_storage import PATIENCE, Remote, Timeouts, connect, endpoint
from mkdocs_gemini_images.store.record import Record

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of the pictures that waited for the bucket."""

    pushed: int = 0
    yielded: int = 0
    """Another machine's was there first; the one of here is laid aside."""
    waiting: int = 0
    trouble: Diagnostic | None = None
    """Why some still wait."""


def open_bucket(
    url: str, cache: Path, environment: Mapping[str, str], patience: Timeouts = PATIENCE
) -> "BucketStore | Diagnostic":
    """Open the stock at `url`, with its folders below `cache`, or say why not; nothing is sent yet.

    What comes serves one build: after a call that fails, it makes no other. `environment` is asked
    which server is meant; everything else obstore reads in the process's own environment.
    """
    remote = connect(url, environment, patience)
    if isinstance(remote, Diagnostic):
        return remote
    # A bucket of the same name on another server is another stock.
    place = sha256(f"{endpoint(environment)} {url.rstrip('/')}".encode()).hexdigest()[:12]
    return BucketStore(remote, cache / f"bucket-{place}", patience)


class BucketStore:
    """The pictures in a bucket, with their copies below `folder`. May be used from any thread."""

    def __init__(self, remote: Remote, folder: Path, patience: Timeouts = PATIENCE) -> None:
        self.url = remote.url
        self.folder = folder
        self._remote = remote
        self._mirror = Mirror(remote, folder / "mirror", patience.all)
        self._waiting = FolderStore(folder / "waiting")
        self._proof = folder / "conditional-writes"
        self._unsafe: Diagnostic | None = None
        self._keeping = threading.Lock()
        self._probing = threading.Lock()

    # Looking up

    def find(self, key: str) -> Record | Diagnostic | None:
        """Find a picture by key: its record, or None, or what is wrong; a copy costs no request."""
        here = self._here(key)
        return here if isinstance(here, Record) else self._mirror.find(key) or here

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Find the newest picture that was drawn for the same words of an author."""
        return self._newest(lambda stock: stock.find_by_author_digest(author_digest))

    def find_named(self, id: str) -> Record | None:
        """Find the newest picture that was drawn for a directive's id."""
        return self._newest(lambda stock: stock.find_named(id)) if id else None

    def remembered(self, id: str) -> list[Record]:
        """List the pictures drawn for an id, as far as they are in memory."""
        return [*self._mirror.copies.remembered(id), *self._waiting.remembered(id)]

    def path(self, record: Record) -> Path:
        """Say where a record's picture lies, once it has been read."""
        copied = self._mirror.here(record.key) is not None
        return (self._mirror.copies if copied else self._waiting).path(record)

    def read(self, record: Record) -> bytes | Diagnostic:
        """Read a picture and check it against its digest, wherever it must be fetched from."""
        waiting = self._waiting.read(record)
        return waiting if isinstance(waiting, bytes) else self._mirror.read(record)

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file of these bytes, made from a picture, was put among the author's own.

        The note is of use to those who share the docs folder, and waits for nobody: a bucket that
        cannot be had leaves it here alone. Raises `OSError`.
        """
        self._waiting.note_file(data, record)
        if self._shareable() is None:
            self._remote.create(f"files/{sha256(data).hexdigest()}.json", b"{}")

    def knows_file(self, data: bytes) -> bool:
        """Whether a file of these bytes was made here or on another machine."""
        if self._waiting.knows_file(data):
            return True
        return isinstance(self._remote.get(f"files/{sha256(data).hexdigest()}.json"), bytes)

    def records(self) -> Iterator[Record]:
        """Read all sidecars that can be read, in the order of their keys."""
        self._mirror.listed()
        found = {record.key: record for record in self._waiting.records()}
        found |= {record.key: record for record in self._mirror.copies.records()}
        yield from (found[key] for key in sorted(found))

    # Keeping

    def ready(self) -> Diagnostic | None:
        """Look afresh, since something is about to be bought; or say why nothing may be.

        To be called before the last look-up: another machine may have bought since the first.
        Raises `OSError`.
        """
        self._mirror.forget()
        return self._shareable()

    def put(self, record: Record, data: bytes) -> Record:
        """Keep a picture for ever, and give the one that is kept under its key: the first of all.

        While the bucket cannot be had, the picture waits here. Raises `OSError` when it cannot be
        kept at all.
        """
        with self._keeping:
            here = self._here(record.key)
            if isinstance(here, Record):
                if here.sha256 != record.sha256:
                    self._lay_aside(record, data)
                return here
            if here is not None:  # damage does not stand in the way of what was paid for
                damaged = self._waiting.folder / sidecar(record.key)
                damaged.replace(damaged.with_suffix(".damaged"))
            self._waiting.put(record, data)
        pushed = self._push(record)
        return record if isinstance(pushed, Diagnostic) else pushed

    def sync(self) -> Synced:
        """Put the pictures that wait here into the bucket. Raises `OSError`."""
        pushed = yielded = 0
        trouble = None
        for record in list(self._waiting.records()):
            kept = self._push(record)
            if isinstance(kept, Diagnostic):
                trouble = kept
            elif kept == record:
                pushed += 1
            else:
                yielded += 1
        return Synced(pushed, yielded, self._count(), trouble)

    def unsynced(self) -> Diagnostic | None:
        """Say how many pictures are here and not in the bucket, if any are."""
        if not (count := self._count()):
            return None
        pictures = "1 picture that was" if count == 1 else f"{count} pictures that were"
        got = f"{'it' if count == 1 else 'them'} in {self._waiting.folder} alone"
        return Diagnostic(f"{pictures} drawn here in {self.url}", got, "run gemini-images sync")

    def _here(self, key: str) -> Record | Diagnostic | None:
        here = self._mirror.here(key) or self._waiting.find(key)
        return self._damaged(here) if isinstance(here, Diagnostic) else here

    def _newest(self, look: Callable[[FolderStore], Record | None]) -> Record | None:
        self._mirror.listed()  # when that fails, `find` complains
        found = (look(self._mirror.copies), look(self._waiting))
        known = [record for record in found if record is not None]
        return max(known, key=lambda record: (record.time, record.key), default=None)

    def _shareable(self) -> Diagnostic | None:
        """Make sure, once for this cache, that the bucket lets the first of two writes win."""
        with self._probing:
            if self._unsafe is None and not self._proof.exists():
                self._unsafe = self._remote.probe()
                if self._unsafe is None:
                    atomic_files.write(self._proof, b"")
            return self._unsafe

    def _push(self, record: Record) -> Record | Diagnostic:
        """Put a waiting pair into the bucket, and give what it has then. Raises `OSError`."""
        if (unsafe := self._shareable()) is not None:
            return unsafe
        name = sidecar(record.key)
        data = self._waiting.read(record)
        if isinstance(data, Diagnostic):  # unless another process has just pushed it
            return self._mirror.here(record.key) or self._damaged(data)
        try:
            raw = (self._waiting.folder / name).read_bytes()
        except FileNotFoundError:
            return self._mirror.here(record.key) or record
        stored = self._remote.create(original(record), data, large=True)
        if isinstance(stored, Diagnostic):
            return stored
        for _ in range(_TRIES):  # of two at once, a server may refuse both
            first = self._remote.create(name, raw)
            if isinstance(first, Diagnostic):
                return first
            theirs = raw if first else self._remote.get(name)
            if isinstance(theirs, Diagnostic):
                return theirs
            if theirs is not None:  # our own, too, when an earlier try's answer was lost
                return self._settle(record, raw, data, theirs)
        return Diagnostic(f"{name} in {self.url}", "neither ours nor another's", "try again")

    def _settle(
        self, record: Record, raw: bytes, data: bytes, theirs: bytes
    ) -> Record | Diagnostic:
        """Have here what the bucket has; a pair of ours that came second is laid aside."""
        kept = record if theirs == raw else self._mirror.understood(record.key, theirs)
        if isinstance(kept, Diagnostic):
            return kept
        picture = data if theirs == raw else self._mirror.read(kept)
        if isinstance(picture, Diagnostic):
            return picture
        if theirs != raw:
            self._lay_aside(record, data)
        self._mirror.take(kept, theirs, picture)
        (self._waiting.folder / sidecar(record.key)).unlink(missing_ok=True)
        self._waiting.path(record).unlink(missing_ok=True)
        self._waiting = FolderStore(self._waiting.folder)
        return kept

    def _damaged(self, diagnostic: Diagnostic) -> Diagnostic:
        where = self._waiting.folder
        fix = f"restore it in {where}, or delete its pair there: {self.url} never had it"
        return replace(diagnostic, fix=fix)

    def _lay_aside(self, record: Record, data: bytes) -> None:
        FolderStore(self.folder / "aside" / record.sha256[:12]).put(record, data)

    def _count(self) -> int:
        return sum(1 for _ in self._waiting.folder.glob(f"*{sidecar('')}"))
