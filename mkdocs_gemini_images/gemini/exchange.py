"""A request that draws nothing by itself, as a value: lists, uploads, batch jobs. No effects."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from mkdocs_gemini_images.gemini.failure import Failure, RequestFailed


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, and what its answer may be."""

    method: str
    url: str
    what: str
    """What the answer is, for messages: "its list of models"."""
    most: int
    """Bytes; a larger answer is refused."""
    content: bytes | Callable[[], AsyncIterator[bytes]] | None = None
    """The body, or a function that opens it; then `headers` has its `content-length`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    has_key: bool = True
    """Whether the request carries the key."""
    may_bill: bool = False
    """Whether it may have cost money when its answer is lost."""
    seconds: float = 0.0
    """The time for the whole exchange; 0 stands for the client's own deadline."""


class StatusFailed(RequestFailed):
    """Raised for an answer with another status than 200."""

    def __init__(self, failure: Failure, status: int) -> None:
        super().__init__(failure)
        self.status = status

    @property
    def has_no_route(self) -> bool:
        """Whether the server has nothing at the address, as gateways that only draw."""
        return self.status in (405, 501) or (self.status == 404 and self.failure.ends_build)
