"""Thought signatures: seals on the parts of an answer, proved by content alone.

In comes a part's content, out go the bytes that seal it; later the same content comes back with
the seal and `complaints` says which part lost its own. The emulator keeps no memory: a seal is a
digest of what it seals, so one put on another picture is found out. Seals are compared as bytes,
since clients echo `/` as `_` (API reference, "Base64" and "Multi-turn editing").
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from mkdocs_gemini_images.emulator.protojson import unbase64

# In base64 this begins with `+/+/`, in the URL-safe alphabet with `-_-_`: always a difference.
_MARK = b"\xfb\xff\xbf"
_DUMMIES = ("skip_thought_signature_validator", "context_engineering_is_the_way_to_go")
ACCEPTED = frozenset({unbase64(text) for text in _DUMMIES} | {text.encode() for text in _DUMMIES})
"""The two strings the API takes instead of a signature, written literally or in base64."""


def seal(content: bytes | str) -> bytes:
    """Make the signature of a text or a picture: deterministic, and no one else's."""
    raw = content.encode() if isinstance(content, str) else content
    return _MARK + hashlib.sha512(b"thought signature\0" + raw).digest()


def complaints(contents: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Say which part of which model turn is missing its signature, in the API's words."""
    first = False
    for turn, content in enumerate(contents, 1):
        if content.get("role") != "model":
            first = True
            continue
        for place, part in enumerate(content.get("parts", ()), 1):
            if part.get("thought"):
                continue
            kind = "Image" if "inlineData" in part else "Text"
            where = f"content position {turn}, part position {place}."
            # A streamed turn comes back as several model contents: they have one first part.
            wanted = first or kind == "Image"
            first = False
            if wanted and not part.get("thoughtSignature"):
                yield f"{kind} part is missing a thought_signature in {where}"
            elif wanted and not _fits(part):
                yield f"Thought signature is not valid in {where}"


def _fits(part: dict[str, Any]) -> bool:
    signature: bytes = part["thoughtSignature"]
    if signature in ACCEPTED:
        return True
    if "inlineData" in part:
        return signature == seal(part["inlineData"].get("data", b""))
    # Clients join the pieces of a streamed text, so any seal of ours is good for words.
    return signature.startswith(_MARK) and len(signature) == len(seal(""))
