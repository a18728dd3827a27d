"""Remember which requests are sent again only when a person asks for it.

Those are what the model refused, and what failed in a batch job. In: the journal's folder and a
key. Out: why, and when; or a small file that says so for a week. The files
are untrusted input, as those of the journal are.
"""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.core.diagnostics import message_of
from mkdocs_gemini_images.core.files import atomic_files, regular_files
from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.generation.journal import names

_REMEMBERED = 7 * 86400.0
"""Seconds for which such a request is not sent again."""
_MAX_REFUSAL_BYTES = 64 * 2**10


def write_refusal(journal: Path, key: str, what: str) -> str:
    """Record why a request is sent again only when a person asks for it, and return the name.

    The answer is to have that name as well. Raises `OSError`.
    """
    folder = journal / names.REFUSED
    regular_files.check_folder(journal, folder)
    atomic_files.make_folder(folder)
    name = names.refusal_name(key)
    if _key_of(_value(journal, f"{names.REFUSED}/{name}.json")) not in ("", key):
        name = key  # another key begins alike
    told = json.dumps({"what": what, "time": time.time(), "key": key})
    atomic_files.write(folder / f"{name}.json", told.encode())
    return name


def read_refusal(journal: Path, key: str) -> str | None:
    """Return why a request is not sent again, and when it was answered, or None."""
    now, earlier = names.REFUSED, names.EARLIER[names.REFUSED]
    if _key_of(value := _value(journal, f"{now}/{names.refusal_name(key)}.json")) == key:
        return _said(value)
    return _said(_value(journal, f"{now}/{key}.json") or _value(journal, f"{earlier}/{key}.json"))


def _value(journal: Path, path: str) -> Mapping[str, Any]:
    """Return what a file says; nothing where there is none, or none that we have written."""
    try:
        value = read_json(regular_files.read_below(journal, path, _MAX_REFUSAL_BYTES))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, Mapping) else {}


def _key_of(value: Mapping[str, Any]) -> str:
    return str(value.get("key", ""))


def _said(value: Mapping[str, Any]) -> str | None:
    """Return why and when a request was refused, unless that is too long ago."""
    try:
        what, at = message_of(value["what"]), float(value["time"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None  # incomplete: it is written again when the request fails again
    if not 0 <= time.time() - at < _REMEMBERED:
        return None
    return f"{what} (answered on {time.strftime('%Y-%m-%d', time.gmtime(at))})"
