"""The pictures that were bought on this machine and are not in the bucket yet.

Records and bytes go in and come out; what is wrong is told with the folder to mend it in. New pairs
come into one folder. Those that an earlier version has put into another one stay there until they
are in the bucket. No paid picture is deleted before it is: damaged files are renamed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import Diagnostic, DiagnosticError, counted
from mkdocs_gemini_images.core.files import held_files
from mkdocs_gemini_images.store.buckets.local_folders import LocalFolders
from mkdocs_gemini_images.store.folder import FolderStore
from mkdocs_gemini_images.store.pair_names import PICTURES, SHORT, SIDECAR, is_taken
from mkdocs_gemini_images.store.record import Record


class WaitingPairs:
    """The pairs that wait here for the bucket at `url`."""

    def __init__(self, folders: LocalFolders, url: str) -> None:
        self._url = url
        self._new = FolderStore(folders.waiting, digits=SHORT)
        self._earlier = FolderStore(folders.earlier_waiting)
        self.new_file = self._new.new_file

    @property
    def stores(self) -> tuple[FolderStore, ...]:
        """The folders in which pairs wait: the earlier one is seldom there."""
        return (self._new, self._earlier) if self._earlier.folder.is_dir() else (self._new,)

    def find(self, key: str) -> Record | None:
        """Return the record of a pair by key, or None. Raises `DiagnosticError` for damage."""
        for store in self.stores:
            with self._named(store):
                if (record := store.find(key)) is not None:
                    return record
        return None

    def records(self) -> Iterator[Record]:
        """Yield the record of every sidecar that can be read."""
        return chain.from_iterable(store.records() for store in self.stores)

    def path(self, record: Record) -> Path:
        """Return the path of a record's picture."""
        return self._store_of(record).path(record)

    def read(self, record: Record) -> bytes:
        """Return the bytes of a picture, checked against its digest. Raises `DiagnosticError`."""
        store = self._store_of(record)
        with self._named(store):
            return store.read(record)

    def sidecar(self, record: Record) -> bytes:
        """Return the bytes of a sidecar. Raises `OSError`."""
        return self._store_of(record).pairs.files(record)[0].read_bytes()

    def put(self, record: Record, data: bytes) -> None:
        """Keep a pair. Raises `DiagnosticError` and `OSError`."""
        self._new.put(record, data)

    def remove(self, record: Record) -> None:
        """Remove a pair, which the bucket has by now. Raises `OSError`."""
        store = self._store_of(record)
        store.pairs.remove(record)
        store.forget()

    def sweep(self, key: str) -> None:
        """Remove what killed processes have left of a pair that they put. Raises `OSError`."""
        self._new.sweep(key)

    def rename_damaged(self, key: str) -> None:
        """Rename files of a key that cannot be read, so that it can be put. Raises `OSError`."""
        for store in self.stores:
            for stem in (key[:SHORT], key):
                try:
                    if is_taken(store.folder, stem):
                        store.pairs.at(stem)
                except DiagnosticError:
                    _rename(store.folder, stem)

    def lost(self) -> dict[str, Diagnostic]:
        """Return what is wrong with each picture without a sidecar, by its file's stem."""
        return {
            stem: self._in(store, each)
            for store in self.stores
            for stem, each in store.lost().items()
        }

    def faults(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with the folders."""
        return chain.from_iterable(store.faults() for store in self.stores)

    def count(self) -> int:
        """Return how many pictures wait."""
        return sum(map(_count, self.stores))

    def unsynced(self) -> Diagnostic | None:
        """Return how many pictures are here and not in the bucket, or None when none are."""
        if not (number := self.count()):
            return None
        pictures = f"{counted(number, 'picture')} {'is' if number == 1 else 'are'}"
        places = " and ".join(str(store.folder) for store in self.stores if _count(store))
        said = f"{pictures} only in {places}, and not in {self._url}"
        return Diagnostic.sentence(said, "run gemini-images sync")

    def _store_of(self, record: Record) -> FolderStore:
        """Return the store that has a pair, or is to have it."""
        with suppress(DiagnosticError):
            if self._earlier in self.stores and self._earlier.find(record.key) == record:
                return self._earlier
        return self._new

    @contextmanager
    def _named(self, store: FolderStore) -> Iterator[None]:
        """Raise the `DiagnosticError` of a block with the folder of a store."""
        try:
            yield
        except DiagnosticError as error:
            told = (self._in(store, each) for each in error.diagnostics)
            raise type(error)(*told) from error

    def _in(self, store: FolderStore, damage: Diagnostic) -> Diagnostic:
        fix = f"restore it in {store.folder}, or delete its pair there"
        return damage._replace(fix=f"{fix}: {self._url} never had it")


def _count(store: FolderStore) -> int:
    return sum(kind == SIDECAR for _, kind in store.pairs.entries())


def _rename(folder: Path, stem: str) -> None:
    """Give the files of a pair names that nothing reads. Raises `OSError`."""
    for kind in (SIDECAR, *PICTURES):
        path = folder / f"{stem}.{kind}"
        if os.path.lexists(path):
            names = (path.with_suffix(f".bad{number}") for number in count())
            held_files.replace(path, next(each for each in names if not os.path.lexists(each)))
