"""Where the journal of a site lies, and whether earlier builds have left anything in it.

In: the settings, or the journal's folder. Loads nothing of the journal itself: most builds find it
empty, and begin sooner.
"""

import os
from contextlib import suppress
from pathlib import Path

from mkdocs_gemini_images import __version__
from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.generation.journal import names

_LEFT = (".answer", ".part", ".done")
"""The ends of the names of what a build that was broken off leaves behind, beside its intents."""


def journal_folder(settings: Settings) -> Path:
    """Return the folder of the journal.

    Answers of the emulator and of the API are never recovered as the other's.
    """
    if settings.server.emulated:
        return settings.owned / names.EMULATED_JOURNAL
    return settings.cache / names.JOURNAL


def is_pending(journal: Path) -> bool:
    """Return whether earlier builds have left anything in the journal to recover or to tell."""
    there = list[str]()
    with suppress(PermissionError):
        if journal.is_dir():
            there = os.listdir(journal)  # noqa: PTH208 (names alone)
    # A `.part` may be of a file that was not written whole, which `recover` removes.
    if any(".intent" in name or name.endswith(_LEFT) for name in map(os.path.normcase, there)):
        return True
    kept = [each for each in names.folders(journal, names.UNREADABLE) if each.is_dir()]
    if not kept:
        return False
    from mkdocs_gemini_images.generation.journal.unreadable_answers import read_by

    return any(read_by(each) != __version__ for each in kept)
