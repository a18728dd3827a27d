"""Makes random generators that are seeded by words alone.

Words go in, a `Random` comes out. The drawing has no other source of randomness, so that a prompt
gives the same image on every machine and in every thread.
"""

from __future__ import annotations

from hashlib import sha256
from random import Random


def random_from(*words: object) -> Random:
    """Return the generator seeded by these words in this order."""
    text = "/".join(str(word) for word in words)
    return Random(sha256(text.encode("utf-8", "replace")).digest())  # noqa: S311 - pictures
