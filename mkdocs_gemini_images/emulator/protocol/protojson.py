"""Reads a JSON request as strictly as the API does, by the messages of `schema`.

The bytes of a request and the name of its message go in; a dict with camelCase keys comes out,
bytes decoded, enums in capitals, nulls left out. camelCase and snake_case may be mixed, and both
base64 alphabets are read with or without padding (API reference, "Field names", "Base64").
Anything else raises `RequestRefused` with all violations, each with its snake_case path.
"""

import binascii
import json
import math
import re
from base64 import b64decode
from typing import Any

from mkdocs_gemini_images.emulator.protocol.errors import (
    RequestRefused,
    field_violations,
    invalid_argument,
)
from mkdocs_gemini_images.emulator.protocol.schema import (
    ENUM_VALUES,
    MESSAGE_FIELDS,
    PART_DATA_FIELDS,
    MessageField,
)

Message = dict[str, Any]
_PACKAGE = "type.googleapis.com/google.ai.generativelanguage.v1beta."
_SCALARS = {"string": "TYPE_STRING", "bytes": "TYPE_BYTES", "bool": "TYPE_BOOL",
            "int32": "TYPE_INT32", "float": "TYPE_FLOAT"}  # fmt: skip
_STANDARD = str.maketrans("-_", "+/")
# A lone surrogate is legal JSON, but cannot be encoded as UTF-8.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_UNREAD = object()


def parse_json(body: bytes) -> Any:
    """Return the value of UTF-8 JSON without NaN. Raises `RequestRefused` on anything else."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        description = f"Invalid JSON payload received. {type(error).__name__}: {error}"
        raise RequestRefused(field_violations([("", description)])) from None
    return value


def read_message(message: str, value: object) -> Message:
    """Return `value` as the named message. Raises `RequestRefused` with all its violations."""
    reader = _Reader()
    if not isinstance(value, dict):
        raise RequestRefused(
            invalid_argument(
                'Invalid JSON payload received. Unknown name "": Root element must be a message.'
            )
        )
    result = reader.message(message, value, "")
    if reader.violations:
        raise RequestRefused(field_violations(reader.violations))
    return result


def decode_base64(text: str) -> bytes | None:
    """Return decoded standard or URL-safe base64, padded or not; None when it is neither."""
    unpadded = text.rstrip("=")
    if len(text) - len(unpadded) > 2:
        return None
    try:
        return b64decode(unpadded.translate(_STANDARD) + "=" * (-len(unpadded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


class _Reader:
    """Walks one value and collects its violations in order."""

    def __init__(self) -> None:
        self.violations: list[tuple[str, str]] = []

    def message(self, name: str, value: dict[str, object], path: str) -> Message:
        result: Message = {}
        for key, inner in value.items():
            field = MESSAGE_FIELDS[name].get(key)
            if field is None:
                self._unknown(key, path, "Cannot find field.")
            elif inner is not None:
                is_data = name == "Part" and field.name in PART_DATA_FIELDS
                if is_data and PART_DATA_FIELDS & result.keys():
                    reason = f"oneof field 'data' is already set. Cannot set '{field.name}'"
                    self._invalid(path, "oneof", reason)
                    continue
                member = self._field(field, key, inner, path)
                if member is not _UNREAD:
                    result[field.name] = member
        return result

    def _field(self, field: MessageField, key: str, value: object, path: str) -> object:
        here = f"{path}.{field.snake}" if path else field.snake
        if field.mapped:
            if not isinstance(value, dict):
                return self._invalid(here, "Map", _quoted(value))
            return {k: self._value(field.type, v, f"{here}.{k}") for k, v in value.items()}
        if isinstance(value, list) and field.type != "any" and not field.repeated:
            return self._unknown(key, path, "Proto field is not repeating, cannot start list.")
        if not field.repeated:
            return self._value(field.type, value, here)
        # Google's examples write `"parts": {"text": ...}`: a single message is a list of one.
        if isinstance(value, dict):
            value = [value]
        if not isinstance(value, list):
            return self._invalid(here, _type_name(field.type), _quoted(value))
        items = [self._value(field.type, v, f"{here}[{i}]") for i, v in enumerate(value)]
        return [item for item in items if item is not _UNREAD]

    def _value(self, kind: str, value: object, path: str) -> object:
        if kind == "any":
            return value
        if kind in MESSAGE_FIELDS:
            if isinstance(value, dict):
                return self.message(kind, value, path)
            return self._invalid(path, _type_name(kind), _quoted(value))
        if isinstance(value, dict | list):
            return self._invalid(path, _type_name(kind), "Starting an object on a scalar field")
        if kind == "bytes" and isinstance(value, str):
            decoded = decode_base64(value)
            if decoded is not None:
                return decoded
            reason = f"Base64 decoding failed for {_quoted(value)}"
            return self._invalid(path, _type_name(kind), reason)
        scalar = _enum(kind, value) if kind in ENUM_VALUES else _scalar(kind, value)
        return (
            self._invalid(path, _type_name(kind), _quoted(value)) if scalar is _UNREAD else scalar
        )

    def _unknown(self, key: str, path: str, reason: str) -> object:
        at = f" at '{path}'" if path else ""
        description = f'Invalid JSON payload received. Unknown name "{key}"{at}: {reason}'
        self.violations.append((path, description))
        return _UNREAD

    def _invalid(self, path: str, kind: str, reason: str) -> object:
        self.violations.append((path, f"Invalid value at '{path}' ({kind}), {reason}"))
        return _UNREAD


def _enum(kind: str, value: object) -> object:
    enum = ENUM_VALUES[kind]
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


def _type_name(kind: str) -> str:
    return _SCALARS.get(kind, _PACKAGE + kind)


def _quoted(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _refuse_constant(name: str) -> object:
    raise ValueError(f"Unexpected token {name}.")
