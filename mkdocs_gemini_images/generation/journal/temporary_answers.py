"""Keep whole answers in temporary folders while the journal's disk is full.

In: the journal's folder, and the name of an entry. Out: where its answer lies. A temporary folder
is read only if it belongs to this user, since others may write beside it; no link in it is
followed.
"""

import os
import stat
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images.core.files import atomic_files, held_files, regular_files
from mkdocs_gemini_images.core.files.disk_sync import sync_folder
from mkdocs_gemini_images.generation.journal import names
from mkdocs_gemini_images.generation.journal.intent import MAX_INTENT_BYTES

NOTE = ".aside"
"""How the name of a link in the journal ends that says in which folder an answer lies."""
_PREFIX = "gemini-images-"
_JOURNAL, STOCK = "journal", "stock"
"""Links in a temporary folder that name where its answer belongs. They are never followed."""


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
    # Other users see the folder's name, and do not learn the random part of the entry's from it.
    prefix = f"{_PREFIX}{names.beginning(name)}-"
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
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
    intent = journal / f"{name}.intent"
    return next((each for each in answers if is_temporary(each) and _is_for(each, intent)), None)


def _is_for(answer: Path, intent: Path) -> bool:
    """Return whether an answer in a temporary folder is that of an intent, if both are there."""
    try:
        there = regular_files.read(intent, MAX_INTENT_BYTES)
        return regular_files.read(answer.with_suffix(".intent"), MAX_INTENT_BYTES) == there
    except OSError:
        return True


def has_any(journal: Path) -> bool:
    """Return whether earlier requests have left a temporary folder, or an intent without answer."""
    folders = (journal, *names.folders(journal, names.UNKNOWN))
    return any(any(folder.glob("*.intent")) for folder in folders) or bool(_all_folders())


def bring_back(journal: Path, stocks: Iterable[Path]) -> None:
    """Write the intents of answers in temporary folders into a journal that does not have them.

    Its owner may have emptied the cache, to make room; or the answer is that of another cache of
    the same stock, whose journal is then left without it. `stocks` are the folder of the stock, and
    those that earlier versions had in its place. Only the holder of the stock's lock may call this.
    """
    homes = {stock.absolute() for stock in stocks}
    for folder in _all_folders():
        with suppress(OSError):  # no folder of this stock, or no room
            if (folder / STOCK).readlink() not in homes:
                continue
            for answer in filter(is_temporary, (folder / name for name in _names(folder))):
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
    whole = answer.suffix == ".answer" and names.is_entry(answer.stem)
    return named and whole and is_ours(folder, stat.S_ISDIR) and is_ours(answer)


def remove(journal: Path, answer: Path) -> None:
    """Remove an answer that is durable elsewhere from its temporary folder, and its note.

    What others have put into that folder stays.
    """
    with suppress(OSError):
        for ending in (".answer", ".intent"):
            held_files.remove(answer.with_suffix(ending))
        forget_note(journal, answer.stem)
        for link in (answer.parent / _JOURNAL, answer.parent / STOCK):
            if link.is_symlink():
                link.unlink()
        answer.parent.rmdir()


def _all_folders() -> list[Path]:
    """Return the folders in all places whose names are as those that builds make."""
    found = [(place, name) for place in places() for name in sorted(_names(place))]
    return [place / name for place, name in found if name.startswith(_PREFIX)]


def all_answers() -> list[Path]:
    """Return the answers in all temporary folders of this user, of any site."""
    files = [folder / name for folder in _all_folders() for name in _names(folder)]
    return [path for path in files if is_temporary(path)]


def _names(folder: Path) -> list[str]:
    """Return the names in a folder, which another process may remove at any moment."""
    try:
        return os.listdir(folder)  # noqa: PTH208 (names alone)
    except OSError:
        return []


def forget_note(journal: Path, name: str) -> None:
    """Remove the note of where the answer of an entry lies, if there is one. Raises `OSError`."""
    held_files.remove(_note(journal, name))


def _note(journal: Path, name: str) -> Path:
    return journal / f"{name}{NOTE}"


def is_ours(path: Path, is_kind: Callable[[int], bool] = stat.S_ISREG) -> bool:
    """Return whether a regular file, or a folder, belongs to this user; a link is neither."""
    try:
        facts = path.lstat()
    except OSError:
        return False
    return is_kind(facts.st_mode) and (not hasattr(os, "getuid") or facts.st_uid == os.getuid())
