"""The interface between a build and the pictures that a site owns, wherever they are kept."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.store.record import Record


class Storage(Protocol):
    """Objects by name, outside of this machine: a bucket, or its public address.

    Every call raises `DiagnosticError` when it fails, and after one that fails all do.
    """

    @property
    def url(self) -> str:
        """Its address, for messages."""

    @property
    def lists_all(self) -> bool:
        """Whether a name that is not listed is the name of no object."""

    def names(self) -> frozenset[str]:
        """Return the names that are listed."""

    def get(self, name: str, *, large: bool = False) -> bytes | None:
        """Return an object's bytes, or None when there is none."""

    def create(self, name: str, data: bytes, *, large: bool = False) -> bool:
        """Write an object unless one of its name exists, and return whether it was written."""

    def check_conditional_writes(self) -> None:
        """Raise `DiagnosticError` unless the first of two writes of one name wins."""

    def give_up(self, reason: str) -> NoReturn:
        """Make no further call. Raises `DiagnosticError` with the reason."""

    def check(self) -> None:
        """Raise `DiagnosticError` when an earlier failure ends the use of it."""


class Store(Protocol):
    """The pictures that a site owns: a folder, or a bucket with local copies."""

    @property
    def folder(self) -> Path:
        """The folder that a buyer locks."""

    @property
    def new_file(self) -> Path:
        """A path as a new file will have it: of that length, and where it needs free space."""

    @property
    def folders(self) -> Sequence[Path]:
        """That folder, and those that earlier versions had in its place.

        An answer that was put aside names one of them.
        """

    def find(self, key: str) -> Record | None:
        """Return the record of a picture by key, or None when there is none.

        Raises `DiagnosticError` when its sidecar is damaged or cannot be read, and
        `LostSidecarError` when the picture is there without a sidecar.
        """

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Return the newest record that was drawn for the same options of the author, or None."""

    def find_named(self, id: str) -> Record | None:
        """Return the newest record that was drawn for a directive's id, or None."""

    def remembered(self, id: str) -> list[Record]:
        """Return the records drawn for an id that are in memory already; read nothing."""

    def path(self, record: Record) -> Path:
        """Return the path of a record's picture."""

    def read(self, record: Record) -> bytes:
        """Return the bytes of a picture, checked against its digest.

        Raises `DiagnosticError` when the picture is missing or damaged, or cannot be read.
        """

    def put(self, record: Record, data: bytes) -> Record:
        """Keep a picture, and return the record that is kept under its key: the first of all.

        A picture that is kept is never replaced. Raises `DiagnosticError` when a damaged one is in
        the way, and `OSError` when the picture cannot be kept.
        """

    def sweep(self, key: str) -> None:
        """Remove what killed processes have left of a picture that they put. Raises `OSError`.

        Only the buyer may call this.
        """

    def lost(self) -> Mapping[str, Diagnostic]:
        """Return what is wrong with each picture that has no sidecar, by the stem of its file.

        That is its key, or in the cache the beginning of its key.
        """

    def records(self) -> Iterator[Record]:
        """Yield the record of every sidecar that can be read, each key once, in order."""

    def faults(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with files of the store, except with pictures that `read` checks."""

    def check_ready(self) -> None:
        """Make sure that pictures may be bought now, and forget what look-ups have remembered.

        To be called before the last look-up. Raises `DiagnosticError` when they may not, and
        `OSError` when the disk refuses a write.
        """

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file with these bytes was made from a picture and put among the author's.

        Raises `OSError`.
        """

    def knows_file(self, data: bytes) -> bool:
        """Return whether a note says that a file with these bytes was made from a picture.

        A stranger may have written the note.
        """

    def unsynced(self) -> Diagnostic | None:
        """Return a finding when pictures are on this machine alone that the bucket should have."""
