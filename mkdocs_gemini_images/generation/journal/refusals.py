"""Remember which requests are sent again only when a person asks for it.

Those are what the model refused, and what failed in a batch job. In: the journal's folder and a
key. Out: why, and when; or a small file that says so for a week. The files
are untrusted input, as those of the journal are.
"""

import json
import time
from pathlib import Path

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.generation.journal import names

_REMEMBERED = 7 * 86400.0
"""Seconds for which such a request is not sent again."""
_MAX_REFUSAL_BYTES = 64 * 2**10


def write_refusal(journal: Path, key: str, what: str) -> None:
    """Record why a request is sent again only when a person asks for it. Raises `OSError`."""
    folder = journal / names.REFUSED
    regular_files.check_folder(journal, folder)
    atomic_files.make_folder(folder)
    told = json.dumps({"what": what, "time": time.time(), "key": key})
    atomic_files.write(folder / f"{names.refusal_name(key)}.json", told.encode())


def read_refusal(journal: Path, key: str) -> str | None:
    """Return why a request is not sent again, and when it was answered, or None."""
    now, earlier = names.REFUSED, names.EARLIER[names.REFUSED]
    said = _read(journal, f"{now}/{names.refusal_name(key)}.json", key)
    return said or _read(journal, f"{earlier}/{key}.json", key)


def _read(journal: Path, path: str, key: str) -> str | None:
    try:
        value = read_json(regular_files.read_below(journal, path, _MAX_REFUSAL_BYTES))
        if value.get("key", key) != key:
            return None  # another's, whose key begins alike
        what, at = message_of(value["what"]), float(value["time"])
    except OSError:
        return None  # none, or nothing that we have written
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None  # incomplete: it is written again when the request fails again
    if not 0 <= time.time() - at < _REMEMBERED:
        return None
    return f"{what} (answered on {time.strftime('%Y-%m-%d', time.gmtime(at))})"
