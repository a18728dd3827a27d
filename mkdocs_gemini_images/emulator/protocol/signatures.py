"""Makes and checks thought signatures, which an edit sends back with the parts of an answer.

A part's content goes in, its signature comes out; for the turns of a request, the parts whose
signature is missing or not valid come out. A signature is a digest of the content, so the
emulator stores none. Signatures are compared as bytes, since clients echo `/` as `_` (API
reference, "Base64" and "Multi-turn editing").
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from mkdocs_gemini_images.emulator.protocol.protojson import decode_base64

# In base64 this is `+/+/`, in the URL-safe alphabet `-_-_`: the two always differ.
_PREFIX = b"\xfb\xff\xbf"
_BYPASS_TEXTS = ("skip_thought_signature_validator", "context_engineering_is_the_way_to_go")
BYPASS_SIGNATURES = frozenset(
    {decode_base64(text) for text in _BYPASS_TEXTS} | {text.encode() for text in _BYPASS_TEXTS}
)
"""The two strings that the API accepts as any signature, written literally or in base64."""


def thought_signature(content: bytes | str) -> bytes:
    """Return the signature of a text or an image."""
    raw = content.encode() if isinstance(content, str) else content
    return _PREFIX + hashlib.sha512(b"thought signature\0" + raw).digest()


def signature_problems(contents: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the API's message for each part whose signature is missing or not valid."""
    is_first = False
    for turn, content in enumerate(contents, 1):
        if content.get("role") != "model":
            is_first = True
            continue
        for position, part in enumerate(content.get("parts", ()), 1):
            if part.get("thought"):
                continue
            kind = "Image" if "inlineData" in part else "Text"
            where = f"content position {turn}, part position {position}."
            # A streamed turn comes back as several model contents, with one first part in all.
            is_required = is_first or kind == "Image"
            is_first = False
            if is_required and not part.get("thoughtSignature"):
                yield f"{kind} part is missing a thought_signature in {where}"
            elif is_required and not _is_valid(part):
                yield f"Thought signature is not valid in {where}"


def _is_valid(part: dict[str, Any]) -> bool:
    signature: bytes = part["thoughtSignature"]
    if signature in BYPASS_SIGNATURES:
        return True
    if "inlineData" in part:
        return signature == thought_signature(part["inlineData"].get("data", b""))
    # Clients join the chunks of a streamed text, so a text may carry any signature made here.
    return signature.startswith(_PREFIX) and len(signature) == len(thought_signature(""))
