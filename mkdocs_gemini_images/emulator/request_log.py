"""Records each request for an image in order of arrival, with its status and its price.

`app` appends one `LoggedRequest` for each `generateContent` request; a batch job appends one when
it is created, and one for each of its requests that is answered. Tests read entries and sums. The
log is append-only and thread-safe; with a path it also writes one JSON line per billed
request. It holds how a client authenticated, never the key.
"""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any

from mkdocs_gemini_images.emulator.answers import response_json
from mkdocs_gemini_images.emulator.answers.response_json import AnswerSpec
from mkdocs_gemini_images.emulator.protocol.http_request import AuthScheme
from mkdocs_gemini_images.emulator.protocol.image_query import ImageQuery


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
    batch: str = ""
    """The batch job that it creates or belongs to, `batches/...`; empty for other requests."""
    item: str = ""
    """The key of a request in a batch job."""
    display_name: str = ""
    """The name that a batch job was given."""
    items: Mapping[str, Decimal] = field(default_factory=dict)
    """USD by what is billed, exact: `picture`, `input_picture`, `text_in`, `text_out`, `search`."""

    @property
    def usd(self) -> Decimal:
        """The price, exact."""
        return sum(self.items.values(), Decimal())

    @property
    def creates_batch(self) -> bool:
        """Whether the request is the creation of a batch job, which costs nothing by itself."""
        return bool(self.batch) and self.path.endswith(":batchGenerateContent")

    def of_batch(self, name: str) -> "LoggedRequest":
        """Return the entry as one of a batch job."""
        return replace(self, batch=name)

    def billed_for(
        self, query: ImageQuery, answer: AnswerSpec, *, batch: bool = False
    ) -> "LoggedRequest":
        """Return the entry with what the answer costs; in a batch job it is half."""
        items = response_json.bill(query, answer)
        if batch:
            items = {name: usd / 2 for name, usd in items.items()}
        images = response_json.count_billed_images(query, answer)
        price = float(sum(items.values(), Decimal()))
        return replace(self, pictures=images, items=items, price=round(price, 8))

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
                    file.write(json.dumps(asdict(entry), ensure_ascii=False, default=str) + "\n")

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
    def batches(self) -> tuple[LoggedRequest, ...]:
        """The creations of batch jobs, in their order."""
        return tuple(entry for entry in self.entries if entry.creates_batch)

    @property
    def price(self) -> float:
        """The price of all requests, in USD."""
        return round(sum(entry.price for entry in self.entries), 8)

    @property
    def usd(self) -> Decimal:
        """The price of all requests, exact."""
        return sum((entry.usd for entry in self.entries), Decimal())
