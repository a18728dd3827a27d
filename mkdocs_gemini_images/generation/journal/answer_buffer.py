"""Write an answer into the journal while it arrives, or elsewhere when the disk is full.

An answer has been billed, so it is received to its end even when the disk fails meanwhile. In: the
pieces of an answer. Effect: the answer is durable in the journal, or whole in a temporary folder
that the error names and that later builds find.
"""

from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from mkdocs_gemini_images.core.files import atomic_files
from mkdocs_gemini_images.generation.journal import temporary_answers
from mkdocs_gemini_images.generation.journal.entry import JournalEntry

MAX_BUFFERED_BYTES = 4 * 2**20
"""Bytes of an answer that wait in memory to be forced to disk; most answers are smaller."""


class AnswerLostError(OSError):
    """Raised for a paid answer that no place takes."""


class AnswerBuffer:
    """Buffers the answer to the request of a key, whose picture belongs into the folder `stock`.

    What has not been forced to disk stays in memory, since some disks report only then that they
    are full. A small answer is written at once by `arrived`, which may run in another thread while
    the event loop receives other answers.
    """

    def __init__(self, entry: JournalEntry, key: str, stock: Path) -> None:
        self._entry = entry
        self._short = f"{key[:12]}…"
        self._stock = stock
        self._durable = 0
        self._pieces: list[bytes] = []
        self._size = 0
        self._error: OSError | None = None

    def sink(self, piece: bytes) -> None:
        """Take a piece of the answer; an error of the disk waits for `arrived`."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size >= MAX_BUFFERED_BYTES and self._error is None:
            try:
                self._entry.sink(self._pieces)
                self._entry.sync()
            except OSError as error:
                self._error = error
            else:
                self._durable += self._size
                self._pieces, self._size = [], 0

    def arrived(self) -> None:
        """Make the complete answer durable.

        Raises `OSError` when the journal cannot hold it; the message says where the answer is.
        Raises `AnswerLostError` when no place can.
        """
        try:
            if self._error is not None:
                raise self._error
            self._entry.sink(self._pieces)
            self._entry.sync()
        except OSError as error:
            self._put_aside(error)
        try:
            self._entry.arrived()
        except OSError as error:
            whole = f"the paid answer of {self._short} is whole in {self._entry.part}"
            raise OSError(f"{error}; {whole}: the next build stores it") from error

    def _put_aside(self, error: OSError) -> NoReturn:
        """Write the answer and its intent into a temporary folder, and raise what to tell of it."""
        name = self._entry.name
        refused: list[str] = []
        for place in temporary_answers.places():
            folder = None
            try:
                folder = temporary_answers.make_temporary_folder(
                    place, name, self._entry.folder, self._stock
                )
                self._write_into(folder)
            except OSError as found:
                refused.append(f"{place}: {found.strerror}")
                if folder is not None:
                    temporary_answers.remove(self._entry.folder, folder / f"{name}.answer")
            else:
                with suppress(OSError):  # the answer is whole elsewhere
                    self._entry.discard_part()  # which may make room for the note
                temporary_answers.note(self._entry.folder, name, folder)
                taken = "the next build stores it, once there is room"
                told = f"{error}; the paid answer of {self._short} is in {folder}: {taken}"
                raise OSError(told) from error
        with suppress(OSError):  # the message about the answer matters more
            self._entry.close_part()
        lost = f"{error}; the paid answer of {self._short} is lost, no place took it"
        raise AnswerLostError(f"{lost} ({'; '.join(refused)})") from error

    def _write_into(self, folder: Path) -> None:
        intent = self._entry.intent.read_bytes()
        with atomic_files.writing(folder / self._entry.answer.name) as file:
            file.write(self._entry.begun(self._durable) if self._durable else b"")
            file.writelines(self._pieces)
        atomic_files.write(folder / self._entry.intent.name, intent)
