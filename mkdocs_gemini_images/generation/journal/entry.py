"""The files of one request in the journal: its intent, and its answer as that arrives.

In: the steps of a request. Effects: each step is durable before its method returns. Begin reading
at journal.py, which says what the files mean to later builds.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mkdocs_gemini_images.core.files import atomic_files, held_files, regular_files
from mkdocs_gemini_images.core.files.disk_sync import sync_file, sync_folder
from mkdocs_gemini_images.generation.journal import half_answers, refusals
from mkdocs_gemini_images.generation.journal.names import (
    ASIDE,
    REFUSED,
    UNKNOWN,
    UNREADABLE,
    folders,
)

if TYPE_CHECKING:  # a build that draws nothing does not load it
    from mkdocs_gemini_images.gemini.failure import Failure

DONE = ".done"
"""How the name of an intent ends whose files are being removed; or `.intent.done`, as earlier
releases have it."""
ENDINGS = (
    ".intent", ".answer", ".json", ".aside", half_answers.ARRIVING, half_answers.KEPT, DONE,
)  # fmt: skip
"""How the names of an entry's files end, in the journal and in the folders aside."""


class JournalEntry:
    """The files of one request, in a folder of the journal `journal`; mostly in that itself."""

    def __init__(self, folder: Path, name: str, journal: Path | None = None) -> None:
        self.folder = folder
        self._journal = journal or folder
        self.name = name
        self._part: BinaryIO | None = None
        self.intent = folder / f"{name}.intent"
        self.answer = folder / f"{name}.answer"
        self.part = folder / f"{name}{half_answers.ARRIVING}"
        """What has arrived of the answer."""

    def sink(self, pieces: Iterable[bytes]) -> None:
        """Append pieces of the answer, which need not be durable yet. Raises `OSError`."""
        if self._part is None:
            self._part = self.part.open("wb")
        self._part.writelines(pieces)

    def sync(self) -> None:
        """Force to disk what has arrived of the answer. Raises `OSError`."""
        if self._part is None:
            self.sink(())
        assert self._part is not None  # noqa: S101 (sink has just opened it)
        self._part.flush()
        sync_file(self._part.fileno())

    def begun(self, size: int) -> bytes:
        """Return the answer's first `size` bytes, which were forced to disk. Raises `OSError`."""
        path = self.answer if self.answer.exists() else self.part
        with path.open("rb") as file:
            return file.read(size)

    def arrived(self) -> Path:
        """Make the complete answer durable under its final name, and return its path.

        Raises `OSError`.
        """
        self.sync()
        assert self._part is not None  # noqa: S101 (it has just been forced to disk)
        self._part.close()
        self._part = None
        return self.complete()

    def complete(self) -> Path:
        """Give a whole answer, which is on disk, its final name, and return its path.

        Raises `OSError`.
        """
        held_files.replace(self.part, self.answer)
        sync_folder(self.folder)
        return self.answer

    def leave(self) -> None:
        """Leave the intent to be told, and put an answer without a picture aside."""
        self.close_part()
        if self.answer.exists():
            held_files.replace(self.answer, self._folder_aside(UNKNOWN) / self.answer.name)

    def discard_part(self) -> None:
        """Remove the part of the answer that has arrived. Raises `OSError`."""
        self._close()
        atomic_files.remove(self.part)

    def keep_part(self) -> None:
        """Put what has arrived beside the intents that were told: its own is there, or gone.

        Raises `OSError`.
        """
        half_answers.keep(self.folder, self.name, self._folder_aside(UNKNOWN))

    def close_part(self) -> None:
        """Leave the part of the answer that has arrived, if there is any. Raises `OSError`."""
        self._close()
        if not half_answers.has_arrived(self.part):
            atomic_files.remove(self.part)

    def _close(self) -> None:
        if self._part is not None:
            # What is buffered cannot be written where the disk is full.
            with suppress(OSError):
                self._part.close()
            self._part = None

    def close(self, key: str, failure: "Failure") -> None:
        """End an entry whose request failed.

        The model's own refusal is remembered. A fault is not: what it may have cost is on record,
        with the answer if there is one, and the next build asks again. Raises `OSError`.
        """
        if failure.remembered:
            self._refuse(key, failure.what)
        elif failure.billed == "no":
            self.forget()
        else:
            self.leave()

    def _refuse(self, key: str, what: str) -> None:
        """Put the answer aside, and record for the next builds that the model refused."""
        name = refusals.write_refusal(self._journal, key, what)
        if self.answer.exists():
            held_files.replace(self.answer, self._folder_aside(REFUSED) / f"{name}.answer")
        self.forget()

    def keep(self, what: str) -> Path:
        """Keep an answer that cannot be read with its intent, and return where it is.

        Raises `OSError`.
        """
        aside = self._folder_aside(UNREADABLE)
        reason = json.dumps({"what": what}, ensure_ascii=False)
        atomic_files.write(aside / f"{self.name}.json", reason.encode("utf-8", "backslashreplace"))
        kept = held_files.replace(self.answer, aside / self.answer.name)
        self.keep_intent()
        return kept

    def is_kept(self) -> bool:
        """Return whether the answer was put aside, unreadable or a second one, but its intent not.

        A process that was killed in between leaves that.
        """
        return self._kept() is not None

    def keep_intent(self) -> None:
        """Move the intent to an answer that is kept already. Raises `OSError`."""
        aside = self._kept() or self._folder_aside(UNREADABLE)
        held_files.replace(self.intent, aside / self.intent.name)
        sync_folder(aside)

    def _kept(self) -> Path | None:
        """Return the folder into which the answer of this intent was put aside, or None."""
        places = (each for name in (UNREADABLE, ASIDE) for each in folders(self._journal, name))
        return next(
            (each for each in places if each != self.folder and (each / self.answer.name).exists()),
            None,
        )

    def _folder_aside(self, name: str) -> Path:
        """Return a folder for files that are put aside. Raises `OSError`, also for a link."""
        aside = self._journal / name
        regular_files.check_folder(self._journal, aside)
        atomic_files.make_folder(aside)
        return aside

    def forget(self) -> None:
        """Remove all files: the picture is in stock, or the request was not billed.

        The intent is renamed first, so that one without its answer never means that all was done.
        """
        self.discard_part()
        with suppress(FileNotFoundError):
            held_files.replace(self.intent, self.folder / f"{self.name}{DONE}")
        for ending in (".answer", ".aside", ".json", DONE, f".intent{DONE}"):
            atomic_files.remove(self.folder / f"{self.name}{ending}")

    def lay_aside(self) -> None:
        """Keep the answer beside the others: the stock has another picture, which came first."""
        for path in (self.answer, self.intent):
            held_files.replace(path, self._folder_aside(ASIDE) / path.name)
