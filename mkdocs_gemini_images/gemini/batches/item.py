"""Read one answer of a batch job: a line of a file, or an object in a list.

In: its bytes. Out: the key of the request, and whether it is an answer. The bytes of an answer are
handed on as they are: `read_answer` finds the picture in them. An error inside a job has a number
of google.rpc in place of an HTTP status, and is written anew with both. Pure.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_gemini_images.core.untrusted_json import read_json
from mkdocs_gemini_images.gemini.answers import framings
from mkdocs_gemini_images.gemini.answers.answer import MAX_ANSWER_BYTES
from mkdocs_gemini_images.gemini.answers.envelopes import as_object, get
from mkdocs_gemini_images.gemini.answers.long_texts import LongTexts
from mkdocs_gemini_images.gemini.failure import Failure
from mkdocs_gemini_images.gemini.failure_reasons import refused_answer

_TOO_LARGE = refused_answer(f"the answer is larger than {MAX_ANSWER_BYTES // 2**20} MB")
_SEEN_KEY = re.compile(rb'"key"\s*:\s*"([A-Za-z0-9._:-]{1,128})"')
_ENDS = 4096
"""Bytes at both ends of a broken item in which its key is looked for."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What a job says to one of its requests."""

    key: str
    raw: bytes
    """The item as it came, for `read_answer`; the beginning alone where `failure` is set."""
    failure: Failure | None = None
    """Why the item is not to be read, or None."""


@dataclass(frozen=True, slots=True)
class ResultItem:
    """One item of a job's results, read as far as is needed to hand it on."""

    key: str
    """Empty where it has none."""
    is_answer: bool
    """Whether it holds a response; else it is an error, or broken."""
    error: bytes = b""
    """An error in the shape of the API's own, for `read_answer`; empty where it is none."""


def read_item(raw: bytes, keys: Collection[str]) -> ResultItem:
    """Return whose answer an item is. `keys` are those that were asked for.

    A broken item is known by a key that stands alone at one of its ends: it was paid for, and a
    later version may read it.
    """
    try:
        value = as_object(read_json(LongTexts(framings.in_utf8(raw)).small))
    except ValueError:
        return ResultItem(_seen_key(raw, keys), is_answer=False)
    key = get(value, "key")
    if not isinstance(key, str):
        key = get(as_object(get(value, "metadata")), "key")
    key = key if isinstance(key, str) else ""
    if isinstance(get(value, "response"), dict) and not get(value, "error"):
        return ResultItem(key, is_answer=True)
    return ResultItem(key, is_answer=False, error=_error(value))


def too_large(key: str, head: bytes) -> ItemAnswer:
    """Return the answer of an item that is larger than any answer; `head` is its beginning."""
    return ItemAnswer(key, head, _TOO_LARGE)


_STATUSES = {
    3: (400, "INVALID_ARGUMENT"), 5: (404, "NOT_FOUND"), 7: (403, "PERMISSION_DENIED"),
    8: (429, "RESOURCE_EXHAUSTED"), 9: (400, "FAILED_PRECONDITION"), 13: (500, "INTERNAL"),
    14: (503, "UNAVAILABLE"), 16: (401, "UNAUTHENTICATED"),
}  # fmt: skip
"""The HTTP status and the name of the numbers of google.rpc that name a cause."""


def _error(value: Mapping[str, Any]) -> bytes:
    error = get(value, "error") or get(value, "status")
    if not isinstance(error, dict) or get(value, "response"):
        return b""
    written = {name: error[name] for name in ("code", "message", "status") if name in error}
    number = error.get("code")
    if type(number) is int and number in _STATUSES:
        status, name = _STATUSES[number]
        written |= {"code": status, "status": name, "message": error.get("message") or name}
    return json.dumps({"error": written}).encode()


def _seen_key(raw: bytes, keys: Collection[str]) -> str:
    ends = (raw[:_ENDS], raw[-_ENDS:])
    seen = {found[1].decode() for end in ends for found in _SEEN_KEY.finditer(end)}
    asked = seen.intersection(keys)
    return asked.pop() if len(asked) == 1 else ""
