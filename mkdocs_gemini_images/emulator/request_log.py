"""Records each request for an image in order of arrival, with its status and its price.

`app` appends one `LoggedRequest` for each `generateContent` request, tests read entries and sums.
The log is append-only and thread-safe; with a path it also writes one JSON line per billed
request. It holds how a client authenticated, never the key.
"""

import json
import threading
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.emulator.protocol.http_request import AuthScheme


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request for an image."""

    time: float
    path: str
    auth: AuthScheme
    model: str
    status: int
    scenario: str = ""
    pictures: int = 0
    price: float = 0.0
    """USD, for the tokens of the answer."""
    body: Any = None
    """The JSON of the request, or None when it could not be parsed."""

    @property
    def billed(self) -> bool:
        """Whether the request costs: the model made an answer, with status 200."""
        return self.price > 0


class RequestLog:
    """An append-only list of requests; `path` adds a file with one line per billed request."""

    def __init__(self, path: str | PathLike[str] | None = None) -> None:
        self._path = Path(path) if path is not None else None
        self._entries: list[LoggedRequest] = []
        self._lock = threading.Lock()

    def append(self, entry: LoggedRequest) -> None:
        """Append one entry, and write it to the file when it is billed."""
        with self._lock:
            self._entries.append(entry)
            if self._path is not None and entry.billed:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def entries(self) -> tuple[LoggedRequest, ...]:
        """All requests so far, refused ones included."""
        with self._lock:
            return tuple(self._entries)

    @property
    def billed(self) -> tuple[LoggedRequest, ...]:
        """The requests that cost something."""
        return tuple(entry for entry in self.entries if entry.billed)

    @property
    def pictures(self) -> int:
        """The number of billed images."""
        return sum(entry.pictures for entry in self.billed)

    @property
    def price(self) -> float:
        """The price of all requests, in USD."""
        return round(sum(entry.price for entry in self.entries), 8)
