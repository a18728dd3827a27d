"""Reads a JSON request the way Google does: strictly, by the table of messages.

In comes the request's bytes and the name of its message; out goes a plain dict with camelCase
keys, bytes decoded, enums in capitals and nulls gone. camelCase and snake_case may be mixed, both
base64 alphabets are read with or without padding (API reference, "Field names", "Base64").
Anything else raises Refused with every violation at once, each with its snake_case path.
Never guesses, never looks at what a value means: that is what rules are for.
"""

import binascii
import json
import math
import re
from base64 import b64decode
from typing import Any

from mkdocs_gemini_images.emulator.faults import Refused, invalid, violations
from mkdocs_gemini_images.emulator.messages import ENUMS, MESSAGES, ONE_OF, Field

Message = dict[str, Any]
_PACKAGE = "type.googleapis.com/google.ai.generativelanguage.v1beta."
_SCALARS = {"string": "TYPE_STRING", "bytes": "TYPE_BYTES", "bool": "TYPE_BOOL",
            "int32": "TYPE_INT32", "float": "TYPE_FLOAT"}  # fmt: skip
_STANDARD = str.maketrans("-_", "+/")
# Half of a surrogate pair is legal JSON and no text: nothing could write it down again.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_UNREAD = object()


def load(body: bytes) -> Any:
    """Read JSON as Google does: UTF-8, no NaN; raises Refused on anything else."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_constant=_no_constant)
        if _HALF.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        said = f"Invalid JSON payload received. {type(error).__name__}: {error}"
        raise Refused(violations([("", said)])) from None
    return value


def read(message: str, value: object) -> Message:
    """Read `value` as the named message; raises Refused naming everything that does not fit."""
    reader = _Reader()
    if not isinstance(value, dict):
        raise Refused(invalid("Invalid JSON payload received. Unknown name \"\": Root element "
                              "must be a message."))  # fmt: skip
    result = reader.message(message, value, "")
    if reader.found:
        raise Refused(violations(reader.found))
    return result


def unbase64(text: str) -> bytes | None:
    """Decode standard or URL-safe base64, padded or not; None when it is neither."""
    bare = text.rstrip("=")
    if len(text) - len(bare) > 2:
        return None
    try:
        return b64decode(bare.translate(_STANDARD) + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


class _Reader:
    """One reading: walks the value and collects violations in the order they come."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def message(self, name: str, value: dict[str, object], path: str) -> Message:
        result: Message = {}
        for key, inner in value.items():
            field = MESSAGES[name].get(key)
            if field is None:
                self._unknown(key, path, "Cannot find field.")
            elif inner is not None:
                taken = ONE_OF & result.keys() if field.name in ONE_OF else ()
                if name == "Part" and taken:
                    said = f"oneof field 'data' is already set. Cannot set '{field.name}'"
                    self._invalid(path, "oneof", said)
                    continue
                read = self._field(field, key, inner, path)
                if read is not _UNREAD:
                    result[field.name] = read
        return result

    def _field(self, field: Field, key: str, value: object, path: str) -> object:
        here = f"{path}.{field.snake}" if path else field.snake
        if field.mapped:
            if not isinstance(value, dict):
                return self._invalid(here, "Map", _shown(value))
            return {k: self._value(field.type, v, f"{here}.{k}") for k, v in value.items()}
        if isinstance(value, list) and field.type != "any" and not field.repeated:
            return self._unknown(key, path, "Proto field is not repeating, cannot start list.")
        if not field.repeated:
            return self._value(field.type, value, here)
        # Google's own examples write `"parts": {"text": ...}`: a lone message is a list of one.
        if isinstance(value, dict):
            value = [value]
        if not isinstance(value, list):
            return self._invalid(here, _typed(field.type), _shown(value))
        read = [self._value(field.type, v, f"{here}[{i}]") for i, v in enumerate(value)]
        return [one for one in read if one is not _UNREAD]

    def _value(self, kind: str, value: object, path: str) -> object:
        if kind == "any":
            return value
        if kind in MESSAGES:
            if isinstance(value, dict):
                return self.message(kind, value, path)
            return self._invalid(path, _typed(kind), _shown(value))
        if isinstance(value, dict | list):
            return self._invalid(path, _typed(kind), "Starting an object on a scalar field")
        if kind == "bytes" and isinstance(value, str):
            decoded = unbase64(value)
            if decoded is not None:
                return decoded
            said = f"Base64 decoding failed for {_shown(value)}"
            return self._invalid(path, _typed(kind), said)
        read = _enum(kind, value) if kind in ENUMS else _scalar(kind, value)
        return self._invalid(path, _typed(kind), _shown(value)) if read is _UNREAD else read

    def _unknown(self, key: str, path: str, why: str) -> object:
        at = f" at '{path}'" if path else ""
        said = f'Invalid JSON payload received. Unknown name "{key}"{at}: {why}'
        self.found.append((path, said))
        return _UNREAD

    def _invalid(self, path: str, kind: str, why: str) -> object:
        self.found.append((path, f"Invalid value at '{path}' ({kind}), {why}"))
        return _UNREAD


def _enum(kind: str, value: object) -> object:
    enum = ENUMS[kind]
    if not isinstance(value, str):
        return _UNREAD
    name = value.upper() if enum.relaxed else value
    return name if name in enum.values else _UNREAD


def _scalar(kind: str, value: object) -> object:
    if kind == "string":
        return value if isinstance(value, str) else _UNREAD
    if kind == "bool":
        return value if isinstance(value, bool) else _UNREAD
    if kind == "bytes" or isinstance(value, bool) or not isinstance(value, int | float | str):
        return _UNREAD
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return _UNREAD
    if not math.isfinite(number):
        return _UNREAD
    if kind == "float":
        return number
    return int(number) if number.is_integer() and -(2**31) <= number < 2**31 else _UNREAD


def _typed(kind: str) -> str:
    return _SCALARS.get(kind, _PACKAGE + kind)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _no_constant(name: str) -> object:
    raise ValueError(f"Unexpected token {name}.")
