"""The one way in which values are written before they are hashed.

In goes whatever JSON can hold, out come its text and its digest: sorted names, no spaces, UTF-8.
The same value is the same text for ever, or every key would change.
"""

import json
from hashlib import sha256

_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical_json(value: object) -> str:
    """Write a value as JSON in the one way that is hashed."""
    return _ENCODER.encode(value)


def digest(value: object) -> str:
    """SHA-256 of a value's canonical JSON."""
    return sha256(canonical_json(value).encode("utf-8", "backslashreplace")).hexdigest()
