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


_DIGITS = 11
"""Of a question's key in the name of its file, since Windows takes no long paths."""


def alts_folder(settings: Settings) -> Path:
    """Return the folder of answers; the emulator's are never taken for a model's."""
    return (settings.owned if settings.server.emulated else settings.cache) / "alts"


def alts_journals(settings: Settings) -> tuple[Path, ...]:
    """Return the folder of the journal of questions, and that of earlier versions."""
    if settings.server.emulated:
        return (settings.owned / "q",)  # beside the answers: a path must be short
    folder = alts_folder(settings)
    return folder / "j", folder / "journal"


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """The answers in a folder, a file each."""

    folder: Path

    def words(self, key: str) -> str | None:
        """Return the words that a question was answered with, or None."""
        if not _KEY.fullmatch(key):
            return None
        return self._words_in(self.file(key).name, key) or self._words_in(f"{key}.json", key)

    def _words_in(self, name: str, key: str) -> str | None:
        try:
            value = read_json(regular_files.read_below(self.folder, name, _MAX_BYTES))
        except (OSError, ValueError):
            return None  # none, or nothing that was written here
        if not isinstance(value, Mapping) or value.get("key", key) != key:
            return None
        words = value.get("words")
        return words if isinstance(words, str) and words else None

    def keep(self, key: str, words: str, model: str) -> None:
        """Write the words of an answer. Raises `OSError`."""
        atomic_files.make_folder(self.folder)
        text = json.dumps({"words": words, "model": model, "key": key}, ensure_ascii=False)
        atomic_files.write(self.file(key), text.encode("utf-8", "backslashreplace"))

    def file(self, key: str) -> Path:
        """Return the file of an answer."""
        return self.folder / f"{key[:_DIGITS]}.json"
