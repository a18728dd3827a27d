"""Seeded chance.

Words come in, a random generator that those words alone decide goes out. No
other source of chance exists in the studio: no clock, no hash order, no shared
generator, so that one prompt is one picture on any machine and any thread.
"""

from __future__ import annotations

from hashlib import sha256
from random import Random


def random_from(*words: object) -> Random:
    """Return the rng that these words, in this order, always give."""
    text = "/".join(str(word) for word in words)
    return Random(sha256(text.encode("utf-8", "replace")).digest())  # noqa: S311 - pictures
