"""Keep what a text model has answered, so that the same question costs nothing again.

In: the key of a question, and the words of its answer. Out: the words, as long as the cache has
them. A cache may come from elsewhere: files are regular and bounded, and the words stay hostile.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs_gemini_images.config.settings import Settings
from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.untrusted_json import read_json

_MAX_BYTES = 64 * 2**10
_KEY = re.compile(r"[0-9a-f]{64}")


def alts_folder(settings: Settings) -> Path:
    """Return the folder of answers; the emulator's are never taken for a model's."""
    return (settings.owned if settings.server.emulated else settings.cache) / "alts"


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """The answers in a folder, a file each."""

    folder: Path

    def words(self, key: str) -> str | None:
        """Return the words that a question was answered with, or None."""
        if not _KEY.fullmatch(key):
            return None
        try:
            value = read_json(regular_files.read_below(self.folder, f"{key}.json", _MAX_BYTES))
        except (OSError, ValueError):
            return None  # none, or nothing that was written here
        words = value.get("words") if isinstance(value, Mapping) else None
        return words if isinstance(words, str) and words else None

    def keep(self, key: str, words: str, model: str) -> None:
        """Write the words of an answer. Raises `OSError`."""
        atomic_files.make_folder(self.folder)
        text = json.dumps({"words": words, "model": model}, ensure_ascii=False)
        file = self.folder / f"{key}.json"
        atomic_files.write(file, text.encode("utf-8", "backslashreplace"))
