"""What a build asks of the pictures a site owns, wherever they are kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from mkdocs_gemini_images.core.diagnostics import Diagnostic
from mkdocs_gemini_images.store.record import Record


class Store(Protocol):
    """What a build asks of the pictures a site owns, wherever they are kept."""

    @property
    def folder(self) -> Path:
        """Where there must be room before anything is bought."""

    def find(self, key: str) -> Record | Diagnostic | None:
        """Find a picture by key: its record, or None, or what is wrong."""

    def find_by_author_digest(self, author_digest: str) -> Record | None:
        """Find the newest picture that was drawn for the same words of an author."""

    def find_named(self, id: str) -> Record | None:
        """Find the newest picture that was drawn for a directive's id."""

    def remembered(self, id: str) -> list[Record]:
        """List the pictures drawn for an id, as far as they are in memory: nothing is read."""

    def path(self, record: Record) -> Path:
        """Say where a record's picture lies."""

    def read(self, record: Record) -> bytes | Diagnostic:
        """Read a picture and check it against its digest."""

    def put(self, record: Record, data: bytes) -> Record | None:
        """Keep a picture for ever, and give the one that is kept if it may be another's.

        Raises `OSError` when it cannot be kept.
        """

    def records(self) -> Iterator[Record]:
        """Read all sidecars that can be read, in the order of their keys."""

    def ready(self) -> Diagnostic | None:
        """Say why nothing may be bought now, or nothing. Raises `OSError`."""

    def note_file(self, data: bytes, record: Record) -> None:
        """Note that a file of these bytes, made from a picture, was put among the author's own.

        Raises `OSError`.
        """

    def knows_file(self, data: bytes) -> bool:
        """Whether a file of these bytes was made from a picture: then it may be replaced."""

    def unsynced(self) -> Diagnostic | None:
        """Say what is kept on this machine alone, and should be elsewhere as well."""
