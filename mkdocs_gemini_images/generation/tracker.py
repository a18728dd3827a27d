"""Counts of what one command has drawn so far, over the builds that it runs.

A command runs one build per language, and all of them share the spending limits.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class SpendTracker:
    """The requests, the money and the failures of one command's builds so far."""

    sent: int = 0
    """The number of requests."""
    spent: float = 0.0
    """USD."""
    failed: dict[str, str] = field(default_factory=dict)
    """Why pictures were not drawn, by key: the next language's build does not ask for them."""
    told: set[str] = field(default_factory=set)
    """Files in the journal that a build has told of: the next language's build does not again."""
