"""The names of the journal's files, and of the folders in which answers are put aside.

Windows takes 259 characters of a path, so all names are short. An entry's name has eight
characters: the first three of the key, by which a listing finds what may be of that key, and five
at random, which a stranger does not know. The key itself is in the intent. Earlier versions named
entries `KEY.TIME` and the folders by whole words: such files are read wherever they lie, and keep
their names. Pure, but for the random characters.
"""

import re
from collections.abc import Callable
from pathlib import Path

JOURNAL = "journal"
"""The folder of the journal in the cache."""
EMULATED_JOURNAL = "j"
"""The folder of its journal in the emulator's folder."""
UNKNOWN, UNREADABLE, REFUSED, ASIDE = "due", "raw", "no", "2nd"
"""The folders of requests whose unknown outcome was told, of answers that could not be read, of the
model's refusals, and of answers for pictures that were stored already."""
EARLIER = {UNKNOWN: "unknown", UNREADABLE: "unreadable", REFUSED: "refused", ASIDE: "aside"}
"""How earlier versions named those folders."""
JOBS = "jobs"
"""The folder of batch jobs."""
JOB_FOLDERS = (JOBS, "batches")
"""That folder, and as earlier versions named it."""
_ENTRY_NAME = r"[0-9a-f]{3}[0-9a-z]{5}|[0-9a-f]{64}\.[0-9a-f]{1,32}"
LONGEST = f"{UNKNOWN}/{'0' * 8}.answer"
"""A path below a journal as long as the longest that this version makes there."""
_EARLIER_NAME = r"([0-9a-f]{64})\."
_OF_KEY, _RANDOM = 3, 5
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGITS = 8


def new_name(key: str, is_taken: Callable[[str], bool]) -> str:
    """Return a name for an entry of a key that no other entry has."""
    import secrets  # loaded where something is bought

    while True:
        name = key[:_OF_KEY] + "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM))
        if not is_taken(name):
            return name


def is_entry(stem: str) -> bool:
    """Return whether files with this stem are named as those of an entry are."""
    return re.fullmatch(_ENTRY_NAME, stem) is not None


def may_be_of(name: str, key: str) -> bool:
    """Return whether a file with this name may belong to an entry of a key; its intent tells."""
    earlier = re.match(_EARLIER_NAME, name)
    return name[:_OF_KEY] == key[:_OF_KEY] if earlier is None else earlier[1] == key


def beginning(name: str) -> str:
    """Return what the name of an entry's file has of its key, also one of an earlier version.

    So a folder with thousands of entries is held against thousands of keys by a set of these.
    """
    return name[:_OF_KEY]


def key_in(name: str) -> str:
    """Return the key that the name of a file tells, as those of earlier versions do, or empty."""
    found = re.match(_EARLIER_NAME, name)
    return "" if found is None else found[1]


def refusal_name(key: str) -> str:
    """Return the name of a refusal's files, without their endings.

    Another key that begins alike has its whole name instead: the file tells the key.
    """
    return key[:_DIGITS]


def folders(journal: Path, name: str) -> tuple[Path, Path]:
    """Return the folder of that name in a journal, and as earlier versions named it."""
    return journal / name, journal / EARLIER[name]


def is_aside(folder: Path, name: str) -> bool:
    """Return whether a folder is that of that name, also as earlier versions named it."""
    return folder.name in (name, EARLIER[name])
