"""Find what was paid, or may have been, and is not in stock.

In: the journal's folder. Out: requests of unknown outcome, and raw answers in the journal's folders
and in temporary folders, into which an answer goes when the journal's disk is full. A temporary
folder is read only if it belongs to this user, since others may write beside it; no link in it is
followed.
"""

import glob
import os
import re
import stat
import tempfile
from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import counted
from mkdocs_gemini_images.core.files import atomic_files, held_files, regular_files
from mkdocs_gemini_images.core.files.disk_sync import sync_folder
from mkdocs_gemini_images.generation.journal import half_answers
from mkdocs_gemini_images.generation.journal.intent import (
    MAX_INTENT_BYTES,
    Intent,
    command_to_adopt,
    read_intent,
)

UNKNOWN = "unknown"
"""The folder of requests whose unknown outcome was told, in the journal's folder."""
ENTRY_NAME = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{1,32}")
_PREFIX = "gemini-images-"
_JOURNAL, STOCK = "journal", "stock"
"""Links in a temporary folder that name where its answer belongs. They are never followed."""
_KEY = re.compile(r"[0-9a-f]{64}(?=\.)")


@dataclass(frozen=True, slots=True)
class UnknownOutcome:
    """A request that may have been billed, and whose answer did not arrive or is lost."""

    name: str
    """The name of its entry in the journal."""
    price: float = 0.0
    """USD it was expected to cost."""
    time: str = ""
    earlier: bool = True
    """Whether an earlier build sent it."""

    @property
    def key(self) -> str:
        """The key of the request."""
        return self.name[:64]


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """A whole answer of an earlier build whose picture could not be stored."""

    path: Path
    intent: Intent
    why: str

    def __str__(self) -> str:
        """Say where the answer is, and what to do about it."""
        adopt = command_to_adopt(self.intent.id, self.path)
        fix = f"make room, and the next build takes it; or {adopt}"
        paid = f"its paid answer (about ${self.intent.price or 0.0:.2f})"
        return f"{paid} waits in {self.path} ({self.why}); {fix}"


def places() -> tuple[Path, ...]:
    """Return the folders in which an answer may be put aside, the first choice first.

    Which one the system chooses may change with the room on each disk. The current folder, its last
    resort, is left out: a repository may bring folders of such names.
    """
    chosen = [Path("/tmp"), Path("/var/tmp")]  # noqa: S108 (each folder is our own)
    with suppress(OSError):  # where no disk has room
        if (first := Path(tempfile.gettempdir())) != Path.cwd():
            chosen.insert(0, first)
    return tuple(dict.fromkeys(chosen))


def make_temporary_folder(place: Path, name: str, journal: Path, stock: Path) -> Path:
    """Return a new folder for the answer of an entry, which names its journal and its stock.

    Raises `OSError`.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{name[:12]}-", dir=place))
    with suppress(OSError):  # a system without links: the journal still finds it
        (folder / _JOURNAL).symlink_to(journal.absolute())
        (folder / STOCK).symlink_to(stock.absolute())
    return folder


def note(journal: Path, name: str, folder: Path) -> None:
    """Note where the answer of an entry lies, for builds with another temporary folder.

    The note is a link that is never followed: it has room on many a full disk. Where it has none,
    the folder is found by its name.
    """
    with suppress(OSError):
        _note(journal, name).symlink_to(folder)
        sync_folder(journal)


def answer_of(journal: Path, name: str) -> Path | None:
    """Return the answer of an entry that lies whole in a temporary folder of ours, or None."""
    folders = _all_folders()
    with suppress(OSError):
        folders.insert(0, _note(journal, name).readlink())
    answers = (folder / f"{name}.answer" for folder in folders)
    return next((answer for answer in answers if is_temporary(answer)), None)


def has_any(journal: Path) -> bool:
    """Return whether earlier requests have left a temporary folder, or an intent without answer."""
    folders = (journal, journal / UNKNOWN)
    return any(any(folder.glob("*.intent")) for folder in folders) or bool(_all_folders())


def bring_back(journal: Path, stock: Path) -> None:
    """Write the intents of answers in temporary folders into a journal that does not have them.

    Its owner may have emptied the cache, to make room; or the answer is that of another cache of
    the same stock, whose journal is then left without it. Only the holder of the stock's lock may
    call this.
    """
    for folder in _all_folders():
        with suppress(OSError):  # no folder of this stock, or no room
            if (folder / STOCK).readlink() != stock.absolute():
                continue
            for answer in _answers_in([folder]):
                intent = journal / f"{answer.stem}.intent"
                if not intent.exists():
                    data = regular_files.read(answer.with_suffix(".intent"), MAX_INTENT_BYTES)
                    atomic_files.write(intent, data)
                    other = (folder / _JOURNAL).readlink() / intent.name
                    if other != intent.absolute():
                        held_files.remove(other)


def is_temporary(answer: Path) -> bool:
    """Return whether an answer of this user lies in a temporary folder that a build has made."""
    folder = answer.parent
    named = folder.is_absolute() and folder.name.startswith(_PREFIX)
    whole = answer.suffix == ".answer" and ENTRY_NAME.fullmatch(answer.stem) is not None
    return named and whole and _is_ours(folder, stat.S_ISDIR) and _is_ours(answer)


def remove_temporary(journal: Path, answer: Path) -> None:
    """Remove an answer that is durable elsewhere from its temporary folder, and its note.

    What others have put into that folder stays.
    """
    with suppress(OSError):
        for ending in (".answer", ".intent"):
            held_files.remove(answer.with_suffix(ending))
        held_files.remove(_note(journal, answer.stem))
        for link in (answer.parent / _JOURNAL, answer.parent / STOCK):
            if link.is_symlink():
                link.unlink()
        answer.parent.rmdir()


def put_told_aside(journal: Path, names: Iterable[str]) -> None:
    """Put aside the intents of requests whose author was told; one that stays is told again."""
    for name in names:
        with suppress(OSError):
            regular_files.check_folder(journal, journal / UNKNOWN)
            atomic_files.make_folder(journal / UNKNOWN)
            half_answers.keep(journal, name, journal / UNKNOWN)
            held_files.replace(journal / f"{name}.intent", journal / UNKNOWN / f"{name}.intent")
            held_files.remove(_note(journal, name))


def unknown_outcomes(journal: Path, keys: Container[str] | None = None) -> list[UnknownOutcome]:
    """Return the requests of unknown outcome, told or not, of some keys or of all."""
    left = [
        each
        for each in _outcomes(journal, keys)
        if not (journal / f"{each.name}.answer").exists() and not answer_of(journal, each.name)
    ]
    return left + _outcomes(journal / UNKNOWN, keys)


def sent_before(journal: Path, keys: Container[str]) -> dict[str, str]:
    """Return by key what earlier requests may have cost, and where their answers are."""
    said: dict[str, list[str]] = {}
    by_key: dict[str, list[UnknownOutcome]] = {}
    for outcome in unknown_outcomes(journal, keys):
        by_key.setdefault(outcome.key, []).append(outcome)
    for key, found in by_key.items():
        last = f", the last one on {found[-1].time[:10]}" if found[-1].time else ""
        requests = counted(len(found), "earlier request")
        cost = f"about ${sum(each.price for each in found):.2f} may have been billed"
        said[key] = [f"{requests} brought no picture{last}; {cost} (noted in {journal})"]
        halves = (half_answers.place_of(journal, journal / UNKNOWN, each.name) for each in found)
        said[key] += [f"what arrived of an answer lies in {each}" for each in halves if each]
    for path in _answers_in(_all_folders()):
        if (key := key_of(path)) in keys:
            lies = f"an answer to it lies in {path}, which gemini-images adopt takes"
            said.setdefault(key, []).append(lies)
    return {key: "; ".join(texts) for key, texts in said.items()}


def answers(journal: Path) -> list[Path]:
    """Return the raw answers of this user that are not in stock.

    They lie in the journal, and in temporary folders, where another site's may be.
    """
    here = [path for pattern in ("*.answer", "*/*.answer") for path in journal.glob(pattern)]
    noted = (answer_of(journal, path.stem) for path in journal.glob("*.aside"))
    temporary = {*_answers_in(_all_folders()), *filter(None, noted)}
    return [*sorted(path for path in here if _is_ours(path)), *sorted(temporary)]


def key_of(answer: Path) -> str:
    """Return the key that the name of an answer's file tells, or empty."""
    found = _KEY.match(answer.name)
    return "" if found is None else found[0]


def intent_of(answer: Path, journal: Path, project: Path) -> Intent | None:
    """Return the intent of an answer, which lies beside it or in the journal, or None."""
    name = answer.stem
    for path in (answer.with_suffix(".intent"), journal / f"{name}.intent"):
        if (found := _read_intent(path, project)) is not None:
            return found
    return None


def forget(journal: Path, answer: Path) -> None:
    """Remove an answer whose picture is in stock, and what the journal has of its request.

    A file that lies elsewhere is the author's own, and stays. Raises `OSError`.
    """
    if is_temporary(answer):
        remove_temporary(journal, answer)
    elif answer.resolve().is_relative_to(journal.resolve()):
        for ending in (".answer", ".json", ".intent"):
            held_files.remove(answer.with_suffix(ending))
    else:
        return
    if ENTRY_NAME.fullmatch(answer.stem):
        for folder in (journal, journal / UNKNOWN):
            for ending in (".intent", half_answers.ARRIVING, half_answers.KEPT):
                held_files.remove(folder / f"{answer.stem}{ending}")
        held_files.remove(_note(journal, answer.stem))


def _all_folders() -> list[Path]:
    """Return the folders in all places whose names are as those that builds make."""
    found = [(place, glob.glob(f"{_PREFIX}*", root_dir=place)) for place in places()]  # noqa: PTH207
    return [place / name for place, names in found for name in sorted(names)]


def _answers_in(folders: Iterable[Path]) -> list[Path]:
    """Return the answers in temporary folders, which another process may remove at any moment."""
    found = [(folder, glob.glob("*.answer", root_dir=folder)) for folder in folders]  # noqa: PTH207
    return [
        path for folder, names in found for name in names if is_temporary(path := folder / name)
    ]


def _note(journal: Path, name: str) -> Path:
    return journal / f"{name}.aside"


def _outcomes(folder: Path, keys: Container[str] | None) -> list[UnknownOutcome]:
    """Return the intents in a folder as outcomes, the oldest first."""
    found = []
    for path in folder.glob("*.intent"):
        wanted = keys is None or path.name[:64] in keys
        if wanted and ENTRY_NAME.fullmatch(path.stem) and _is_ours(path):
            intent = _read_intent(path, folder)
            price, time = (intent.price or 0.0, intent.time) if intent else (0.0, "")
            found.append(UnknownOutcome(path.stem, price, time))
    return sorted(found, key=lambda each: (each.time, each.name))


def _read_intent(path: Path, project: Path) -> Intent | None:
    """Return the intent in a file, or None for a file that is none of ours."""
    try:
        intent, _ = read_intent(regular_files.read(path, MAX_INTENT_BYTES), path.stem, project)
    except (OSError, ValueError):
        return None
    return intent


def _is_ours(path: Path, is_kind: Callable[[int], bool] = stat.S_ISREG) -> bool:
    """Return whether a regular file, or a folder, belongs to this user; a link is neither."""
    try:
        facts = path.lstat()
    except OSError:
        return False
    return is_kind(facts.st_mode) and (not hasattr(os, "getuid") or facts.st_uid == os.getuid())
