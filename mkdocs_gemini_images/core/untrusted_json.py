"""Read JSON that a stranger may have written: a value, or `ValueError`.

Nested too deeply, a value would end a later function that walks through it; of a field that is
there twice, two readers may see different values. Both are errors here. The size is the caller's
to limit. Pure.
"""

import json
from typing import Any

MAX_NESTING = 128
"""Levels; an answer of the API, a part of which is kept, may have a hundred."""


def read_json(raw: bytes) -> Any:
    """Return the value of JSON. Raises `ValueError` with a text that quotes none of it."""
    # Most values have fewer brackets than the deepest may have levels.
    many = raw.count(b"[") + raw.count(b"{") > MAX_NESTING
    try:
        value = _DECODER.decode(raw.decode(json.detect_encoding(raw), "surrogatepass"))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if many and _is_deep(value):
        raise ValueError("it is nested too deeply")
    return value


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a field is there twice")
    return fields


_DECODER = json.JSONDecoder(object_pairs_hook=_fields)


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_NESTING):
        level = [
            inside
            for each in level
            if isinstance(each, dict | list)
            for inside in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True
