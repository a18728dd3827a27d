"""Keep the requests that are under way, and their answers, until the pictures are in stock.

An intent is written before its request is sent; the answer's bytes go to another file as they
arrive, and are durable under their final name before they are parsed. After an interrupted build
the next holder of the generator's lock finds here answers to recover without a further request, and
intents without an answer, which count as billed since their outcome is unknown. They stay until
they are told, and then go into a folder of their own. An answer that cannot be read stays with its
intent in another, a journal of its own. names.py has the names of all.

A repository, or a cache that a CI job restores, may bring files of these names. So a name
begins as the key does, the key is the digest of the intent's request, files are regular and
bounded, and what is otherwise stays where it is, and is told. An intent also bears a proof, an HMAC
of its name and fields under a secret in the user's state folder (`core/machine_secret.py`): this
machine wrote it.
The answer is believed by its name, whose random part a stranger does not know. Where a
build may not draw, an answer is taken in only with that proof. So a CI job takes in nothing from an
earlier job's cache unless it has that job's home, and a read-only home proves nothing: such answers
wait, and one line tells of them. Where a build may draw, one without proof is taken in too: it may
come from an earlier version or another machine, the alternative is to pay for its picture a second
time, and the picture is new in the stock when its owner commits. Where pictures are published or
shared before a person sees them, on a CI machine or in a bucket, the command to draw is needed to
take it in, and meanwhile it is not bought again.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.generation.journal import half_answers, refusals
from mkdocs_gemini_images.generation.journal.entry import DONE, ENDINGS, JournalEntry
from mkdocs_gemini_images.generation.journal.intent import (
    MAX_INTENT_BYTES,
    ForeignIntent,
    IncompleteIntent,
    Intent,
    intent_bytes,
    read_intent,
)
from mkdocs_gemini_images.generation.journal.names import (
    EARLIER,
    REFUSED,
    UNREADABLE,
    folders,
    is_entry,
    new_name,
)
from mkdocs_gemini_images.generation.journal.unreadable_answers import unreadable_answers
from mkdocs_gemini_images.store.record import DIGEST


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """What an earlier build left of one request: its intent, and its answer if that arrived."""

    intent: Intent
    answer: Path | None
    proven: bool = False
    """Whether this machine has written the intent."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file of the journal that is not as we write it, and what was found there."""

    name: str
    found: str


class Journal:
    """A folder of intents and answers.

    Only the holder of the generator's lock writes to it, except to note what was told.
    `project` is the folder of the site, which may have brought files of the journal along.
    """

    def __init__(
        self, folder: Path, project: Path | None = None, parent: Path | None = None
    ) -> None:
        self.folder = folder
        self._parent = parent or folder
        self._project = project or folder
        self._unreadable, self._refused = (
            tuple(map(str, folders(folder, name))) for name in (UNREADABLE, REFUSED)
        )
        self.begun = set[str]()
        """The keys of the requests for which this object has written an intent."""

    def begin(self, intent: Intent) -> "JournalEntry":
        """Write a durable intent to send a request, and return its entry. Raises `OSError`."""
        entry = self._entry(new_name(intent.key, self._is_taken))
        atomic_files.write(entry.intent, intent_bytes(intent, entry.name, self._project))
        self.begun.add(intent.key)
        return entry

    def _is_taken(self, name: str) -> bool:
        """Return whether an entry's files would replace others, now or once they are put aside.

        Each file is asked for by its name: a listing would grow with what earlier builds left.
        """
        places = (str(self.folder), *(f"{self.folder}{os.sep}{each}" for each in EARLIER))
        return any(
            os.path.lexists(f"{place}{os.sep}{name}{ending}")
            for place in places
            for ending in ENDINGS
        )

    def _entry(self, name: str) -> "JournalEntry":
        return JournalEntry(self.folder, name, self._parent)

    def left(self) -> Iterator[tuple["JournalEntry", PendingEntry] | RefusedFile]:
        """Yield what earlier builds left, and remove intents whose request was never sent."""
        names = _names(self.folder)
        for name in sorted(names):
            stem = name.removesuffix(DONE).removesuffix(".intent")
            if name.endswith(DONE) and is_entry(stem):
                self._entry(stem).forget()
                names -= {name, f"{stem}.answer"}
        for name in sorted(names):
            stem, _, ending = name.rpartition(".")
            if ending == "part" and is_entry(stem) and f"{stem}.intent" not in names:
                self._entry(stem).keep_part()
            if ending == "answer" and f"{stem}.intent" not in names:
                yield RefusedFile(name, "an answer without its intent")
            if ending != "intent":
                continue
            entry, has_answer = self._entry(stem), f"{stem}.answer" in names
            try:
                if not is_entry(stem):
                    raise ForeignIntent("a name that this plugin does not use")
                if entry.is_kept():
                    entry.keep_intent()
                    continue
                raw = regular_files.read(entry.intent, MAX_INTENT_BYTES)
                intent, proven = read_intent(raw, stem, self._project)
            except IncompleteIntent as error:
                # An intent is durable before its request is sent: the request of an incomplete
                # intent was not sent. If it has an answer, the file was damaged later; the answer
                # is paid, so both files stay.
                if has_answer:
                    yield RefusedFile(name, str(error))
                else:
                    entry.forget()
            except ForeignIntent as error:
                yield RefusedFile(name, str(error))
            except OSError as error:
                if os.path.lexists(entry.intent):  # another process may have told of it
                    yield RefusedFile(name, str(error.strerror))
            else:
                yield entry, PendingEntry(intent, entry.answer if has_answer else None, proven)

    def unreadable(self) -> list["Journal"]:
        """Return the journals of answers that could not be read."""
        places = folders(self.folder, UNREADABLE)
        return [Journal(each, self._project, self.folder) for each in places if each.is_dir()]

    def refusal(self, key: str) -> str | None:
        """Return why a request is not sent again, or None: what it was answered with, and when.

        What the model refused counts for a week, an answer that cannot be read while it is kept.
        """
        if not DIGEST.fullmatch(key):
            return None
        # A plan asks this of every request: no `Path` is made for a folder that is not there.
        if any(map(os.path.isdir, self._unreadable)):
            for kept in unreadable_answers(self.folder, self._project, key):
                return f"{kept} (answered on {kept.intent.time[:10]})"
        has_refusals = any(map(os.path.isdir, self._refused))
        return refusals.read_refusal(self.folder, key) if has_refusals else None


def _names(folder: Path) -> frozenset[str]:
    """Return the names of the files in a folder that end as an entry's do."""
    endings = (".intent", ".answer", half_answers.ARRIVING, DONE)
    try:
        listed = os.listdir(folder)  # noqa: PTH208 (names alone, of many)
    except FileNotFoundError:
        return frozenset()
    return frozenset(name for name in listed if name.endswith(endings))
