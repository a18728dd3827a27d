"""How the two files of a picture are named: by its whole key, or by the key's first digits.

A stock has whole keys. Windows takes 259 characters of a path, so a folder in the cache has the
first digits alone, and the sidecar tells the whole key. A pair there is still named by its whole
key where another key that begins alike has the short name, or where an earlier version named it.
"""

import os
import re
from collections.abc import Collection
from pathlib import Path

WHOLE = 64
"""The digits of a key."""
SHORT = 9
"""The digits of a key in the names of files in the cache."""
PICTURES = ("png", "jpg", "webp")
SIDECAR = "json"
_ENTRY = rf"([0-9a-f]+)\.({'|'.join((SIDECAR, *PICTURES))})"


def entries(folder: Path, digits: int) -> list[tuple[str, str]]:
    """Return stem and kind of each file that has the name of a sidecar or a picture.

    `digits` is how many of a key the folder's names have; whole keys are names in every folder.
    """
    try:
        names = os.listdir(folder)  # noqa: PTH208 (names alone, of many)
    except OSError:
        return []
    entry = re.compile(_ENTRY)
    found = (entry.fullmatch(name) for name in names)
    return sorted((each[1], each[2]) for each in found if each and len(each[1]) in (digits, WHOLE))


def is_one_of(stem: str, keys: Collection[str | None]) -> bool:
    """Return whether files of that name may be those of one of the keys."""
    return stem in keys or any(key is not None and key.startswith(stem) for key in keys)


def is_taken(folder: Path, stem: str) -> bool:
    """Return whether a folder has a file of a pair with this stem."""
    kinds = (SIDECAR, *PICTURES)
    return any(os.path.lexists(f"{folder}/{stem}.{kind}") for kind in kinds)
