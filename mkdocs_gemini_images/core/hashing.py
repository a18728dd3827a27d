"""Canonical JSON, and the digest of it.

Names are sorted, there are no spaces, and text is UTF-8. The encoding must never change, since all
keys of stored images are such digests. Pure.
"""

import json
from hashlib import sha256

_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical_json(value: object) -> str:
    """Return the canonical JSON of a value."""
    return _ENCODER.encode(value)


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of a value, in hexadecimal."""
    return sha256(canonical_json(value).encode("utf-8", "backslashreplace")).hexdigest()
