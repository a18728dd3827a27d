"""Keep what arrived of an answer whose rest did not, or whose name could not be given to it.

It is paid for, so it lies beside its intent until the author was told of that, and then beside the
intent in the folder of told ones. In: the journal's folder, and the name of an entry. Out: where it
lies, for messages.
"""

import stat
from pathlib import Path

from mkdocs_gemini_images.core.files import atomic_files, held_files
from mkdocs_gemini_images.generation.journal import names

ARRIVING = ".part"
"""How the name of an answer ends while it arrives."""
KEPT = ".half"
"""How it ends in the folder of requests whose unknown outcome was told."""


def has_arrived(file: Path) -> bool:
    """Return whether a regular file holds a part of an answer."""
    try:
        facts = file.lstat()
    except OSError:
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_size > 0


def keep(journal: Path, name: str, folder: Path) -> None:
    """Move what arrived of an entry's answer into a folder that is there, and remove an empty file.

    Raises `OSError`.
    """
    if has_arrived(part := journal / f"{name}{ARRIVING}"):
        held_files.replace(part, folder / f"{name}{KEPT}")
    atomic_files.remove(part)


def place_of(journal: Path, name: str) -> Path | None:
    """Return where a part of an entry's answer lies, or None."""
    told = (folder / f"{name}{KEPT}" for folder in names.folders(journal, names.UNKNOWN))
    places = (journal / f"{name}{ARRIVING}", *told)
    return next((place for place in places if has_arrived(place)), None)
