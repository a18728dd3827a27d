"""The bill: every request for a picture, in the order it came, with what it cost.

In comes one entry per `generateContent` request, written before the answer is made, since who
hangs up pays too; out come sums. Append-only, safe between threads, and optionally a file with one
JSON line per billed request. It knows how a client authenticated, never with which key.
"""

import json
import threading
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Literal

Auth = Literal["none", "x-goog-api-key", "bearer", "query"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One request for a picture."""

    time: float
    path: str
    auth: Auth
    model: str
    status: int
    scenario: str = ""
    pictures: int = 0
    price: float = 0.0
    """USD, by the tokens the answer really used."""
    body: Any = None
    """The JSON as it was sent, or None when it could not be read."""

    @property
    def billed(self) -> bool:
        """Whether this request costs: every answer with status 200 that the model made."""
        return self.price > 0


class Ledger:
    """An append-only record of requests; `path` adds a file with a line per billed one."""

    def __init__(self, path: str | PathLike[str] | None = None) -> None:
        self._path = Path(path) if path is not None else None
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def append(self, entry: Entry) -> None:
        """Write one entry down."""
        with self._lock:
            self._entries.append(entry)
            if self._path is not None and entry.billed:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All requests so far, refused ones included."""
        with self._lock:
            return tuple(self._entries)

    @property
    def billed(self) -> tuple[Entry, ...]:
        """The requests that cost something."""
        return tuple(entry for entry in self.entries if entry.billed)

    @property
    def pictures(self) -> int:
        """How many pictures were drawn for money."""
        return sum(entry.pictures for entry in self.billed)

    @property
    def price(self) -> float:
        """What it all costs, in USD."""
        return round(sum(entry.price for entry in self.entries), 8)
